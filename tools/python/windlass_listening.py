"""Listening to every engine of a process for as long as a block lasts."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from sqlalchemy import Engine, event


class Listening:
    """What a subclass names as its listeners hears SQLAlchemy's events while it is open."""

    def listeners(self) -> list[tuple[str, Callable[..., None]]]:
        raise NotImplementedError

    def __enter__(self) -> Self:
        for name, listener in self.listeners():
            event.listen(Engine, name, listener)
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        for name, listener in self.listeners():
            event.remove(Engine, name, listener)
