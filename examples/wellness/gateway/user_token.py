"""The token that Supabase gave the user: the gateway alone checks its signature."""

import json
from functools import cache

import jwt

from wellness import secret


def verified(header: str | None) -> str | None:
    """The token of an Authorization header; None where it is missing, forged or expired."""
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    try:
        # No audience: the service role's own key has none. The services judge by `role` and `sub`.
        options = {"require": ["exp"], "verify_aud": False}
        jwt.decode(token, signing_key(), algorithms=["HS256"], options=options)
    except jwt.InvalidTokenError:
        return None
    return token


@cache
def signing_key() -> str:
    return json.loads(secret("supabase"))["jwt_secret"]
