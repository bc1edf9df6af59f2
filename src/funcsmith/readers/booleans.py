"""Booleans by meaning: 含早餐, 不要发票, with milk, without sugar, and the words true and false.

A value's text is the whole phrase; its one item is the noun phrase that it speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from funcsmith.readers.value import Source, Value


def read_booleans(source: Source) -> Iterator[Value]:
    """Every yes and no, and what it is about."""
    text = source.lower
    for match in _standing().finditer(text):
        yield source.value("boolean", match["yes"] is not None, *match.span())
    for match in (*_chinese().finditer(text), *_english().finditer(text), *_after().finditer(text)):
        start, end = match.span("about")
        end = start + len(text[start:end].rstrip())
        about = source.value("string", source.text[start:end], start, end)
        whole = match.start(), max(end, match.end() if match.end("about") < match.end() else end)
        yield source.value("boolean", match["yes"] is not None, *whole, items=(about,))


@cache
def _standing() -> re.Pattern[str]:
    ends = r"(?= *(?:$|[.,;!，。；！\n]))"
    yes = (
        rf"(?<![a-z0-9_])(?:true|yes|on{ends}|enabled?|turn(?:ed)? on)(?![a-z0-9_])|启用|开启|打开"
    )
    no = rf"(?<![a-z0-9_])(?:false|no{ends}|off{ends}|disabled?|turn(?:ed)? off)(?![a-z0-9_])"
    return re.compile(f"(?P<yes>{yes})|(?P<no>{no}|不是|否(?![则定认])|关闭|禁用|停用)")


@cache
def _chinese() -> re.Pattern[str]:
    no = (
        "不需要|不用|不要|不必|无需|无须|没有|不包含|不包括|不含|不带|不加|不放|不允许|不支持|不启用"
        "|不开启|不打开|不显示|不区分|不忽略|不想要|不希望|不(?![同过仅但如管断久少错])|(?<![分特区个告类级识])别|免|禁止|禁用|关闭|停用|取消|去掉|除去|排除"
        "|忽略|无(?![论法人所])|非(?![常洲])|未(?!来)|没"
    )
    yes = (
        "需要|必须|包含|包括|附带|带上|带有|含有?|带|加上|允许|支持|启用|开启|打开|显示|区分|保留|想要"
        "|希望|(?<![主重只必首])要|(?<![所只拥具还])有|(?<![增参])加"
    )
    about = r"(?![不无没别免含带])[^\s,，。.;；、!！?？:：()（）“”\"0-9]{1,8}"
    return re.compile(f"(?:(?P<no>{no})|(?P<yes>{yes}))(?:了|着|一下)?(?P<about>{about})")


@cache
def _english() -> re.Pattern[str]:
    verbs = "(?:want|need|include|add|use)"
    no = (
        rf"without(?: any)?|excluding|exclude|no|not including|not|don['’]t {verbs}|do not {verbs}"
        rf"|doesn['’]t {verbs}|disable|disabling|except|skip|minus|hold the|isn['’]t|aren['’]t"
        r"|turn off|free of|don['’]t|do not"
    )
    yes = (
        r"with(?: a| an| the| some)?|including|include|includes|need(?:s|ing)?|want(?:s|ing)?"
        r"|enable|enabling|add|plus|allow|require[sd]?|turn on|should be|must be"
    )
    about = "[a-z][a-z'’-]*(?: [a-z][a-z'’-]*){0,2}"
    return re.compile(rf"(?<![a-z'’])(?:(?P<no>{no})|(?P<yes>{yes})) (?P<about>{about})")


@cache
def _after() -> re.Pattern[str]:
    """Sugar-free, breakfast included, 发票不要."""
    done = "(?:included|needed|required|enabled|allowed)(?![a-z])"
    no = rf"-free(?![a-z])| (?:is |are )?not {done}|(?:不要|不需要|不用)(?=[,，。.;；!！]|$)"
    yes = rf" (?:is |are )?{done}"
    about = "(?<![a-z])[a-z]{3,20}|[一-鿿]{2,4}?"
    return re.compile(f"(?P<about>{about})(?:(?P<no>{no})|(?P<yes>{yes}))")
