"""Reminders, summaries and the end of a round: planned by the day, worded when they are sent."""
