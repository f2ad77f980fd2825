"""What decides over findings: the configuration, comments in files, the register of waivers, and the baseline."""
