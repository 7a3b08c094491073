"""Runs revisions as the owner of a service's schema, which their statements need not name."""

import os

from alembic import context
from sqlalchemy import Connection, Text, create_engine, pool, text

schema = context.config.attributes["schema"]
table = context.config.attributes["version_table"]
options = {
    "version_table": table,
    "version_table_schema": schema,
    "transaction_per_migration": True,
}
frame = (f'set role "{schema}_owner"', f'set search_path = "{schema}", extensions')
# Who may use the schema by other doors shall not move the version.
books = f"""create table "{schema}".{table} (version_num text primary key);
alter table "{schema}".{table} enable row level security, force row level security;
create policy owner_moves on "{schema}".{table} to "{schema}_owner" using (true) with check (true);
create policy service_reads on "{schema}".{table} for select to "{schema}_service" using (true)"""


def configure(**more: object) -> None:
    context.configure(**options, **more)
    # A file's name may be longer than an id of Alembic's.
    context.get_context()._version.c.version_num.type = Text()


def keep_books(connection: Connection) -> None:
    found = text("select to_regclass(:name)")
    if connection.scalar(found, {"name": f'"{schema}".{table}'}) is None:
        for one in books.split(";\n"):
            connection.execute(text(one))
    connection.commit()


if context.is_offline_mode():
    configure(dialect_name="postgresql", literal_binds=True)
    with context.begin_transaction():
        for statement in frame:
            context.execute(statement)
        context.run_migrations()
else:
    # The address holds no password: libpq reads it from PGPASSFILE.
    engine = create_engine(os.environ["WINDLASS_DATABASE_URL"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        for statement in frame:
            connection.execute(text(statement))
        keep_books(connection)
        configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
