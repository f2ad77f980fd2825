"""The command line: flags in, exit code out; the thinking is done elsewhere."""
