"""`/status`: the result of a commune in one screen, and the screens behind its buttons."""
