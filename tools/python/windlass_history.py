"""One service's Alembic history: its revisions on disk and its position in the database."""

import ast
import hashlib
import io
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import Script, ScriptDirectory
from alembic.script.revision import RevisionError
from psycopg import Error as DatabaseError
from sqlalchemy import Connection, Engine, create_engine, pool, text

from windlass_guard import Guard, questions
from windlass_sql import SqlScript, SqlScripts
from windlass_waits import Waits, patiently, sqlstate
from windlass_writes import Writes

# What runs a revision where its service brings nothing of its own for that.
ENVIRONMENT = Path(__file__).parent / "environment"
KINDS = ("expand", "contract", "irreversible")
# By these a revision can tell a run on a database from one that only writes SQL.
ASKING = {
    "is_offline_mode",
    "as_sql",
    "get_bind",
    "bind",
    "connection",
    "environ",
    "getenv",
    "inspect",
}


class History:
    """`step` is the revision that a command was busy with; None before the first."""

    def __init__(self, service: str, folder: str, waits: Waits | None = None) -> None:
        self.service = service
        self.waits = waits or Waits()
        self.in_force = self.waits
        # Which pass of a proof this is: its sessions carry it as the setting windlass.step.
        self.passes: str | None = None
        self.folder = Path(folder)
        self.step: str | None = None
        # Somebody has accepted that the pending revision changes what was there before.
        self.accepted = False

    @property
    def tool(self) -> str:
        """A release lays SQL files out in a folder of this name."""
        return "sql" if (self.folder / "sql").is_dir() else "alembic"

    @property
    def table(self) -> str:
        return "windlass_version" if self.tool == "sql" else "alembic_version"

    @property
    def scripts(self) -> ScriptDirectory:
        if self.tool == "sql":
            return SqlScripts(str(ENVIRONMENT), self.folder / "sql")
        scripts = ScriptDirectory.from_config(self.config())
        if not brings_environment(Path(scripts.dir)):
            assert scripts._version_locations  # noqa: S101 (read while `dir` is still theirs)
            scripts.dir = str(ENVIRONMENT)
        return scripts

    def config(self, output: TextIO | None = None) -> Config:
        file = None if self.tool == "sql" else self.folder / "alembic.ini"
        config = Config(file, stdout=io.StringIO(), output_buffer=output)
        config.attributes.update(schema=self.service, version_table=self.table)
        return config

    def run(self, way: str, span: str, output: TextIO | None = None) -> None:
        """One direction, to a revision; `FROM:TO` is written as SQL to the output."""
        scripts = self.scripts
        start, to = span.split(":") if output is not None else (None, span)
        steps = scripts._upgrade_revs if way == "up" else scripts._downgrade_revs
        with EnvironmentContext(
            self.config(output),
            scripts,
            fn=lambda at, _: steps(to, at),
            as_sql=output is not None,
            starting_rev=start,
            destination_rev=to,
        ):
            scripts.run_env()

    def heads(self) -> Sequence[str]:
        return self.scripts.get_heads()

    def head(self) -> str:
        heads = self.heads()
        if len(heads) != 1:
            raise ValueError(f"a history has exactly one head, this one has {list(heads)}")
        return heads[0]

    def revisions(self) -> list[Script]:
        """Oldest first."""
        scripts = self.scripts
        for folder in [] if self.tool == "sql" else scripts._version_locations:
            refuse_twins(Path(folder))
        return list(scripts.walk_revisions())[::-1]

    def kind(self, script: Script) -> str | None:
        kind = getattr(script.module, "windlass", None)
        return kind if kind in KINDS else None

    def goes_back(self, script: Script) -> bool:
        if isinstance(script, SqlScript):
            return script.files.down is not None and self.kind(script) != "irreversible"
        return self.kind(script) in ("expand", "contract")

    def knows(self, revision: str) -> bool:
        return any(script.revision == revision for script in self.revisions())

    def above(self, revision: str | None) -> list[str]:
        """What an upgrade from here to the one head would apply, in its order."""
        if revision is not None and not self.knows(revision):
            raise RevisionError(f"can't locate revision {revision}")
        scripts = self.scripts.iterate_revisions(self.head(), revision or "base")
        found = [script.revision for script in scripts]
        return [one for one in found if one != revision][::-1]

    def down_to(self, target: str) -> Iterator[tuple[str, str]]:
        """Pairs of the revision to undo and the one below it; none where it stands there."""
        at = self.current()
        while at is not None and at != target:
            if not self.knows(at):
                raise RevisionError(f"can't locate revision {at}")
            script = self.scripts.get_revision(at)
            below = script.down_revision if script else None
            if below is None and target != "base":
                raise RevisionError(f"{target} is not below {at}")
            yield at, str(below or "base")
            at = self.current()

    def upgrade(self, revision: str) -> None:
        self.move(revision, lambda: self.run("up", revision))

    def move(self, revision: str, work: Callable[[], None]) -> None:
        """One revision, up or down, however often locks keep it back."""
        self.step = revision
        tell = lambda error: say(  # noqa: E731
            service=self.service, waits=revision, why=reason(error), sqlstate=sqlstate(error)
        )
        self.in_force = self.waits.of(self.script(revision))
        watched = work if self.passes is not None else lambda: self.counted(work)
        patiently(self.in_force, watched, tell, self.label(revision))

    def counted(self, work: Callable[[], None]) -> None:
        """On the copy the proxy sees all; here the server counts what is written."""
        with Writes(lambda **told: say(service=self.service, **told)):
            work()

    def label(self, revision: str) -> str:
        if self.passes is None:
            return ""
        return f" -c windlass.step={self.passes}/{self.service}/{quote(revision, safe='')}"

    def script(self, revision: str) -> Script:
        found = self.scripts.get_revision(revision)
        if found is None:
            raise RevisionError(f"can't locate revision {revision}")
        return found

    def downgrade(self, revision: str, below: str) -> None:
        asked = questions(self.service, revision)

        def work() -> None:
            with Guard(asked, self.in_force.lock):
                self.run("down", below)

        self.move(revision, work)
        if below == "base":
            with self.connect() as connection:
                connection.execute(text(f'drop table "{self.service}".{self.table}'))
                connection.commit()

    def sql(self, start: str) -> str:
        """The statements of an upgrade to the head, written without asking the database. What
        cannot be written that way is a comment."""
        whole, why = self.offline("up", f"{start}:head")
        if whole is not None:
            return whole
        below, parts = start, []
        for revision in self.above(None if start == "base" else start):
            part, why = self.offline("up", f"{below}:{revision}")
            parts.append(
                part or f"-- {revision} cannot be written as SQL without a database: {why}\n"
            )
            below = revision
        return "\n".join(parts)

    def review(self, script: Script) -> dict[str, object]:
        """One revision as its file says it and as the SQL that its two directions amount to."""
        below = script.down_revision or "base"
        up, why_not_up = self.offline("up", f"{below}:{script.revision}")
        down, why_not_down = self.offline("down", f"{script.revision}:{below}")
        return {
            "revision": script.revision,
            "down": script.down_revision,
            "declared": getattr(script.module, "windlass", None),
            "up": up,
            "back": down,
            "unread": why_not_up,
            "noWayBack": why_not_down,
            **about(script),
        }

    def offline(self, way: str, span: str) -> tuple[str | None, str | None]:
        output = io.StringIO()
        try:
            self.run(way, span, output)
        except Exception as error:  # a revision may raise whatever it likes
            return None, reason(error)
        return output.getvalue(), None

    def current(self) -> str | None:
        table = f'"{self.service}".{self.table}'
        with self.connect(owner=False) as connection:
            if connection.scalar(text("select to_regclass(:table)"), {"table": table}) is None:
                return None
            connection.execute(text(f'set role "{self.service}_owner"'))
            return connection.scalar(text(f"select version_num from {table}"))  # noqa: S608

    def connect(self, *, owner: bool = True) -> Connection:
        connection = engine().connect()
        if owner:
            connection.execute(text(f'set role "{self.service}_owner"'))
        return connection


def engine() -> Engine:
    return create_engine(os.environ["WINDLASS_DATABASE_URL"], poolclass=pool.NullPool)


def about(script: Script) -> dict[str, object]:
    """Its file, the digest of that, and what in it asks whether a database is there."""
    if isinstance(script, SqlScript):
        return {"file": script.shown, "sha256": script.files.digest(), "tool": "sql"}
    path = Path(script.path)
    return {
        "file": str(Path(*path.parts[-3:])),
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "asks": {"up": asks(path, "downgrade"), "back": asks(path, "upgrade")},
    }


def brings_environment(folder: Path) -> bool:
    """Whether its env.py takes the database's address from where we put it."""
    file = folder / "env.py"
    return file.is_file() and "WINDLASS_DATABASE_URL" in file.read_text(encoding="utf-8")


def reason(error: Exception) -> str:
    """The database's own words where there are any (no address, no parameters), and the line of
    the revision that raised it."""
    origin = getattr(error, "orig", None) or error
    frames = traceback.extract_tb(error.__traceback__)
    places = [
        (one.filename, one.lineno) for one in frames if f"{os.sep}versions{os.sep}" in one.filename
    ]
    if isinstance(error, SyntaxError) and error.filename:
        places.append((error.filename, error.lineno))
    where = [f" ({Path(*Path(name).parts[-3:])}, line {line})" for name, line in places[-1:]]
    for one in (error, origin):
        where = [f" ({one.windlass_place})"] if hasattr(one, "windlass_place") else where
    return "".join([f"{type(origin).__name__}: {origin}", *where])


def asks(path: Path, other: str) -> list[str]:
    """What tells one direction of a revision whether a database is there; `other` is the other."""
    body = [
        one
        for one in ast.parse(path.read_bytes()).body
        if not (isinstance(one, ast.FunctionDef) and one.name == other)
    ]
    nodes = [node for one in body for node in ast.walk(one)]
    names = {getattr(node, "attr", getattr(node, "id", None)) for node in nodes}
    return sorted(names & ASKING)


def refuse_twins(folder: Path) -> None:
    """Alembic takes the last of two files with one revision id and says nothing."""
    files: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*.py")):
        for name in declared(path):
            files.setdefault(name, []).append(path.name)
    for name, twins in files.items():
        if len(twins) > 1:
            raise ValueError(
                f"{' and '.join(twins)} have one revision id, {name}: give one of them its own"
            )


def declared(path: Path) -> list[str]:
    """The revision id that a file assigns; none where it is no revision or cannot be parsed."""
    try:
        body = ast.parse(path.read_bytes()).body
    except SyntaxError:
        return []
    found = []
    for one in body:
        targets = one.targets if isinstance(one, ast.Assign) else [getattr(one, "target", None)]
        value = getattr(one, "value", None)
        named = any(isinstance(to, ast.Name) and to.id == "revision" for to in targets)
        if named and isinstance(value, ast.Constant) and isinstance(value.value, str):
            found.append(value.value)
    return found[-1:]


def exception(error: BaseException) -> str:
    """The type of what was thrown, or of the database's error behind it."""
    origin = getattr(error, "orig", None) or error
    if origin.__cause__ is not None and not isinstance(origin, DatabaseError):
        return exception(origin.__cause__)
    return f"{type(origin).__module__}.{type(origin).__name__}"


class Voice:
    """Where our lines go: the standard output that the program began with."""

    out: TextIO = sys.stdout


def keep_output() -> None:
    """What a revision or env.py prints, by whatever means, goes to the standard error: the standard
    output is for our lines alone."""
    Voice.out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)


def say(**line: object) -> None:
    print(json.dumps(line), file=Voice.out, flush=True)
