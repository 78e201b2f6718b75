"""Practice with a sample report of which nothing is kept."""
