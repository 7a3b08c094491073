"""The statements of a text of SQL, one by one, as Postgres' own scanner tells them apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\n]*)
    |(?P<comment>/\*)
    |(?P<string>[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*")
    |(?P<dollar>\$(?:[^\W\d]\w*)?\$)
    |(?P<word>[^\W\d][\w$]*)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Statement:
    """`line` is where it begins, from 1; the text holds no comment before it and no semicolon."""

    line: int
    text: str

    def words(self) -> list[str]:
        """Its first words, in lower case."""
        return re.sub(r"--[^\n]*|/\*.*?\*/", " ", self.text, flags=re.DOTALL).lower().split()[:12]


def statements(sql: str) -> list[Statement]:
    found: list[Statement] = []
    start: int | None = None
    nest = Nest()
    for kind, begin, end in tokens(sql):
        if kind in ("space", "comment"):
            continue
        text = sql[begin:end]
        if text == ";" and nest.depth == 0:
            if start is not None:
                found.append(Statement(sql.count("\n", 0, start) + 1, sql[start:begin].rstrip()))
            start = None
            continue
        start = begin if start is None else start
        nest.see(text.lower() if kind == "word" else text)
    if start is not None:
        found.append(Statement(sql.count("\n", 0, start) + 1, sql[start:].rstrip()))
    return found


class Nest:
    """Brackets, and the body of a function that is written as `begin atomic … end`."""

    def __init__(self) -> None:
        self.brackets = self.blocks = 0
        self.before = ""

    @property
    def depth(self) -> int:
        return self.brackets + self.blocks

    def see(self, word: str) -> None:
        if word in ("(", ")"):
            self.brackets = max(0, self.brackets + (1 if word == "(" else -1))
        if word == "atomic" and self.before == "begin":
            self.blocks = 1
        elif self.blocks > 0 and word in ("case", "end"):
            self.blocks += 1 if word == "case" else -1
        self.before = word


def tokens(sql: str) -> Iterator[tuple[str, int, int]]:
    """Kind, begin and end of each."""
    at = 0
    while match := TOKEN.match(sql, at):
        kind, end = str(match.lastgroup), match.end()
        if kind == "comment":
            end = comment_end(sql, at)
        elif kind == "dollar":
            close = sql.find(match.group(), end)
            end = len(sql) if close < 0 else close + len(match.group())
        yield kind, at, end
        at = end


def comment_end(sql: str, at: int) -> int:
    """Of a comment that may hold others."""
    depth = 0
    for match in re.compile(r"/\*|\*/").finditer(sql, at):
        depth += 1 if match.group() == "/*" else -1
        if depth == 0:
            return match.end()
    return len(sql)
