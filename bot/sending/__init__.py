"""Outgoing messages: pacing, delivery, enclosures, exports."""
