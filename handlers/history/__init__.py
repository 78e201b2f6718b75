"""Every change of an area, read back in plain sentences."""
