"""Opening a round from a chat: for an officer's commune, or for an operator's communes."""
