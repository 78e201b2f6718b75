"""Opening a round from the telephone: for an officer's commune, or for all of an operator."""
