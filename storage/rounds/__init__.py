"""Rounds: planned, open, closed, scheduled, and the criteria sets of their opening."""
