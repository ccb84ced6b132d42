"""Alembic's entry: runs the migrations on the connection ``storage.engine.migrate`` hands over."""

from __future__ import annotations

from alembic import context

from storage.schema import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,  # true of SQLite too, since the engine begins by itself
)
with context.begin_transaction():
    context.run_migrations()
