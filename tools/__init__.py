"""Tools for those who work on pbcheck itself; none of this is shipped."""
