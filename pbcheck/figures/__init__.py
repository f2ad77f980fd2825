"""Derived budget figures and decision tables: exact, cited, and never computed inside a rule."""
