"""Refusals in the OpenAPI document: which statuses an answer may have instead, and in what form."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


class Reason(BaseModel):
    """What was wrong, and what to do: in Chinese where `Accept-Language` says so."""

    code: str
    message: str
    hint: str = ""


class Refusal(BaseModel):
    error: Reason


class ClientReason(BaseModel):
    """The same as OpenAI's clients read it."""

    message: str
    type: str
    param: None = None
    code: str


class ClientRefusal(BaseModel):
    error: ClientReason


_WORDS = {
    401: "A key is wanted, and none that is known was shown.",
    403: "The key may not do this, or the request comes from another page.",
    404: "There is no such function, model or adapter.",
    409: "There is one of that name already, or what is there does not fit.",
    413: "More than is taken at once.",
    422: "The request cannot be read, or asks for what there cannot be.",
    429: "Too many wait for the model, or the key was used too often: Retry-After says when to come again.",
    500: "The model's engine, or what it said, failed.",
    503: "No model, no fence or no server can be reached at the moment.",
    504: "There was no answer in time.",
    507: "The home cannot be written.",
}


def refusals(*statuses: int, form: type[BaseModel] = Refusal) -> dict[int | str, dict[str, Any]]:
    """The entries of these statuses, or of all that there are."""
    return {status: {"model": form, "description": _WORDS[status]} for status in statuses or _WORDS}
