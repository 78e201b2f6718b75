"""Alembic's environment, which runs on the connection of `storage.engine.schema_upgrade`."""

from alembic import context

from storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
    # storage.engine.schema_upgrade begins and commits the transaction, DDL included.
    transactional_ddl=True,
)
context.run_migrations()
