"""Functions of our own and how people ask for them, Chinese and English, drawn from templates.

Permissive Chinese call data is scarce; these rows are made, and their records say so.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.resources import files
from typing import Any, Literal

from ...contract import Tool
from ..record import group_of, pointer
from . import Found, Where
from .rows import none_record, record_or_left

LICENCE = "Apache-2.0"
_EACH = {"zh": 28, "en": 12}
"""Sentences drawn for a function, by language; equal ones are dropped later."""
_IDLE = {"zh": 12, "en": 4}
Language = Literal["zh", "en"]


@dataclass(frozen=True)
class Parameter:
    """One parameter, with what it is called and how its values are drawn."""

    name: str
    kind: tuple[str, ...]
    zh: str
    en: str
    optional: bool


@dataclass
class Entry:
    """One function of the book."""

    name: str
    zh: str
    en: str
    parameters: list[Parameter] = field(default_factory=list)
    sentences: list[tuple[Language, str]] = field(default_factory=list)


@dataclass
class Book:
    """The whole file."""

    lists: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    idle: list[tuple[Language, str]] = field(default_factory=list)


def found(_: Where) -> Iterator[Found]:
    """The sentences of every function, then idle texts; the same every time."""
    book = read_book((files("funcsmith.training.importers") / "phrasebook.txt").read_text("utf-8"))
    for entry in book.entries:
        yield from _of(entry, book)
    for at, (language, template) in enumerate(book.idle):
        # The draw is a sample, not a secret; so is every other here.
        draw = random.Random(f"idle {at}")  # noqa: S311
        many = _IDLE[language] if "{" in template else 1
        said = {_idle(template, language, book, draw) for _ in range(many)}
        for text in sorted(said):
            origin = f"phrasebook/idle:{at}"
            yield none_record(text, [], origin=origin, licence=LICENCE, made="idle: template")


def read_book(text: str) -> Book:
    """The phrasebook that a text says. Raises `ValueError` with the line that is none."""
    book = Book()
    for line in text.split("\n"):
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        mark, _, rest = said.partition(" ")
        if mark == "=":
            name, _, pairs = rest.partition(" ")
            book.lists[name] = _pairs(pairs)
        elif mark == "@":
            name, zh, en = (one.strip() for one in rest.split("|"))
            book.entries.append(Entry(name, zh, en))
        elif mark in ("zh", "en"):
            book.entries[-1].sentences.append((mark, rest))  # type: ignore[arg-type]  # looked at
        elif mark == "~":
            language, _, template = rest.partition(" ")
            book.idle.append((language, template))  # type: ignore[arg-type]  # as the file says
        else:
            head, zh, en = (one.strip() for one in said.split("|"))
            name, _, kind = head.partition(":")
            words = _kind(kind.strip())
            parameter = Parameter(name.rstrip("?"), words, zh, en, name.endswith("?"))
            book.entries[-1].parameters.append(parameter)
    return book


def _pairs(said: str) -> list[tuple[str, str]]:
    """Chinese and English of each; an English one may have several words."""
    parts = re.split(r" (?=\S*[\u4e00-\u9fff》]\S*=)", said)
    return [(zh, en) for zh, _, en in (part.partition("=") for part in parts)]


def _kind(said: str) -> tuple[str, ...]:
    kind, _, rest = said.partition(" ")
    if kind == "enum":
        return (kind, *re.split(r" (?=[A-Za-z]+=)", rest))
    if kind == "bool":
        return (kind, *rest.split("="))
    return (kind, *rest.split())


def tool_of(entry: Entry, language: Language) -> Tool:
    """The function as it is offered, in one language."""
    inner: dict[str, Any] = {}
    for one in entry.parameters:
        inner[one.name] = {**_schema(one), "description": getattr(one, language)}
    required = [one.name for one in entry.parameters if not one.optional]
    schema = {"type": "object", "properties": inner, "required": required}
    return Tool(name=entry.name, description=getattr(entry, language), parameters=schema)


_TYPES = {
    "int": "integer", "float": "number", "money": "number", "percent": "number", "bool": "boolean",
}  # fmt: skip


def _schema(one: Parameter) -> dict[str, Any]:
    kind = one.kind[0]
    if kind == "ints":
        return {"type": "array", "items": {"type": "integer"}}
    if kind == "enum":
        return {"type": "string", "enum": [part.partition("=")[0] for part in one.kind[1:]]}
    return {"type": _TYPES.get(kind, "string")}


def _of(entry: Entry, book: Book) -> Iterator[Found]:
    seen: set[str] = set()
    for language in ("zh", "en"):
        sentences = [one for said, one in entry.sentences if said == language]
        draw = random.Random(f"{entry.name} {language}")  # noqa: S311
        for at in range(_EACH[language]):
            template = sentences[at % len(sentences)]
            text, arguments, spans = _said(entry, template, language, book, draw)
            if text in seen:
                continue
            seen.add(text)
            origin = f"phrasebook/{entry.name}/{language}:{at}"
            # A tool's words need not be in the language of who asks.
            of: Language = language if at % 5 else ("en" if language == "zh" else "zh")
            yield record_or_left(
                origin,
                text=text,
                language=language,
                kind="parameters",
                tools=[tool_of(entry, of)],
                function=entry.name,
                arguments=arguments,
                spans=spans,
                licence=LICENCE,
                group=group_of(entry.name),
                made="template",
            )


def _said(
    entry: Entry, template: str, language: Language, book: Book, draw: random.Random
) -> tuple[str, dict[str, Any], dict[str, list[tuple[int, int]]]]:
    """A sentence with values drawn for it, these as arguments, and where they stand."""
    template = re.sub(r"\[([^\]]*)\]", lambda m: m[1] if draw.random() < 0.6 else "", template)
    arguments: dict[str, Any] = {}
    spans: dict[str, list[tuple[int, int]]] = {}
    taken: set[str] = set()
    by_name = {one.name: one for one in entry.parameters}
    said = ""
    for at, piece in enumerate(re.split(r"\{(\w+)\}", template)):
        if at % 2:
            words, arguments[piece] = _value(by_name[piece], language, book, draw, taken)
            taken.add(words)
            if not isinstance(arguments[piece], list):
                spans[pointer(piece)] = [(len(said), len(said) + len(words))]
            piece = words
        said += piece
    return said, arguments, spans


def _value(
    one: Parameter, language: Language, book: Book, draw: random.Random, taken: set[str]
) -> tuple[str, Any]:
    """How a value is said, and what it is; no two of a sentence are said alike."""
    for _ in range(50):
        words, value = _drawn(one.kind, language, book, draw)
        if words not in taken:
            break
    return words, value


def _drawn(
    kind: Sequence[str], language: Language, book: Book, draw: random.Random
) -> tuple[str, Any]:
    name, place = kind[0], 0 if language == "zh" else 1
    if name == "int":
        number: float = draw.randint(int(kind[1]), int(kind[2]))
        return str(number), number
    if name == "float":
        number = round(draw.uniform(float(kind[1]), float(kind[2])), draw.choice((0, 1, 1)))
        number = int(number) if number == int(number) else number
        return str(number), number
    if name in ("money", "percent"):
        low, high = int(kind[1]), int(kind[2])
        number = draw.randint(low, high)
        if name == "percent" and draw.random() < 0.3:
            number += 0.5
        elif name == "money" and number > 200:
            number = round(number, -1)
        return str(number), number
    if name == "ints":
        listed = draw.sample(range(int(kind[1]), int(kind[2])), draw.randint(3, 5))
        return ("、" if language == "zh" else ", ").join(map(str, listed)), listed
    if name == "enum":
        value, zh, en = draw.choice(kind[1:]).split("=")
        return (zh, en)[place], value
    if name == "bool":
        yes = draw.random() < 0.5
        return kind[1 + 2 * place + (0 if yes else 1)], yes
    if name in _FORMS:
        return _FORMS[name](language, draw)
    words = draw.choice(book.lists[name])[place]
    return words, words.strip("《》") if words.startswith("《") else words


def _date(language: Language, draw: random.Random) -> tuple[str, str]:
    day = date(2026, 1, 1) + timedelta(days=draw.randrange(1200))
    if language == "zh":
        ways = (f"{day.year}年{day.month}月{day.day}日", day.isoformat())
    else:
        ways = (f"{day:%B} {day.day}, {day.year}", day.isoformat())
    return draw.choice(ways), day.isoformat()


def _time(language: Language, draw: random.Random) -> tuple[str, str]:
    hour, minute = draw.randint(6, 22), draw.choice((0, 15, 30, 40))
    value = f"{hour:02d}:{minute:02d}"
    if language == "zh" and draw.random() < 0.6:
        part = "早上" if hour < 12 else "下午" if hour < 18 else "晚上"
        said = hour if hour <= 12 else hour - 12
        if hour != 12:
            return f"{part}{said}点" + (f"{minute}分" if minute else ""), value
    if language == "en" and draw.random() < 0.6 and hour != 12:
        said = hour if hour < 12 else hour - 12
        return f"{said}:{minute:02d} {'am' if hour < 12 else 'pm'}", value
    return value, value


def _id(_: Language, draw: random.Random) -> tuple[str, str]:
    said = "".join(draw.sample("ABCDEFGHJKLMNPQRTUVWXY", 2)) + str(draw.randint(100, 99999))
    return said, said


def _email(_: Language, draw: random.Random) -> tuple[str, str]:
    name = draw.choice("lena omar jun mei rosa finn ada yuki noah".split())
    said = f"{name}{draw.randint(1, 99)}@{draw.choice(('example.com', 'mail.example', 'office.example'))}"
    return said, said


def _phone(language: Language, draw: random.Random) -> tuple[str, str]:
    digits = "".join(str(draw.randint(0, 9)) for _ in range(8))
    said = (
        f"13{draw.randint(0, 9)}{digits}" if language == "zh" else f"555-{digits[:3]}-{digits[3:7]}"
    )
    return said, said


_FORMS = {"date": _date, "time": _time, "id": _id, "email": _email, "phone": _phone}


def _idle(template: str, language: Language, book: Book, draw: random.Random) -> str:
    def word(match: re.Match[str]) -> str:
        if match[1] == "n":
            return str(draw.randint(2, 30))
        return draw.choice(book.lists[match[1]])[0 if language == "zh" else 1]

    return re.sub(r"\{(\w+)\}", word, template)


__all__ = ["Book", "Entry", "Parameter", "found", "read_book", "tool_of"]
