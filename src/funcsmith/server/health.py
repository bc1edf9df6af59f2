"""Whether the server lives, whether it is ready, and its counts."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from .metrics import CONTENT_TYPE
from .refusal import refusals
from .service import Service

health = APIRouter(tags=["health"])


@health.get("/livez")
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@health.get("/readyz", responses={503: {"description": "The model is not loaded yet."}})
def ready(request: Request) -> JSONResponse:
    """200 once the model is loaded; known functions are answered before that."""
    service: Service = request.app.state.service
    state = {
        "status": "ok" if service.ready else "loading",
        "model": service.model,
        "waiting": service.lane.waiting,
    }
    return JSONResponse(state, 200 if service.ready else 503)


@health.get("/metrics", response_class=PlainTextResponse, responses=refusals(401, 403, 429, 500))
def metrics(request: Request) -> Response:
    """Counts in Prometheus' text form; a key that reads is wanted where keys exist."""
    request.app.state.access.key(request, "read")
    service: Service = request.app.state.service
    return Response(service.metrics.text(), media_type=CONTENT_TYPE)
