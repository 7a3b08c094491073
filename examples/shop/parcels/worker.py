"""Makes a label for every purchase that waits to be sent. It keeps nothing: what waits stands in
purchases, so a round that is cut off is made up by the next one."""

import hashlib
import hmac
import json
import os
import signal
import sys
import threading
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

VERSION = "1.0.0"
SECRETS = Path(os.environ.get("SECRETS_DIR", "/secrets"))
PURCHASES = os.environ.get("PURCHASES_URL", "")
CANDIDATE = os.environ.get("PURCHASES_CANDIDATE_URL", "")
CANDIDATES = "X-Windlass-Candidates"
METADATA = os.environ.get("GCE_METADATA_HOST", "metadata.google.internal")
IDENTITY = "computeMetadata/v1/instance/service-accounts/default/identity"


def carrier_key() -> bytes:
    """What the carrier gave us; read for each round, so that nothing of it stays in memory."""
    return (SECRETS / "carrier-key" / "value").read_bytes().strip()


def work(candidates: str = "") -> int:
    """One round; how many labels it made. A test of a new release names its services."""
    base = CANDIDATE if "purchases" in candidates.split(",") else PURCHASES
    token = fetch(
        f"http://{METADATA}/{IDENTITY}?audience={urllib.parse.quote(PURCHASES, safe='')}",
        headers={"Metadata-Flavor": "Google"},
    ).decode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    waiting = json.loads(fetch(f"{base}/purchases", headers=headers))
    for purchase in waiting:
        digest = hmac.new(carrier_key(), purchase["id"].encode(), hashlib.sha256)
        body = json.dumps({"label": digest.hexdigest()[:12]}).encode()
        fetch(
            f"{base}/purchases/{purchase['id']}/label",
            "PUT",
            headers=headers,
            body=body,
        )
    return len(waiting)


def fetch(
    url: str, method: str = "GET", *, headers: dict[str, str], body: bytes | None = None
) -> bytes:
    request = urllib.request.Request(url, body, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/healthz":
            return self.answer(200, {"status": "ok"})
        if self.path != "/readyz":
            return self.answer(404, {"error": "there is no such thing"})
        named = ["carrier-key"] if carrier_key() else []
        revision = os.environ.get("K_REVISION")
        return self.answer(
            200, {"revision": revision, "version": VERSION, "secrets": named}
        )

    def do_POST(self) -> None:
        if self.path != "/work":
            return self.answer(404, {"error": "there is no such thing"})
        try:
            return self.answer(200, {"labels": work(self.headers.get(CANDIDATES, ""))})
        except OSError as error:
            print(f"the round failed: {error}", file=sys.stderr)
            return self.answer(502, {"error": "purchases does not answer as it should"})

    def answer(self, status: int, body: dict[str, object]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


if __name__ == "__main__":
    host, port = os.environ.get("HOST", "0.0.0.0"), int(os.environ.get("PORT", "8080"))
    server = ThreadingHTTPServer((host, port), Handler)
    end = threading.Thread(target=server.shutdown)
    signal.signal(signal.SIGTERM, lambda *_: end.start())
    server.serve_forever()
