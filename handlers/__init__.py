"""What people see and do: use cases of one transaction each, screens and texts."""
