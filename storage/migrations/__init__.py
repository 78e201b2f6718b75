"""Alembic's scripts; `storage.engine.schema_upgrade` runs them."""
