"""Measurements: ratios within one run, on invented data; never part of the tests."""
