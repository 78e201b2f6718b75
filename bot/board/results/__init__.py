"""The pages about a round: one module each, their heading, and charts."""
