"""Lists: values of one kind in a row, and words in a row with an enumeration's punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from funcsmith.readers.value import Source, Value

_FAMILIES = (
    ("integer", "number"), ("money",), ("quantity",), ("duration",), ("percent",), ("date",),
    ("time",), ("datetime",), ("email",), ("url",), ("id",), ("fraction",),
)  # fmt: skip


def read_lists(source: Source, values: Sequence[Value]) -> Iterator[Value]:
    """Every list of read values and of words; the parts are its items."""
    measured = {v.start for v in values if v.kind in ("quantity", "money", "percent", "duration")}
    for family in _FAMILIES:
        bare = family[0] == "integer"
        members = [
            value
            for value in values
            if value.kind in family
            and value.note not in ("article", "ambiguous")
            and not (bare and value.note == "part" and value.start not in measured)
        ]
        yield from _chains(source, members)
    quoted = [value for value in values if value.note == "quoted" and value.kind == "string"]
    yield from _chains(source, quoted, margin=1)
    names = [value for value in values if value.note in ("name", "sentence start")]
    yield from _chains(source, names)
    yield from _chinese_words(source)
    yield from _english_words(source)


def _chains(source: Source, members: list[Value], margin: int = 0) -> Iterator[Value]:
    chain: list[Value] = []
    end = -1
    for value in members:
        if value.start < end:
            continue
        between = source.lower[end + margin : value.start - margin] if chain else ""
        loose = value.note == "part" and not between.strip()
        if chain and len(between) <= 12 and not loose and _separator().fullmatch(between):
            chain.append(value)
        else:
            yield from _list(source, chain)
            chain = [value]
        end = value.end
    yield from _list(source, chain)


def _list(source: Source, chain: list[Value]) -> Iterator[Value]:
    if len(chain) > 1 and not all(item.note == "part" for item in chain):
        values = [item.value for item in chain]
        yield source.value("list", values, chain[0].start, chain[-1].end, items=tuple(chain))


def _chinese_words(source: Source) -> Iterator[Value]:
    """苹果、香蕉和梨: where the first begins and the last ends is a guess, so ends are trimmed."""
    for match in _chinese_row().finditer(source.folded):
        spans: list[tuple[int, int]] = []
        at = match.start()
        parts = match.group().split("、")
        for place, part in enumerate(parts):
            start, end = at, at + len(part)
            at = end + 1
            if place == len(parts) - 1:
                joint = _last_joint().match(source.folded, start, end)
                if joint and joint["word"]:
                    spans.append((start, joint.start("word")))
                    start = joint.end("word")
                tail = _tail().search(source.folded, start + 1, end)
                end = tail.start() if tail else end
            if place == 0:
                for lead in _lead().finditer(source.folded, start, end - 1):
                    start = lead.end()
            spans.append((start, end))
        yield from _of_spans(source, spans)


def _english_words(source: Source) -> Iterator[Value]:
    """Apples, bananas and pears: the ends are as many words as the longest in the middle."""
    text = source.folded
    for clause in _clause().finditer(text):
        row: list[tuple[int, int]] = []
        at = clause.start()
        for part in clause.group().split(","):
            start, end = at + len(part) - len(part.lstrip()), at + len(part.rstrip())
            at += len(part) + 1
            joint = _and().search(text, start, min(end, start + 120))
            if joint and row:
                left = [(start, joint.start())] if joint.start() > start else []
                yield from _english_row(source, [*row[-20:], *left], joint.end(), end)
                row = []
            elif start < end and (not row or len(part.split()) <= 3):
                row.append((start, end))
            else:
                row = [(start, end)] if start < end else []


def _english_row(
    source: Source, row: list[tuple[int, int]], start: int, end: int
) -> Iterator[Value]:
    text = source.folded
    middle = row[1:]
    room = max((len(text[slice(*span)].split()) for span in middle), default=1)
    if room > 3 or not all(_words().fullmatch(text[slice(*span)]) for span in middle):
        return
    first = _last_words(text, max(row[0][0], row[0][1] - 80), row[0][1], room)
    last = list(_word().finditer(text, start, min(end, start + 80)))[:room]
    if first and last:
        yield from _of_spans(source, [first, *middle, (last[0].start(), last[-1].end())])


def _last_words(text: str, start: int, end: int, room: int) -> tuple[int, int] | None:
    kept = list(_word().finditer(text, start, end))[-room:]
    while len(kept) > 1 and kept[0].group().lower() in _LEADS:
        kept = kept[1:]
    return (kept[0].start(), kept[-1].end()) if kept else None


def _of_spans(source: Source, spans: list[tuple[int, int]]) -> Iterator[Value]:
    items = tuple(
        source.value("string", source.text[start:end], start, end, note="bare")
        for start, end in spans
        if start < end
    )
    # 18岁以上、35岁以下 are two quantities in prose, not two words.
    if len(items) > 1 and not any(
        (re.search("[0-9]", item.text) and not item.text.isascii()) or item.text[0].isdigit()
        for item in items
    ):
        values = [item.value for item in items]
        yield source.value("list", values, items[0].start, items[-1].end, items=items, note="bare")


_LEADS = frozenset(
    "the a an of with buy get add for in on at to from and or include including like as are is"
    " i we my our some have has between about by all these".split()
)


@cache
def _separator() -> re.Pattern[str]:
    joint = r"(?:以及|还有|和|与|及|跟|或者?|并|又|and|or|&|then)"
    return re.compile(rf"\s*(?:[,，、;；/|]\s*)?(?:{joint}\s*)?")


@cache
def _chinese_row() -> re.Pattern[str]:
    part = r"[^\s、，。,.;；:：!！?？()（）\[\]【】“”\"'「」『』]{1,24}"
    return re.compile(rf"{part}(?:、{part})+")


@cache
def _last_joint() -> re.Pattern[str]:
    return re.compile(r"[^和与及或跟]{1,20}(?P<word>以及|还有|和|与|及|或者?|跟)")


@cache
def _lead() -> re.Pattern[str]:
    return re.compile(
        "购买|包括|包含|分别是|分别为|查询|比较|统计|计算|列出|预订|选择|添加|删除|排序|合并|需要|关于|喜欢"
        "|[有是买把将对给为在从订要加用找求查让请吃点]"
    )


@cache
def _tail() -> re.Pattern[str]:
    return re.compile(
        "等|的|这[些几三两四五]|[三两四五六七八九十几][个种位样本门项者家座条]|分别|之间|中[的最间]|里[的面]|按|从|放|加入"
        "|进行|都|各|组成|合并|排序|是|在|有|到|作为|一起"
    )


@cache
def _clause() -> re.Pattern[str]:
    return re.compile(r"[^.;:!?\n()\[\]{}\"“”，。；：、！？]+")


@cache
def _and() -> re.Pattern[str]:
    return re.compile(r"(?: |(?<=,))(?:and|or|&) |(?<![^ ])(?:and|or) ")


@cache
def _word() -> re.Pattern[str]:
    return re.compile(r"[^\W_][\w'’-]*")


@cache
def _words() -> re.Pattern[str]:
    return re.compile(r"[^\W\d][\w'’-]{0,40}(?: [\w'’&-]{1,40}){0,2}")
