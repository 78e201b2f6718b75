"""People, where they write, their roles, invitations and codes; one person on two messengers."""
