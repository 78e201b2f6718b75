"""The checks of the `check` command, one module for each kind."""
