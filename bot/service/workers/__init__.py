"""Which process may work: one bot alone, or several workers on PostgreSQL."""
