"""The database for a program of the user's: a port on this machine that closes with the program.

It asks for a password that is good for nothing else, logs in with ours, and every session that it
opens is the schema's owner with our timeouts and our name, whatever driver the program has.
"""

import hmac
import os
import re
import secrets
import socket
import ssl
import struct
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from windlass_scram import RefusedError, log_in
from windlass_wire import Said, end, exactly, fields, read, said, tell, typed

TLS, GSS, CANCEL = 80_877_103, 80_877_104, 80_877_102
CONNECT_SECONDS = 15
# Ours alone say who a session is and how long it waits.
FORBIDDEN = re.compile(r"windlass\.|_timeout|role|session_authorization")
OURS = ("user", "database", "options", "application_name", "replication")


class Door:
    """Open between `with` and its end; `settings` are those of every session."""

    def __init__(self, settings: str) -> None:
        self.settings = settings
        self.password = secrets.token_urlsafe(24)
        self.said: Said | None = None
        self.open: set[socket.socket] = set()
        self.server = socket.create_server(("127.0.0.1", 0))

    @property
    def port(self) -> int:
        return self.server.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self.listen, daemon=True).start()
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        for one in [self.server, *self.open]:
            end(one)

    def listen(self) -> None:
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:  # closed
                return
            self.open.add(client)
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client: socket.socket) -> None:
        server: socket.socket | None = None
        try:
            server = self.begin(client)
            if server is None:
                return
            self.open.add(server)
            threading.Thread(target=forward, args=(client, server), daemon=True).start()
            self.deliver(server, client)
        except RefusedError as refused:
            self.said = said(refused.body)
            tell(client, refused.body)
        except Exception as error:  # whatever keeps the way shut is the program's to read
            text = f"{type(error).__name__}: {error}"
            self.said = Said("08006", text)
            tell(client, fields("FATAL", "08006", text))
        finally:
            for one in (client, server):
                if one is not None:
                    end(one)
                    self.open.discard(one)

    def begin(self, client: socket.socket) -> socket.socket | None:
        """Both logins; None for a wish to cancel, and where the password is another."""
        while True:
            body = exactly(client, struct.unpack("!I", exactly(client, 4))[0] - 4)
            (code,) = struct.unpack("!I", body[:4])
            if code not in (TLS, GSS):
                break
            client.sendall(b"N")
        if code == CANCEL:
            with connect() as server:
                server.sendall(struct.pack("!I", len(body) + 4) + body)
            return None
        client.sendall(typed(b"R", struct.pack("!I", 3)))
        _, given = read(client)
        if not hmac.compare_digest(given.rstrip(b"\0"), self.password.encode()):
            tell(client, fields("FATAL", "28P01", "this is not the password of this migration"))
            return None
        server = connect()
        server.sendall(start(body, self.settings))
        user, password = login()
        log_in(lambda: read(server), server.sendall, user, password)
        client.sendall(typed(b"R", struct.pack("!I", 0)))
        return server

    def deliver(self, server: socket.socket, client: socket.socket) -> None:
        while True:
            try:
                kind, body = read(server)
                if kind == b"E":
                    self.said = said(body)
                client.sendall(typed(kind, body))
            except (OSError, EOFError):  # one of the two has ended
                return


def forward(client: socket.socket, server: socket.socket) -> None:
    try:
        while data := client.recv(65_536):
            server.sendall(data)
    except OSError:
        pass
    end(server)


def connect() -> socket.socket:
    """A way to the database, encrypted as the variables of libpq ask for it."""
    host, mode = os.environ["PGHOST"], os.environ.get("PGSSLMODE", "prefer")
    raw = socket.create_connection((host, int(os.environ["PGPORT"])), CONNECT_SECONDS)
    raw.settimeout(None)
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if mode in ("disable", "prefer"):
        return raw
    raw.sendall(struct.pack("!II", 8, TLS))
    if exactly(raw, 1) != b"S":
        raise ConnectionError(f"{host} does not encrypt")
    root = os.environ.get("PGSSLROOTCERT")
    context = ssl.create_default_context(cafile=root)
    if root is None:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(raw, server_hostname=host)


def login() -> tuple[str, str]:
    """As the password file has it now: it may be renewed meanwhile."""
    line = Path(os.environ["PGPASSFILE"]).read_text(encoding="utf-8").splitlines()[0]
    words = [re.sub(r"\\(.)", r"\1", word) for word in re.split(r"(?<!\\):", line)]
    return words[3], words[4]


def start(body: bytes, settings: str) -> bytes:
    words = body[4:].split(b"\0")
    own = dict(zip(words[::2], words[1::2], strict=False))
    kept = {key.decode(): own[key].decode() for key in own if key and key.decode() not in OURS}
    asked = own.get(b"options", b"").decode()
    if FORBIDDEN.search(asked):
        asked = ""
    pairs = {
        **kept,
        "user": login()[0],
        "database": os.environ["PGDATABASE"],
        "application_name": os.environ.get("PGAPPNAME", "windlass"),
        "options": f"{asked} {settings}".strip(),
    }
    text = b"".join(f"{key}\0{value}\0".encode() for key, value in pairs.items()) + b"\0"
    return struct.pack("!I", len(text) + 8) + body[:4] + text
