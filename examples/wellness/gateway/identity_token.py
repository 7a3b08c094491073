"""Who we are to the services behind us: identity tokens of our own service account."""

import base64
import json
import os
import time

import httpx

PATH = "/computeMetadata/v1/instance/service-accounts/default/identity"
MARGIN_S = 300

known: dict[str, tuple[str, float]] = {}


async def identity_token(client: httpx.AsyncClient, audience: str) -> str:
    """A token for one service, asked of the metadata server and kept until it nearly expires."""
    token, expires = known.get(audience, ("", 0.0))
    if time.time() < expires - MARGIN_S:
        return token
    host = os.environ.get("GCE_METADATA_HOST", "metadata.google.internal")
    answer = await client.get(
        f"http://{host}{PATH}",
        params={"audience": audience, "format": "full"},
        headers={"Metadata-Flavor": "Google"},
    )
    answer.raise_for_status()
    token = answer.text.strip()
    known[audience] = (token, expiry(token))
    return token


def expiry(token: str) -> float:
    payload = token.split(".")[1]
    return float(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["exp"])
