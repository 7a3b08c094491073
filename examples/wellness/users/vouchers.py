"""A voucher is made by an admin, opens one sign-up, and is redeemed once. Who may do what is
decided by the policies of the tables, not here."""

import json
import secrets

import httpx
from psycopg import AsyncConnection, errors
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from database import caller, session, subject
from wellness import fields, secret

SHORTEST_CODE = 16


async def create(request: Request) -> JSONResponse:
    return await make(request, secrets.token_urlsafe(12))


async def create_as(request: Request) -> JSONResponse:
    """With a code that the admin knows beforehand, so that asking twice makes one voucher."""
    code = str(request.path_params["code"])
    if len(code) < SHORTEST_CODE:
        raise HTTPException(400, f"a code has {SHORTEST_CODE} characters or more")
    return await make(request, code)


async def make(request: Request, code: str) -> JSONResponse:
    insert = "insert into vouchers (code) values (%s) on conflict do nothing"
    try:
        async with session(await rights(request)) as connection:
            await connection.execute(insert, (code,))
    except errors.InsufficientPrivilege as error:
        raise HTTPException(403, "only an admin makes vouchers") from error
    return JSONResponse({"code": code}, status_code=201)


async def remove(request: Request) -> JSONResponse:
    async with session(await rights(request)) as connection:
        gone = await connection.execute(
            "delete from vouchers where code = %s", (request.path_params["code"],)
        )
        if gone.rowcount == 0:
            raise HTTPException(404, "no such voucher, or not yours to remove")
        return JSONResponse({"removed": gone.rowcount})


async def sign_up(request: Request) -> JSONResponse:
    """Signs up with Supabase, for who presents a voucher that nobody has redeemed."""
    asked = await fields(request, email=str, password=str, voucher=str)
    async with session({}) as connection:
        voucher = await find(connection, str(asked["voucher"]))
        used = await connection.execute("select from redemptions where voucher_id = %s", (voucher,))
        if used.rowcount > 0:
            raise HTTPException(409, "redeemed already")
    supabase = json.loads(secret("supabase"))
    async with httpx.AsyncClient(timeout=10) as client:
        answer = await client.post(
            f"{supabase['url']}/auth/v1/signup",
            headers={"apikey": supabase["anon_key"]},
            json={"email": asked["email"], "password": asked["password"]},
        )
    if answer.is_error:
        raise HTTPException(answer.status_code, answer.json().get("msg", "sign-up refused"))
    return JSONResponse({"email": asked["email"], "confirmed": False}, status_code=201)


async def redeem(request: Request) -> JSONResponse:
    claims = await caller(request)
    asked = await fields(request, code=str)
    who = {"user": subject(claims), "email": claims.get("email")}
    try:
        async with session(claims) as connection:
            voucher = await find(connection, str(asked["code"]))
            await connection.execute(
                "insert into profiles (user_id, email) values (%(user)s, %(email)s)"
                " on conflict (user_id) do nothing",
                who,
            )
            made = await connection.execute(
                "insert into redemptions (voucher_id, user_id) values (%(voucher)s, %(user)s)"
                " returning redeemed_at::text",
                {**who, "voucher": voucher},
            )
            return JSONResponse(await made.fetchone(), status_code=201)
    except errors.UniqueViolation as error:
        raise HTTPException(409, "redeemed already") from error


async def rights(request: Request) -> dict[str, object]:
    """The caller's claims; whom Auth calls an admin acts as the service role does. Users cannot
    write their `app_metadata`."""
    claims = await caller(request)
    metadata = claims.get("app_metadata")
    admin = isinstance(metadata, dict) and metadata.get("role") == "admin"
    return {**claims, "role": "service_role"} if admin else claims


async def find(connection: AsyncConnection, code: str) -> object:
    # Shows the code to the policies: who knows it may see its voucher, and no other.
    await connection.execute("select set_config('users.voucher', %s, true)", (code,))
    found = await connection.execute("select id from vouchers where code = %s", (code,))
    row = await found.fetchone()
    if row is None:
        raise HTTPException(404, "no such voucher")
    return row["id"]


routes = [
    Route("/vouchers", create, methods=["POST"]),
    Route("/vouchers/{code}", create_as, methods=["PUT"]),
    Route("/vouchers/{code}", remove, methods=["DELETE"]),
    Route("/signups", sign_up, methods=["POST"]),
    Route("/redemptions", redeem, methods=["POST"]),
]
