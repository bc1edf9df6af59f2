"""What came in, as a Request of the contract; what cannot be one is refused in one sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .errors import RequestInvalid

if TYPE_CHECKING:
    from .contract import Request


def checked(asked: Any) -> Request:
    """The request that these fields make; RequestInvalid names the first that does not fit."""
    from .contract import Request

    if not isinstance(asked, dict):
        raise RequestInvalid(
            {"en": "A request is a JSON object.", "zh": "请求应是一个 JSON 对象。"},
            hint='{"text": "…"}',
        )
    plain = Request.plain(asked)
    if plain is not None:
        return plain
    from pydantic import ValidationError

    try:
        return Request.model_validate(asked)
    except ValidationError as error:
        raise refused(
            error.errors(include_url=False, include_context=False), known=Request.model_names()
        ) from error


def refused(errors: Sequence[Mapping[str, Any]], *, known: Sequence[str]) -> RequestInvalid:
    """What does not fit, in one sentence: the first of Pydantic's errors, and how many more.

    `known` are the fields that there are.
    """
    first = errors[0]
    place = ".".join(str(part) for part in first["loc"])[:100]
    more = len(errors) - 1
    also = (
        {"en": f" (and {more} more)", "zh": f"（另有 {more} 处）"} if more else {"en": "", "zh": ""}
    )
    fields = ", ".join(known)
    if first["type"] == "unexpected_keyword_argument":
        return RequestInvalid(
            {
                "en": f"A request has no field '{place}'{also['en']}.",
                "zh": f"请求没有字段 «{place}»{also['zh']}。",
            },
            hint={"en": f"Fields: {fields}", "zh": f"字段：{fields}"},
        )
    if first["type"] == "missing":
        return RequestInvalid(
            {"en": f"The request lacks '{place}'.", "zh": f"请求缺少 «{place}»。"},
            hint={"en": f"Fields: {fields}", "zh": f"字段：{fields}"},
        )
    got = json.dumps(first["input"], ensure_ascii=False, default=str)[:100]
    return RequestInvalid(
        {
            "en": f"'{place}' does not fit: {first['msg']}; got {got}{also['en']}.",
            "zh": f"«{place}» 不合要求：{first['msg']}；收到 {got}{also['zh']}。",
        }
    )
