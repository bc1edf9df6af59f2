"""Texts that ask for nothing that is computed: small talk and out-of-scope questions of CLINC150.

Only its training parts; of `routing_dev` nothing, since evaluation rows stand in it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator

from ...errors import InputInvalid
from . import Found, Where
from .rows import none_record

LICENCE = "CC-BY-3.0"
_TALK = frozenset(
    "greeting goodbye thank_you are_you_a_bot what_is_your_name who_made_you where_are_you_from"
    " how_old_are_you what_are_your_hobbies do_you_have_pets who_do_you_work_for tell_joke fun_fact"
    " meaning_of_life user_name yes no maybe repeat cancel what_can_i_ask_you".split()
)


def found(where: Where) -> Iterator[Found]:
    """Small talk, and what is out of scope."""
    path = where.data / "routing/clinc150_small.json.gz" if where.data is not None else None
    if path is None or not path.is_file():
        return
    try:
        parts = json.loads(gzip.decompress(path.read_bytes()))
    except (OSError, EOFError, ValueError) as error:
        raise InputInvalid(
            {"en": f"{path} cannot be read: {error}.", "zh": f"无法读取 {path}：{error}。"}
        ) from error
    for part in ("train", "oos_train"):
        for place, (text, intent) in enumerate(parts.get(part) or ()):
            if intent in _TALK:
                yield none_record(
                    text, [], origin=f"clinc150/{part}:{place}", licence=LICENCE, made="idle: talk"
                )
            elif intent == "oos":
                yield none_record(text, [], origin=f"clinc150/{part}:{place}", licence=LICENCE)
