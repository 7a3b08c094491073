"""The history of a schema that a program of the user's moves: it has one revision, the whole of its
files and words, and is known by what is written beside the version each time."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import TypedDict

from sqlalchemy import Connection, text

from windlass_history import History, engine, say
from windlass_program import Program
from windlass_waits import Waits

PLAN = "command.json"
BOOKS = """create table if not exists "{schema}".windlass_version
  (version_num text primary key, trail jsonb not null default '[]');
alter table "{schema}".windlass_version
  enable row level security, force row level security"""
POLICIES = """create policy owner_moves on "{schema}".windlass_version
  to "{schema}_owner" using (true) with check (true);
create policy service_reads on "{schema}".windlass_version
  for select to "{schema}_service" using (true)"""
OWN = """alter table {table} enable row level security, force row level security;
create policy windlass_books on {table} to "{schema}_owner" using (true) with check (true)"""
# Of a sequence that a column owns the column's table tells.
THERE = """select relkind::text as kind, relname::text as relation, attname::text as part
from pg_class c left join pg_attribute on attrelid = c.oid and attnum > 0 and not attisdropped
  and relkind in ('r', 'p')
where relnamespace = to_regnamespace(:schema) and relkind in ('r', 'p', 'S')
  and relname <> 'windlass_version' and relname <> :books
  and not (relkind = 'S' and exists (select from pg_depend
    where objid = c.oid and classid = 'pg_class'::regclass and deptype in ('a', 'i')))"""

Thing = tuple[str, str, str | None]


class Entry(TypedDict):
    """One run of the program: what it added, from where; `done` is false where it failed."""

    revision: str
    below: str | None
    accepted: bool
    made: list[dict[str, str]]
    done: bool


@dataclass(frozen=True)
class Revision:
    """What Alembic's Script is to the others."""

    revision: str
    path: str
    down_revision: str | None = None
    module: SimpleNamespace = field(default_factory=SimpleNamespace)


class CommandHistory(History):
    def __init__(self, service: str, folder: str, waits: Waits | None = None) -> None:
        super().__init__(service, folder, waits)
        self.plan = json.loads((self.folder / PLAN).read_text(encoding="utf-8"))
        self.files = self.folder / "command"
        # Where the schema stood before the pending revision, once it has been asked.
        self.below: str | None = None

    @property
    def tool(self) -> str:
        return "command"

    @property
    def table(self) -> str:
        return "windlass_version"

    def digest(self) -> str:
        """Of the words, and of each file by its name."""
        whole = hashlib.sha256(json.dumps(self.plan, sort_keys=True).encode())
        for path in sorted(one for one in self.files.rglob("*") if one.is_file()):
            whole.update(f"\0{path.relative_to(self.files)}\0".encode())
            whole.update(hashlib.sha256(path.read_bytes()).digest())
        return whole.hexdigest()

    def head(self) -> str:
        return f"{self.service}-{self.digest()[:12]}"

    def heads(self) -> Sequence[str]:
        for way in ("up", "down", "status"):
            if way in self.plan:
                self.program(way).require()
        return [self.head()]

    def revisions(self) -> list[Revision]:  # type: ignore[override]
        return [Revision(self.head(), str(self.files))]

    def script(self, revision: str) -> Revision:  # type: ignore[override]
        return Revision(revision, str(self.files), self.below)

    def kind(self, _: object) -> str | None:
        return None

    def goes_back(self, _: object) -> bool:
        return "down" in self.plan

    def above(self, revision: str | None) -> list[str]:
        self.below = revision
        return [] if revision == self.head() else [self.head()]

    def down_to(self, target: str) -> Iterator[tuple[str, str]]:
        if self.current() == self.head():
            yield self.head(), target

    def program(self, way: str) -> Program:
        return Program(self.plan[way], self.files, self.service, self.plan["timeout"])

    def upgrade(self, revision: str) -> None:
        self.move(revision, lambda: self.climb(revision))

    def climb(self, revision: str) -> None:
        with self.owner() as connection:
            self.keep_books(connection)
            before = self.there(connection)
        try:
            self.start("up", {"WINDLASS_DIRECTION": "up"})
            if "status" in self.plan:
                self.start("status", {"WINDLASS_DIRECTION": "status"})
        except Exception:
            self.record(revision, before, done=False)
            raise
        self.record(revision, before, done=True)

    def downgrade(self, revision: str, below: str) -> None:
        self.move(revision, lambda: self.start("down", {"WINDLASS_DIRECTION": "down"}))
        with self.owner() as connection:
            if below == "base":
                connection.execute(text(f'drop table "{self.service}".windlass_version'))
            else:
                trail = self.trail(connection)
                kept = trail[:-1] if trail and trail[-1]["revision"] == revision else trail
                self.write(connection, below, kept)

    def start(self, way: str, more: dict[str, str]) -> None:
        owner = f'-c role={self.service}_owner -c search_path="{self.service}",extensions'
        settings = f"{self.in_force.options()}{self.label(self.step or '')} {owner}"
        self.program(way).run(settings, more)

    def counted(self, work: Callable[[], None]) -> None:
        """Nobody counts what the sessions of a program write."""
        say(service=self.service, unseen=f"a program: {self.program('up').shown}"[:80])
        work()

    @contextmanager
    def owner(self) -> Iterator[Connection]:
        """A transaction of the schema's owner."""
        with engine().begin() as connection:
            connection.execute(text(f'set local role "{self.service}_owner"'))
            yield connection

    def keep_books(self, connection: Connection) -> None:
        found = text("select to_regclass(:name)")
        if connection.scalar(found, {"name": f'"{self.service}".windlass_version'}) is None:
            for one in f"{BOOKS};\n{POLICIES}".format(schema=self.service).split(";\n"):
                connection.execute(text(one))

    def close_books(self, connection: Connection) -> None:
        """The program's own books are nobody else's: no service's code moves what is applied."""
        name = f'"{self.service}"."{self.plan.get("table", "")}"'
        open_still = "select not relrowsecurity from pg_class where oid = to_regclass(:name)"
        if connection.scalar(text(open_still), {"name": name}):
            for one in OWN.format(table=name, schema=self.service).split(";\n"):
                connection.execute(text(one))

    def there(self, connection: Connection) -> set[Thing]:
        own = {"schema": f'"{self.service}"', "books": self.plan.get("table", "")}
        return {tuple(row) for row in connection.execute(text(THERE), own)}  # type: ignore[misc]

    def record(self, revision: str, before: set[Thing], *, done: bool) -> None:
        with self.owner() as connection:
            trail = self.trail(connection)
            kept = [one for one in trail if one["done"]]
            # What attempts before this one had committed when they failed.
            made = [thing for one in trail if not one["done"] for thing in one["made"]]
            made += added(before, self.there(connection), self.service)
            entry: Entry = {
                "revision": revision,
                "below": self.below,
                "accepted": self.accepted,
                "made": made,
                "done": done,
            }
            if done:
                self.close_books(connection)
                self.write(connection, revision, [*kept, entry])
            elif self.below is not None:
                self.write(connection, self.below, [*kept, entry] if made else kept)

    def trail(self, connection: Connection) -> list[Entry]:
        query = f'select trail from "{self.service}".windlass_version'  # noqa: S608
        return connection.scalar(text(query)) or []

    def write(self, connection: Connection, version: str, trail: list[Entry]) -> None:
        table = f'"{self.service}".windlass_version'
        connection.execute(text(f"delete from {table}"))  # noqa: S608
        connection.execute(
            text(f"insert into {table} values (:version, cast(:trail as jsonb))"),  # noqa: S608
            {"version": version, "trail": json.dumps(trail)},
        )

    def sql(self, _: str) -> str:
        return (
            f"-- {self.service}: `{self.program('up').shown}`, as {self.service}_owner\n"
            "-- what it does is seen, and judged, on the copy of the data\n"
        )

    def review(self, _: object) -> dict[str, object]:
        back = self.goes_back(None)
        return {
            "revision": self.head(),
            "down": None,
            "declared": None,
            "file": self.program("up").shown,
            "sha256": self.digest(),
            "up": None,
            "back": None,
            "unread": "it is a program",
            "noWayBack": None if back else "there is no `down`",
            "tool": "command",
            "goesBack": back,
            "books": self.plan.get("table"),
        }


def added(before: set[Thing], after: set[Thing], schema: str) -> list[dict[str, str]]:
    """Tables, sequences and columns that are new, as SQL names them; a table stands for its own."""
    old = {relation for _, relation, _ in before}
    found: list[dict[str, str]] = []
    for kind, relation, part in sorted(after - before, key=str):
        table = f"{quoted(schema)}.{quoted(relation)}"
        if relation in old and part is not None:
            found.append({"table": table, "column": part})
        elif relation not in old:
            one = {"table": table, **({"kind": "sequence"} if kind == "S" else {})}
            if one not in found:
                found.append(one)
    return found


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def is_command(folder: str) -> bool:
    return (Path(folder) / PLAN).is_file()
