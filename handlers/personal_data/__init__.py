"""A person's stored data: showing and correcting it, withdrawing consent, forgetting."""
