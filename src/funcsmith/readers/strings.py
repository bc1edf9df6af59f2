"""Strings that show themselves: quoted, addresses, codes, phone numbers, English names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from funcsmith.readers.currencies import SYMBOLS, currency_of
from funcsmith.readers.units import canonical
from funcsmith.readers.value import Source, Value


def read_codes(source: Source) -> list[Value]:
    """Addresses, codes and phone numbers: what stands in them is not read as a number."""
    found: list[Value] = []
    taken = bytearray(len(source.lower))
    for kind, pattern in _codes().items():
        for match in pattern.finditer(source.folded):
            start, end = match.span("code" if "code" in pattern.groupindex else 0)
            if kind == "url":
                end = start + len(_trimmed(source.folded[start:end]))
            if end <= start or any(taken[start:end]):
                continue
            if kind == "id" and not _is_code(source.folded, start, end):
                continue
            taken[start:end] = b"\x01" * (end - start)
            name = kind if kind in ("email", "url", "phone") else "id"
            found.append(source.value(name, source.text[start:end], start, end))  # type: ignore[arg-type]
    return found


def read_numbered(source: Source) -> Iterator[Value]:
    """Codes of digits alone: after a word like 订单号 or ID, with a leading zero, or long."""
    for match in _numbered().finditer(source.open):
        span = match.span(match.lastgroup or 0)
        yield source.value("id", source.text[slice(*span)], *span)


def read_quoted(source: Source) -> Iterator[Value]:
    """What stands between quotes of any kind; the span leaves the quotes out."""
    text = source.text
    for match in _quoted().finditer(text):
        group = next(name for name in match.groupdict() if match[name] is not None)
        start, end = match.span(group)
        if start == end:
            yield Value("string", "", *match.span(), match.group(), note="quoted")
        else:
            yield source.value("string", text[start:end], start, end, note="quoted")


def read_names(source: Source) -> Iterator[Value]:
    """Capitalised English words in a row; at the start of a sentence they may be a name or not."""
    for match in _names().finditer(source.folded):
        start, end = match.span()
        before = source.folded[:start].rstrip(" \"'“‘(")[-1:]
        first = not before or before in ".!?。！？\n:;；"
        words = match.group().split()
        if first and len(words) > 1 and words[0].lower() in _OPENERS:
            skipped = len(words[0]) + 1
            start += skipped
            words = words[1:]
            first = False
        if len(words) == 1 and (words[0].lower() in _NOT_NAMES or (first and len(words[0]) < 2)):
            continue
        note = "sentence start" if first else "name"
        yield source.value("string", source.text[start:end], start, end, note=note)


def _trimmed(address: str) -> str:
    address = address.rstrip(".,;:!?'\"*")
    while address.endswith((")", "]")) and "(" not in address and "[" not in address:
        address = address[:-1].rstrip(".,;:!?'\"")
    return address


def _is_code(text: str, start: int, end: int) -> bool:
    """Whether a token of letters and digits is a code, and not 5kg, USD35, 10am, 7-day, top-10."""
    token = text[start:end]
    if re.fullmatch("[0-9]+B", token):
        return len(token) < 5
    # 2y is a term, 5 m2 an area.
    if canonical(token) or re.fullmatch("[0-9]+[a-z]", token):
        return False
    lead = re.match("[A-Za-z]+", token)
    if lead is None:
        number = re.match(r"[0-9]+(?:[.,][0-9]+)*(?:[eE][+-]?[0-9]+)?-?", token)
        rest = token[number.end() :] if number else token
        first = re.split("[-_/0-9]", rest, maxsplit=1)[0]
        if not first or _counts_after(first) or re.match("[0-9]+-[A-Za-z]{2,}", token):
            return False
        return not re.fullmatch(r"(?:[0-9.]+[a-zA-Z]{1,3})+", token) or not _all_units(token)
    word = lead.group()
    rest = token[len(word) :]
    if currency_of(word) or word.lower() in SYMBOLS:
        return not re.fullmatch(r"[0-9.,]+[kKmMbB]?", rest)
    if word.lower() in ("x", "rs", "no", "age", "aged", "vs", "t") and rest[:1].isdigit():
        return len(rest) > 6
    if "_" in token or not rest.startswith("-"):
        return True
    if len(word) == 1 and word.islower():
        return False
    if any(char.isupper() for char in word[-1:]):
        return True
    return (
        word.islower() and bool(re.fullmatch(r"-[0-9A-Za-z-]{3,}", rest)) and word not in _PREFIXES
    )


def _counts_after(word: str) -> bool:
    low = word.lower()
    return low in _SUFFIXES or canonical(word) is not None or currency_of(low) is not None


def _all_units(token: str) -> bool:
    return all(_counts_after(part) for part in re.findall("[A-Za-z]+", token))


_SUFFIXES = frozenset(
    "am pm a p st nd rd th k m b w bn mn mm h hr s x star stars day days year years month months"
    " week weeks night nights hour hours minute minutes and or to e d bit".split()
)
_PREFIXES = frozenset(
    "top pre post mid sub under over age level grade about plus minus base".split()
)
_OPENERS = frozenset(
    "book find get show give tell call send make set add what when where who why how is are can"
    " could please the a an in on at for to from of and i my we you calculate compute convert"
    " create search buy order play schedule remind check list does do did will would if let hi"
    " hello hey dear with by translate write read open close start stop use using help".split()
)
_NOT_NAMES = _OPENERS | frozenset(
    "it he she they this that these those there here yes no ok okay am pm also then so but or as"
    " not our your their his her its me us them monday tuesday wednesday thursday friday saturday"
    " sunday january february march april may june july august september october november"
    " december today tomorrow yesterday noon midnight".split()
)


@cache
def _codes() -> dict[str, re.Pattern[str]]:
    # In this order; what an earlier one took, a later one leaves alone.
    return {
        "url": re.compile(r"(?<![A-Za-z0-9])(?:https?|ftp|file|s3|wss?)://[!-~]{1,2000}|"
                          r"(?<![A-Za-z0-9@.])www\.[!-~]{1,2000}", re.IGNORECASE),
        "email": re.compile(
            r"(?<![A-Za-z0-9.!#$%&'*+/=?^_`{|}~-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}"
            r"@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}(?![A-Za-z0-9@])"
        ),
        "uuid": re.compile(
            r"(?<![A-Za-z0-9-])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![A-Za-z0-9-])"
        ),
        "address": re.compile(
            r"(?<![0-9.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?:/[0-9]{1,2})?(?![0-9]|\.[0-9])"
        ),
        "domain": re.compile(
            r"(?<![A-Za-z0-9@.-])(?:[A-Za-z0-9-]{1,63}\.){1,4}(?:com|org|net|cn|io|edu|gov|dev|ai|app"
            r"|co|uk|de)(?![A-Za-z0-9-]|\.[A-Za-z])(?:/[!-~]{0,500})?"
        ),
        "phone": re.compile(
            r"(?<![A-Za-z0-9.,-])(?:\+[0-9]{1,3}[ -]?(?:\([0-9]{1,4}\)|[0-9]{1,4})"
            r"(?:[ -]?[0-9]{2,4}){2,4}"
            r"|1[3-9][0-9](?:-[0-9]{4}-| [0-9]{4} |[0-9]{4})[0-9]{4}"
            r"|\(?0[1-9][0-9]{1,2}\)?[ -][0-9]{3,4}[ -]?[0-9]{4}"
            r"|\([2-9][0-9]{2}\) ?[0-9]{3}-[0-9]{4}|[2-9][0-9]{2}-[0-9]{3}-[0-9]{4}"
            r"|400-[0-9]{3}-[0-9]{4}|400-[0-9]{4}-[0-9]{3})(?![A-Za-z0-9]|[-.,][0-9])"
        ),
        "version": re.compile(
            r"(?<![A-Za-z0-9.])[vV]?[0-9]{1,3}(?:\.[0-9]{1,3}){2,3}(?![0-9A-Za-z]|\.[0-9])"
            r"|(?<![A-Za-z0-9.])[vV][0-9]{1,3}(?:\.[0-9]{1,4})+(?![0-9A-Za-z])"
        ),
        "plate": re.compile(
            "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-Z][·. ]?"
            "(?=[A-Z]{0,6}[0-9])[A-Z0-9]{5,6}(?![A-Za-z0-9])"
        ),
        "id": re.compile(
            r"(?<![A-Za-z0-9_.$€£¥@-])(?=[A-Za-z0-9_/-]{0,40}[0-9])(?=[A-Za-z0-9_/-]{0,40}[A-Za-z])"
            r"(?!\d{4}-\d{1,2}-\d{1,2})[A-Za-z0-9]{1,64}(?:[-_][A-Za-z0-9]{1,64}){0,16}"
            r"(?![A-Za-z0-9_])"
        ),
    }  # fmt: skip


@cache
def _numbered() -> re.Pattern[str]:
    return re.compile(
        "(?:(?:号码|编号|单号|帐号|账号|工号|学号|卡号|证号|尾号|邮编|编码|代码|房号|车次|航班号|id|no|number"
        r"|code|zip|pin|ticket|order|account|#)(?: (?:is|number|id|code))?\ ?(?:是|为|:|\.|#|=)?\ ?#?)"
        r"(?P<code>[0-9]{2,32})(?![0-9a-z]|[.,:/-][0-9])"
        r"|(?<![0-9a-z.,:/+-])(?P<zero>(?=0[0-9]|[0-9]{8})[0-9]{2,32})(?![0-9a-z]|[.,:/年月日-][0-9])"
    )


@cache
def _quoted() -> re.Pattern[str]:
    # A straight quote opens after no letter and closes before none, so that don't is no quote.
    return re.compile(
        "“(?P<a>[^“”]{0,2000})”|‘(?P<b>[^‘’]{0,2000})’(?![A-Za-z])|「(?P<c>[^「」]{0,2000})」"
        "|『(?P<d>[^『』]{0,2000})』|«(?P<e>[^«»]{0,2000})»|《(?P<f>[^《》]{0,500})》"
        '|(?<![A-Za-z0-9"])"(?P<g>[^"\\n]{0,2000})"(?![A-Za-z0-9])|``(?P<h>[^`\\n]{1,2000})``'
        "|`(?P<i>[^`\\n]{1,2000})`|(?<![A-Za-z0-9'])'(?P<j>(?:[^'\\n]|(?<=[A-Za-z])'(?=[a-z])){0,500})'"
        "(?![A-Za-z0-9])|＂(?P<k>[^＂\\n]{0,2000})＂|〈(?P<l>[^〈〉\\n]{0,500})〉|‹(?P<m>[^‹›]{0,500})›"
        "|【(?P<n>[^【】]{0,500})】|”(?P<o>[^“”\\n]{0,500})”|„(?P<p>[^„“”]{0,500})[“”]"
    )


@cache
def _names() -> re.Pattern[str]:
    word = r"[A-Z][A-Za-zÀ-ÖØ-öø-ÿ'’&.-]{0,40}(?<![.'’&-])"
    return re.compile(
        rf"(?<![A-Za-z0-9_À-ÿ@#/-]){word}(?:\.? (?:(?:of|de|la|le|van|von|the|du|del|der|&) ){{0,2}}"
        rf"{word}){{0,8}}(?![A-Za-z0-9_@/])"
    )
