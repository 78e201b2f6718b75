"""`/status`: the result of a commune on one screen, and the screens of its buttons."""
