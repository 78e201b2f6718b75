"""Alembic's scripts; `storage.engine.migrating` runs them."""
