"""Commands that print or export what was reported."""
