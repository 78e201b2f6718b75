"""Practice with a sample report whose answers are not stored in the commune's data."""
