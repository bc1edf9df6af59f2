"""funcsmith serve: REST, OpenAI's routes and the counts, from one process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import SettingInvalid
from ..settings import settings
from .screen import Screen
from .words import locale_language, say

if TYPE_CHECKING:
    from ..server.tracing import Tracing


def serve(
    host: Annotated[str, typer.Option(metavar="HOST", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535)] = 8000,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="A model of the catalogue, the path of a GGUF file or of a Transformers folder, or `remote`.",
        ),
    ] = None,
    at_once: Annotated[
        int, typer.Option(metavar="N", min=1, help="Requests that have the model at once.")
    ] = 2,
    waiting: Annotated[
        int, typer.Option(metavar="N", min=0, help="Requests that may wait for it; others get 429.")
    ] = 16,
    timeout: Annotated[
        float, typer.Option(metavar="SECONDS", min=1, help="The longest that one request may take.")
    ] = 600.0,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(metavar="ORIGIN", help="A page of yours elsewhere that may ask."),
    ] = None,
    trace: Annotated[
        bool,
        typer.Option(
            "--trace",
            help="Send a span of every request to a collector (OTEL_EXPORTER_OTLP_ENDPOINT).",
        ),
    ] = False,
) -> int:
    """Serve REST at /api and OpenAI's routes at /v1, on this machine alone unless told otherwise.

    Another HOST than this machine's own wants a key first: funcsmith keys add NAME

    \b
    funcsmith serve
    funcsmith keys add laptop --scope run && funcsmith serve --host 0.0.0.0
    """
    import logging
    import sys

    import uvicorn

    from ..server.access import Access, is_loopback
    from ..server.app import make_app
    from ..server.keys import KeyRing
    from ..server.service import Service

    found, language = settings(), locale_language()
    ring = KeyRing(found.home)
    if not is_loopback(host) and not any(not key.revoked for key in ring.all()):
        raise SettingInvalid(
            {
                "en": f"{host} can be reached from elsewhere, and there is no key.",
                "zh": f"{host} 可从其他机器访问，但还没有密钥。",
            },
            hint={
                "en": "Make one first: funcsmith keys add NAME --scope run",
                "zh": "请先创建一个：funcsmith keys add 名称 --scope run",
            },
        )
    log = logging.getLogger("funcsmith.server")
    log.setLevel(logging.INFO)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    service = Service(
        found,
        model=model,
        at_once=at_once,
        waiting=waiting,
        seconds=timeout,
        tracing=_tracing() if trace else None,
    )
    access = Access(ring, host=host, origins=frozenset(allow_origin or ()))
    shown = f"[{host}]" if ":" in host else host
    Screen().line((say(language, "serving", url=f"http://{shown}:{port}"), "name"))
    uvicorn.run(
        make_app(service, access),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=int(min(timeout, 60)),
    )
    return 0


def _tracing() -> Tracing:
    try:
        from ..server.tracing import Tracing, exporting
    except ImportError as error:
        raise SettingInvalid(
            {
                "en": "Traces need the package opentelemetry-sdk, which is not installed.",
                "zh": "追踪需要 opentelemetry-sdk，它还没有安装。",
            },
            hint="pip install 'funcsmith[trace]'",
        ) from error
    return Tracing(exporting())
