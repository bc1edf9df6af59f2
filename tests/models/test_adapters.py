"""Adapters of this machine: installed whole, found by name, only beside their own base."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from funcsmith.errors import AdapterNotFound, AdapterUnfit, ModelFileInvalid, SettingInvalid
from funcsmith.models import adapters, catalogue
from funcsmith.models.adapters import Adapter, Beside
from funcsmith.models.engine import Message, Prompt, Sampling
from funcsmith.settings import settings
from funcsmith.starting import start

SMALL, LARGER = catalogue.find("small"), catalogue.find("default")
_MODELS = settings().models


def made(tmp_path: Path, name: str = "ours", *, model=SMALL, content: bytes = b"GGUF one"):
    file = tmp_path / "made.gguf"
    file.write_bytes(content)
    told = Adapter(name, file, model.name, model.sha256, "", made="2026-11-27", data={"rows": 3})
    return adapters.install(told, file)


def test_installed_adapter_is_found(tmp_path: Path) -> None:
    """What was installed is there under its name, with its facts and a file of its own."""
    kept = made(tmp_path)

    assert adapters.find("ours") == kept
    assert adapters.installed() == [kept]
    assert kept.path == settings().models / "adapters" / "ours" / "adapter.gguf"
    assert kept.path.read_bytes() == b"GGUF one"
    assert (kept.base, kept.data, kept.made) == (SMALL.name, {"rows": 3}, "2026-11-27")


def test_new_adapter_takes_the_place_of_the_old(tmp_path: Path) -> None:
    """One name, one adapter: the new one's file and facts, and nothing left of the old one."""
    made(tmp_path, content=b"GGUF old")
    kept = made(tmp_path, content=b"GGUF new")

    assert kept.path.read_bytes() == b"GGUF new"
    assert os.listdir(settings().models / "adapters") == ["ours"]


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "a" * 65, "名字", "a b"])
def test_names_stay_in_their_folder(tmp_path: Path, name: str) -> None:
    """A name that could leave the folder, or be none, is refused, and finds nothing."""
    with pytest.raises(SettingInvalid, match="cannot be called"):
        made(tmp_path, name)
    with pytest.raises(AdapterNotFound):
        adapters.find(name)


def test_half_an_adapter_is_none(tmp_path: Path) -> None:
    """Without its facts, with facts that are no JSON, or without a GGUF file it is not there."""
    for name in ("no_facts", "torn", "no_file", "other_file"):
        made(tmp_path, name)
    folder = settings().models / "adapters"
    (folder / "no_facts" / "adapter.json").unlink()
    (folder / "torn" / "adapter.json").write_text('{"base": ')
    (folder / "no_file" / "adapter.gguf").unlink()
    (folder / "other_file" / "adapter.gguf").write_bytes(b"PK")
    whole = made(tmp_path, "whole")

    assert adapters.installed() == [whole]
    with pytest.raises(AdapterNotFound, match="no adapter 'torn'") as missing:
        adapters.find("torn")
    assert "whole (qwen2.5-coder-0.5b)" in missing.value.hint()


def test_altered_file_is_refused(tmp_path: Path) -> None:
    """Bytes that are not those that were installed are not put beside any base."""
    kept = made(tmp_path)
    kept.path.write_bytes(b"GGUF two")

    with pytest.raises(ModelFileInvalid, match="not the adapter that was installed"):
        adapters.find("ours")


def test_another_base_is_refused(tmp_path: Path) -> None:
    """An adapter of the 0.5B does not go with the 1.5B; both are named."""
    made(tmp_path)

    with pytest.raises(AdapterUnfit, match=r"made for qwen2\.5-coder-0\.5b .* not for .*1\.5b"):
        adapters.beside("ours", LARGER, tmp_path / "nowhere.gguf")


def test_engine_has_all_that_fit(tmp_path: Path) -> None:
    """The one that is wanted comes first, then the others of its base; those of other bases not."""
    one, two = made(tmp_path, "one"), made(tmp_path, "two", content=b"GGUF two")
    made(tmp_path, "other", model=LARGER)

    beside = adapters.beside("two", SMALL, tmp_path / "nowhere.gguf")

    assert beside.default == "two"
    assert beside.paths == [str(two.path), str(one.path)]
    assert beside.digest != Beside([one, two]).digest


def test_request_names_every_adapter(tmp_path: Path) -> None:
    """Those that are off are named too: llama.cpp keeps the state of what is not named."""
    first = made(tmp_path, "first")
    beside = Beside([first, replace(first, name="second", sha256="2")])

    def on(name):
        return [(one["id"], one["scale"]) for one in beside.request(name)]

    assert on(None) == on("first") == [(0, 1.0), (1, 0.0)]
    assert on("second") == [(0, 0.0), (1, 1.0)]
    assert on("") == [(0, 0.0), (1, 0.0)]
    assert (beside.sha256(""), beside.sha256("second")) == ("", "2")
    assert (Beside().request(None), Beside().digest, bool(Beside())) == ([], "", False)
    with pytest.raises(AdapterNotFound, match="no adapter 'third'"):
        beside.request("third")


def test_server_and_folder_take_no_adapter(tmp_path: Path) -> None:
    """Adapters go with a GGUF file: a remote server or a folder of Transformers is refused."""
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").touch()
    for name in ("remote", str(tmp_path)):
        with pytest.raises(SettingInvalid, match="Adapters go with a GGUF model"):
            start(name, settings(), None, adapter="ours")


@pytest.mark.model
@pytest.mark.slow
def test_adapters_are_switched_by_request(tmp_path: Path) -> None:
    """On the real 0.5B an adapter changes what is said, the base alone is not changed by it, and
    neither leaves anything to the next request; a prepared prompt is that of its adapter.
    """
    gguf = pytest.importorskip("gguf")
    import numpy

    draw = numpy.random.default_rng(1)
    file = tmp_path / "made.gguf"
    writer = gguf.GGUFWriter(file, "qwen2")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", 8.0)
    for block in range(24):
        for name, width, height in (("attn_q", 896, 896), ("ffn_up", 896, 4864)):
            for side, shape in (("a", (2, width)), ("b", (height, 2))):
                numbers = draw.normal(0, 0.05, shape).astype("float32")
                writer.add_tensor(f"blk.{block}.{name}.weight.lora_{side}", numbers)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    own = replace(settings(), models=tmp_path / "models")
    own.models.mkdir()
    (own.models / SMALL.file).symlink_to(_MODELS / SMALL.file)
    (own.models / f"{SMALL.file}.verified").symlink_to(_MODELS / f"{SMALL.file}.verified")
    adapters.install(Adapter("loud", file, SMALL.name, SMALL.sha256, ""), file, own)
    asked = Prompt((Message("user", "Name the colours of a rainbow."),))

    def said(engine, adapter):
        # Two tokens: later ones may be near ties, which a prompt that was kept can turn.
        return engine.complete(asked, Sampling(max_tokens=2, adapter=adapter)).text

    plain = start("small", own, None)
    alone = said(plain, None)
    plain.close()
    engine = start("small", own, None, adapter="loud")
    try:
        changed = said(engine, None)
        order = [said(engine, one) for one in ("", "loud", "", "", None)]
        engine.prepare([asked])
        prepared = said(engine, None)
        name, able = engine.model, engine.capabilities.adapters
    finally:
        engine.close()
    again = start("small", own, None, adapter="loud")
    try:
        again.prepare([asked])
        restored = [said(again, one) for one in (None, "", None)]
    finally:
        again.close()

    assert changed != alone
    assert order == [alone, changed, alone, alone, changed]
    assert prepared == changed
    assert restored == [changed, alone, changed]
    assert (name, able) == ("qwen2.5-coder-0.5b+loud", True)
    facts = json.loads((own.models / "adapters" / "loud" / "adapter.json").read_text())
    assert facts["base_sha256"] == SMALL.sha256
