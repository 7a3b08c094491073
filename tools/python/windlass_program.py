"""A program of the user's that moves a schema: started, listened to, and ended with us."""

import ctypes
import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from windlass_door import Door
from windlass_wire import Said

KEPT = 65_536
LINES = 12
PASSWORD = re.compile(r"(://[^:/@\s]*:)[^@\s]*@")
INHERITED = ("PATH", "LANG", "TMPDIR")
# lock_not_available, deadlock, serialization, query_canceled: what a timeout of ours makes of it.
WAITED = ("55P03", "40P01", "40001", "57014")
DENIED = "42501"
LOST = "08006"  # what the door says where it cannot be opened
OURS = ctypes.CDLL(None)  # loaded here: between fork and exec nothing may be
running: set[int] = set()


class ProgramError(Exception):
    """What a program did not do; `code` is that of the failure that people read."""

    def __init__(self, text: str, code: str, sqlstate: str | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.sqlstate = sqlstate


@dataclass(frozen=True)
class Program:
    """What is started, with which files in its folder, as whom."""

    words: Sequence[str]
    files: Path
    schema: str
    seconds: int

    @property
    def shown(self) -> str:
        return shlex.join(self.words)

    def missing(self) -> bool:
        name = self.words[0]
        if "/" in name:
            return not (self.files / name).is_file() and not Path(name).is_file()
        return shutil.which(name) is None

    def require(self) -> None:
        if self.missing():
            raise absent(self)

    def run(self, settings: str, more: dict[str, str]) -> None:
        """To its end, in a copy of its files that goes afterwards."""
        self.require()
        place = tempfile.TemporaryDirectory(prefix="windlass-migrate-")
        with place as home, Door(settings) as door:
            folder = Path(home) / "files"
            folder.mkdir()
            if self.files.is_dir():
                shutil.copytree(self.files, folder, symlinks=True, dirs_exist_ok=True)
            for path in folder.rglob("*"):
                path.chmod(0o700)
            env = {**environment(door, self.schema, home), **more}
            code, output = supervised(self, folder, env)
            if code == 0:
                return
            raise failure(self, code, redacted(output, door), door.said)


def environment(door: Door, schema: str, home: str) -> dict[str, str]:
    """All that the program gets of ours: the password is good for this door alone."""
    user, database = "migrator", os.environ["PGDATABASE"]
    at = f"127.0.0.1:{door.port}/{database}"
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return {
        **kept,
        "HOME": home,
        "DATABASE_URL": f"postgresql://{user}:{door.password}@{at}?sslmode=disable",
        "PGHOST": "127.0.0.1",
        "PGPORT": str(door.port),
        "PGUSER": user,
        "PGPASSWORD": door.password,
        "PGDATABASE": database,
        "PGSSLMODE": "disable",
        "WINDLASS_SCHEMA": schema,
    }


def supervised(program: Program, folder: Path, env: dict[str, str]) -> tuple[int | None, str]:
    """Its exit code, None where its time was over, and the end of what it said."""
    try:
        child = subprocess.Popen(  # noqa: S603 (the user's own program, as windlass.yaml says it)
            program.words,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=ends_with_us,  # noqa: PLW1509 (it only asks the kernel for one thing)
        )
    except OSError as error:
        raise unstartable(program, error) from error
    running.add(child.pid)
    said: list[bytes] = []
    listener = threading.Thread(target=listen, args=(child.stdout, said), daemon=True)
    listener.start()
    try:
        code: int | None = child.wait(program.seconds)
    except subprocess.TimeoutExpired:
        code = None
    finally:
        kill(child.pid)
        child.wait()
        running.discard(child.pid)
    listener.join(5)
    return code, b"".join(said).decode("utf-8", "replace")


def ends_with_us() -> None:
    """Linux ends it where we are killed; elsewhere its sessions end with the door alone."""
    with suppress(AttributeError):
        OURS.prctl(1, signal.SIGKILL)


def listen(stream: IO[bytes] | None, said: list[bytes]) -> None:
    while stream and (part := stream.read1(4096)):  # type: ignore[attr-defined]
        said[:] = [b"".join([*said, part])[-KEPT:]]


def kill(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def end_programs() -> None:
    """Whatever runs, and all that it has begun."""
    for group in list(running):
        kill(group)


def redacted(output: str, door: Door) -> str:
    text = PASSWORD.sub(r"\1***@", output.replace(door.password, "***"))
    return "\n".join([line.rstrip() for line in text.splitlines() if line.strip()][-LINES:])


def failure(program: Program, code: int | None, output: str, said: Said | None) -> ProgramError:
    late = f"did not end within {program.seconds} s"
    how = late if code is None else f"ended by signal {-code}" if code < 0 else f"exit code {code}"
    told = f"the database said: {said.text} ({said.sqlstate})" if said else ""
    text = "\n".join(filter(None, [f"`{program.shown}`: {how}", told, output]))
    state = said.sqlstate if said and said.sqlstate in (*WAITED, LOST) else None
    if code is None:
        return ProgramError(text, "MIGRATION_PROGRAM_LATE")
    if said and said.sqlstate == DENIED:
        return ProgramError(text, "MIGRATION_PROGRAM_DENIED")
    return ProgramError(text, "MIGRATION_PROGRAM_FAILED", state)


def absent(program: Program) -> ProgramError:
    name = program.words[0]
    where = "among its files" if "/" in name else f"in {os.environ.get('PATH', '')}"
    text = f"`{program.shown}`: there is no program {name} {where}"
    return ProgramError(text, "MIGRATION_PROGRAM_MISSING")


def unstartable(program: Program, error: OSError) -> ProgramError:
    text = f"`{program.shown}` cannot be started: {error.strerror}"
    return ProgramError(text, "MIGRATION_PROGRAM_MISSING")
