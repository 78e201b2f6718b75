"""The pages about a round, one module each, with their heading and charts."""
