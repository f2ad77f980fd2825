"""Figures over all cases of an export, added up from what each case contributes, with small numbers suppressed."""
