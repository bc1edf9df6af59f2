"""Every error that Funcsmith raises on its own account, in one tree.

    FuncsmithError
    ├── RequestInvalid          what came in cannot be a request
    │   ├── TextEmpty
    │   ├── TextTooLong
    │   ├── InputInvalid        a file or value handed in as data cannot be read
    │   └── ArgumentsInvalid    arguments that do not fit the function's parameters
    ├── FunctionNotFound        no function of that name
    ├── FunctionInvalid         a function's file or source cannot be used as it is
    ├── FunctionNotLocked       a decorated function has no body that its lock allows
    ├── FunctionFailed          a decorated function's call ended in a way that Python has no error for
    ├── GrantInvalid            what cannot be granted to a function
    ├── ModelUnknown            no model of that name
    │   └── AdapterNotFound     no adapter of that name
    ├── AdapterUnfit            an adapter of another base, or one that lost too much
    ├── ModelUnavailable        the model's file cannot be had
    │   └── ModelFileInvalid    a file is there, but its bytes are not the model's
    ├── EngineFailed            the engine died, refused or answered nonsense
    │   └── EngineTimeout
    ├── SettingInvalid          a setting cannot be used as it is
    ├── SandboxUnavailable      no fence can be had here, so nothing is run
    ├── HomeUnusable            FUNCSMITH_HOME cannot be read or written
    ├── TrainingFailed          a training cannot go on
    ├── AccessDenied            the server was shown a key that does not allow this
    │   └── KeyMissing          it was shown none that it knows
    ├── ServerBusy              too many already wait for the model
    └── Cancelled               the user stopped it

Generated code that fails is never one of these: that is a `Result`.
"""

from __future__ import annotations

from typing import ClassVar, Literal

Language = Literal["zh", "en"]


class FuncsmithError(Exception):
    """An error of ours: what came, and what to try, in both languages.

    `message` and `hint` map a language ("en", "zh") to a sentence; a plain string serves both.
    """

    code: ClassVar[str] = "internal"
    status_code: ClassVar[int] = 500
    exit_code: ClassVar[int] = 3

    def __init__(self, message: str | dict[str, str], *, hint: str | dict[str, str] = "") -> None:
        self._message = message
        self._hint = hint
        super().__init__(self.message("en"))

    def message(self, language: str = "en") -> str:
        """What came, in the given language."""
        return _said(self._message, language)

    def hint(self, language: str = "en") -> str:
        """What to try, in the given language; empty where there is nothing to say."""
        return _said(self._hint, language)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuilt, (type(self), self._message, self._hint)


def _said(words: str | dict[str, str], language: str) -> str:
    if isinstance(words, str):
        return words
    return words.get(language) or words.get("en") or next(iter(words.values()), "")


def _rebuilt(
    kind: type[FuncsmithError], message: str | dict[str, str], hint: str | dict[str, str]
) -> FuncsmithError:
    return kind(message, hint=hint)


class RequestInvalid(FuncsmithError):
    code = "request_invalid"
    status_code = 422
    exit_code = 2


class TextEmpty(RequestInvalid):
    code = "text_empty"

    def __init__(self) -> None:
        super().__init__(
            {"en": "The text is empty.", "zh": "文本是空的。"},
            hint={
                "en": 'Say what you want computed, for example: funcsmith "12 factorial"',
                "zh": "请说出要计算什么，例如：funcsmith «10 的阶乘»",
            },
        )


class TextTooLong(RequestInvalid):
    code = "text_too_long"
    status_code = 413

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(
            {
                "en": f"The text has {length:,} characters; at most {limit:,} are read.",
                "zh": f"文本有 {length:,} 个字符，最多读取 {limit:,} 个。",
            },
            hint={
                "en": "Hand data in as an input: funcsmith … --input data=FILE",
                "zh": "数据请作为输入给出：funcsmith … --input data=文件",
            },
        )


class InputInvalid(RequestInvalid):
    code = "input_invalid"


class ArgumentsInvalid(RequestInvalid):
    code = "arguments_invalid"


class FunctionNotFound(FuncsmithError):
    code = "function_not_found"
    status_code = 404
    exit_code = 2


class FunctionInvalid(FuncsmithError):
    code = "function_invalid"
    status_code = 422
    exit_code = 2


class FunctionNotLocked(FuncsmithError):
    code = "function_not_locked"
    status_code = 409


class FunctionFailed(FuncsmithError):
    code = "function_failed"
    status_code = 500
    exit_code = 3


class GrantInvalid(FuncsmithError):
    code = "grant_invalid"
    status_code = 422
    exit_code = 2


class ModelUnknown(FuncsmithError):
    code = "model_unknown"
    status_code = 404
    exit_code = 2


class AdapterNotFound(ModelUnknown):
    code = "adapter_not_found"


class AdapterUnfit(FuncsmithError):
    code = "adapter_unfit"
    status_code = 409
    exit_code = 2


class ModelUnavailable(FuncsmithError):
    code = "model_unavailable"
    status_code = 503


class ModelFileInvalid(ModelUnavailable):
    code = "model_file_invalid"


class EngineFailed(FuncsmithError):
    code = "engine_failed"
    status_code = 503


class EngineTimeout(EngineFailed):
    code = "engine_timeout"
    status_code = 504


class SettingInvalid(FuncsmithError):
    code = "setting_invalid"
    status_code = 422
    exit_code = 2


class SandboxUnavailable(FuncsmithError):
    code = "sandbox_unavailable"
    status_code = 503


class HomeUnusable(FuncsmithError):
    code = "home_unusable"
    status_code = 507


class TrainingFailed(FuncsmithError):
    code = "training_failed"
    status_code = 500
    exit_code = 3


class AccessDenied(FuncsmithError):
    code = "access_denied"
    status_code = 403
    exit_code = 2


class KeyMissing(AccessDenied):
    code = "key_missing"
    status_code = 401


class ServerBusy(FuncsmithError):
    code = "server_busy"
    status_code = 429

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(
            {
                "en": "Too many requests wait for the model already.",
                "zh": "等待模型的请求已经太多。",
            },
            hint={
                "en": f"Try again in about {retry_after_seconds} s.",
                "zh": f"请约 {retry_after_seconds} 秒后重试。",
            },
        )
        self.retry_after_seconds = retry_after_seconds

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.retry_after_seconds,)


class Cancelled(FuncsmithError):
    code = "cancelled"
    status_code = 499
    exit_code = 130

    def __init__(self) -> None:
        super().__init__({"en": "Stopped.", "zh": "已停止。"})
