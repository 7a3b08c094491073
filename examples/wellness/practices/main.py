"""Practices: sitting, breathing, stretching, and the minutes given to it."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from database import caller, check, lifespan, session, subject
from wellness import create_app, fields, serve

VERSION = "1.0.0"


async def list_practices(request: Request) -> JSONResponse:
    async with session(await caller(request)) as connection:
        found = await connection.execute(
            "select id::text, name, minutes, practised_at::text from practices"
            " order by practised_at desc limit 100"
        )
        return JSONResponse(await found.fetchall())


async def add_practice(request: Request) -> JSONResponse:
    claims = await caller(request)
    practice = await fields(request, name=str, minutes=int)
    async with session(claims) as connection:
        made = await connection.execute(
            "insert into practices (user_id, name, minutes)"
            " values (%(user)s, %(name)s, %(minutes)s)"
            " returning id::text, name, minutes, practised_at::text",
            {**practice, "user": subject(claims)},
        )
        return JSONResponse(await made.fetchone(), status_code=201)


routes = [Route("/practices", list_practices), Route("/practices", add_practice, methods=["POST"])]
app = create_app(VERSION, routes, check=check, lifespan=lifespan)

if __name__ == "__main__":
    serve(app)
