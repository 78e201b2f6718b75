"""Commands for rounds and criteria sets."""
