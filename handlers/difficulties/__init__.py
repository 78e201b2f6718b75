"""What stands in the way: raised, answered, passed up, settled, each step told."""
