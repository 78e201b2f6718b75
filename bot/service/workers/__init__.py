"""Decides which process may work: a single bot, or one of several workers on PostgreSQL."""
