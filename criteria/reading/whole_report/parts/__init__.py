"""The parts of a message, and which questions each is about."""
