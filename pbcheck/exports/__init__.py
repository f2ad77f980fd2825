"""Other shapes of input brought into the vocabulary: tables by a mapping file, and the Client Level Data return."""
