"""What each field of the schema asks of which service."""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from ariadne import MutationType, QueryType
from graphql import GraphQLResolveInfo

from backends import SERVICES, RefusedError, call

query = QueryType()
mutation = MutationType()
Resolver = Callable[..., Awaitable[object]]

LISTS = {
    "me": ("users", "/me"),
    "journal": ("journal", "/entries"),
    "habits": ("habits", "/habits"),
    "meals": ("meals", "/meals"),
    "movements": ("movements", "/movements"),
    "practices": ("practices", "/practices"),
    "suggestions": ("agent", "/suggestions"),
}
ADDITIONS = {
    "createVoucher": ("users", "/vouchers"),
    "redeemVoucher": ("users", "/redemptions"),
    "addJournalEntry": ("journal", "/entries"),
    "addHabit": ("habits", "/habits"),
    "addMeal": ("meals", "/meals"),
    "addMovement": ("movements", "/movements"),
    "addPractice": ("practices", "/practices"),
    "suggest": ("agent", "/suggestions"),
}


def token_of(info: GraphQLResolveInfo) -> str:
    token = info.context["token"]
    if token is None:
        raise RefusedError(401, "sign in first")
    return token


def reading(service: str, path: str) -> Resolver:
    async def resolve(_: object, info: GraphQLResolveInfo) -> object:
        return await call(service, path, token=token_of(info))

    return resolve


def adding(service: str, path: str) -> Resolver:
    async def resolve(_: object, info: GraphQLResolveInfo, **fields: object) -> object:
        return await call(service, path, method="POST", token=token_of(info), body=fields)

    return resolve


for field, (service, path) in LISTS.items():
    query.set_field(field, reading(service, path))
for field, (service, path) in ADDITIONS.items():
    mutation.set_field(field, adding(service, path))


@query.field("health")
async def health(*_: object) -> list[dict[str, object]]:
    return list(await asyncio.gather(*(health_of(service) for service in SERVICES)))


async def health_of(service: str) -> dict[str, object]:
    try:
        said = await call(service, "/readyz")
    except Exception as problem:  # a service that is down is an answer here
        return {"service": service, "ok": False, "problem": str(problem)}
    found = said if isinstance(said, dict) else {}
    schema_revision = found.get("database", {}).get("revision")
    return {**found, "service": service, "ok": True, "schema_revision": schema_revision}


@mutation.field("signUp")
async def sign_up(_: object, __: GraphQLResolveInfo, **fields: object) -> object:
    return await call("users", "/signups", method="POST", body=fields)


@mutation.field("checkHabit")
async def check_habit(_: object, info: GraphQLResolveInfo, id: str) -> bool:  # noqa: A002
    await call("habits", f"/habits/{part(id)}/checks", method="POST", token=token_of(info))
    return True


@mutation.field("removeVoucher")
async def remove_voucher(_: object, info: GraphQLResolveInfo, code: str) -> bool:
    await call("users", f"/vouchers/{part(code)}", method="DELETE", token=token_of(info))
    return True


@mutation.field("forgetUser")
async def forget_user(_: object, info: GraphQLResolveInfo, user_id: str) -> bool:
    await call("users", f"/profiles/{part(user_id)}", method="DELETE", token=token_of(info))
    return True


def part(text: str) -> str:
    return quote(text, safe="")
