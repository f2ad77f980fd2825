"""Reading: files and folders in, documents with positions out; what cannot be read becomes a fault, never a guess."""
