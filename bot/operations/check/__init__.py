"""`check`: one module for each kind of thing that it checks."""
