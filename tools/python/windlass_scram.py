"""Logging in to Postgres as its protocol asks, for a session that another program goes on with."""

import base64
import hashlib
import hmac
import secrets
import struct
from collections.abc import Callable

OK, CLEAR, MD5, SASL, GOES_ON, FINAL = 0, 3, 5, 10, 11, 12
MECHANISM = b"SCRAM-SHA-256"

Read = Callable[[], tuple[bytes, bytes]]
Write = Callable[[bytes], None]


class RefusedError(Exception):
    """The server's own answer to a login, as it came: type and body of its message."""

    def __init__(self, body: bytes) -> None:
        super().__init__("the database refuses the login")
        self.body = body


def log_in(read: Read, write: Write, user: str, password: str) -> None:
    """Until the server takes the session for this user's."""
    scram = Scram(password)
    while True:
        kind, body = read()
        if kind == b"E":
            raise RefusedError(body)
        if kind != b"R":
            continue
        (asked,) = struct.unpack("!I", body[:4])
        if asked == OK:
            return
        write(answer(asked, body[4:], scram, user))


def answer(asked: int, data: bytes, scram: "Scram", user: str) -> bytes:
    if asked == CLEAR:
        return message(scram.password + b"\0")
    if asked == MD5:
        inner = hashlib.md5(scram.password + user.encode()).hexdigest()  # noqa: S324 (the server's)
        return message(b"md5" + hashlib.md5(inner.encode() + data[:4]).hexdigest().encode() + b"\0")  # noqa: S324
    if asked == SASL and MECHANISM in data.split(b"\0"):
        first = scram.first()
        return message(MECHANISM + b"\0" + struct.pack("!I", len(first)) + first)
    if asked == GOES_ON:
        return message(scram.last(data))
    if asked == FINAL:
        scram.verify(data)
        return b""
    raise ValueError(f"the database asks for a login of another kind ({asked})")


def message(body: bytes) -> bytes:
    return b"p" + struct.pack("!I", len(body) + 4) + body


class Scram:
    """https://www.rfc-editor.org/rfc/rfc5802, without channel binding."""

    def __init__(self, password: str) -> None:
        self.password = password.encode()
        self.own = b"n=,r=" + base64.b64encode(secrets.token_bytes(18))
        self.signature = b""

    def first(self) -> bytes:
        return b"n,," + self.own

    def last(self, theirs: bytes) -> bytes:
        said = dict(part.split(b"=", 1) for part in theirs.split(b","))
        if not said[b"r"].startswith(self.own.split(b"r=", 1)[1]):
            raise ValueError("the database answers to another login")
        salt, rounds = base64.b64decode(said[b"s"]), int(said[b"i"])
        salted = hashlib.pbkdf2_hmac("sha256", self.password, salt, rounds)
        key = digest(salted, b"Client Key")
        bare = b"c=biws,r=" + said[b"r"]
        whole = b",".join([self.own, theirs, bare])
        proof = digest(hashlib.sha256(key).digest(), whole)
        self.signature = digest(digest(salted, b"Server Key"), whole)
        mixed = bytes(left ^ right for left, right in zip(key, proof, strict=True))
        return bare + b",p=" + base64.b64encode(mixed)

    def verify(self, data: bytes) -> None:
        if not hmac.compare_digest(data, b"v=" + base64.b64encode(self.signature)):
            raise ValueError("the database does not know its own password")


def digest(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, text, hashlib.sha256).digest()
