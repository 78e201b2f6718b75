"""Reporting rounds: opened, edited, closed, reopened, scheduled."""
