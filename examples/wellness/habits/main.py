"""Habits: what a user means to do every day, and the days on which it was done."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from database import caller, check, lifespan, session, subject
from wellness import create_app, fields, serve

VERSION = "1.0.0"

LIST = """
select habits.id::text, name, count(day)::int as days
from habits left join checks on habit_id = habits.id
where archived_at is null group by habits.id order by name
"""


async def list_habits(request: Request) -> JSONResponse:
    async with session(await caller(request)) as connection:
        return JSONResponse(await (await connection.execute(LIST)).fetchall())


async def add_habit(request: Request) -> JSONResponse:
    claims = await caller(request)
    habit = await fields(request, name=str)
    async with session(claims) as connection:
        made = await connection.execute(
            "insert into habits (user_id, name) values (%s, %s)"
            " returning id::text, name, 0 as days",
            (subject(claims), habit["name"]),
        )
        return JSONResponse(await made.fetchone(), status_code=201)


async def check_habit(request: Request) -> JSONResponse:
    """Marks today; a second time changes nothing."""
    claims = await caller(request)
    async with session(claims) as connection:
        habit = await connection.execute(
            "select id from habits where id::text = %s", (request.path_params["id"],)
        )
        row = await habit.fetchone()
        if row is None:
            raise HTTPException(404, "no such habit")
        await connection.execute(
            "insert into checks (habit_id, user_id) values (%s, %s) on conflict do nothing",
            (row["id"], subject(claims)),
        )
        return JSONResponse({"done": True})


routes = [
    Route("/habits", list_habits),
    Route("/habits", add_habit, methods=["POST"]),
    Route("/habits/{id}/checks", check_habit, methods=["POST"]),
]
app = create_app(VERSION, routes, check=check, lifespan=lifespan)

if __name__ == "__main__":
    serve(app)
