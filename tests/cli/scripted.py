"""A pipeline that knows its answers, and a command line that runs on it.

    python tests/cli/scripted.py [arguments of funcsmith]

What a text makes it do stands in `SCRIPT`; every other text gets the factorial.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from funcsmith.contract import Outcome, Request, dumps
from funcsmith.errors import EngineFailed, ModelUnavailable, TextEmpty, TextTooLong

SOURCE = '''def factorial(n: int) -> int:
    """n 的阶乘。"""
    product = 1
    for factor in range(2, n + 1):
        product *= factor
    return product
'''
AREA = '''def rectangle_area(width: float, height: float) -> float:
    """The area of a rectangle."""
    return width * height
'''
ISOLATION = {
    "kind": "landlock+seccomp",
    "features": dict.fromkeys(("filesystem", "network", "signals", "syscalls"), True),
}
FACTORIAL: dict[str, Any] = {
    "kind": "function",
    "detection": {"probability": 0.97, "language": "zh"},
    "function": {
        "name": "factorial",
        "signature": "(n: int) -> int",
        "source": SOURCE,
        "parameters": {"type": "object", "properties": {"n": {"type": "integer"}}},
        "verdict": "agreed",
        "probability": 0.88,
        "evidence": [
            {"kind": "agreement", "call": "factorial(5)", "got": "120", "candidates": 3},
            {"kind": "agreement", "call": "factorial(0)", "got": "1", "candidates": 3},
        ],
        "readback": "返回正整数 n 的阶乘。",
    },
    "calls": [{"function": "factorial", "arguments": {"n": 5}}],
    "result": {
        "status": "ok",
        "value": 120,
        "repr": "120",
        "seconds": 0.003,
        "isolation": ISOLATION,
    },
    "tokens": {"prompt": 312, "generated": 96},
    "seconds": {"detect": 0.1, "generate": 4.2, "execute": 0.003},
    "cost": {"model_calls": 3},
    "model": "qwen2.5-coder-1.5b",
}


@dataclass(frozen=True)
class Event:
    stage: str
    state: str
    text: str = ""
    data: Any = None


def spans(text: str, **words: str) -> dict[str, list[tuple[int, int]]]:
    return {
        f"/{name}": [(text.index(word), text.index(word) + len(word))]
        for name, word in words.items()
    }


def area(text: str) -> dict[str, Any]:
    call = {
        "function": "rectangle_area",
        "arguments": {"width": 3.5, "height": 2},
        "spans": spans(text, width="3.5", height="2 m" if "2 m" in text else "2 米"),
    }
    function = {
        "name": "rectangle_area",
        "signature": "(width: float, height: float) -> float",
        "source": AREA,
        "origin": "library",
        "verdict": "tested",
        "evidence": [
            {"kind": "example", "call": "rectangle_area(2, 3)", "expected": "6", "passed": True}
        ],
    }
    result = {"status": "ok", "value": 7.0, "repr": "7.0", "isolation": ISOLATION}
    return {
        "kind": "parameters",
        "function": function,
        "calls": [call],
        "result": result,
        "seconds": {"detect": 0.02},
        "cost": {"model_calls_avoided": 3},
    }


def failing(status: str, error: str) -> dict[str, Any]:
    return FACTORIAL | {"result": {"status": status, "error": error, "isolation": ISOLATION}}


class Scripted:
    """Has the shape of `funcsmith.pipeline.Pipeline`."""

    opened = 0

    def __init__(self, *, model=None, adapter=None, save=True, progress=None):
        type(self).opened += 1
        self.model, self.adapter = model, adapter
        self.save, self.progress = save, progress
        self.requests: list[Request] = []
        self.closed = False

    def run(self, request, *, on_event=None, cancel=None):
        self.requests.append(request)
        tell = on_event or (lambda event: None)
        text = request.text
        if not text.strip():
            raise TextEmpty
        if len(text) > 20_000:
            raise TextTooLong(len(text), 20_000)
        if log := os.environ.get("SCRIPTED_LOG"):
            with Path(log).open("a", encoding="utf-8") as file:
                file.write(dumps(request.model_dump()) + "\n")
        tell(Event("detect", "start"))
        tell(Event("detect", "done"))
        if "slow" in text:
            tell(Event("generate", "start"))
            for _ in range(600):
                tell(Event("generate", "text", "x = 1\n"))
                time.sleep(0.05)
        if "pause" in text:
            time.sleep(0.2)
        return Outcome.model_validate({"id": request.id, **self._answer(request, tell)})

    def _answer(self, request: Request, tell) -> dict[str, Any]:
        text = request.text
        if "engine dies" in text:
            raise EngineFailed({"en": "The engine ended.", "zh": "引擎结束了。"}, hint="Ask again.")
        if "no model" in text:
            raise ModelUnavailable("No carrier could bring it.")
        if "defect" in text:
            raise KeyError("defect")
        if "hello" in text or "你好" in text:
            return {"kind": "none", "model": "qwen2.5-coder-1.5b", "cost": {"model_calls": 1}}
        if request.previous is not None:
            call = {
                "function": "rectangle_area",
                "arguments": {"width": float(text.split()[0]), **(request.previous.partial or {})},
                "spans": {"/width": [(0, len(text.split()[0]))]},
            }
            return area("3.5 2 米") | {"calls": [call]}
        if "width" in text and "3.5" not in text:
            question = "How wide is it?"
            return {
                "kind": "ask",
                "function": area("3.5 2 米")["function"],
                "missing": ["width"],
                "partial": {"height": 2},
                "question": question,
                "cost": {"model_calls": 1},
                "model": "qwen2.5-coder-1.5b",
            }
        if "rectangle" in text or "长方形" in text:
            return area(text)
        if "zero" in text:
            return failing("error", "ZeroDivisionError: division by zero")
        if "for ever" in text:
            return failing("timeout", "5 CPU seconds are used up")
        if "evil" in text:
            stdout = "\x1b[31mred\x1b[0m \x1b]0;title\x07 \u202ereversed \ud800 \x9b2J done\n"
            function = FACTORIAL["function"] | {"source": SOURCE + "# \u202e\x1b[2J\n"}
            result = FACTORIAL["result"] | {"value": "\x1b[2J", "repr": "x", "stdout": stdout}
            return FACTORIAL | {"function": function, "result": result}
        if "inputs" in text:
            result = {"status": "ok", "value": request.inputs, "repr": repr(request.inputs)}
            return FACTORIAL | {"result": result}
        for stage in ("generate", "verify", "execute", "save"):
            tell(Event(stage, "start"))
            if stage == "generate":
                for line in SOURCE.splitlines(keepends=True):
                    tell(Event(stage, "text", line))
                    time.sleep(float(os.environ.get("SCRIPTED_SECONDS", "0")))
            tell(Event(stage, "done"))
        return FACTORIAL

    def warm(self):
        pass

    def close(self):
        self.closed = True
        if log := os.environ.get("SCRIPTED_LOG"):
            with Path(log).open("a", encoding="utf-8") as file:
                file.write('"closed"\n')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


if __name__ == "__main__":
    from funcsmith.cli import main, turn

    turn.make_pipeline = Scripted
    sys.argv[0] = "funcsmith"
    main()
