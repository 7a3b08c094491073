"""Journal: what a user writes down about a day, for their eyes only."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from database import caller, check, lifespan, session, subject
from wellness import create_app, fields, serve

VERSION = "1.0.0"


async def list_entries(request: Request) -> JSONResponse:
    async with session(await caller(request)) as connection:
        found = await connection.execute(
            "select id::text, body, mood, written_at::text from entries"
            " order by written_at desc limit 100"
        )
        return JSONResponse(await found.fetchall())


async def add_entry(request: Request) -> JSONResponse:
    claims = await caller(request)
    entry = await fields(request, body=str, mood=str)
    async with session(claims) as connection:
        made = await connection.execute(
            "insert into entries (user_id, body, mood) values (%(user)s, %(body)s, %(mood)s)"
            " returning id::text, body, mood, written_at::text",
            {**entry, "user": subject(claims)},
        )
        return JSONResponse(await made.fetchone(), status_code=201)


routes = [Route("/entries", list_entries), Route("/entries", add_entry, methods=["POST"])]
app = create_app(VERSION, routes, check=check, lifespan=lifespan)

if __name__ == "__main__":
    serve(app)
