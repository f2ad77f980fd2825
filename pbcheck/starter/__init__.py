"""The files that `pbcheck init` writes for a council that begins."""
