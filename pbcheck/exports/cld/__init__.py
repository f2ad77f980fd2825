"""Client Level Data: the record-level return that every English council makes, read into cases with its defects named."""
