"""The service's own schema, reached as its own role. Every such service holds this same file."""

import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache

from psycopg import AsyncConnection, OperationalError
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request

from user_token import verified
from wellness import secret


@cache
def pool() -> AsyncConnectionPool:
    # No connection is kept ready: the start waits for nobody, an idle instance holds little. Each
    # is checked before it is lent, for a restart of the database ends them all.
    return AsyncConnectionPool(
        secret("database-url"),
        min_size=0,
        max_size=int(os.environ.get("DATABASE_POOL", "4")),
        timeout=5,
        kwargs={"row_factory": dict_row},
        check=AsyncConnectionPool.check_connection,
        open=False,
    )


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    yield
    if pool.cache_info().currsize:
        await pool().close()


@asynccontextmanager
async def session(claims: Mapping[str, object]) -> AsyncIterator[AsyncConnection]:
    """A transaction that row level security judges by these claims."""
    await pool().open()
    settings = ("request.jwt.claims", json.dumps(claims))
    async with AsyncExitStack() as stack:
        try:
            connection = await begin(stack, settings)
        except OperationalError:  # it died after it was checked: once more, with another
            connection = await begin(stack, settings)
        yield connection


async def begin(stack: AsyncExitStack, settings: tuple[str, str]) -> AsyncConnection:
    """A connection of the pool in a transaction; it goes back with the stack, or at once where it
    fails."""
    async with AsyncExitStack() as attempt:
        connection = await attempt.enter_async_context(pool().connection())
        await connection.execute("select set_config(%s, %s, true)", settings)
        stack.push_async_exit(attempt.pop_all())
    return connection


async def caller(request: Request) -> dict[str, object]:
    """The claims of the user's token. Only the gateway may call us, and yet the token is checked:
    a mistake in who may call would else let anybody be anyone."""
    claims = await verified(request.headers.get("x-user-token", ""))
    if claims is None:
        raise HTTPException(401, "no user token")
    return claims


def subject(claims: Mapping[str, object]) -> object:
    """The user's id; tokens of machines have none."""
    if "sub" not in claims:
        raise HTTPException(403, "not a user's token")
    return claims["sub"]


async def check() -> dict[str, object]:
    """Who the database takes us for, and the Alembic revision of our schema. A login of its own,
    for the pool would only say that it has waited in vain."""
    address = secret("database-url")
    async with await AsyncConnection.connect(
        address, connect_timeout=5, row_factory=dict_row
    ) as connection:
        found = await connection.execute(
            "select session_user as login, current_user as role, current_schema as schema,"
            " version_num as revision from alembic_version"
        )
        row = await found.fetchone()
    # A rotated password comes with a login of another name that acts as the same role. A pooler's
    # user names the project as well: ROLE.PROJECT.
    user = str(conninfo_to_dict(address).get("user", "")).split(".")[0]
    if row is None or row.pop("login") != user:
        raise RuntimeError(f"the database does not know us at a revision: {row}")
    return {"database": row}
