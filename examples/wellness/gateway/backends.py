"""Calls to the services behind the gateway, each at the address in its <NAME>_URL."""

import os

import httpx

from identity_token import identity_token

SERVICES = ("agent", "habits", "journal", "meals", "movements", "practices", "users")
FAILED = 400

client = httpx.AsyncClient(timeout=30, trust_env=False)


class RefusedError(Exception):
    """A service said no; `words` and `status` are its own."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words


async def call(
    service: str,
    path: str,
    *,
    method: str = "GET",
    token: str | None = None,
    body: object = None,
) -> object:
    """The service's JSON answer; RefusedError where it does not answer with success."""
    audience = os.environ[f"{service.upper()}_URL"]
    headers = {"Authorization": f"Bearer {await identity_token(client, audience)}"}
    if token is not None:
        headers["X-User-Token"] = token
    answer = await client.request(method, f"{audience}{path}", headers=headers, json=body)
    if answer.status_code >= FAILED:
        raise RefusedError(answer.status_code, words_of(answer))
    return answer.json()


def words_of(answer: httpx.Response) -> str:
    try:
        said = answer.json()
    except ValueError:
        said = None
    words = said.get("error") or said.get("problem") if isinstance(said, dict) else None
    return str(words or f"HTTP {answer.status_code}")
