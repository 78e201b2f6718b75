"""Reports of units and their answers, each change with its history entry."""
