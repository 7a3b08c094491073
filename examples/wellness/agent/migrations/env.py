"""Runs this folder's revisions as the owner of its schema. Every service holds this same file."""

import os

from alembic import context
from sqlalchemy import create_engine, pool, text

schema = context.config.get_main_option("schema")
options = {"version_table_schema": schema, "transaction_per_migration": True}
become_owner = f'set role "{schema}_owner"'

if context.is_offline_mode():
    context.configure(dialect_name="postgresql", literal_binds=True, **options)
    with context.begin_transaction():
        context.execute(become_owner)
        context.run_migrations()
else:
    # The address holds no password: libpq reads it from PGPASSFILE.
    engine = create_engine(os.environ["WINDLASS_DATABASE_URL"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text(become_owner))
        connection.commit()
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()
