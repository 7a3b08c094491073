"""Agent: one suggestion at a time. The sample's model is three sentences told in turn."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from database import caller, check, lifespan, session, subject
from wellness import create_app, serve

VERSION = "1.0.0"

SENTENCES = (
    "Write down one good thing of today.",
    "Walk for ten minutes before noon.",
    "Breathe out longer than you breathe in, five times.",
)


async def list_suggestions(request: Request) -> JSONResponse:
    async with session(await caller(request)) as connection:
        found = await connection.execute(
            "select id::text, sentence, model, given_at::text from suggestions"
            " order by given_at desc limit 100"
        )
        return JSONResponse(await found.fetchall())


async def suggest(request: Request) -> JSONResponse:
    """Gives the sentence that comes after those given to this user before."""
    claims = await caller(request)
    async with session(claims) as connection:
        given = await (await connection.execute("select count(*) from suggestions")).fetchone()
        sentence = SENTENCES[(given["count"] if given else 0) % len(SENTENCES)]
        made = await connection.execute(
            "insert into suggestions (user_id, sentence, model) values (%s, %s, %s)"
            " returning id::text, sentence, model, given_at::text",
            (subject(claims), sentence, f"sentences-{VERSION}"),
        )
        return JSONResponse(await made.fetchone(), status_code=201)


routes = [
    Route("/suggestions", list_suggestions),
    Route("/suggestions", suggest, methods=["POST"]),
]
app = create_app(VERSION, routes, check=check, lifespan=lifespan)

if __name__ == "__main__":
    serve(app)
