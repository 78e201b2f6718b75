"""Commands for the program itself: run it, try it out, check it, and manage its database."""
