"""Everything that lasts: one writer with group commit, readers, tables, queries."""
