"""Messages on their way out: pace, delivery, enclosures."""
