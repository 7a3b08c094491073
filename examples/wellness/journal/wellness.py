"""What all services share: secrets, health, errors. Every folder holds this same file, for an
image is one folder, and an old revision must keep the code that it was deployed with."""

import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

Check = Callable[[], Awaitable[Mapping[str, object]]]
Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def secret(name: str) -> str:
    """The value of a mounted secret."""
    return (secrets_folder() / name / "value").read_text().strip()


def secrets_folder() -> Path:
    return Path(os.environ.get("SECRETS_DIR", "/secrets"))


def create_app(
    version: str,
    routes: Sequence[BaseRoute],
    *,
    check: Check | None = None,
    lifespan: Lifespan | None = None,
) -> Starlette:
    """The service's app: its own routes, `/healthz` for the start and `/readyz` with all it has."""

    async def healthz(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def readyz(_: Request) -> JSONResponse:
        try:
            report = {"secrets": read_all_secrets(), **(await check() if check else {})}
        except Exception as problem:  # whatever is missing, the answer names it
            return JSONResponse({**identity(version), "problem": str(problem)}, status_code=503)
        return JSONResponse({**identity(version), **report})

    own = [Route("/healthz", healthz), Route("/readyz", readyz)]
    handlers = {HTTPException: refuse}
    return Starlette(routes=[*own, *routes], exception_handlers=handlers, lifespan=lifespan)


def serve(app: Starlette) -> None:
    """Serves on $PORT until SIGTERM."""
    host, port = os.environ.get("HOST", "0.0.0.0"), int(os.environ.get("PORT", "8080"))  # noqa: S104
    uvicorn.run(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=2)


async def fields(request: Request, **kinds: type) -> dict[str, object]:
    """The request's JSON body, each named field of the given kind; 400 otherwise."""
    try:
        body = await request.json()
    except ValueError as error:
        raise HTTPException(400, "the body is not JSON") from error
    for name, kind in kinds.items():
        value = body.get(name) if isinstance(body, dict) else None
        if not isinstance(value, kind) or value == "":
            raise HTTPException(400, f"{name} must be a {kind.__name__}")
    return {name: body[name] for name in kinds}


def read_all_secrets() -> list[str]:
    folder = secrets_folder()
    names = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
    return [name for name in names if secret(name)]


def identity(version: str) -> dict[str, object]:
    return {
        "service": os.environ.get("K_SERVICE", Path(__file__).parent.name),
        "revision": os.environ.get("K_REVISION"),
        "digest": os.environ.get("IMAGE_DIGEST"),
        "version": version,
    }


async def refuse(_: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return JSONResponse({"error": getattr(error, "detail", str(error))}, status_code=status)
