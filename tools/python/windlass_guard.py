"""What a downgrade asks once more in its own transaction, when nobody can write any longer."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

from psycopg import errors
from sqlalchemy import Connection

from windlass_listening import Listening

# Before these nothing has happened yet.
HARMLESS = re.compile(r"^\s*(set|reset|show|select|begin|start|savepoint)\b", re.IGNORECASE)


class Question(TypedDict):
    relation: str
    column: str | None
    lock: bool
    ask: str
    told: str


class HeldError(Exception):
    """A value that somebody wrote after it was first asked whether there is one."""


def questions(service: str, revision: str) -> list[Question]:
    path = os.environ.get("WINDLASS_GUARDS")
    if not path:
        return []
    return json.loads(Path(path).read_text()).get(service, {}).get(revision, [])


class Guard(Listening):
    """While it is open, each transaction locks what it would take away and asks, before its first
    statement that changes anything. An answer may take as long as a lock: readers wait too."""

    def __init__(self, asked: list[Question], seconds: int) -> None:
        self.asked = asked
        self.seconds = seconds
        self.clear = False

    def listeners(self) -> list[tuple[str, Callable[..., None]]]:
        if not self.asked:
            return []
        return [("begin", self.begins), ("before_cursor_execute", self.executes)]

    def begins(self, _: Connection) -> None:
        self.clear = False

    def executes(self, connection: Connection, _: object, statement: str, *__: object) -> None:
        raw = connection.connection.dbapi_connection
        if self.clear or raw is None or HARMLESS.match(statement):
            return
        cursor = raw.cursor()
        try:
            self.ask_all(cursor)
        finally:
            cursor.close()
        self.clear = getattr(raw, "autocommit", False) is not True

    def ask_all(self, cursor) -> None:
        there = [one for one in self.asked if stands(cursor, one)]
        for name in sorted({one["relation"] for one in there if one["lock"]}):
            cursor.execute(f"lock table {name} in access exclusive mode")
        names = ("row_security", "statement_timeout")
        before = {name: value(cursor, f"show {name}") for name in names}
        cursor.execute("set local row_security = off")
        cursor.execute(f"set local statement_timeout = '{self.seconds}s'")
        for one in there:
            self.ask(cursor, one)
        for name, was in before.items():
            cursor.execute(f"set local {name} = '{was}'")

    def ask(self, cursor, one: Question) -> None:
        name = one["relation"]
        # The owner sees every row of its table unless the rules are forced on it too.
        table = f"pg_class where oid = '{literal(name)}'::regclass"
        forced = value(cursor, f"select relforcerowsecurity from {table}")  # noqa: S608
        if forced:
            cursor.execute(f"alter table {name} no force row level security")
        try:
            held = value(cursor, one["ask"])
        except errors.QueryCanceled:
            why = f"cannot be asked within {self.seconds} s, for which its lock keeps others out"
            raise HeldError(f"{name} {why}") from None
        if forced:
            cursor.execute(f"alter table {name} force row level security")
        if held is not False:
            raise HeldError(one["told"])


def stands(cursor, one: Question) -> bool:
    """A newer revision's downgrade may have taken it away already, with what it held."""
    name = literal(one["relation"])
    if one["column"] is None:
        return bool(value(cursor, f"select to_regclass('{name}') is not null"))
    column = literal(one["column"])
    return bool(
        value(
            cursor,
            f"select exists (select from pg_attribute where attrelid = to_regclass('{name}')"  # noqa: S608
            f" and attname = '{column}' and not attisdropped)",
        )
    )


def literal(text: str) -> str:
    return text.replace("'", "''")


def value(cursor, query: str) -> object:
    cursor.execute(query)
    row = cursor.fetchone()
    return row[0] if row else None
