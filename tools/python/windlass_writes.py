"""What the transactions of a revision write to tables, as the server itself counts it."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

import psycopg
from sqlalchemy import Connection

from windlass_listening import Listening

FILES = """
select format('%I.%I', nspname, relname), pg_relation_filenode(c.oid)
from pg_class c join pg_namespace n on n.oid = relnamespace
where relkind in ('r', 'm') and nspname !~ '^pg_' and nspname <> 'information_schema'"""
COUNTS = """
select format('%I.%I', schemaname, relname), n_tup_ins + n_tup_upd + n_tup_del
from pg_stat_xact_user_tables where n_tup_ins + n_tup_upd + n_tup_del > 0"""
XID = "select pg_current_xact_id_if_assigned()::text"


class Writes(Listening):
    """While it is open, each transaction tells before its commit what it has written: rows by
    table, tables with another file, and its id. What nobody can count is told as `unseen`."""

    def __init__(self, tell: Callable[..., None]) -> None:
        self.tell = tell
        self.files: dict[int, dict[str, int]] = {}
        self.sessions = self.known = 0
        self.connect = (psycopg.connect, psycopg.Connection.connect)

    def __enter__(self) -> Self:
        super().__enter__()
        real = psycopg.Connection.connect

        def counted(*args: object, **kwargs: object) -> object:
            self.sessions += 1
            return real(*args, **kwargs)

        psycopg.connect = psycopg.Connection.connect = counted  # type: ignore[method-assign]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        super().__exit__(kind, error, trace)
        psycopg.connect, psycopg.Connection.connect = self.connect  # type: ignore[method-assign]
        if self.sessions > self.known:
            self.tell(unseen="a session beside SQLAlchemy's")

    def listeners(self) -> list[tuple[str, Callable[..., None]]]:
        return [
            ("do_connect", self.connects),
            ("begin", self.begins),
            ("commit", self.commits),
            ("before_cursor_execute", self.executes),
        ]

    def connects(self, *_: object) -> None:
        self.known += 1

    def begins(self, connection: Connection) -> None:
        self.files[id(connection)] = dict(ask(connection, FILES))

    def commits(self, connection: Connection) -> None:
        xid = next(iter(ask(connection, XID)), (None,))[0]
        if xid is None:
            return
        before, now = self.files.get(id(connection), {}), dict(ask(connection, FILES))
        moved = sorted(name for name, file in before.items() if now.get(name, file) != file)
        self.tell(wrote=dict(ask(connection, COUNTS)), moved=moved, xid=xid)

    def executes(self, connection: Connection, _: object, statement: str, *__: object) -> None:
        raw = connection.connection.dbapi_connection
        if getattr(raw, "autocommit", False) is True or ends(statement):
            self.tell(unseen=" ".join(statement.split())[:80])


def ends(statement: str) -> bool:
    """Whether it ends a transaction by its own words."""
    return statement.strip().lower().startswith(("commit", "end", "prepare transaction"))


def ask(connection: Connection, query: str) -> list[tuple]:
    raw = connection.connection.dbapi_connection
    if raw is None:
        return []
    cursor = raw.cursor()
    try:
        cursor.execute(query)
        return list(cursor.fetchall())
    finally:
        cursor.close()
