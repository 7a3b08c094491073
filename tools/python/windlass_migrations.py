"""Runs the Alembic histories of several services one after another and prints JSON lines.

    windlass_migrations.py status    SERVICE=FOLDER...
    windlass_migrations.py review    SERVICE=FOLDER...
    windlass_migrations.py current   SERVICE=FOLDER...
    windlass_migrations.py sql       --from SERVICE=REVISION... SERVICE=FOLDER...
    windlass_migrations.py upgrade   SERVICE=FOLDER...
    windlass_migrations.py prove     SERVICE=FOLDER...
    windlass_migrations.py downgrade --to SERVICE=REVISION... SERVICE=FOLDER...
    windlass_migrations.py told

The database is WINDLASS_DATABASE_URL, its password comes from PGPASSFILE. `base` is the revision
before the first. A failure is a line with `failed` and with `stands`, where the schema
was left, and exit code 1; what was applied before it stays applied and has its own line.

`told` starts before it is known what to do, so that the imports hold nobody up: each line of the
standard input is an order, `{"args": [...], "env": {...}}`. What only reads files may be followed
by another order, and ends with a line `{"ended": 0}`; anything else is the last one.
"""

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator

from alembic.script import Script

from windlass_command import CommandHistory, is_command
from windlass_history import History, exception, keep_output, reason, say
from windlass_program import ProgramError, end_programs
from windlass_waits import Waits, sqlstate

Command = Callable[[History, dict[str, str]], None]


def main() -> int:
    keep_output()
    if sys.argv[1:] != ["told"]:
        return carry_out(parse(sys.argv[1:]))
    # The dialect comes with the first engine otherwise.
    import sqlalchemy.dialects.postgresql.psycopg  # noqa: F401, PLC0415

    for line in iter(sys.stdin.buffer.readline, b""):
        order = json.loads(line)
        os.environ.update(order["env"])
        options = parse(order["args"])
        code = carry_out(options)
        if code != 0 or options.command in MOVES:
            return code
        say(ended=0)
    return 0


def carry_out(options: argparse.Namespace) -> int:
    if options.command in MOVES:
        end_with_parent()
    targets = dict(options.targets)
    waits = Waits(options.lock_timeout, options.patience, options.statement_timeout)
    application = os.environ.get("PGAPPNAME", "windlass")
    for service, folder in options.services:
        # Postgres keeps 63 bytes; the run's id comes first.
        os.environ["PGAPPNAME"] = f"{application} {service}"[:63]
        kind = CommandHistory if is_command(folder) else History
        history = kind(service, folder, waits)
        history.accepted = service in options.accepted
        try:
            COMMANDS[options.command](history, targets)
        except Exception as error:  # whatever a revision throws is the caller's to classify
            stands = standing(history) if history.step else None
            say(
                service=service,
                failed=history.step,
                error=reason(error),
                sqlstate=sqlstate(error),
                exception=exception(error),
                code=getattr(error, "code", None) if isinstance(error, ProgramError) else None,
                limits=vars(history.in_force),
                stands=stands,
            )
            return 1
    return 0


def standing(history: History) -> str | None:
    """Where a failed history was left, for the report; `?` where nobody can be asked any more."""
    try:
        return history.current() or "base"
    except Exception:  # the failure itself has been caught and is what matters
        return "?"


def status(history: History, _: dict[str, str]) -> None:
    for one in history.revisions():
        history.waits.of(one)  # a wrong one is better told now
    revisions = [
        {"revision": one.revision, "down": one.down_revision, "kind": history.kind(one)}
        for one in history.revisions()
    ]
    heads = history.heads()
    say(service=history.service, heads=heads, revisions=revisions, tool=history.tool)


def review(history: History, _: dict[str, str]) -> None:
    """Every revision on its own, as SQL in both directions, read without a database."""
    reviews = [history.review(one) for one in history.revisions()]
    say(service=history.service, heads=history.heads(), reviews=reviews)


def current(history: History, _: dict[str, str]) -> None:
    at = history.current()
    say(service=history.service, revision=at, known=at is None or history.knows(at))


def sql(history: History, targets: dict[str, str]) -> None:
    start = targets.get(history.service, "base")
    text = history.sql(start) if start != history.head() else ""
    say(service=history.service, start=start, head=history.head(), sql=text)


def upgrade(history: History, _: dict[str, str]) -> None:
    """One line per revision, written when it is committed."""
    for revision in history.above(history.current()):
        history.upgrade(revision)
        say(service=history.service, applied=revision)
    say(service=history.service, at=history.current())


def downgrade(history: History, targets: dict[str, str]) -> None:
    target = targets.get(history.service)
    if target is None:
        return
    for undone, below in history.down_to(target):
        history.downgrade(undone, below)
        say(service=history.service, undone=undone)
    say(service=history.service, at=history.current())


def prove(history: History, _: dict[str, str]) -> None:
    """Up, and where something stood there before down and up again, on a copy: each session says
    which step it belongs to."""
    start = history.current()
    pending = [history.script(one) for one in history.above(start)]
    if not pending:
        return
    reviews = [history.review(one) for one in pending]
    say(service=history.service, heads=history.heads(), reviews=reviews)
    climb(history, pending, "up")
    # A schema that has nothing yet has nothing to lead back to.
    both = all(history.goes_back(one) for one in pending)
    if both and start is not None:
        history.passes = "down"
        for one in reversed(pending):
            history.downgrade(one.revision, str(one.down_revision or "base"))
            say(service=history.service, undone=one.revision)
        climb(history, pending, "again")
    history.passes = None


def climb(history: History, pending: list[Script], passes: str) -> None:
    history.passes = passes
    for one in pending:
        history.upgrade(one.revision)
        say(service=history.service, applied=one.revision)


COMMANDS: dict[str, Command] = {
    "prove": prove,
    "status": status,
    "review": review,
    "current": current,
    "sql": sql,
    "upgrade": upgrade,
    "downgrade": downgrade,
}


MOVES = ("upgrade", "downgrade", "prove")


def parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Alembic, service by service")
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--from", "--to", dest="targets", type=pair, action="append", default=[])
    parser.add_argument("--accepted", action="append", default=[], metavar="SERVICE")
    parser.add_argument("--lock-timeout", type=int, default=Waits.lock, help="seconds")
    parser.add_argument("--patience", type=int, default=Waits.patience, help="seconds")
    parser.add_argument("--statement-timeout", type=int, help="seconds")
    parser.add_argument("services", type=pair, nargs="+", metavar="SERVICE=FOLDER")
    return parser.parse_args(words)


def pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not (name and separator and value):
        raise argparse.ArgumentTypeError(f"{text} is not NAME=VALUE")
    return name, value


def end_with_parent() -> None:
    """The caller holds the advisory lock and our standard input: when it ends, so do we. Postgres
    rolls back what was not committed."""

    def watch(lines: Iterator[bytes]) -> None:
        for _ in lines:
            pass
        end_programs()
        os._exit(3)

    def stop(number: int, _: object) -> None:
        end_programs()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    signal.signal(signal.SIGTERM, stop)

    threading.Thread(target=watch, args=(sys.stdin.buffer,), daemon=True).start()


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # the thread on standard input would trouble the interpreter's own way out
