"""Reminder plans, and what people chose or got beside them."""
