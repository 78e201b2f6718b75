"""Commands for the program itself: run, try out, check, and the database as a whole."""
