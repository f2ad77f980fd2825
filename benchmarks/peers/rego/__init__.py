"""Thirty rules in Rego, run with regopy (rego-cpp)."""
