"""English sentences: the question turned back into a statement, with the value in its place.

English moves its question word to the front, so a question is read as word, noun, auxiliary, subject
and the rest. Where the subject's end cannot be told («does a train at 60 km/h cover») there is no
sentence, and the caller uses the plain form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from .inflection import VERBS, agreeing, inflected
from .spoken import Said, spoken_with
from .stated import unit_of

Unit = Callable[[str], str | None]
"""The stated unit of "money", "time", "length" …, or None."""

_I = re.IGNORECASE
_SENTENCES = re.compile(r".+?(?:[.?!]+(?=\s|$)|\n|$)", re.DOTALL)
_OPENING = re.compile(
    r"^(?:(?:please|hi|hello|hey|so|and|then|now|ok(?:ay)?)[,\s]+"
    r"|(?:can|could|would|will) you (?:please )?(?=tell|calc|comp|find|work|give|conv|check|help)"
    r"|(?:help me )|(?:i(?:'d| would)? (?:like|want|need) to know[,:\s]+)"
    r"|(?:(?:tell|show) me[,:\s]+(?=how|what|when|whether|if|who|the)))",
    _I,
)
_WH = re.compile(
    r"\b(?:how (?:many|much|long|far|old|tall|heavy|high|big|fast|deep|wide|large)"
    r"|what(?:'s)?|when|who|which|why|how|where)\b",
    _I,
)
_BE = "is|are|was|were"
_MODAL = "will|would|can|could|should|must|may|might|shall"
_AUX = f"{_BE}|{_MODAL}|do|does|did|has|have|had"
_SUBJECT = r"I|you|he|she|it|we|they|there"
_TAIL = r"(?:\s+(?P<tail>.+))?$"
_COUNTED = re.compile(rf"^(?P<noun>(?:(?!\b(?:{_AUX})\b).)*?)\s*\b(?P<aux>{_AUX})\s+(?P<rest>.+)$")
_CLAUSE = re.compile(
    rf"^(?P<subject>{_SUBJECT})\s+(?P<verb>(?:take|cost|last)\b|[a-z]+(?: to [a-z]+)?){_TAIL}"
)
_THERE = re.compile(r"^there\b\s*(?P<tail>.*)$", _I)
_PLACE = re.compile(
    r"(?:in|on|between|from|at|left|within|of|until|to|before|after|over|under)\b", _I
)
_WORK_OUT = re.compile(
    r"(?:^|, (?:then |and )?)(?:calculate|compute|find|determine|work out|figure out|evaluate|give(?: you)?|tell you|show(?: you)?"
    r"|get|list|sum up|what about)\s+(?P<thing>.+)$",
    _I,
)
_CONVERT = re.compile(
    r"^(?:convert|change|express)\s+(?P<what>.+?)\s+(?:to|into|in|as)\s+(?P<into>[^,]+)$", _I
)
_WHETHER = re.compile(
    r"^(?:check|determine|tell you|test|find out|see|decide|say|verify)?\s*(?:whether|if)\s+(?P<it>.+)$",
    _I,
)
_YES_OR_NO = re.compile(rf"^(?P<aux>{_BE}|{_MODAL}|does|do|did|has|have|had)\s+(?P<rest>.+)$", _I)
_STATES = re.compile(rf"\b(?:{_BE}|{_MODAL})\b", _I)
_BESIDE = re.compile(
    r"\s(?:of|in|between|from|for|to|with|on|at|by|after|before|under|over|below|above|until|till|since"
    r"|less|greater|that|which|who)\s",
    _I,
)
_MEASURES = {
    "long": ("time", "length"), "far": ("length",), "tall": ("length",), "high": ("length",),
    "deep": ("length",), "wide": ("length",), "heavy": ("mass",), "big": ("area", "volume"),
    "large": ("area", "volume"), "fast": ("speed",),
}  # fmt: skip
_UNSAID = frozenset(["none", "table", "mapping", "figure", "other"])


def sentence(text: str, said: Said, unit: Unit, stated: Iterable[str] = ()) -> str | None:
    """The answer as one sentence; None where no good one can be made.

    `stated` are the words of the values: behind an auxiliary they are a subject.

    >>> from .spoken import said_of
    >>> sentence("How many pages does she read in 6 days?", said_of(120, "en"), lambda _: None)
    'She reads 120 pages in 6 days.'
    """
    asked = _asked(text)
    if asked is None or "\n" in said.text or not said.whole or said.kind in _UNSAID:
        return None
    if said.kind == "boolean":
        return _finished(_yes_or_no(asked, said, stated))
    words = list(_WH.finditer(_without_quotes(asked)))
    if not words:
        return _finished(_named(asked, said))
    word = words[0]
    lead = asked[: word.start()]
    joining = ("when", "which", "who", "where")
    if any(one[0].lower() not in joining for one in words[1:]):
        return None
    if lead and not lead.rstrip().endswith((",", ":")):
        return None
    answer = _answered(word[0].lower(), asked[word.end() :].strip(), said, unit)
    if answer is None:
        return None
    # What an "if" is answered by goes on in the same sentence.
    keeps = re.match(r"(?:[A-Z]|I\b|you\b)", answer) and not re.match(
        r"(?:The|A|An|You|He|She|It|We|They|There|This|That|My|Your)\b", answer
    )
    return _finished(lead + (answer if keeps or not lead else answer[0].lower() + answer[1:]))


def _asked(text: str) -> str | None:
    """The sentence that asks, without politeness and spoken to the asker."""
    found = [one.strip() for one in _SENTENCES.findall(text) if one.strip(" .?!\n")]
    if not found:
        return None
    said = next((one for one in reversed(found) if one.endswith("?")), found[-1])
    said = re.sub(r"(?:[\s.?=]|(?<![\d)])!)+$", "", said)
    said = re.sub(r",?\s+(?:please|thanks|thank you)$", "", said, flags=_I)
    while (opening := _OPENING.match(said)) and opening.end() < len(said):
        said = said[opening.end() :]
    return _turned(said) or None


def _turned(said: str) -> str:
    """The asker is spoken to: I becomes you."""
    turned = {
        "i am": "you are", "am i": "are you", "i was": "you were", "i'm": "you are", "i": "you",
        "my": "your", "me": "you", "am": "are", "we": "you", "our": "your", "us": "you", "mine": "yours",
    }  # fmt: skip
    hidden = _without_quotes(said)
    pieces: list[str] = []
    at = 0
    for word in re.finditer(
        r"\b(?:I am|am I|I was|I'm|I|am|[Mm]y|me|[Ww]e|[Oo]ur|us|mine)\b", hidden
    ):
        new = turned[word[0].lower()]
        pieces += [said[at : word.start()], new]
        at = word.end()
    return "".join(pieces) + said[at:]


def _without_quotes(said: str) -> str:
    return re.sub(
        r"“[^”]*”|\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)|`[^`]*`", lambda m: " " * len(m[0]), said
    )


def _answered(word: str, rest: str, said: Said, unit: Unit) -> str | None:
    if word == "how many":
        return _counted(rest, said)
    if word == "how much":
        return _amount(rest, said, unit)
    if word.startswith("how ") and word[4:] in {*_MEASURES, "old"}:
        return _measured(word[4:], rest, said, unit)
    if word in ("what", "what's"):
        return _what("is " + rest if word == "what's" else rest, said)
    if word == "when":
        return _when(rest, said)
    if word == "who" and said.kind == "text" and _PREDICATE.match(rest):
        return f"{said.text} {rest}"
    if word == "which" and said.kind in ("text", "number", "list"):
        chosen = re.match(rf"(?:[\w\s,]+? )??(?P<is>(?:{_BE}|has|have|{_MODAL}) .+)$", rest)
        return f"{said.text} {re.sub(r', .* or .*$', '', chosen['is'])}" if chosen else None
    return None


_PREDICATE = re.compile(rf"(?:{_BE}|{_MODAL}|[a-z]+(?:s|ed))\b")


def _counted(rest: str, said: Said) -> str | None:
    """How many NOUN …"""
    if said.kind != "number":
        return None
    found = _COUNTED.match(rest)
    if found is None:
        return _noun_first(rest, said)
    noun, aux, behind = found["noun"].strip(), found["aux"], found["rest"].strip()
    if re.match(r"of\b", noun) or not noun:
        return f"{said.text} {rest}"
    uninverted = noun.endswith(" there")
    words = agreeing(noun.removesuffix(" there"), said)
    if words is None:
        return None
    if uninverted:
        return f"There {_be(aux, said)} {said.text} {words} {behind}"
    there = _THERE.match(behind)
    if there is not None:
        said_of_it = _be(aux, said) if aux in _BE.split("|") else f"{aux} be"
        tail = re.sub(r"^be\b\s*", "", there["tail"])
        return " ".join(f"There {said_of_it} {said.text} {words} {tail}".split())
    if aux in _BE.split("|") and re.match(r"\d", behind):
        return f"{behind} {aux} {said.text} {words}"
    if aux in _BE.split("|") and _PLACE.match(behind):
        return f"There {_be(aux, said)} {said.text} {words} {behind}"
    return _clause(aux, behind, f"{said.text} {words}")


def _noun_first(rest: str, said: Said) -> str | None:
    """«days between A and B», «apples remain», «days there are in May»."""
    there = re.match(r"(?P<noun>.+?) there (?P<aux>is|are|was|were)\s*(?P<tail>.*)$", rest)
    if there is not None:
        words = agreeing(there["noun"], said)
        made = f"There {_be(there['aux'], said)} {said.text} {words} {there['tail']}"
        return " ".join(made.split()) if words else None
    split = _BESIDE.search(f" {rest}")
    noun = rest[: split.start() - 1].strip() if split else rest
    words = agreeing(noun, said) if noun.count(" ") < 2 else None
    return f"{said.text} {words}{rest[len(noun) :]}" if words and split and noun else None


def _amount(rest: str, said: Said, unit: Unit) -> str | None:
    """How much is …, does … cost, do I pay."""
    if said.kind not in ("number", "text"):
        return None
    money = unit("money") if said.kind == "number" else None
    value = spoken_with(said, "en", money) if money else said.text
    found = re.match(rf"(?P<noun>[a-z]*)\s*\b(?P<aux>{_AUX})\s+(?P<rest>.+)$", rest)
    if found is None:
        return None
    noun, aux, behind = found["noun"], found["aux"], found["rest"].strip()
    if noun and not (noun == "money" and money):
        return None
    if aux in _BE.split("|"):
        thing = re.sub(r"\s+altogether$|\s+in total$", "", behind)
        return f"{_capital(thing)} {aux} {value}"
    if not money and said.kind == "number":
        weighs = re.match(r".*\bweigh\b", behind)
        known = unit("mass") if weighs else None
        if known is None:
            return None
        value = spoken_with(said, "en", known)
    return _clause(aux, behind, value)


def _measured(which: str, rest: str, said: Said, unit: Unit) -> str | None:
    """How long, how far, how old …"""
    value: str | None = None
    told = said.kind == "duration" or (said.kind == "text" and re.search(r"\d", said.text))
    if told or (said.kind == "number" and which == "old"):
        value = said.text
    elif said.kind == "number":
        known = next(filter(None, map(unit, _MEASURES[which])), None)
        value = spoken_with(said, "en", known) if known else None
    found = re.match(rf"(?P<aux>{_AUX})\s+(?P<rest>.+)$", rest)
    if value is None or found is None:
        return None
    aux, behind = found["aux"], found["rest"]
    named = re.search(r",?\s+in (?P<unit>[\w ]+)$", behind)
    if named is not None and unit_of(named["unit"]):
        behind = behind[: named.start()]
    if aux in _BE.split("|"):
        return f"{_capital(behind)} {aux} {value}"
    be = re.match(rf"^(?P<subject>.+?) be{_TAIL}", behind)
    if be is not None:
        return _capital(" ".join(f"{be['subject']} {aux} be {value} {be['tail'] or ''}".split()))
    return _clause(aux, behind, value)


def _what(rest: str, said: Said) -> str | None:
    """What is X, what will X be, what do I get."""
    found = re.match(rf"(?P<aux>{_AUX})\s+(?P<rest>.+)$", rest)
    value = f"“{said.text}”" if said.kind == "text" else said.text
    if found is None:
        plainly = re.match(r"(?P<thing>.+) (?P<aux>is|are|was|were|will be|equals)$", rest)
        if plainly is not None:
            return f"{_capital(plainly['thing'])} {plainly['aux']} {value}"
        day = re.match(
            rf"(?:day|date|weekday|time)(?: of the week)?\s+(?P<aux>{_BE})\s+(?P<rest>.+)$", rest
        )
        if day is None or said.kind not in ("text", "date", "time", "datetime"):
            return None
        be = re.match(r"it (?P<tail>.+)$", day["rest"])
        if be is not None:
            return f"{_capital(be['tail'])} it {day['aux']} {said.text}"
        return f"{_capital(day['rest'])} {day['aux']} {said.text}"
    aux, behind = found["aux"], found["rest"].strip()
    if aux in _BE.split("|"):
        lead = re.match(r"(?P<thing>.+?)(?P<more>,? (?:if|when|given that)\b.+)$", behind)
        thing, more = (lead["thing"], lead["more"]) if lead else (behind, "")
        if re.search(rf"\b(?:{_AUX})\b", _without_quotes(thing)):
            return None
        return f"{_capital(thing)} {aux} {value}{more}"
    will = re.match(
        r"(?P<subject>.+?) (?P<be>be worth|be|come to|amount to)(?P<tail>\s.+)?$", behind
    )
    if aux in _MODAL.split("|") and will is not None:
        return f"{_capital(will['subject'])} {aux} {will['be']} {value}{will['tail'] or ''}"
    return _clause(aux, behind, value)


def _when(rest: str, said: Said) -> str | None:
    prep = {"date": "on", "datetime": "on", "time": "at"}.get(said.kind)
    if said.kind == "text":
        prep = "at" if re.fullmatch(r"\d{1,2}:\d\d(?::\d\d)?", said.text) else None
        prep = "on" if re.fullmatch(r"\d{4}-\d\d-\d\d", said.text) else prep
    found = re.match(rf"(?P<aux>{_AUX})\s+(?P<rest>.+)$", rest)
    if prep is None or found is None:
        return None
    aux, behind = found["aux"], found["rest"].strip()
    if aux in _BE.split("|"):
        at = f"{prep} " if prep == "at" else ""
        return f"{_capital(behind)} {aux} {at}{said.text}"
    return _clause(aux, behind, f"{prep} {said.text}")


def _clause(aux: str, rest: str, thing: str) -> str | None:
    """Subject, verb, what was asked for, and the rest: «do I need for 300 pages»."""
    found = _CLAUSE.match(rest) or _verb_in(rest)
    if found is None or found["subject"].lower() == "there":
        return None
    subject, verb, tail = found["subject"], found["verb"], found["tail"] or ""
    if aux == "does":
        verb = inflected(verb)
    elif aux == "did":
        return None  # past tenses are no rule
    elif aux != "do":
        if verb == "be":
            return None
        verb = f"{aux} {verb}"
    return _capital(" ".join(f"{subject} {verb} {thing} {tail}".split()))


def _verb_in(rest: str) -> re.Match[str] | None:
    """A longer subject: all before the first verb that is known, and is not followed by another.

    >>> _verb_in("a train at 60 km/h cover in 2 hours")["subject"]
    'a train at 60 km/h'
    """
    for verb in re.finditer(r"\b[a-z]+\b", _without_quotes(rest)):
        before = rest[: verb.start()].rstrip()
        behind = re.match(r"\s+([a-z]+)", rest[verb.end() :])
        if (
            verb[0] not in VERBS
            or not before
            or before.rpartition(" ")[2].lower() in _LEADING
            or (behind and behind[1] in VERBS)
        ):
            continue
        length = verb.start()
        return (
            re.match(
                rf"(?P<subject>.{{{len(before)}}})\s+(?P<verb>(?:take|cost|last)\b|[a-z]+(?: to [a-z]+)?)"
                + _TAIL,
                rest,
            )
            if length
            else None
        )
    return None


_LEADING = frozenset(
    "the a an my your his her its our their each every this that these those of in on at for with to"
    " and or long short old new whole first last next".split()
)


def _be(aux: str, said: Said) -> str:
    past = aux in ("was", "were")
    if said.one:
        return "was" if past else "is"
    return "were" if past else "are"


def _yes_or_no(asked: str, said: Said, stated: Iterable[str]) -> str | None:
    plain = "Yes" if said.value else "No"
    whether = _WHETHER.match(asked)
    if whether is not None:
        it = whether["it"]
        at = _STATES.search(_without_quotes(it))
        if said.value:
            return f"Yes, {it}"
        return f"No, {it[: at.end()]} not{it[at.end() :]}" if at else plain
    asking = _YES_OR_NO.match(asked)
    if asking is None:
        return None
    aux, rest = asking["aux"].lower(), asking["rest"]
    if aux in ("do", "does", "did", "has", "have", "had"):
        return plain
    named = _ASKED_OF.match(rest)
    subject = named[0] if named else None
    if subject is None:
        subject = next((one for one in stated if one and rest.startswith(f"{one} ")), None)
    if subject is None or subject.lower() == "there":
        return plain
    no = "" if said.value else "not" if aux == "can" else " not"
    return f"{plain}, {subject} {aux}{no}{rest[len(subject) :]}"


_ASKED_OF = re.compile(
    rf"(?:(?:{_SUBJECT})"
    r"|(?:the (?:word|string|number|year|text|phrase|date) )?(?:\"[^\"]*\"|'[^']*'|“[^”]*”|\d[\w.:-]*)"
    r"(?:(?:,? and|,? or|,) (?:\"[^\"]*\"|'[^']*'|“[^”]*”|\d[\w.:-]*))*)(?= [a-z])",
    _I,
)


def _named(asked: str, said: Said) -> str | None:
    """A thing that is named, or to be worked out: «12 factorial», «find the sum of …»."""
    value = f"“{said.text}”" if said.kind == "text" else said.text
    converted = _CONVERT.match(asked)
    if converted is not None:
        what, into = converted["what"], converted["into"]
        if unit_of(into) is not None and said.kind == "number":
            return f"{_capital(what)} is {said.text} {into}"
        return f"{_capital(what)} converted to {into} is {value}"
    if re.fullmatch(r"[-\d.,()\s]+(?:[-+*/^×÷%x]+[-\d.,()\s]+)+", asked):
        return f"{asked} = {value}"
    worked = _WORK_OUT.search(asked)
    thing = worked["thing"] if worked else asked
    if not worked and not re.match(r"(?:the|my|your|\d|[\"'“(\[-])", thing, _I):
        return None
    if re.search(rf"\b(?:{_AUX})\b", _without_quotes(thing)) or re.match(
        r"(?:all|every|each)\b", thing
    ):
        return None
    if not worked and "," in re.sub(r",(?=\s*\d)|\[[^\]]*\]", "", thing):
        return None
    split = _BESIDE.search(thing)
    head = (thing[: split.start()] if split else thing).rpartition(" ")[2]
    several = re.search(r"[a-z]{2}s$", head) and not re.search(r"(?:ss|us|is)$", head)
    return f"{_capital(thing)} {'are' if several else 'is'} {value}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:] if not re.match(r"[a-z]\w*\(", words) else words


def _finished(answer: str | None) -> str | None:
    if answer is None:
        return None
    return answer if answer.endswith((".", "!", "?")) else f"{answer}."
