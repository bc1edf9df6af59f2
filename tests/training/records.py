"""Records that the tests of teaching share."""

from __future__ import annotations

from typing import Any

from funcsmith.contract import Tool
from funcsmith.training.record import Record

RENT = Tool.model_validate(
    {
        "name": "rent_boat",
        "description": "租船。",
        "parameters": {
            "type": "object",
            "properties": {
                "lake": {"type": "string", "description": "湖名"},
                "hours": {"type": "integer", "description": "小时数"},
                "motor": {"type": "boolean", "description": "是否带马达"},
            },
            "required": ["lake", "hours"],
        },
    }
)
FEED = Tool.model_validate(
    {
        "name": "feed_horse",
        "description": "Feed a horse.",
        "parameters": {
            "type": "object",
            "properties": {
                "horse": {"type": "string", "description": "name of the horse"},
                "kilograms": {"type": "number", "description": "hay in kilograms"},
            },
            "required": ["horse", "kilograms"],
        },
    }
)


def rent(**changes: Any) -> Record:
    """A call in Chinese."""
    given: dict[str, Any] = {
        "text": "在千岛湖租船，3小时",
        "kind": "parameters",
        "tools": [RENT],
        "function": "rent_boat",
        "arguments": {"lake": "千岛湖", "hours": 3},
        "spans": {"/lake": [[1, 4]], "/hours": [[7, 10]]},
        "origin": "test:1",
        "licence": "own",
        "group": "rentboat",
    }
    return Record.of(**{**given, **changes})


def feed(**changes: Any) -> Record:
    """A call in English."""
    given: dict[str, Any] = {
        "text": "Give Lotte 2.5 kilograms of hay",
        "kind": "parameters",
        "tools": [FEED],
        "function": "feed_horse",
        "arguments": {"horse": "Lotte", "kilograms": 2.5},
        "origin": "test:2",
        "licence": "own",
        "group": "feedhorse",
    }
    return Record.of(**{**given, **changes})


def doubled(**changes: Any) -> Record:
    """A function to write."""
    given: dict[str, Any] = {
        "text": "Write a function that doubles every number of a list.",
        "kind": "function",
        "function": "doubled",
        "source": "def doubled(numbers):\n    return [2 * one for one in numbers]\n",
        "tests": ["assert doubled([1, 2]) == [2, 4]", "assert doubled([]) == []"],
        "origin": "test:3",
        "licence": "own",
        "group": "doubled",
    }
    return Record.of(**{**given, **changes})
