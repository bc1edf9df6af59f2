"""What a text asks for, as concepts that Chinese and English share. No model, no index.

`concepts.tsv` holds the words of computing, exactly; what is not there is an everyday word, which
means itself, or in the other language what `lexicon.tsv` says. Two texts are compared by
`library/reuse.py`. Values are taken out of the text: they are arguments, or constants of the method.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from .terms import stem

_LONGEST_ZH = 12
_LONGEST_EN = 6


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


class _Item(NamedTuple):
    key: str
    start: int
    end: int
    kind: str
    """concept, word, number, letter, value or then."""
    chinese: bool


@lru_cache(8192)
def meaning_of(text: str) -> Meaning:
    """The meaning of a text; one of a template has `{name}` where values stood.

    >>> a, b = meaning_of("求列表中偶数的和"), meaning_of("Add up the even numbers in a list")
    >>> sorted(a.concepts), a.concepts == b.concepts
    (['even', 'op.sum'], True)
    """
    return _composed(_items(_plain(text)), _plain(text))


def words_of_concept(key: str, language: str) -> str:
    """The first word for a concept in a language, for people to read."""
    found = _names().get(key.removeprefix("not ").rstrip("?"))
    if found is None:
        return key.removeprefix("not ")
    word = found[language == "en"] or found[language != "en"]
    if key.startswith("not "):
        return f"非{word}" if language == "zh" else f"not {word}"
    return word


_STATED = re.compile(
    r"[\"“「『][^\"”」』]*[\"”」』]|'[^'\s][^']*'(?![a-z])|[\[(]\s*-?\d[^\])]*[\])]"
    r"|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}月\d{1,2}[日号]|\d{1,2}:\d{2}(?::\d{2})?"
    r"|[\w.+-]+@[\w-]+\.[\w.]+|https?://\S+"
    r"|-?\d+(?:\.\d+)?(?:\s*[,、，]\s*-?\d+(?:\.\d+)?)+(?:\s*(?:和|与|and|,\s*and)\s*-?\d+(?:\.\d+)?)?"
    r"|\{\w+\}"
)


def _plain(text: str) -> str:
    """Width and case folded, values marked, no space beside a Chinese character."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    plain = _STATED.sub(lambda found: " \ue000 ", plain)
    plain = re.sub(r"'s\b|s'(?=\s)", lambda f: "" if f[0] == "'s" else "s", plain)
    plain = _ROUND.sub(r"\1 \3 \2", plain)
    plain = re.sub(r"(?<=[\u3400-\u9fff])\s+|\s+(?=[\u3400-\u9fff])", "", plain)
    plain = re.sub(r"^((?:求|计算|算|算出|求出)?)几个", r"\1一些", plain)
    # A count of things has its noun behind it; 三个数 does not count counts.
    plain = re.sub(r"(?<=[一二两三四五六七八九十几\d])个数(?![量目])", "个数值", plain)
    # One or two positive integers are what goes in; the positive integers of a list are chosen.
    plain = re.sub(r"(?<=[一二两三四五六\d几]个)正(?=整数)", "", plain)
    plain = re.sub(r"\b(a|two|three|four|the two) positive (?=(?:integer|whole number|number)s?\b)", r"\1 ", plain)
    if re.search("一个整?数(?!组|列)", plain):
        plain = plain.replace("数字", "数位")
    return plain.replace("方和", "方之和")


_ROUND = re.compile(r"\b(round(?:ed|ing)?) ((?:a |an |the )?(?:\w+ )?)(up|down)\b")


_TOKEN = re.compile(r"[a-z\u00c0-\u024f]+|\d+(?:\.\d+)?|[\u3400-\u9fff]|\ue000|[,;.，；。]")
_NUMERAL = re.compile("[零两二三四五六七八九十百千]+")
_NUMBER_WORDS = {
    word: str(at)
    for at, word in enumerate("zero one two three four five six seven eight nine ten".split())
} | {"twelve": "12", "twenty": "20", "hundred": "100", "thousand": "1000"}
_DIGITS = {c: at for at, c in enumerate("零一二三四五六七八九")} | {"两": 2}


def _items(plain: str) -> list[_Item]:
    chinese, english, everyday = _chinese(), _english(), _everyday()
    items: list[_Item] = []
    at = 0
    while at < len(plain):
        found = _TOKEN.match(plain, at)
        if found is None:
            at += 1
            continue
        token = found.group()
        key, end = _longest(chinese, plain, at)
        if key and not (token[0].isascii() and not _has_chinese(plain[at:end])):
            items.append(_Item(key, at, end, "concept", True))
            at = end
        elif token == "\ue000":
            items.append(_Item("", at, at + 1, "value", False))
            at += 1
        elif token in ",;.，；。":
            items.append(_Item(token, at, at + 1, "then", False))
            at += 1
        elif token[0] >= "\u3400":
            numeral = _NUMERAL.match(plain, at)
            if numeral:
                items.append(_Item(_number_of(numeral[0]), at, numeral.end(), "number", True))
                at = numeral.end()
                continue
            word = next(
                (plain[at:e] for e in range(min(len(plain), at + 8), at + 1, -1) if plain[at:e] in everyday),
                token,
            )
            items.append(_Item(word, at, at + len(word), "word", True))
            at += len(word)
        else:
            at = _latin(plain, at, english, items)
    return _joined(items)


def _latin(
    plain: str, at: int, english: dict[tuple[str, ...], str], items: list[_Item]
) -> int:
    """The longest phrase, word, number or letter that begins here; where it ends."""
    tokens: list[re.Match[str]] = []
    place = at
    while len(tokens) < _LONGEST_EN:
        found = re.compile(r"[\s\-_/]*([a-z\u00c0-\u024f]+|\d+(?:\.\d+)?)").match(plain, place)
        if found is None or (tokens and not plain[place:found.start(1)] and _splits(plain, place)):
            break
        tokens.append(found)
        place = found.end()
    for length in range(len(tokens), 0, -1):
        phrase = tuple(_stem(found[1]) for found in tokens[:length])
        key = english.get(phrase)
        if phrase == ("second",):
            # One that follows the first, or a sixtieth of a minute: only the plural tells.
            key = "second" if tokens[0][1] == "second" else "unit.second"
        if phrase == ("decimal",) and items and items[-1].kind == "number":
            key = "decimals"
        if phrase == (_stem("times"),):
            key = "time" if tokens[0][1] == "time" else "~measure"
        if key is None or (length == 1 and _is_letter(tokens[0][1], plain, tokens[0].end())):
            continue
        items.append(_Item(key, at, tokens[length - 1].end(), "concept", False))
        return tokens[length - 1].end()
    word, end = tokens[0][1], tokens[0].end()
    if word[0].isdigit():
        ordinal = re.compile(r"(st|nd|rd|th)\b").match(plain, end)
        if ordinal:
            items.append(_Item("nth", at, ordinal.end(), "concept", False))
            end = ordinal.end()
        items.append(_Item(f"{float(word):g}", at, end, "number", False))
    elif word in _NUMBER_WORDS:
        items.append(_Item(_NUMBER_WORDS[word], at, end, "number", False))
    elif len(word) == 1:
        items.append(_Item(word, at, end, "letter", False))
    else:
        items.append(_Item(_stem(word), at, end, "word", False))
    return end


def _splits(plain: str, place: int) -> bool:
    """Whether a digit follows a letter or the other way round, so that 5km is two tokens."""
    return plain[place - 1].isdigit() == plain[place].isdigit()


def _is_letter(word: str, plain: str, end: int) -> bool:
    """Whether a single letter is a variable here, where it could be the article."""
    if len(word) != 1:
        return False
    if word != "a":
        return word != "i"
    behind = plain[end : end + 12].lstrip()
    return not behind or behind[0] >= "\u3400" or bool(
        re.match(r"(?:and b|,|divided|minus|by b|from b|to b|times|plus|to the|is |\.|mod)", behind)
    ) or bool(_has_chinese(plain[max(0, end - 3) : end]))


def _joined(items: list[_Item]) -> list[_Item]:
    """Neighbouring characters that no dictionary knows are one word."""
    found: list[_Item] = []
    for item in items:
        last = found[-1] if found else None
        if (
            item.kind == "word" and item.chinese and len(item.key) == 1
            and last is not None and last.kind == "word" and last.chinese
            and last.end == item.start and last.key not in _everyday()
        ):
            found[-1] = last._replace(key=last.key + item.key, end=item.end)
        else:
            found.append(item)
    return found


_AGGREGATES = frozenset(
    "op.count op.mean op.median op.max op.min op.sum op.frequency op.mode op.percentile op.variance"
    " op.stdev op.ratio op.longest op.shortest op.length percent".split()
)
_TIMES = frozenset("unit.day unit.week unit.month unit.year unit.hour unit.minute unit.second".split())
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
    "op.count": ("occurrence",), "op.mode": ("occurrence",), "op.difference": ("between",),
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


def _composed(items: list[_Item], plain: str) -> Meaning:
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
        # To reverse each word is not to reverse the words.
        concepts=frozenset(concepts - (_ANYWHERE - ({"each"} if "op.reverse" in keys else set()))),
        words=frozenset(item.key for item in items if item.kind == "word"),
        about=frozenset(about),
        numbers=numbers,
        order=_order([i for i in kept if i.key in _ORDERED and not (by and i.key in _SORTS)], plain),
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
_SORTS = frozenset(["op.sort", "ascending", "descending"])
_BY = re.compile(r"\bby\b|[按依](?!照?(?:从|由|升|降|顺序|次序|字母))")
_KNOWN = re.compile(
    r"(?:已知|给出|给定|知道|根据|由)([^，,。;]+?)(?=[，,。;]|求|计算|算)"
    r"|\b(?:given|from|knowing|based on|using)\b([^,;.]+)"
)


_ASKS = re.compile("求|计算|算|判断|找|统计")


def _head(asked: list[_Item], plain: str) -> str:
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


def _known(kept: list[_Item], plain: str) -> frozenset[str]:
    """The concepts of what a text says to be given."""
    inside = [found.span() for found in _KNOWN.finditer(plain)]
    known = frozenset(item.key for item in kept if any(a < item.start < b for a, b in inside))
    return known if len(known) < len({item.key for item in kept}) else frozenset()


def _numbers(items: list[_Item]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The numbers that mean something, and those that only count what goes in."""
    numbers: list[str] = []
    counted: list[str] = []
    for place, item in enumerate(items):
        if item.kind != "number":
            continue
        behind = next(
            (i for i in items[place + 1 :] if i.key not in ("~particle", "~article", "~measure")), None
        )
        ahead = items[place + 1 : place + 2]
        if behind is not None and behind.key == "decimals":
            numbers.append(item.key)
        elif behind is not None and (
            behind.key in ("~number", "~element", "point", "vector", "side") or behind.key[:1] == ":"
            or (behind.kind == "word" and len(ahead) == 1)
        ) and item.key in ("2", "3", "4", "5", "6"):
            counted.append(item.key)
        else:
            numbers.append(item.key)
    return tuple(numbers), tuple(counted)


_NOWHERE: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
_INTO_ZH = re.compile(r"(?:转换|转化|换算|折算|兑换|折合|变换|表示|写|变|转|换|改)(?:成|为|到|作)?|是多少|等于多少|合多少")
_INTO_EN = re.compile(r"\b(?:to|into|as)\b")


def _ways(
    said: list[_Item], plain: str, converts: bool
) -> tuple[frozenset[str], frozenset[str]]:
    """What is converted into what; nothing where nothing is."""
    units = {item.key for item in said if item.key.startswith("unit.")}
    if not converts and len(units) != 2:
        return _NOWHERE
    subject = [item for item in said if item.key[:3] != "op." and item.key[0] != ":"]
    markers = [
        found
        for found in (_INTO_ZH if _has_chinese(plain) else _INTO_EN).finditer(plain)
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


def _order(operations: list[_Item], plain: str) -> frozenset[tuple[str, str]]:
    """Pairs of operations in the order in which they are applied.

    Chinese says what comes first first; so does English where it goes on (sort and reverse), but not
    where it builds one upon the other (the square of the sum).
    """
    placed: dict[str, _Item] = {}
    for operation in operations:
        # Chinese ends with the operation that it may have named at the beginning.
        if operation.chinese or operation.key not in placed:
            placed[operation.key] = operation
    found: set[tuple[str, str]] = set()
    for one, other in combinations(sorted(placed.values(), key=lambda i: i.start), 2):
        if one.chinese:
            found.add((one.key, other.key))
            continue
        goes_on = _GOES_ON.search(plain[one.end : other.start])
        found.add((one.key, other.key) if goes_on else (other.key, one.key))
    return frozenset(found)


_GOES_ON = re.compile(r"[,;]|\b(?:and|then|after)\b")


def _number_of(numeral: str) -> str:
    """A Chinese numeral below ten thousand as a short decimal."""
    total = digit = 0
    for character in numeral:
        if character in _DIGITS:
            digit = _DIGITS[character]
        else:
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            digit = 0
    return str(total + digit)


def _longest(words: dict[str, str], plain: str, at: int) -> tuple[str, int]:
    for end in range(min(len(plain), at + _LONGEST_ZH), at, -1):
        key = words.get(plain[at:end])
        if key is not None:
            return key, end
    return "", at


def _has_chinese(text: str) -> bool:
    return any("\u3400" <= c <= "\u9fff" for c in text)


@cache
def _lines() -> list[tuple[str, list[str], list[str]]]:
    written = Path(__file__).with_name("concepts.tsv").read_text("utf-8")
    found = []
    for line in written.splitlines():
        if line and not line.startswith("#"):
            key, chinese, english = [*line.split("\t"), "", ""][:3]
            found.append((key, [w for w in chinese.split("|") if w], [w for w in english.split("|") if w]))
    return found


@cache
def _names() -> dict[str, tuple[str, str]]:
    return {key.rstrip("?"): ((zh or [""])[0], (en or [""])[0]) for key, zh, en in reversed(_lines())}


@cache
def _chinese() -> dict[str, str]:
    # 偶数的 is 偶数: the 的 behind it may belong to 的和.
    return {
        (word[:-1] if len(word) > 1 and word.endswith("的") else word).replace(" ", "").lower(): key
        for key, words, _ in _lines()
        for word in words
    }


@cache
def _english() -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for key, _, phrases in _lines():
        for phrase in phrases:
            stems = tuple(_stem(word) for word in re.findall(r"[a-z\u00c0-\u024f]+|\d+(?:\.\d+)?", phrase.lower()))
            found[stems] = key
    return found


@cache
def _everyday() -> dict[str, list[str]]:
    from .lexicon import chinese_words

    return chinese_words()


@lru_cache(8192)
def _stem(word: str) -> str:
    return stem(word) if len(word) > 2 else word


__all__ = ["Meaning", "meaning_of", "words_of_concept"]
