"""The gate between training and service: what an adapter must keep to be installed.

The same records, the same grammar, greedily, three times: the trained model before its conversion,
the converted adapter beside the quantised base in llama.cpp, and that base alone. An adapter that
loses more than allowed in its conversion, or that is worse than no adapter, is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ..errors import AdapterUnfit
from ..models.engine import Engine
from .answering import BASE, answered, right_of
from .record import Record
from .scoring import Share, score


@dataclass(frozen=True)
class Gate:
    """What was seen at the gate."""

    trained: Share
    """Right before the conversion."""
    converted: Share
    """Right after it, served as users will be."""
    base: Share
    """Right without an adapter."""
    allowed_points: float
    details: dict[str, Any]

    @property
    def lost_points(self) -> float:
        """Percentage points lost in the conversion; below zero where it gained."""
        return 100 * ((self.trained.share or 0.0) - (self.converted.share or 0.0))

    @property
    def gained_points(self) -> float:
        """Percentage points above the base alone."""
        return 100 * ((self.converted.share or 0.0) - (self.base.share or 0.0))

    def to_json(self) -> dict[str, Any]:
        return {
            **{name: getattr(self, name).to_json() for name in ("trained", "converted", "base")},
            "lost_points": round(self.lost_points, 2),
            "gained_points": round(self.gained_points, 2),
            "allowed_points": self.allowed_points,
            "details": self.details,
        }


def gate(
    records: Sequence[Record],
    trained: Engine,
    served: Engine,
    *,
    allowed_points: float = 2.0,
    watch: Callable[[str, Share], object] | None = None,
) -> Gate:
    """Answer the records three times. `served` has the adapter as its default. Raises nothing."""
    shares: dict[str, Share] = {}
    details: dict[str, Any] = {}
    for name, engine, adapter in (
        ("trained", trained, None),
        ("converted", served, None),
        ("base", served, BASE),
    ):
        pairs = answered(engine, records, adapter=adapter)
        shares[name] = right_of(pairs)
        details[name] = score(pairs).to_json()
        if watch is not None:
            watch(name, shares[name])
    return Gate(
        trained=shares["trained"],
        converted=shares["converted"],
        base=shares["base"],
        allowed_points=allowed_points,
        details=details,
    )


def passed(seen: Gate) -> Gate:
    """The same, where the adapter may be installed. Raises `AdapterUnfit`."""
    figures = {name: _percent(getattr(seen, name)) for name in asdict(seen) if name in _SHARES}
    if seen.lost_points > seen.allowed_points + _EPSILON:
        raise AdapterUnfit(
            {
                "en": f"The conversion lost {seen.lost_points:.1f} points: {figures['trained']} "
                f"right before it, {figures['converted']} after; {seen.allowed_points:g} are allowed.",
                "zh": f"转换损失了 {seen.lost_points:.1f} 个百分点：转换前正确 {figures['trained']}，"
                f"转换后 {figures['converted']}；最多允许 {seen.allowed_points:g}。",
            },
            hint={
                "en": "Nothing was installed. More held-out records make the figure surer "
                "(--gate-records); --allowed-points sets what may be lost.",
                "zh": "没有安装任何内容。可用 --gate-records 增加留出样本，"
                "用 --allowed-points 设置允许的损失。",
            },
        )
    if seen.gained_points < -seen.allowed_points - _EPSILON:
        raise AdapterUnfit(
            {
                "en": f"The adapter answers worse than its base alone: {figures['converted']} right, "
                f"the base {figures['base']}.",
                "zh": f"使用适配器后反而变差：正确 {figures['converted']}，"
                f"基础模型单独为 {figures['base']}。",
            },
            hint={
                "en": "Nothing was installed. Look at the data's card, or train on more of it.",
                "zh": "没有安装任何内容。请查看数据卡片，或增加训练数据。",
            },
        )
    return seen


_SHARES = ("trained", "converted", "base")
_EPSILON = 1e-9


def _percent(share: Share) -> str:
    return f"{share.right}/{share.count} ({100 * (share.share or 0.0):.1f} %)"


__all__ = ["Gate", "gate", "passed"]
