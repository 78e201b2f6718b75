"""Reports of areas and their answers, each change with its history."""
