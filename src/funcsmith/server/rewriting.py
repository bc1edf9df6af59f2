"""A kept function's code as its owner writes it: checked, its evidence run again, a version. No model."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from ..errors import FuncsmithError, FunctionInvalid
from ..execute.check import Finding
from ..library import Saved
from .functions import Shown, shown_of
from .keys import Key
from .refusal import refusals
from .rest import Served, Writes
from .service import Service
from .stream import spoken

rewriting = APIRouter(prefix="/api", responses=refusals())


class CodeInvalid(FunctionInvalid):
    """Code that is no Python, with the line at which that is seen."""

    code = "code_invalid"
    line = 1


class CodeChanged(FuncsmithError):
    code = "code_changed"
    status_code = 409


class Writing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    source: str
    base: str | None = None
    """The SHA-256 of the code that was changed: where that is no longer there, nothing is saved."""


class Written(BaseModel):
    function: Shown
    changed: bool
    findings: list[str]
    """What the check objects to; it is kept, and the fence stops what it may not do."""


@dataclass(frozen=True)
class Rewritten:
    """The function with its verdict by its own examples, and what the check says of it."""

    saved: Saved
    changed: bool
    findings: list[Finding]


@rewriting.post("/library/{name}/source", tags=["library"])
async def wrote(
    name: str, writing: Writing, request: Request, service: Served, key: Writes
) -> Written:
    """Replace a function's code; its examples are run, and what calls it is verified again."""
    made = await rewritten(name, writing, service, key)
    return Written(
        function=shown_of(made.saved),
        changed=made.changed,
        findings=[one.message(spoken(request)) for one in made.findings],
    )


async def rewritten(name: str, writing: Writing, service: Service, key: Key) -> Rewritten:
    """Save the code, then find out what is known of it. CodeInvalid, CodeChanged save nothing."""

    def work() -> Rewritten:
        from ..execute.check import check
        from ..generate.verification import dependents_again, judged_edit

        pipeline = service.pipeline(key)
        library = pipeline.library
        before = library.get(name)
        if writing.base is not None and writing.base != before.sha256:
            raise _changed(before.name)
        try:
            saved = library.rewrite(before.name, writing.source)
        except FunctionInvalid as error:
            if isinstance(error.__cause__, SyntaxError):
                raise _invalid(error.__cause__) from error
            raise
        findings = check(library.alone(saved).source)
        changed = saved.sha256 != before.sha256
        if changed:
            service.audit.write(
                key=key.name, action="rewrite", function=saved.name, source=saved.source
            )
            judged_edit(saved, library, pipeline.sandbox)
            dependents_again(saved.name, library, pipeline.sandbox)
        return Rewritten(library.get(saved.name), changed, findings)

    return await service.threaded(work)


def _invalid(cause: SyntaxError) -> CodeInvalid:
    line, said = cause.lineno or 1, cause.msg or "invalid syntax"
    error = CodeInvalid(
        {"en": f"Line {line}: {said}.", "zh": f"第 {line} 行：{said}。"},
        hint={
            "en": "Nothing was saved; what you wrote is still here.",
            "zh": "没有保存；您写的内容还在。",
        },
    )
    error.line = line
    return error


def _changed(name: str) -> CodeChanged:
    return CodeChanged(
        {
            "en": f"{name} was changed elsewhere meanwhile; nothing was saved.",
            "zh": f"{name} 在此期间已被改动；没有保存。",
        },
        hint={
            "en": "Keep a copy of what you wrote, and open the function again.",
            "zh": "请先复制您写的内容，再重新打开这个函数。",
        },
    )
