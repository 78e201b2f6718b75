"""Alembic's environment: runs on the connection that `storage.engine.schema_upgrade` hands over."""

from alembic import context

from storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
    # The transaction, DDL included, is begun and committed by storage.engine.schema_upgrade.
    transactional_ddl=True,
)
context.run_migrations()
