"""Gateway: the one public door. GraphQL in front, the seven services behind it."""

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from ariadne import load_schema_from_path, make_executable_schema
from ariadne.asgi import GraphQL
from graphql import GraphQLError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from backends import RefusedError, client
from resolvers import mutation, query
from user_token import verified
from wellness import create_app, serve

VERSION = "1.0.0"


async def context(request: Request, _: object) -> Mapping[str, object]:
    return {"request": request, "token": await signed_in(request.headers.get("authorization"))}


async def signed_in(header: str | None) -> str | None:
    """The token of an Authorization header, where it is a user's."""
    scheme, _, token = (header or "").partition(" ")
    return token if scheme.lower() == "bearer" and await verified(token) else None


def shown(error: GraphQLError, _: bool = False) -> dict[str, object]:
    """A service's refusal keeps its words and status; any other inner error keeps to itself."""
    formatted = dict(error.formatted)
    cause = error.original_error
    if isinstance(cause, RefusedError):
        return {**formatted, "message": cause.words, "extensions": {"status": cause.status}}
    if cause is not None and not isinstance(cause, GraphQLError):
        return {**formatted, "message": "internal error", "extensions": {"status": 500}}
    return formatted


def unexpected(record: logging.LogRecord) -> bool:
    """A refusal is an answer, no matter for the log."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(getattr(error, "original_error", None), RefusedError)


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    yield
    await client.aclose()


logging.getLogger("ariadne").addFilter(unexpected)

schema = make_executable_schema(
    load_schema_from_path(str(Path(__file__).parent / "schema.graphql")),
    query,
    mutation,
    convert_names_case=True,
)
graphql = GraphQL(schema, context_value=context, error_formatter=shown)
routes = [Route("/graphql", graphql.handle_request, methods=["GET", "POST"])]
app = create_app(VERSION, routes, lifespan=lifespan)

if __name__ == "__main__":
    serve(app)
