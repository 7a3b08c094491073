"""Movements: what a user's body did, and for how long."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from database import caller, check, lifespan, session, subject
from wellness import create_app, fields, serve

VERSION = "1.0.0"


async def list_movements(request: Request) -> JSONResponse:
    async with session(await caller(request)) as connection:
        found = await connection.execute(
            "select id::text, kind, minutes, moved_at::text from movements"
            " order by moved_at desc limit 100"
        )
        return JSONResponse(await found.fetchall())


async def add_movement(request: Request) -> JSONResponse:
    claims = await caller(request)
    movement = await fields(request, kind=str, minutes=int)
    async with session(claims) as connection:
        made = await connection.execute(
            "insert into movements (user_id, kind, minutes)"
            " values (%(user)s, %(kind)s, %(minutes)s)"
            " returning id::text, kind, minutes, moved_at::text",
            {**movement, "user": subject(claims)},
        )
        return JSONResponse(await made.fetchone(), status_code=201)


routes = [Route("/movements", list_movements), Route("/movements", add_movement, methods=["POST"])]
app = create_app(VERSION, routes, check=check, lifespan=lifespan)

if __name__ == "__main__":
    serve(app)
