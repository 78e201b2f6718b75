"""All stored data: one writer with group commit, readers, tables and queries."""
