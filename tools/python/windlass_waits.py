"""How long a revision's session may wait: the timeouts of each attempt, and when to try again."""

import os
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from alembic.script import Script
from sqlalchemy import Connection, Engine, event

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
# lock_not_available, deadlock_detected, serialization_failure: rolled back, as if never begun.
TRY_AGAIN = ("55P03", "40P01", "40001")
CONCURRENTLY = re.compile(r"\bconcurrently\b", re.IGNORECASE)


@dataclass(frozen=True)
class Waits:
    """In seconds; a statement may take as long as it needs where `statement` is None."""

    lock: int = 3
    patience: int = 300
    statement: int | None = None

    def of(self, script: Script) -> "Waits":
        """This revision's own, where its file says them: `windlass_lock_timeout = "10s"`."""
        return Waits(
            seconds(script, "windlass_lock_timeout") or self.lock,
            seconds(script, "windlass_patience") or self.patience,
            seconds(script, "windlass_statement_timeout") or self.statement,
        )

    def options(self) -> str:
        """For PGOPTIONS. The server itself ends the session whose client is gone."""
        return (
            f"-c lock_timeout={self.lock}s -c statement_timeout={self.statement or 0}s"
            " -c client_connection_check_interval=1s"
        )


def seconds(script: Script, name: str) -> int | None:
    value = getattr(script.module, name, None)
    if value is None:
        return None
    if isinstance(value, str) and re.fullmatch(r"[1-9]\d{0,6}[smhd]", value):
        return int(value[:-1]) * UNITS[value[-1]]
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    raise ValueError(f"{script.path}: {name} is {value!r}, not a time such as 10s, 5m or 1h")


def patiently(
    waits: Waits,
    work: Callable[[], None],
    tell: Callable[[Exception], None],
    label: str = "",
) -> None:
    """Runs a revision again for as long as only locks keep it back: each time its transaction has
    been rolled back. What an autocommit block had committed is not done twice."""
    end = time.monotonic() + waits.patience
    pause = 0.5
    with Session(waits, label) as outside:
        while True:
            try:
                return work()
            except Exception as error:
                wait = pause * random.uniform(0.5, 1)  # noqa: S311
                if outside.committed or sqlstate(error) not in TRY_AGAIN:
                    raise
                if time.monotonic() + wait > end:
                    raise
                tell(error)
            time.sleep(wait)
            pause = min(pause * 1.6, 15)


def sqlstate(error: BaseException | None) -> str | None:
    """SQLSTATE of whatever driver raised it."""
    origin = getattr(error, "orig", None) or error
    return getattr(origin, "sqlstate", None) or getattr(origin, "pgcode", None)


class Session:
    """While it is open, new sessions have these timeouts, whoever opens them."""

    def __init__(self, waits: Waits, label: str = "") -> None:
        self.waits = waits
        self.label = label
        self.committed = False
        self.before = os.environ.get("PGOPTIONS")

    def __enter__(self) -> "Session":
        os.environ["PGOPTIONS"] = " ".join(
            filter(None, [self.before, self.waits.options() + self.label])
        )
        event.listen(Engine, "before_cursor_execute", self.outside)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(Engine, "before_cursor_execute", self.outside)
        if self.before is None:
            del os.environ["PGOPTIONS"]
        else:
            os.environ["PGOPTIONS"] = self.before

    def outside(self, connection: Connection, _: object, statement: str, *__: object) -> None:
        """What runs `concurrently` holds nobody up while it waits: it may wait until the patience
        ends. Any other statement outside of a transaction is committed at once."""
        raw = connection.connection.dbapi_connection
        if raw is None or getattr(raw, "autocommit", False) is not True:
            return
        long = CONCURRENTLY.search(statement) is not None
        self.committed = self.committed or not long
        waits = self.waits
        lock, statements = (
            (0, waits.statement or waits.patience)
            if long
            else (
                waits.lock,
                waits.statement or 0,
            )
        )
        cursor = raw.cursor()
        cursor.execute(f"set lock_timeout = '{lock}s'")
        cursor.execute(f"set statement_timeout = '{statements}s'")
        cursor.close()
