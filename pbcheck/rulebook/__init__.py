"""Rule packs: files in, checked and compiled rules out; a bad rule is refused with its place and what to write instead."""
