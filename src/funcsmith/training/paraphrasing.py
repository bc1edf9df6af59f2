"""The same request in other words or in Chinese, by a model on this machine.

A model is not believed: what it writes is kept only where the readers find every value again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..errors import InputInvalid
from ..language import language_of
from ..models.engine import Message, Prompt, Sampling
from .record import Record

if TYPE_CHECKING:
    from ..models.engine import Engine

_TRANSLATE = (
    "Translate the request into natural Chinese, as a user would say it. Keep names, codes, dates, "
    "numbers and quoted words exactly as they are written. Answer with the Chinese request alone."
)
_PARAPHRASE = {
    "zh": "换一种说法表达同一个请求，像用户平时说话那样。名称、编号、日期、数字和引号里的内容必须原样"
    "保留。只回答改写后的请求。",
    "en": "Say the request in other words, as a user would. Keep names, codes, dates, numbers and "
    "quoted words exactly as they are written. Answer with the request alone.",
}
_SHOWN = (
    (
        'Send the invoice "INV-204" to Lena Fuchs on 2027-03-09.',
        "把发票「INV-204」在 2027-03-09 发给 Lena Fuchs",
    ),
    (
        "Show the humidity of greenhouse with ID kQ7 for 12 hours.",
        "看看编号 kQ7 的温室 12 小时的湿度",
    ),
)


def answer_of(engine: Engine, record: Record) -> str:
    """What the model says for a record: English ones in Chinese, Chinese ones in other words."""
    messages: list[Message] = []
    if record.language == "en":
        messages.append(Message("system", _TRANSLATE))
        for en, zh in _SHOWN:
            messages += [Message("user", en), Message("assistant", zh)]
    else:
        messages.append(Message("system", _PARAPHRASE[record.language]))
    messages.append(Message("user", record.text))
    completion = engine.complete(
        Prompt(tuple(messages)), Sampling(max_tokens=min(300, 40 + len(record.text)), stop=("\n",))
    )
    return completion.text


def from_answer(record: Record, answer: str, model: str) -> Record | None:
    """The record with what the model said as its text; None where it said nothing of use."""
    said = re.sub(r"^(?:请求|改写|中文|翻译)\s*[:：]\s*", "", answer.strip()).strip()
    if not said or said == record.text or language_of(said) != "zh":
        return None
    if said[:1] in '“"' and said[-1:] in '”"' and said.count(said[:1]) == 1:
        said = said[1:-1]
    how = "translated" if record.language == "en" else "paraphrased"
    made = f"{record.made}; {how} by {model}" if record.made else f"{how} by {model}"
    try:
        return record.but(text=said, language="zh", spans={}, made=made)
    except InputInvalid:
        return None


__all__ = ["answer_of", "from_answer"]
