"""The conversation in which a person fills in, corrects and sends a unit's report."""
