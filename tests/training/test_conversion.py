"""PEFT's adapter as a GGUF LoRA: the same numbers, for the same matrices, or a refusal."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")
pytest.importorskip("gguf")

import gguf
import numpy
import torch
from peft import LoraConfig, get_peft_model

from funcsmith.errors import AdapterUnfit
from funcsmith.training.conversion import convert, deltas, merge

_spec = importlib.util.spec_from_file_location(
    "tiny_base", Path(__file__).with_name("tiny_base.py")
)
tiny = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tiny)

ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.write(tmp_path_factory.mktemp("base") / "tiny.gguf", tiny.make())


def adapter_in(folder: Path, *, seed: int = 1, **told):
    """An adapter whose matrices are all random, saved as PEFT saves it; its model."""
    settings = {"r": 4, "lora_alpha": 8, "target_modules": ALL, **told}
    model = get_peft_model(tiny.make(), LoraConfig(task_type="CAUSAL_LM", **settings))
    torch.manual_seed(seed)
    with torch.no_grad():
        for one in model.parameters():
            if one.requires_grad:
                one.normal_(0, 0.1)
    model.save_pretrained(str(folder))
    return model


@pytest.mark.parametrize("told", [{}, {"use_rslora": True}, {"target_modules": ["q_proj"]}])
def test_converted_adapter_adds_what_peft_merges(base: Path, tmp_path: Path, told) -> None:
    """For every matrix, what the GGUF LoRA adds is what PEFT's own merging adds."""
    model = adapter_in(tmp_path / "adapter", **told)

    done = convert(tmp_path / "adapter", base, tmp_path / "a.gguf")

    before = tiny.make().state_dict()
    after = model.merge_and_unload().state_dict()
    changed = {
        tiny.gguf_name(name): (after[name] - before[name]).numpy()
        for name in before
        if not torch.equal(after[name], before[name])
    }
    found = deltas(done.path)
    assert found.keys() == changed.keys()
    assert (done.matrices, done.rank) == (len(found), 4)
    for name, change in changed.items():
        numpy.testing.assert_allclose(found[name], change, rtol=0, atol=2e-6)


def test_file_is_what_llama_cpp_reads(base: Path, tmp_path: Path) -> None:
    """Its type, kind, architecture, alpha and the tensors' names and shapes."""
    adapter_in(tmp_path / "adapter")
    convert(tmp_path / "adapter", base, tmp_path / "a.gguf")

    reader = gguf.GGUFReader(tmp_path / "a.gguf")
    told = {name: field.contents() for name, field in reader.fields.items()}
    shapes = {one.name: tuple(int(n) for n in one.data.shape) for one in reader.tensors}
    assert told["general.type"] == "adapter"
    assert told["adapter.type"] == "lora"
    assert told["general.architecture"] == "qwen2"
    assert told["adapter.lora.alpha"] == 8.0
    assert len(shapes) == 2 * 2 * len(ALL)
    assert shapes["blk.1.ffn_down.weight.lora_a"] == (4, 128)
    assert shapes["blk.1.ffn_down.weight.lora_b"] == (64, 4)


def test_merged_file_has_the_change_in_it(base: Path, tmp_path: Path) -> None:
    """Changed matrices are those of the base plus the change, in 16 bits; the rest is untouched."""
    adapter_in(tmp_path / "adapter", target_modules=["v_proj"])
    convert(tmp_path / "adapter", base, tmp_path / "a.gguf")

    assert merge(tmp_path / "a.gguf", base, tmp_path / "merged.gguf") == 2

    old = {one.name: one for one in gguf.GGUFReader(base).tensors}
    reader = gguf.GGUFReader(tmp_path / "merged.gguf")
    changes = deltas(tmp_path / "a.gguf")
    for one in reader.tensors:
        if one.name in changes:
            wanted = old[one.name].data + changes[one.name]
            numpy.testing.assert_allclose(one.data.astype("float32"), wanted, atol=1e-3)
        else:
            assert one.data.tobytes() == old[one.name].data.tobytes()
    kept = {name: f.contents() for name, f in gguf.GGUFReader(base).fields.items()}
    for name in ("tokenizer.ggml.tokens", "tokenizer.chat_template", "qwen2.block_count"):
        assert reader.fields[name].contents() == kept[name]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"use_dora": True}, "DoRA"),
        ({"bias": "all"}, "biases"),
        ({"modules_to_save": ["lm_head"]}, "whole modules"),
        ({"peft_type": "IA3"}, "IA3"),
        ({"alpha_pattern": {"q_proj": 4}}, "alpha differs"),
    ],
)
def test_what_llama_cpp_cannot_apply_is_refused(
    base: Path, tmp_path: Path, change: dict, why: str
) -> None:
    """An adapter that a GGUF LoRA cannot say is refused, and no file is left."""
    adapter_in(tmp_path / "adapter")
    path = tmp_path / "adapter" / "adapter_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))

    with pytest.raises(AdapterUnfit, match=why):
        convert(tmp_path / "adapter", base, tmp_path / "a.gguf")
    assert [one.name for one in tmp_path.iterdir()] == ["adapter"]


def test_another_base_is_refused(base: Path, tmp_path: Path) -> None:
    """A base with other shapes, of another architecture, or that is no model has no such adapter."""
    adapter_in(tmp_path / "adapter")
    other = gguf.GGUFWriter(tmp_path / "llama.gguf", "llama")
    other.add_tensor("blk.0.attn_q.weight", numpy.zeros((64, 64), "float32"))
    small = gguf.GGUFWriter(tmp_path / "small.gguf", "qwen2")
    for block in range(2):
        for name in tiny._NAMES.values():
            small.add_tensor(f"blk.{block}.{name}.weight", numpy.zeros((32, 32), "float32"))
    for writer in (other, small):
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
    (tmp_path / "no.gguf").write_bytes(b"GGUF")

    for name, why in (("llama", "architecture llama"), ("small", "shape"), ("no", "no GGUF")):
        with pytest.raises(AdapterUnfit, match=why):
            convert(tmp_path / "adapter", tmp_path / f"{name}.gguf", tmp_path / "a.gguf")
    assert not (tmp_path / "a.gguf").exists()
