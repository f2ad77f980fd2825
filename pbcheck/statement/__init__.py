"""Statements of one person's budget, in plain words: content first, then HTML or text."""
