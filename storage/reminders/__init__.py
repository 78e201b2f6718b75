"""Reminder plans, one question an evening, and the reminders that leaders sent."""
