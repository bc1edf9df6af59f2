"""An adapter as PEFT trains it, as the file that llama.cpp puts beside its quantised base.

What PEFT calls `base_model.model.model.layers.3.self_attn.q_proj.lora_A.weight` is
`blk.3.attn_q.weight.lora_a` there, with the same numbers: no weight of the architectures that are
converted is turned or reordered on its way into GGUF. Others are refused. `merge` is the other way:
one file with the adapter in it, for engines that know no adapters. What a conversion did to the
answers is not told here (`gate.py`).
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import AdapterUnfit

ARCHITECTURES = ("qwen2", "qwen3")
"""Whose matrices stand in GGUF as they stand in Transformers (llama's are reordered)."""
_KEY = re.compile(r"(?:base_model\.model\.)?(?P<module>.+)\.lora_(?P<side>[AB])(?:\.\w+)?\.weight")


@dataclass(frozen=True)
class Converted:
    """What a conversion wrote."""

    path: Path
    matrices: int
    """How many of the base's matrices it changes."""
    alpha: float
    rank: int
    """The largest."""


def convert(adapter: Path, base: Path, out: Path) -> Converted:
    """Write PEFT's folder `adapter` as a GGUF LoRA for the GGUF file `base`, whole or not at all.

    Raises `AdapterUnfit` where llama.cpp could not apply it: another kind of adapter, an
    architecture that is not converted, a matrix that the base does not have or has otherwise.
    """
    import gguf

    told = _settings(adapter)
    architecture, shapes = _layout(base)
    pairs = _pairs(adapter, architecture, shapes)
    rank = max(a.shape[0] for a, _ in pairs.values())
    alpha = float(told["lora_alpha"])
    if told.get("use_rslora"):
        # PEFT divides by the root of the rank then; llama.cpp always by the rank.
        alpha *= math.sqrt(float(told["r"]))
    partial = out.with_name(f".{out.name}.{os.getpid()}.part")
    out.parent.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(partial, architecture)
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha)
    for name, (a, b) in sorted(pairs.items()):
        writer.add_tensor(f"{name}.lora_a", a)
        writer.add_tensor(f"{name}.lora_b", b)
    _written(writer)
    partial.replace(out)
    return Converted(out, matrices=len(pairs), alpha=alpha, rank=rank)


def merge(adapter: Path, base: Path, out: Path) -> int:
    """Write `base` with the GGUF LoRA `adapter` in it; how many matrices were changed.

    Those become 16-bit floats (their quantisation is given up), everything else stays as it is.
    """
    import gguf
    import numpy

    reader = gguf.GGUFReader(base)
    architecture = str(reader.fields["general.architecture"].contents())
    changes = deltas(adapter)
    known = {one.name for one in reader.tensors}
    strange = sorted(changes.keys() - known)
    if strange:
        raise _no_matrix(strange[0])
    partial = out.with_name(f".{out.name}.{os.getpid()}.part")
    out.parent.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(partial, architecture)
    for field in reader.fields.values():
        if field.name != "general.architecture" and not field.name.startswith("GGUF."):
            kind = field.types[0]
            inner = field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
            writer.add_key_value(field.name, field.contents(), kind, sub_type=inner)
    for tensor in reader.tensors:
        if tensor.name in changes:
            whole = gguf.dequantize(tensor.data, tensor.tensor_type) + changes[tensor.name]
            writer.add_tensor(tensor.name, whole.astype(numpy.float16))
        else:
            writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
    _written(writer)
    partial.replace(out)
    return len(changes)


def deltas(adapter: Path) -> dict[str, Any]:
    """What a GGUF LoRA adds to each matrix. Shape: (out, in), float32, by the matrix's name."""
    import gguf

    reader = gguf.GGUFReader(adapter)
    alpha = float(reader.fields["adapter.lora.alpha"].contents())
    sides = {one.name: one.data for one in reader.tensors}
    found: dict[str, Any] = {}
    for name, a in sides.items():
        if name.endswith(".lora_a"):
            b = sides[f"{name.removesuffix('a')}b"]
            found[name.removesuffix(".lora_a")] = alpha / a.shape[0] * (b @ a)
    return found


def _settings(adapter: Path) -> dict[str, Any]:
    """PEFT's settings, where they say nothing that a GGUF LoRA cannot."""
    try:
        told: dict[str, Any] = json.loads((adapter / "adapter_config.json").read_text("utf-8"))
        kind = told["peft_type"]
        float(told["lora_alpha"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unfit(
            f"{adapter} holds no adapter of PEFT ({error})",
            f"{adapter} 里没有 PEFT 的适配器（{error}）",
        ) from error
    for wrong, en in (
        (kind != "LORA", f"it is of the kind {kind}"),
        (told.get("use_dora"), "it scales whole columns (DoRA)"),
        (told.get("bias", "none") != "none", "it has biases"),
        (told.get("modules_to_save"), "it has whole modules"),
        (told.get("alpha_pattern"), "its alpha differs by module"),
        (told.get("use_rslora") and told.get("rank_pattern"), "its ranks differ, by their roots"),
    ):
        if wrong:
            raise _unfit(f"llama.cpp cannot apply it: {en}", f"llama.cpp 无法使用它：{en}")
    return told


def _layout(base: Path) -> tuple[str, dict[str, tuple[int, int]]]:
    """The base's architecture, and its matrices' shapes as (out, in)."""
    import gguf

    try:
        reader = gguf.GGUFReader(base)
        architecture = str(reader.fields["general.architecture"].contents())
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise _unfit(f"{base} is no GGUF model ({error})", f"{base} 不是 GGUF 模型") from error
    if architecture not in ARCHITECTURES:
        raise _unfit(
            f"the architecture {architecture} is not converted, only {', '.join(ARCHITECTURES)}",
            f"不支持转换架构 {architecture}，只支持 {'、'.join(ARCHITECTURES)}",
        )
    matrices = (one for one in reader.tensors if len(one.shape) == 2)
    return architecture, {one.name: (int(one.shape[1]), int(one.shape[0])) for one in matrices}


def _pairs(
    adapter: Path, architecture: str, shapes: dict[str, tuple[int, int]]
) -> dict[str, tuple[Any, Any]]:
    """A (rank, in) and B (out, rank) of each matrix, float32, by the matrix's name in GGUF."""
    sides: dict[str, dict[str, Any]] = {}
    named = dict(_names(architecture, shapes))
    for key, tensor in _tensors(adapter):
        found = _KEY.fullmatch(key)
        name = named.get(found["module"]) if found else None
        if found is None or name is None:
            raise _no_matrix(key)
        sides.setdefault(name, {})[found["side"]] = tensor
    if not sides:
        raise _unfit("it changes nothing", "它没有任何内容")
    pairs: dict[str, tuple[Any, Any]] = {}
    for name, both in sides.items():
        if both.keys() != {"A", "B"}:
            raise _no_matrix(name)
        a, b = both["A"], both["B"]
        if (b.shape[0], a.shape[1]) != shapes[name] or a.shape[0] != b.shape[1]:
            raise _unfit(
                f"{name} has the shape {shapes[name]} in the base, {(b.shape[0], a.shape[1])} here",
                f"{name} 在基础模型中的形状为 {shapes[name]}，此处为 {(b.shape[0], a.shape[1])}",
            )
        pairs[name] = (a, b)
    return pairs


def _names(architecture: str, shapes: dict[str, tuple[int, int]]) -> Iterator[tuple[str, str]]:
    """What Transformers calls the base's matrices, and what GGUF does."""
    blocks = [int(one.split(".")[1]) for one in shapes if one.startswith("blk.")]
    for block in range(max(blocks, default=-1) + 1):
        for theirs, ours in _MATRICES.items():
            name = f"blk.{block}.{ours}.weight"
            if name in shapes:
                yield f"model.layers.{block}.{theirs}", name
    assert architecture in ARCHITECTURES


_MATRICES = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def _tensors(adapter: Path) -> Iterator[tuple[str, Any]]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(adapter / "adapter_model.safetensors", framework="pt") as file:
            for key in file.keys():  # noqa: SIM118 - it is no dict
                yield key, file.get_tensor(key).float().numpy()
    except (OSError, SafetensorError) as error:
        raise _unfit(
            f"{adapter} cannot be read ({error})", f"无法读取 {adapter}（{error}）"
        ) from error


def _written(writer: Any) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _no_matrix(name: str) -> AdapterUnfit:
    return _unfit(f"the base has no matrix for {name}", f"基础模型中没有与 {name} 对应的矩阵")


def _unfit(en: str, zh: str) -> AdapterUnfit:
    return AdapterUnfit(
        {"en": f"The adapter cannot be converted: {en}.", "zh": f"无法转换适配器：{zh}。"},
        hint={
            "en": "Plain LoRA on the attention and feed-forward matrices of Qwen2 or Qwen3 can.",
            "zh": "可以转换的是 Qwen2 或 Qwen3 的注意力和前馈矩阵上的普通 LoRA。",
        },
    )


__all__ = ["ARCHITECTURES", "Converted", "convert", "deltas", "merge"]
