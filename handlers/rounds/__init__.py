"""Reporting rounds: opening, editing, closing, reopening, scheduling."""
