"""The tools with which an agent works on a library: make a function, find, verify and edit one.

Their names have a hyphen, so no function's name can be one of them. What a key may do decides which
of them it is shown. Nothing here knows the protocol: `mcp.py` puts the answers into its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from ..contract import Evidence, Function, Kind, Outcome, Request, Status, Verdict
from ..errors import AccessDenied, Language
from ..language import language_of
from ..library.arguments import fitting
from ..models.cancel import Cancel
from .functions import Edited, Editing, Verified, changed, held, verified
from .keys import Key, Scope

if TYPE_CHECKING:
    from ..trip import Event
    from .service import Service

Words = Mapping[str, str]
"""A sentence by language."""


class Answer(BaseModel):
    """What one of the tools says."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    said: str
    """What came of it, in a sentence or two."""

    @property
    def failed(self) -> bool:
        """Whether what was asked for could not be had."""
        return False


class Made(Answer):
    """What came of a text, in short."""

    kind: Kind
    """function: one was written, or the text was answered before; parameters: a kept one was called;
    ask: a value is missing; none: there is nothing to compute."""
    saved: bool
    """Whether the library has the function, so that it is a tool."""
    name: str | None = None
    signature: str | None = None
    verdict: Verdict | None = None
    """proven, tested, agreed, runs, unverified: from the most that is known of it to nothing."""
    evidence: list[dict[str, Any]] = Field(default_factory=list)
    doubts: list[dict[str, Any]] = Field(default_factory=list)
    """Inputs on which versions of it differ."""
    source: str | None = None
    arguments: dict[str, Any] = Field(default_factory=dict)
    """With which it was run."""
    words: dict[str, list[str]] = Field(default_factory=dict)
    """The words of the text that an argument comes from; one without was made up for a trial, or is
    the default."""
    status: Status | None = None
    result: Any = None
    printed: str = ""
    error: str | None = None
    question: str | None = None
    missing: list[str] = Field(default_factory=list)

    @property
    def failed(self) -> bool:
        return self.status not in (None, "ok", "not_run")


class Near(BaseModel):
    """A function that was found."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    name: str
    signature: str
    summary: str
    verdict: str
    score: float | None = None
    problem: str | None = None
    """Why its file cannot be used."""


class Found(Answer):
    functions: list[Near]
    """Best first; each can be called as the tool of its name."""


class VerifiedSaid(Verified, Answer):
    """What running a function's evidence again has shown."""


class EditedSaid(Edited, Answer):
    """A change of a function, and what it does."""


@dataclass(frozen=True)
class BenchTool:
    """One of the tools: what it is called and takes, and what it wants of a key."""

    name: str
    scope: Scope
    title: Words
    description: Words
    parameters: Mapping[str, tuple[Mapping[str, Any], Words]]
    """By name a JSON schema and what the parameter is."""
    required: Sequence[str]
    answer: type[Answer]
    hints: Mapping[str, bool] = field(default_factory=dict)
    """What the protocol lets a server say of a tool's effects."""

    def schema(self, language: Language) -> dict[str, Any]:
        """The JSON schema of what it takes, described in a language."""
        return {
            "type": "object",
            "properties": {
                name: {**schema, "description": words[language]}
                for name, (schema, words) in self.parameters.items()
            },
            "required": list(self.required),
            "additionalProperties": False,
        }


def bench_tool(name: str) -> BenchTool | None:
    """The tool of a name; None where that is the name of none."""
    return next((tool for tool in TOOLS if tool.name == name), None)


class Workbench:
    """The tools for one key."""

    def __init__(self, service: Service, key: Key) -> None:
        self._service, self._key = service, key

    def tools(self) -> list[BenchTool]:
        """Those that the key may use."""
        return [tool for tool in TOOLS if self._key.allows(tool.scope)]

    async def use(
        self, tool: BenchTool, arguments: Mapping[str, Any], language: Language
    ) -> Answer:
        """Use one of the tools; AccessDenied where the key does not allow it.

        `language` is that of what is said where no text of the user's has one.
        """
        name = tool.name
        self._key.needs(tool.scope)
        given = fitting(name, f"({', '.join(tool.parameters)})", tool.schema(language), arguments)
        if name == MAKE:
            return await self._made(**given)
        if name == FIND:
            return await self._found(language, **given)
        if name == VERIFY:
            return await self._verified(language, **given)
        return await self._edited(**given)

    async def _made(self, text: str, *, save: bool = True) -> Made:
        if save and not self._key.allows("write"):
            raise AccessDenied(
                {
                    "en": f"The key {self._key.name!r} may not keep functions.",
                    "zh": f"密钥 {self._key.name!r} 不能保存函数。",
                },
                hint={
                    "en": "Call again with save: false, or have a key of the scope write.",
                    "zh": "请带 save: false 再次调用，或使用有 write 权限的密钥。",
                },
            )
        kept: list[str] = []

        def seen(event: Event) -> None:
            if (event.stage, event.state) == ("save", "done"):
                kept.append(event.text)

        request = Request(text=text)
        outcome = await self._service.run(request, self._key, on_event=seen, save=save)
        return _made_of(outcome, request, kept=bool(kept))

    async def _found(self, language: Language, *, text: str = "", limit: int = 10) -> Found:
        service, key = self._service, self._key
        found = await service.threaded(lambda: held(service.library(key), text, limit=limit))
        spoken = language_of(text) if text.strip() else language
        said = _say(spoken, "found", count=len(found)) if found else _say(spoken, "none_found")
        return Found(said=said, functions=[Near(**one.model_dump(include=_NEAR)) for one in found])

    async def _verified(self, language: Language, *, name: str) -> VerifiedSaid:
        found = await self._service.threaded(verified, self._service, self._key, name)
        counts = {"held": found.held, "differing": len(found.differences), "skipped": found.skipped}
        said = _say(language, found.state, name=found.function.name, **counts)
        evidence = map(Evidence.of, found.function.evidence)
        now = _verdict_words(found.function.verdict, language, evidence)
        return VerifiedSaid(said=f"{said}\n{now}", **dict(found))

    async def _edited(self, *, name: str, text: str, on_purpose: bool = False) -> EditedSaid:
        editing = Editing(text=text, on_purpose=on_purpose)

        def work(cancel: Cancel) -> Edited:
            return changed(self._service, self._key, name, editing, cancel)

        made = await self._service.cancellable(work)
        language = language_of(text)
        counts = {"kept": made.kept, "changed": len(made.changed), "effects": len(made.effects)}
        said = _say(language, "edited" if made.saved else "not_edited", **counts)
        return EditedSaid(said=f"{said}\n{_verdict_words(made.verdict, language)}", **dict(made))


def _made_of(outcome: Outcome, request: Request, *, kept: bool) -> Made:
    from ..cli.screen import head_of, verdict_said

    language, function = outcome.detection.language, outcome.function
    call = outcome.calls[-1] if outcome.calls else None
    result = outcome.result
    if outcome.kind == "none" or function is None:
        return Made(said=_say(language, "none"), kind=outcome.kind, saved=False)
    saved = kept or function.origin == "library"
    said = [outcome.question or _say(language, "missing")] if outcome.kind == "ask" else []
    made = Made(
        said="",
        kind=outcome.kind,
        saved=saved,
        name=function.name,
        signature=function.signature,
        verdict=function.verdict,
        evidence=[_fact(fact) for fact in function.evidence],
        doubts=function.counterexamples,
        source=function.source,
        arguments=outcome.partial or {},
        question=outcome.question,
        missing=outcome.missing,
    )
    if call is not None:
        made.arguments = call.arguments
        for pointer, spans in call.spans.items():
            quoted = [request.text[start:end] for start, end in spans]
            made.words.setdefault(head_of(pointer), []).extend(quoted)
    if result is not None:
        made.status, made.result, made.error = result.status, result.value, result.error
        made.printed = result.stdout
        if made.failed:
            said.append(_say(language, "failed", what=result.error or result.limit or made.status))
    said.append(verdict_said(function, language))
    if outcome.kind != "ask":
        said.append(_say(language, "kept" if saved else "not_kept", name=function.name))
    made.said = "\n".join(said)
    return made


def _fact(fact: Evidence) -> dict[str, Any]:
    return fact.model_dump(exclude_none=True)


def _verdict_words(verdict: Verdict, language: Language, evidence: Iterable[Evidence] = ()) -> str:
    from ..cli.screen import verdict_said

    return verdict_said(Function(name="", verdict=verdict, evidence=list(evidence)), language)


def _say(language: Language, key: str, **values: object) -> str:
    return _WORDS[key][language].format(**values)


MAKE, FIND = "funcsmith-make", "funcsmith-find"
VERIFY, EDIT = "funcsmith-verify", "funcsmith-edit"

_NEAR = set(Near.model_fields)
_TEXT: Mapping[str, Any] = {"type": "string", "minLength": 1, "maxLength": 20_000}
_NAME: tuple[Mapping[str, Any], Words] = (
    {"type": "string", "minLength": 1},
    {"en": "The function's name.", "zh": "函数的名称。"},
)

TOOLS: tuple[BenchTool, ...] = (
    BenchTool(
        MAKE,
        "run",
        {"en": "Make a function", "zh": "编写函数"},
        {
            "en": (
                "Write a typed Python function for what a sentence asks, Chinese or English, check "
                "it, run it on the sentence's values in a sandbox, and keep it: then it is a tool "
                "by its name. A kept function that does it already is used instead. `verdict` says "
                "how far it was checked; `runs` and `unverified` are no sign that it is right. "
                "Examples in the sentence become its tests. Where a value is missing, `question` "
                "asks for it: call again with the whole sentence."
            ),
            "zh": (
                "按一句话（中文或英文）的要求编写带类型的 Python 函数，验证它，在沙箱里用句中的值"
                "运行，并保存：之后它就是一个同名的工具。已有函数能做到时直接使用。`verdict` 说明"
                "验证到什么程度；`runs` 和 `unverified` 不表示结果正确。句中的例子会成为测试。缺少"
                "值时由 `question` 提问：请补全整句话再次调用。"
            ),
        },
        {
            "text": (
                _TEXT,
                {
                    "en": "What is wanted, with its values; examples help: f([1, 2]) == 3",
                    "zh": "要什么，连同其中的值；给例子更好：f([1, 2]) == 3",
                },
            ),
            "save": (
                {"type": "boolean", "default": True},
                {
                    "en": "Keep the function in the library (wants the scope write).",
                    "zh": "把函数存入函数库（需要 write 权限）。",
                },
            ),
        },
        ("text",),
        Made,
        {"read_only_hint": False, "destructive_hint": False, "open_world_hint": False},
    ),
    BenchTool(
        FIND,
        "read",
        {"en": "Find functions", "zh": "查找函数"},
        {
            "en": "The functions of the library nearest to a text, best first; without a text, all.",
            "zh": "函数库中与一段文本最接近的函数，最接近的在前；不给文本则列出全部。",
        },
        {
            "text": (
                {"type": "string", "maxLength": 20_000},
                {"en": "What the function should do.", "zh": "函数应当做什么。"},
            ),
            "limit": (
                {"type": "integer", "minimum": 1, "maximum": 1000, "default": 10},
                {"en": "At most so many.", "zh": "最多几个。"},
            ),
        },
        (),
        Found,
        {"read_only_hint": True, "open_world_hint": False},
    ),
    BenchTool(
        VERIFY,
        "run",
        {"en": "Verify a function", "zh": "验证函数"},
        {
            "en": (
                "Run all that is known of a kept function again, without a model: its examples and "
                "what it gave before. Where anything differs its verdict is `unverified` afterwards."
            ),
            "zh": (
                "不用模型，把已保存函数的全部依据重新运行：它的例子和以前的结果。只要有一条不同，"
                "它的结论就成为 `unverified`。"
            ),
        },
        {"name": _NAME},
        ("name",),
        VerifiedSaid,
        {
            "read_only_hint": False,
            "destructive_hint": False,
            "idempotent_hint": True,
            "open_world_hint": False,
        },
    ),
    BenchTool(
        EDIT,
        "write",
        {"en": "Edit a function", "zh": "修改函数"},
        {
            "en": (
                "Change a kept function as a sentence asks. The answer has the difference, the "
                "examples that no longer hold, and other calls that give something else now. While "
                "an example that held before no longer does, nothing is saved unless `on_purpose` "
                "says so; ask the user first. The version before can be had back."
            ),
            "zh": (
                "按一句话修改已保存的函数。回答包含改动、不再成立的例子，以及结果改变的其他调用。"
                "只要有原先成立的例子不再成立，就不保存，除非 `on_purpose` 表明是有意为之；请先问"
                "用户。之前的版本可以恢复。"
            ),
        },
        {
            "name": _NAME,
            "text": (
                _TEXT,
                {
                    "en": 'The change: "also accept strings", "round it: f([1.6]) == 2"',
                    "zh": "要怎么改：«改成含税»、«四舍五入：f([1.6]) == 2»",
                },
            ),
            "on_purpose": (
                {"type": "boolean", "default": False},
                {
                    "en": "Save it also where examples that held before no longer do.",
                    "zh": "即使有原先成立的例子不再成立也保存。",
                },
            ),
        },
        ("name", "text"),
        EditedSaid,
        {"read_only_hint": False, "destructive_hint": True, "open_world_hint": False},
    ),
)

_WORDS: Mapping[str, Words] = {
    "none": {
        "en": "There is nothing to compute in this text.",
        "zh": "这段文本里没有要计算的内容。",
    },
    "missing": {"en": "A value is missing", "zh": "缺少一个值"},
    "failed": {
        "en": "It was written, but running it failed: {what}",
        "zh": "函数写好了，但运行失败：{what}",
    },
    "kept": {
        "en": "It is in the library, as the tool {name}.",
        "zh": "它在函数库里，工具名为 {name}。",
    },
    "not_kept": {
        "en": "It is not in the library, so it is no tool.",
        "zh": "它没有存入函数库，因此不是工具。",
    },
    "found": {"en": "Found, best first: {count}.", "zh": "找到 {count} 个，最接近的在前。"},
    "none_found": {"en": "There is none.", "zh": "没有找到。"},
    "holds": {
        "en": "{name} holds. Facts as before: {held}; that cannot be run again: {skipped}.",
        "zh": "{name} 仍成立：{held} 条依据不变，{skipped} 条无法重跑。",
    },
    "differs": {
        "en": (
            "{name} no longer holds, and is unverified now. Facts that differ: {differing}; as "
            "before: {held}."
        ),
        "zh": "{name} 已不成立：{differing} 条依据不同，{held} 条不变；结论改为 unverified。",
    },
    "unchecked": {
        "en": "Nothing is known of {name} that could be run again, so nothing is shown.",
        "zh": "{name} 没有可以重跑的依据，因此什么也不能说明。",
    },
    "broken": {
        "en": "The file of {name} cannot be used.",
        "zh": "{name} 的文件无法使用。",
    },
    "edited": {
        "en": (
            "Saved. Examples that hold as before: {kept}; that no longer do: {changed}; other calls "
            "seen that give something else now: {effects}."
        ),
        "zh": "已保存；{kept} 个例子仍成立，{changed} 个不再成立；另见 {effects} 个调用结果改变。",
    },
    "not_edited": {
        "en": (
            "Not saved. Examples that held before and no longer do: {changed}. If that is meant, "
            "call again with on_purpose."
        ),
        "zh": "未保存：{changed} 个原先成立的例子不再成立。若是有意为之，请带 on_purpose 再次调用。",
    },
}
