"""The commune's areas by telephone: figures, names, mergers and splits."""
