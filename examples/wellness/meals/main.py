"""Meals: what a user ate, and how much of it was energy."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from database import caller, check, lifespan, session, subject
from wellness import create_app, fields, serve

VERSION = "1.0.0"


async def list_meals(request: Request) -> JSONResponse:
    async with session(await caller(request)) as connection:
        found = await connection.execute(
            "select id::text, name, kcal, eaten_at::text from meals"
            " order by eaten_at desc limit 100"
        )
        return JSONResponse(await found.fetchall())


async def add_meal(request: Request) -> JSONResponse:
    claims = await caller(request)
    meal = await fields(request, name=str, kcal=int)
    async with session(claims) as connection:
        made = await connection.execute(
            "insert into meals (user_id, name, kcal)"
            " values (%(user)s, %(name)s, %(kcal)s)"
            " returning id::text, name, kcal, eaten_at::text",
            {**meal, "user": subject(claims)},
        )
        return JSONResponse(await made.fetchone(), status_code=201)


routes = [Route("/meals", list_meals), Route("/meals", add_meal, methods=["POST"])]
app = create_app(VERSION, routes, check=check, lifespan=lifespan)

if __name__ == "__main__":
    serve(app)
