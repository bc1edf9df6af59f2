"""What a text asks for, as concepts that Chinese and English share. No model, no index.

`concepts.tsv` holds the words of computing, exactly; what is not there is an everyday word, which
means itself, or in the other language what `lexicon.tsv` says. Two texts are compared by
`library/reuse.py`. Values are taken out of the text: they are arguments, or constants of the method.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from .concepts import Item, has_chinese, items_of, plain_of, words_of_concept


@dataclass(frozen=True)
class Meaning:
    """A text without its order of words: what has to be the same for the same function."""

    concepts: frozenset[str]
    """Keys of `concepts.tsv`; one that is negated has `not ` before it."""
    words: frozenset[str]
    """Everyday words: Chinese as written, English as stems."""
    about: frozenset[str]
    """What it is computed on: string, list, date …"""
    numbers: tuple[str, ...]
    """Numbers in the text's order, as short decimals."""
    order: frozenset[tuple[str, str]]
    """Pairs of operations, the one that is applied first before the other."""
    ways: tuple[frozenset[str], frozenset[str]]
    """From what into what, where something is converted."""
    known: frozenset[str]
    """What the text says to be given, where it says so: radius of «已知半径，求面积»."""
    head: str
    """What the text asks for first of all, as far as its words tell."""
    letters: tuple[str, ...]
    """The variables that the text names by a letter, in its order."""
    ordinals: tuple[str, ...]
    counted: tuple[str, ...]
    """Numbers that only say how many things go in: two of «two numbers»."""
    stated: bool
    """Whether the text states values: lists, quotations, days, placeholders."""
    sequence: tuple[str, ...]
    """Every concept and word in the text's order."""

    @property
    def key(self) -> str:
        """Equal for texts whose concepts of computing are; "" where there are none."""
        return " ".join(sorted(self.concepts))


@lru_cache(8192)
def meaning_of(text: str) -> Meaning:
    """The meaning of a text; one of a template has `{name}` where values stood.

    >>> a, b = meaning_of("求列表中偶数的和"), meaning_of("Add up the even numbers in a list")
    >>> sorted(a.concepts), a.concepts == b.concepts
    (['even', 'op.sum'], True)
    """
    return _composed(items_of(plain_of(text)), plain_of(text))


_AGGREGATES = frozenset(
    "op.count op.mean op.median op.max op.min op.sum op.frequency op.mode op.percentile op.variance"
    " op.stdev op.ratio op.longest op.shortest op.length percent".split()
)
_TIMES = frozenset(
    "unit.day unit.week unit.month unit.year unit.hour unit.minute unit.second".split()
)
_ORDINALS = frozenset("first second third last nth".split())
_SAYS_CHECK = re.compile(r"\s*(?:is|are|does|do|has|can)\b")
_HOW_MANY = re.compile(r"(?:how many|多少|几个?)\s*$")
_COUNTED = re.compile(r"(?:number of (?:whole )?|how many |多少|几个?)$")
_BASES = frozenset("unit.binary unit.octal unit.hex unit.roman unit.chinesenumeral".split())
_IMPLIED: dict[str, tuple[str, ...]] = {
    "op.hypotenuse": ("right", "triangle"), "kinetic": ("energy", "object"),
    "potential": ("energy", "object"), "leap": ("unit.year",), "taxincluded": ("price",),
    "taxexcluded": ("price",), "unit.celsius": ("temperature",), "unit.fahrenheit": ("temperature",),
    "unit.kelvin": ("temperature",), "upper": ("letter",), "lower": ("letter",),
    "vowel": ("letter",), "consonant": ("letter",), "simple": ("interest",),
    "compound": ("interest",), "op.distance": ("between",), "birthday": ("unit.day", ":date"),
    "op.gcd": ("op.max",), "op.remainder": ("op.divide",), "unit.clock24": ("time",),
    "unit.clock12": ("time",), "op.frequency": ("op.count", "occurrence", "each"),
    "op.mode": ("occurrence",), "op.difference": ("between",),
    "weekday": ("op.check",), "fuel": (), "pass": ("score",), "fail": ("score",),
    "descending": ("op.sort",), "ascending": ("op.sort",), "equalpayment": ("loan",),
    "equalprincipal": ("loan",), "incometax": ("tax",), "monthdays": ("unit.month", "unit.year", "unit.day", "op.count"), "dayofyear": ("unit.day", "unit.year"),
    "monthend": ("unit.month", "unit.day"), "monthstart": ("unit.month", "unit.day"),
    "op.setdifference": ("op.difference",),
}  # fmt: skip
"""What a concept means anyway, so that it may be said or not."""
_TOGETHER: tuple[tuple[frozenset[str], str, frozenset[str]], ...] = tuple(
    (frozenset(those.split()), one, frozenset(gone.split()))
    for those, one, gone in (
        ("op.remove duplicate", "op.distinct", "op.remove duplicate"),
        ("each op.count occurrence", "op.frequency", "op.count occurrence"),
        ("op.swap key :dict", "op.invertmap", "op.swap key"),
        ("bracket balance", "balanced", "balance"),
        ("row :string op.count", "line", "row"),
        ("op.longest prefixcommon", "prefixcommon", "op.longest"),
    )
)
"""Concepts that together mean another, and which of them are then said with it."""


def _composed(items: list[Item], plain: str) -> Meaning:
    said = [item for item in items if item.kind == "concept" and not item.key.startswith("~")]
    keys = {item.key for item in said}
    drop = {key for key in keys if key.endswith("?")}
    if _SAYS_CHECK.match(plain):
        keys.add("op.check")
    if not keys & _AGGREGATES:
        keys |= {key.rstrip("?") for key in drop}
    for those, one, gone in _TOGETHER:
        if those <= keys:
            keys.add(one)
            drop |= gone
    if "op.sort" in keys and "descending" not in keys:
        keys.add("ascending")
    by = bool(keys & {"op.sort", "ascending", "descending"}) and bool(_BY.search(plain))
    if by:
        keys.add("sortkey")
    if "op.add" in keys and any(item.kind == "number" for item in items):
        keys.add("op.sum")
        drop.add("op.add")
    if "between" in keys and (keys & _TIMES or ":date" in keys):
        keys.add("op.difference")
    for key in keys - drop:
        drop |= set(_IMPLIED.get(key, ()))
    units = [item for item in said if item.key.startswith("unit.")]
    if keys & _TIMES and (
        "op.difference" in keys
        or any(_COUNTED.search(plain[: unit.start]) for unit in units if unit.key in _TIMES)
    ):
        # How many days is a length, not a count of things.
        drop.add("op.count")
    ways = _ways(said, plain, "op.convert" in keys)
    if ways != _NOWHERE and (len(units) > 1 or keys & _BASES):
        drop.add("op.convert")
        if keys & _BASES:
            # A number is written in tens anyway.
            drop.add("unit.decimal")
    strong = {key for key in keys - drop - _ANYWHERE if key[0] != ":"}
    if strong == {"op.length"} and ":string" in keys:
        # How long a string is says how many characters it has.
        keys |= {"op.count", "char"}
        drop.add("op.length")
    operations = {key for key in strong if key.startswith("op.")}
    # Upper and lower case can be chosen, or made.
    if operations == {"op.filter"} and len(strong) > 1 and not strong & {"upper", "lower"}:
        drop.add("op.filter")
    concepts: set[str] = set()
    negated = False
    for item in said:
        if item.key == "not":
            negated = True
        elif item.key[0] != ":":
            if item.key not in drop:
                concepts.add(f"not {item.key}" if negated else item.key)
            negated = False
    if negated:
        concepts.add("not")
    concepts |= {key for key in keys - {item.key for item in said} - drop if key[0] != ":"}
    numbers, counted = _numbers(items)
    kept = [item for item in said if item.key not in drop and item.key[0] != ":"]
    # From miles to kilometres is a way; from a radius is what is given.
    known = _known(kept, plain) if ways == _NOWHERE else frozenset()
    asked = [item for item in kept if item.key not in known and item.key not in _ANYWHERE]
    about = {item.key for item in said if item.key[0] == ":"}
    if not keys & _BASES:
        about |= {":number" for item in items if item.key == "~number"}
    return Meaning(
        concepts=frozenset(concepts - _unsaid(keys)),
        words=frozenset(item.key for item in items if item.kind == "word"),
        about=frozenset(about),
        numbers=numbers,
        order=_order(
            [i for i in kept if i.key in _ORDERED and not (by and i.key in _SORTS)], plain
        ),
        ways=(ways[0] - drop, ways[1] - drop),
        known=known,
        head=_head(asked, plain),
        letters=tuple(dict.fromkeys(i.key for i in items if i.kind == "letter")),
        ordinals=tuple(i.key for i in said if i.key in _ORDINALS),
        counted=counted,
        stated=any(item.kind == "value" for item in items),
        sequence=tuple(
            i.key
            for i in items
            if i.kind in ("word", "value", "number") or (i.kind == "concept" and i.key[0] != "~")
        ),
    )


_ANYWHERE = frozenset(["all", "each", "with", "both", "occurrence"])
_ORDERED = frozenset(
    "op.sum op.product op.mean op.median op.square op.cube op.sqrt op.cbrt op.power op.abs op.round"
    " op.floor op.ceil op.truncate op.log op.exp op.reverse op.sort ascending descending op.negate"
    " op.difference op.max op.min op.distinct op.length op.factorial op.cumsum double half"
    " reciprocal digitsum op.variance op.stdev op.divide op.multiply op.add op.subtract".split()
)
_OTHERWISE_COUNTED = frozenset(["once", "duplicate", "op.mode", "op.distinct", "op.frequency"])


def _unsaid(keys: set[str]) -> frozenset[str]:
    """The concepts that do not matter beside these."""
    found = set(_ANYWHERE)
    if "op.reverse" in keys:
        # To reverse each word is not to reverse the words.
        found.discard("each")
    if "op.count" in keys and not keys & _OTHERWISE_COUNTED:
        # How often a character occurs is not how many characters there are.
        found.discard("occurrence")
    return frozenset(found)


_SORTS = frozenset(["op.sort", "ascending", "descending"])
_BY = re.compile(r"\bby\b|[按依](?!照?(?:从|由|升|降|顺序|次序|字母))")
_KNOWN = re.compile(
    r"(?:已知|给出|给定|知道|根据|由)([^，,。;]+?)(?=[，,。;]|求|计算|算)"
    r"|\b(?:given|from|knowing|based on|using)\b([^,;.]+)"
)


_ASKS = re.compile("求|计算|算|判断|找|统计")


def _head(asked: list[Item], plain: str) -> str:
    """The last concept of the Chinese clause that asks, the first of an English text."""
    if not asked:
        return ""
    if not asked[0].chinese:
        return asked[0].key
    clauses = [found.span() for found in re.finditer("[^，,。;]+", plain)]
    for start, end in [c for c in clauses if _ASKS.search(plain[slice(*c)])] + clauses[::-1]:
        inside = [item.key for item in asked if start <= item.start < end]
        if inside:
            return inside[-1]
    return asked[-1].key


def _known(kept: list[Item], plain: str) -> frozenset[str]:
    """The concepts of what a text says to be given."""
    inside = [found.span() for found in _KNOWN.finditer(plain)]
    known = frozenset(item.key for item in kept if any(a < item.start < b for a, b in inside))
    return known if len(known) < len({item.key for item in kept}) else frozenset()


def _numbers(items: list[Item]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The numbers that mean something, and those that only count what goes in."""
    numbers: list[str] = []
    counted: list[str] = []
    for place, item in enumerate(items):
        if item.kind != "number":
            continue
        behind = next(
            (i for i in items[place + 1 :] if i.key not in ("~particle", "~article", "~measure")),
            None,
        )
        ahead = items[place + 1 : place + 2]
        if behind is not None and behind.key == "decimals":
            numbers.append(item.key)
        elif (
            behind is not None
            and (
                behind.key in ("~number", "~element", "point", "vector", "side")
                or behind.key[:1] == ":"
                or (behind.kind == "word" and len(ahead) == 1)
            )
            and item.key in ("2", "3", "4", "5", "6")
        ):
            counted.append(item.key)
        else:
            numbers.append(item.key)
    return tuple(numbers), tuple(counted)


_NOWHERE: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
_INTO_ZH = re.compile(
    r"(?:转换|转化|换算|折算|兑换|折合|变换|表示|写|变|转|换|改)(?:成|为|到|作)?|是多少|等于多少|合多少"
)
_INTO_EN = re.compile(r"\b(?:to|into|as)\b")


def _ways(said: list[Item], plain: str, converts: bool) -> tuple[frozenset[str], frozenset[str]]:
    """What is converted into what; nothing where nothing is."""
    units = {item.key for item in said if item.key.startswith("unit.")}
    if not converts and len(units) != 2:
        return _NOWHERE
    subject = [item for item in said if item.key[:3] != "op." and item.key[0] != ":"]
    markers = [
        found
        for found in (_INTO_ZH if has_chinese(plain) else _INTO_EN).finditer(plain)
        # 小写 is not written as anything.
        if not any(item.start < found.start() < item.end for item in subject)
    ]
    if len(units) == 2 and (found := _HOW_MANY_OF.match(plain)):
        first = min(subject, key=lambda item: item.start, default=None)
        if first is not None and first.start >= found.end() - 1:
            rest = frozenset(item.key for item in subject) - {first.key}
            return rest, frozenset([first.key])
    if not markers:
        return _NOWHERE
    at = markers[-1].start()
    out = frozenset(item.key for item in subject if item.start < at)
    into = frozenset(item.key for item in subject if item.start >= at)
    return out - into, into - out


_HOW_MANY_OF = re.compile(r"(?:how many|多少|几)\s*")


def _order(operations: list[Item], plain: str) -> frozenset[tuple[str, str]]:
    """Pairs of operations in the order in which they are applied.

    Chinese says what comes first first; so does English where it goes on (sort and reverse), but not
    where it builds one upon the other (the square of the sum).
    """
    placed: dict[str, Item] = {}
    for operation in operations:
        # Chinese ends with the operation that it may have named at the beginning.
        if operation.chinese or operation.key not in placed:
            placed[operation.key] = operation
    found: set[tuple[str, str]] = set()
    for one, other in combinations(sorted(placed.values(), key=lambda i: i.start), 2):
        if one.chinese:
            # 平均长度 is the mean of lengths.
            joined = other.key == "op.length" and one.end == other.start
            found.add((other.key, one.key) if joined else (one.key, other.key))
            continue
        goes_on = _GOES_ON.search(plain[one.end : other.start])
        found.add((one.key, other.key) if goes_on else (other.key, one.key))
    return frozenset(found)


_GOES_ON = re.compile(r"[,;]|\b(?:and|then|after)\b")


__all__ = ["Meaning", "meaning_of", "words_of_concept"]
