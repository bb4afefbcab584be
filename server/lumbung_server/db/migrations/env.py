"""Run migrations on the connection that `db.migrate` hands over."""

from alembic import context

from lumbung_server.db.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
