"""Plain SQL files as revisions: NNN_name.sql, or NNN_name.up.sql with NNN_name.down.sql."""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import ModuleType

from alembic import op
from alembic.script import Script, ScriptDirectory

from windlass_statements import Statement, statements

NAME = re.compile(r"V?(?P<number>\d+)_(?P<rest>.+?)(?:\.(?P<way>up|down))?\.sql")
# Prisma keeps each in a folder of its own.
FOLDER = re.compile(r"(?P<number>\d+)_(?P<rest>[^/]+)/(?P<way>migration|up|down)\.sql")
SAYS = re.compile(
    r"^--\s*(windlass(?:_lock_timeout|_patience|_statement_timeout)?)\s*[:=]\s*\"?([\w-]+)\"?\s*$",
    re.MULTILINE,
)
MARKERS = re.compile(r"^--\s*(\+goose|migrate:|\+migrate)\s*(up|down)\b.*$", re.I | re.M)
OUTSIDE = re.compile(r"^(?:(?:create|drop|reindex)\b.*\bconcurrently\b|vacuum\b)")
FRAME = {"begin", "start", "commit", "end", "rollback", "abort", "prepare", "savepoint", "release"}


@dataclass(frozen=True)
class Files:
    """The two directions of one revision; `down` is None where it has no way back."""

    revision: str
    number: int
    up: Path
    down: Path | None

    def digest(self) -> str:
        """Of what a proof is a proof of: the file alone, or both."""
        if self.down is None:
            return hashlib.sha256(self.up.read_bytes()).hexdigest()
        parts = [hashlib.sha256(one.read_bytes()).hexdigest() for one in (self.up, self.down)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


class SqlScripts(ScriptDirectory):
    """Alembic's list of revisions, read from a folder of SQL files."""

    def __init__(self, environment: str, folder: Path) -> None:
        self.folder = folder
        super().__init__(environment)

    def _load_revisions(self) -> Iterator[Script]:
        below: str | None = None
        for one in read_folder(self.folder):
            yield SqlScript(self.folder, one, below)
            below = one.revision


class SqlScript(Script):
    def __init__(self, folder: Path, files: Files, below: str | None) -> None:
        up = read_file(files.up)
        module = ModuleType(files.revision)
        vars(module).update(SAYS.findall(up))
        vars(module).update(
            down_revision=below,
            upgrade=runner(folder, files.up),
            downgrade=runner(folder, files.down) if files.down else no_way_back,
        )
        self.files = files
        self.shown = str(files.up.relative_to(folder))
        super().__init__(module, files.revision, files.up)


def read_folder(folder: Path) -> list[Files]:
    """Oldest first, by their numbers."""
    ups: dict[str, tuple[int, Path]] = {}
    downs: dict[str, Path] = {}
    for path in sorted(folder.rglob("*.sql")):
        shown = str(path.relative_to(folder))
        match = NAME.fullmatch(shown) or FOLDER.fullmatch(shown)
        if match is None:
            raise ValueError(
                f"{shown}: a file is called NNN_name.sql, with a number that orders it"
            )
        revision = f"{match['number']}_{match['rest']}"
        if match["way"] == "down":
            downs[revision] = path
        elif revision in ups:
            raise ValueError(f"{shown} and {ups[revision][1].name} are one revision, {revision}")
        else:
            ups[revision] = (int(match["number"]), path)
    return in_order(ups, downs)


def in_order(ups: dict[str, tuple[int, Path]], downs: dict[str, Path]) -> list[Files]:
    for revision, path in downs.items():
        if revision not in ups:
            raise ValueError(
                f"{path.name} is a way back from nothing: there is no {revision}.up.sql"
            )
    found = [Files(name, number, up, downs.get(name)) for name, (number, up) in ups.items()]
    found.sort(key=lambda one: one.number)
    for one, other in pairwise(found):
        if one.number == other.number:
            raise ValueError(f"{one.up.name} and {other.up.name} have one number: which is first?")
    return found


def read_file(path: Path) -> str:
    text = path.read_text(encoding="utf-8-sig")
    marker = MARKERS.search(text)
    if marker:
        raise ValueError(
            f"{path.name}: holds both directions ({marker[0].strip()}): put what comes after"
            " the marker down into a file of its own, NAME.down.sql"
        )
    return text


def runner(folder: Path, path: Path) -> Callable[[], None]:
    """What Alembic calls: the file's statements in the revision's one transaction."""
    found = own_statements(path)
    outside = any(OUTSIDE.match(" ".join(one.words())) for one in found)
    shown = path.relative_to(folder)

    def run() -> None:
        context = op.get_context()
        with context.autocommit_block() if outside else nullcontext():
            execute(shown, found)

    return run


def own_statements(path: Path) -> list[Statement]:
    """Without the transaction that some write around a file: each file has one anyway."""
    found = statements(read_file(path))
    if found and found[0].words()[0] in ("begin", "start"):
        found = found[1:]
        if found and found[-1].words()[0] in ("commit", "end"):
            found = found[:-1]
    for one in found:
        words = one.words() or ["?"]
        if words[0].startswith("\\"):
            raise ValueError(
                f"{path.name}, line {one.line}: {words[0]} is a command of psql, no SQL"
            )
        if words[0] == "copy" and "stdin" in [word.strip("();") for word in words]:
            raise ValueError(
                f"{path.name}, line {one.line}: copy from stdin has nobody to read from"
            )
        if words[0] in FRAME and not (words[0] == "prepare" and words[1:2] != ["transaction"]):
            raise ValueError(
                f"{path.name}, line {one.line}: {' '.join(words[:2])} ends the file's transaction"
                " halfway: a file is one transaction, without a word for it"
            )
    return found


def execute(shown: Path, found: list[Statement]) -> None:
    context = op.get_context()
    for one in found:
        if context.as_sql:
            context.impl.static_output(f"{one.text}\n;" if "--" in one.text else f"{one.text};")
            continue
        # As it is written: a colon or a per cent sign means nothing here.
        plain = op.get_bind().execution_options(no_parameters=True)
        try:
            plain.exec_driver_sql(one.text)
        except Exception as error:
            error.windlass_place = f"{shown}, line {one.line}"  # type: ignore[attr-defined]
            raise


def no_way_back() -> None:
    raise NotImplementedError("there is no file NAME.down.sql beside it")
