"""A council's own tables (CSV, Excel, Parquet, a database) brought into the vocabulary by a mapping file.

`read.py` is the whole way; `mapping_file.py`, `meaning.py` and `field_spec.py` read the mapping, `sources.py` and its kin the tables,
`joined.py` joins them out of core, `build.py` makes the records, and `tally.py` accounts for every row and penny.
"""
