"""Commands for communes and people: the roster and invitations."""
