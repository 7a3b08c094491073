"""Users' tokens, checked by the keys of the Supabase project that signs them. Every service holds
this same file: whoever reaches a service may send any header."""

import asyncio
import json
from collections.abc import Mapping
from functools import cache

import httpx
import jwt

from wellness import secret

Claims = dict[str, object]


async def verified(token: str) -> Claims | None:
    """The claims of a token; None where it is missing, forged or expired."""
    try:
        if jwt.get_unverified_header(token).get("alg") == "HS256":
            return await by_secret(token)
        return await asyncio.to_thread(by_public_key, token)
    except jwt.PyJWTError:
        return None


def by_public_key(token: str) -> Claims:
    key = public_keys().get_signing_key_from_jwt(token).key
    return decoded(token, key, ["ES256", "RS256"])


async def by_secret(token: str) -> Claims | None:
    """Projects from before there were public keys share one secret. Who may not sign does not hold
    it, and asks Auth."""
    if "jwt_secret" in project():
        return decoded(token, project()["jwt_secret"], ["HS256"])
    headers = {"apikey": project()["anon_key"], "Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
        answer = await client.get(f"{project()['url']}/auth/v1/user", headers=headers)
    return None if answer.is_error else jwt.decode(token, options={"verify_signature": False})


def decoded(token: str, key: object, algorithms: list[str]) -> Claims:
    # No audience: the service role's own key has none. The services judge by `role` and `sub`.
    options = {"require": ["exp"], "verify_aud": False}
    return jwt.decode(token, key, algorithms=algorithms, options=options)


@cache
def public_keys() -> jwt.PyJWKClient:
    return jwt.PyJWKClient(f"{project()['url']}/auth/v1/.well-known/jwks.json", timeout=5)


@cache
def project() -> Mapping[str, str]:
    return json.loads(secret("supabase"))
