"""Alembic's entry: runs the migrations on the connection that `service.database.upgrade` gives it."""

from alembic import context

from service.tables import METADATA
from service.tables.append_only import protect

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, transactional_ddl=True)
context.run_migrations()
if context.config.attributes["is_newest"]:
    protect(connection)
