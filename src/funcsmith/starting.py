"""Starting the engine of a pipeline: a model of this machine, or the configured server in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import SettingInvalid

if TYPE_CHECKING:
    from .models.engine import Engine
    from .models.progress import Progress
    from .settings import Settings


def start(
    name: str, settings: Settings, progress: Progress | None, *, adapter: str | None = None
) -> Engine:
    """The engine of a model, with an adapter of it in use where one is named.

    Raises what `ensure` does, `AdapterNotFound`, and `AdapterUnfit` for one of another base.
    """
    from .models.remote import NAME

    if name == NAME:
        if adapter:
            raise _without_adapters()
        return _server_alone(settings)
    from .generate.prompt import fixed
    from .models.catalogue import ensure
    from .models.llamacpp import LlamaCpp

    model, path = ensure(name, settings, progress)
    if path.is_dir():
        from .models.transformers import Transformers

        if adapter:
            raise _without_adapters()
        return Transformers(path, model=model.name, threads=settings.threads)
    beside = None
    if adapter:
        from .models.adapters import beside as beside_of

        beside = beside_of(adapter, model, path, settings)
    engine = LlamaCpp(
        path,
        model=model.name,
        sha256=model.sha256,
        threads=settings.threads,
        keep_warm_seconds=settings.keep_warm_seconds,
        state_folder=settings.home / "states",
        adapters=beside,
    )
    engine.prepare([fixed("function")])
    return engine


def _without_adapters() -> SettingInvalid:
    return SettingInvalid(
        {
            "en": "Adapters go with a GGUF model of this machine, not with a server or a folder.",
            "zh": "适配器只能用于本机的 GGUF 模型，不能用于服务器或 Transformers 文件夹。",
        },
        hint={
            "en": "Leave --adapter and FUNCSMITH_ADAPTER out, or use a model of the catalogue.",
            "zh": "请去掉 --adapter 和 FUNCSMITH_ADAPTER，或使用目录中的模型。",
        },
    )


def _server_alone(settings: Settings) -> Engine:
    """The configured server in the place of a local model."""
    from .models.remote import Remote

    server = Remote.configured(settings)
    if server is None:
        raise SettingInvalid(
            {"en": "No server is configured.", "zh": "尚未配置服务器。"},
            hint={
                "en": "Set FUNCSMITH_REMOTE_URL, for example to http://127.0.0.1:8000/v1",
                "zh": "请设置 FUNCSMITH_REMOTE_URL，例如 http://127.0.0.1:8000/v1",
            },
        )
    server.look()
    return server
