"""A call said in Chinese, by rule, from the English names of its function and parameters.

Words come from the lexicon; where it does not have one of them for one concept alone, nothing is
said. Values stay as they are. What comes of it is proven like any other text.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from ..contract import Tool
from ..errors import InputInvalid
from ..generate.kinds import inner_schema, kind_of, properties
from ..library.lexicon import in_chinese_surely
from ..readers.names import words_of
from .record import Record, Span, pointer

MADE = "Chinese by rule from names"
_VERBS = {
    "get": "查询", "retrieve": "查询", "fetch": "查询", "find": "查找", "search": "搜索",
    "check": "检查", "lookup": "查询", "show": "显示", "list": "列出", "calculate": "计算",
    "compute": "计算", "estimate": "估算", "predict": "预测", "analyze": "分析", "analyse": "分析",
    "create": "创建", "generate": "生成", "update": "更新", "delete": "删除", "remove": "移除",
    "send": "发送", "book": "预订", "reserve": "预订", "schedule": "安排", "set": "设置",
    "add": "添加", "track": "跟踪", "plan": "规划", "design": "设计", "identify": "识别",
    "monitor": "监测", "measure": "测量", "simulate": "模拟", "recommend": "推荐",
    "compare": "比较", "enroll": "登记", "register": "注册", "order": "订购", "play": "播放",
    "translate": "翻译", "detect": "检测", "optimize": "优化", "validate": "验证",
    "verify": "核实", "test": "测试", "diagnose": "诊断", "purchase": "购买", "buy": "购买",
    "apply": "申请", "submit": "提交", "start": "启动", "stop": "停止", "open": "打开",
    "close": "关闭", "cancel": "取消", "deploy": "部署", "control": "控制", "manage": "管理",
    "solve": "求解", "evaluate": "评估", "assess": "评估", "convert": "转换", "determine": "确定",
    "perform": "进行", "conduct": "进行", "provide": "提供", "explore": "了解",
    "request": "申请", "record": "记录", "share": "分享", "upload": "上传", "download": "下载",
    "install": "安装", "scan": "扫描", "print": "打印", "read": "读取", "write": "写", "rent": "租",
}  # fmt: skip
_ASKING = ("查询", "查找", "检查", "搜索", "了解", "显示", "提供")
_BEFORE = ("", "", "请", "帮我", "麻烦", "我想", "我要", "请帮我")


def in_chinese_words(record: Record, *, versions: int = 2) -> Iterator[Record]:
    """The call in Chinese, in several ways; nothing where a word of its names is not known."""
    tool = record.tool
    if record.kind != "parameters" or record.language != "en" or tool is None:
        return
    asked = _asked(tool)
    names = {name: noun(name) for name in record.arguments}
    if asked is None or not all(names.values()) or not 0 < len(names) <= _MOST:
        return
    if len(set(names.values())) < len(names):
        # Two places, both called «地点», could not be told apart.
        return
    seen: set[str] = set()
    for version in range(versions):
        draw = random.Random(f"chinese {version} {record.id}")  # noqa: S311 - a sample, not a secret
        said = _said(record, tool, asked, {n: names[n] or "" for n in names}, draw)
        if said is None:
            return
        text, arguments, spans = said
        if text in seen:
            continue
        seen.add(text)
        translated = draw.random() < 0.6
        others = [one for one in record.tools if one.name != tool.name]
        try:
            yield record.but(
                text=text,
                language="zh",
                tools=[*others, _described(tool, asked) if translated else tool],
                arguments=arguments,
                spans=spans,
                made=MADE,
            )
        except InputInvalid:
            continue


_MOST = 5
"""Parameters of a sentence that still reads well."""


def without_label(text: str, name: str) -> str:
    """The text without a parameter's name that no value stands behind any more.

    >>> without_label("查询天气：日期为，城市是Oslo", "date")
    '查询天气：城市是Oslo'
    """
    said = noun(name)
    if not said:
        return text
    left = re.sub(rf"{said}(?:是|为|：)?\s*(?:[，、]|(?=。|$))", "", text)
    return re.sub(r"[，、：]+(?=。|$)", "", left).strip()


def noun(name: str) -> str | None:
    """A parameter's name in Chinese; None where a word of it is not known.

    >>> noun("hotel_id"), noun("qubit_xyz")
    ('酒店编号', None)
    """
    words = words_of(name)
    if len(words) >= 3 and words[:2] == ["number", "of"]:
        rest = noun("_".join(words[2:]))
        return f"{rest}数量" if rest else None
    said = [_word(word) for word in words]
    if any(one is None for one in said):
        return None
    return "".join(dict.fromkeys(one for one in said if one)) or None


@lru_cache(8192)
def _word(word: str) -> str | None:
    known = _nouns().get(word)
    return known if known is not None else in_chinese_surely(word) or None


@cache
def _nouns() -> dict[str, str]:
    """What names mean where the lexicon has a word for several things, or for another one."""
    written = (files("funcsmith.training") / "nouns.txt").read_text("utf-8")
    lines = [line for line in written.split("\n") if not line.startswith("#")]
    return dict(pair.split("=") for line in lines for pair in line.split())


def _asked(tool: Tool) -> tuple[str, str] | None:
    """What a function does: its verb and its object."""
    words = words_of(tool.name)
    verb = _VERBS.get(words[0]) if words else None
    for stop in ("by", "for", "in", "from", "with", "using"):
        if stop in words[1:]:
            words = words[: words.index(stop, 1)]
    object_ = noun("_".join(words[1:])) if len(words) > 1 else None
    return (verb, object_) if verb and object_ and len(words) <= 4 else None


def _said(
    record: Record,
    tool: Tool,
    asked: tuple[str, str],
    names: dict[str, str],
    draw: random.Random,
) -> tuple[str, dict[str, Any], dict[str, list[Span]]] | None:
    verb, what = asked
    parts: list[tuple[str, str, str]] = []
    arguments: dict[str, Any] = {}
    for name, value in record.arguments.items():
        schema = inner_schema(properties(tool).get(name) or {})
        words, arguments[name] = _value(value, schema, draw)
        if words is None:
            return None
        parts.append((name, names[name], words))
    draw.shuffle(parts)
    before = draw.choice(_BEFORE)
    way = draw.randrange(4)
    if len(parts) == 1 and verb in _ASKING and way < 3:
        name, called, words = parts[0]
        lead = f"{called}" if draw.random() < 0.5 else f"{called}为"
        frame = draw.choice(
            (
                f"{before}{verb}{lead}{{v}}的{what}",
                f"{lead}{{v}}的{what}是什么？",
                f"{before}{verb}{{v}}的{what}",
            )
        )
        pieces = frame.split("{v}")
        places = {name: (len(pieces[0]), len(pieces[0]) + len(words))}
        return words.join(pieces), arguments, _spans(places)
    link = draw.choice(("是", "为", "：", ""))
    text = "" if way == 0 else f"{before}{verb}{'一下' if before and way == 1 else ''}{what}"
    text += "" if way == 0 else draw.choice(("，", "："))
    between = draw.choice(("，", "、"))
    places = {}
    for at, (name, called, words) in enumerate(parts):
        text += between if at else ""
        text += f"{called}{link}" if link or not called[-1].isdigit() else f"{called}为"
        text += " " if not link and words[:1].isascii() else ""
        places[name] = (len(text), len(text) + len(words))
        text += words
    text += f"，{before}{verb}{what}" if way == 0 else draw.choice(("", "。"))
    return text, arguments, _spans(places)


def _spans(places: dict[str, Span]) -> dict[str, list[Span]]:
    return {pointer(name): [place] for name, place in places.items()}


def _value(value: Any, schema: dict[str, Any], draw: random.Random) -> tuple[str | None, Any]:
    """How a value is said in Chinese, and what the argument then is."""
    kind = kind_of(schema)
    if isinstance(value, (bool, list, dict)) or kind in ("enum", "boolean"):
        return None, value
    if isinstance(value, (int, float)):
        return str(value), value
    said = str(value)
    day = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", said)
    if day and draw.random() < 0.6:
        try:
            found = date(int(day[1]), int(day[2]), int(day[3]))
        except ValueError:
            return said, value
        return f"{found.year}年{found.month}月{found.day}日", value
    # Which of a word's senses is meant here no lexicon knows, so words stay as they are.
    return said, value


def _described(tool: Tool, asked: tuple[str, str]) -> Tool:
    """The function with what it says of itself in Chinese; names stay."""
    inner = {
        name: {**schema, "description": noun(name) or str(schema.get("description") or "")}
        for name, schema in properties(tool).items()
    }
    return Tool(
        name=tool.name,
        description=f"{''.join(asked)}。",
        parameters={**tool.parameters, "properties": inner},
    )


__all__ = ["MADE", "in_chinese_words", "noun", "without_label"]
