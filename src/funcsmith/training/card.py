"""The data card: what the data are made of, whose they are, what was left out, and what for."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputInvalid
from ..evaluate import machine
from .balancing import NEGATIVE, tokens_of
from .record import Record

if TYPE_CHECKING:
    from .preparing import Counts

_ATTRIBUTION = {
    "CC-BY-4.0": "MBPP: Austin et al., Google Research, CC-BY-4.0",
    "CC-BY-3.0": "CLINC150: Larson et al., CC-BY-3.0",
}


_SCARCE = (
    "Most Chinese rows are made by rule from templates or English rows, since permissive Chinese "
    "call data is scarce. 大部分中文数据由规则从模板或英文数据生成，因为可自由使用的中文调用数据很少。"
)


def card_of(
    plan: Mapping[str, Any],
    counts: Counts,
    sides: Mapping[str, Sequence[Record]],
    contamination: Mapping[str, Any],
) -> dict[str, Any]:
    """The card as plain JSON; no time stands in it, so the same data have the same card."""
    every = [one for side in sides.values() for one in side]
    licences = Counter(one.licence for one in every)
    return {
        "plan": dict(plan),
        "code": {name: machine.code()[name] for name in ("commit", "sha256")},
        "sides": {side: _figures(records) for side, records in sides.items()},
        "functions_on_two_sides": _shared(sides),
        "made": dict(Counter(_how(one) for one in every).most_common()),
        "origins": dict(
            Counter(one.origin.partition(":")[0].partition("/")[0] for one in every).most_common()
        ),
        "licences": dict(licences.most_common()),
        "attribution": [said for name, said in _ATTRIBUTION.items() if licences[name]],
        "collected": dict(counts.collected.records),
        "left_while_collecting": {
            k: dict(v.most_common()) for k, v in counts.collected.left.items()
        },
        "left": dict(counts.left.most_common()),
        "augmentation": {
            how: dict(found.most_common()) for how, found in sorted(counts.made.items())
        },
        "doubles": {"exact": counts.doubles.exact, "near": counts.doubles.near},
        "contaminated_and_left": dict(sorted(counts.contaminated.items())),
        "balanced_away": counts.balanced_away,
        "contamination": dict(contamination),
    }


def write_card(folder: Path, card: Mapping[str, Any]) -> None:
    """card.json and card.md, each whole or not at all; card.json last, since it says it is done."""
    _write(folder / "card.md", readable(card))
    _write(folder / "card.json", json.dumps(card, ensure_ascii=False, indent=1) + "\n")


def read_card(folder: Path) -> dict[str, Any]:
    """The card of a data folder. Raises `InputInvalid` where there is none."""
    try:
        found = json.loads((folder / "card.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputInvalid(
            {"en": f"{folder} has no data card.", "zh": f"{folder} 里没有数据卡。"},
            hint={
                "en": f"funcsmith data prepare --out {folder}",
                "zh": f"funcsmith data prepare --out {folder}",
            },
        ) from error
    if not isinstance(found, dict) or "sides" not in found:
        raise InputInvalid(
            {"en": f"{folder}/card.json is no data card.", "zh": f"{folder}/card.json 不是数据卡。"}
        )
    return found


def readable(card: Mapping[str, Any]) -> str:
    """The card for people."""
    lines = ["# Data card 数据卡", "", _table(card["sides"]), ""]
    rows = card["contamination"]["rows"]
    lines += [
        f"Rows that an evaluation set shares a run of ten words, a whole text or code with: {rows}.",
        f"Functions on two sides of the split: {card['functions_on_two_sides']}.",
        "",
        _SCARCE,
        "",
    ]
    for title, key in (
        ("How rows were made 生成方式", "made"),
        ("Where they come from 来源", "origins"),
        ("Licences 许可", "licences"),
        ("Left out, by reason 未采用的原因", "left"),
        ("Left out for an evaluation set 因评测集而去除", "contaminated_and_left"),
    ):
        lines += [f"## {title}", ""]
        lines += [f"- {name}: {count:,}" for name, count in card[key].items()] or ["- –"]
        lines += [""]
    doubles = card["doubles"]
    lines += [
        f"Doubles left out: {doubles['exact']:,} equal, {doubles['near']:,} nearly equal.",
        f"Not needed for the balance: {card['balanced_away']:,}.",
        "",
        "## Made rows, kept and refused 生成的数据：保留与拒绝",
        "",
    ]
    for how, found in card["augmentation"].items():
        said = ", ".join(f"{what} {count:,}" for what, count in found.items())
        lines.append(f"- {how}: {said}")
    if card["attribution"]:
        lines += ["", "## Attribution 署名", "", *(f"- {one}" for one in card["attribution"])]
    return "\n".join(lines) + "\n"


def _table(sides: Mapping[str, Any]) -> str:
    head = "| | rows | functions | Chinese | negatives | function / parameters / ask / none | tokens, about |"
    lines = [head, "|---|---|---|---|---|---|---|"]
    for side, one in sides.items():
        kinds = " / ".join(
            str(one["kinds"].get(k, 0)) for k in ("function", "parameters", "ask", "none")
        )
        lines.append(
            f"| {side} | {one['rows']:,} | {one['functions']:,} | {one['chinese']:.1%} | "
            f"{one['negatives']:.1%} | {kinds} | {one['tokens']:,} |"
        )
    return "\n".join(lines)


def _figures(records: Sequence[Record]) -> dict[str, Any]:
    count = max(1, len(records))
    return {
        "rows": len(records),
        "functions": len({one.group for one in records if one.function}),
        "chinese": round(sum(one.language == "zh" for one in records) / count, 4),
        "negatives": round(sum(one.kind in NEGATIVE for one in records) / count, 4),
        "kinds": dict(sorted(Counter(one.kind for one in records).items())),
        "tokens": sum(map(tokens_of, records)),
    }


def _shared(sides: Mapping[str, Sequence[Record]]) -> int:
    seen: Counter[str] = Counter()
    for records in sides.values():
        seen.update({one.group for one in records if one.function})
    return sum(count > 1 for count in seen.values())


def _how(record: Record) -> str:
    if not record.made:
        return f"as collected ({record.language})"
    return f"{record.made.split(': ')[0] if record.made.startswith(('irrelevant', 'idle')) else record.made} ({record.language})"


def _write(path: Path, text: str) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    partial.write_text(text, "utf-8")
    partial.replace(path)


__all__ = ["card_of", "read_card", "readable", "write_card"]
