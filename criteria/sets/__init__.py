"""The criteria sets that ship, and the reading of a set's TOML file."""
