"""Users: profiles, and the vouchers that let alpha users in."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from database import caller, check, lifespan, session
from vouchers import rights
from vouchers import routes as voucher_routes
from wellness import create_app, serve

VERSION = "1.0.0"


async def me(request: Request) -> JSONResponse:
    claims = await caller(request)
    async with session(claims) as connection:
        found = await connection.execute(
            "select profiles.user_id::text, email, redeemed_at::text from profiles"
            " left join redemptions using (user_id) where profiles.user_id::text = %s",
            (claims.get("sub"),),
        )
        row = await found.fetchone()
    unknown = {"user_id": claims.get("sub"), "email": claims.get("email"), "redeemed_at": None}
    return JSONResponse(row or unknown)


async def forget(request: Request) -> JSONResponse:
    """Removes a user's profile and redemption; the sign-in itself is Supabase's to remove."""
    async with session(await rights(request)) as connection:
        gone = await connection.execute(
            "delete from profiles where user_id::text = %s", (request.path_params["id"],)
        )
        if gone.rowcount == 0:
            raise HTTPException(404, "no such profile, or not yours to remove")
        return JSONResponse({"removed": gone.rowcount})


routes = [
    Route("/me", me),
    Route("/profiles/{id}", forget, methods=["DELETE"]),
    *voucher_routes,
]
app = create_app(VERSION, routes, check=check, lifespan=lifespan)

if __name__ == "__main__":
    serve(app)
