"""Rounds: planned, open, closed, scheduled, and the criteria sets they were opened with."""
