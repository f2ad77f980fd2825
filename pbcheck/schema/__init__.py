"""JSON Schema 2020-12 to faults in our own words, which never repeat a value of the data."""
