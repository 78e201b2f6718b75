"""What counts in a round, now and earlier: the facts that are scored."""
