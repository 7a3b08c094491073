"""Messages of Postgres' protocol 3, as a session carries them."""

import socket
import struct
from contextlib import suppress
from typing import NamedTuple


class Said(NamedTuple):
    """An error that the database answered with."""

    sqlstate: str
    text: str


def said(body: bytes) -> Said:
    parts = {part[:1]: part[1:].decode("utf-8", "replace") for part in body.split(b"\0") if part}
    return Said(parts.get(b"C", ""), parts.get(b"M", ""))


def fields(severity: str, state: str, text: str) -> bytes:
    return f"S{severity}\0V{severity}\0C{state}\0M{text}\0\0".encode()


def tell(client: socket.socket, body: bytes) -> None:
    with suppress(OSError):
        client.sendall(typed(b"E", body))


def typed(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body


def read(one: socket.socket) -> tuple[bytes, bytes]:
    head = exactly(one, 5)
    return head[:1], exactly(one, struct.unpack("!I", head[1:])[0] - 4)


def exactly(one: socket.socket, count: int) -> bytes:
    found = bytearray()
    while len(found) < count:
        part = one.recv(min(count - len(found), 1 << 20))
        if not part:
            raise EOFError("the other side has ended the session")
        found += part
    return bytes(found)


def end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
