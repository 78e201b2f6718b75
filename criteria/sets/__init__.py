"""The criteria sets of the package, and the reading of a set's TOML file."""
