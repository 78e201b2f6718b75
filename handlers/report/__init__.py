"""The conversation in which a unit's report is filled in, corrected and sent."""
