"""Labels in a message: where it names questions by number or code."""
