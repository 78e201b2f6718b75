"""Outgoing messages: pacing, delivery, enclosures."""
