"""Personal data: what is kept of a person, masked or erased when they leave."""
