"""Adapters on the command line: listed beside the models, chosen for a text, made by `finetune`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from funcsmith.cli.quick import parsed
from funcsmith.models import adapters, catalogue
from funcsmith.models.adapters import Adapter


def installed(tmp_path: Path, name: str, **told) -> None:
    model = catalogue.find("small")
    file = tmp_path / "made.gguf"
    file.write_bytes(b"GGUF")
    adapters.install(Adapter(name, file, model.name, model.sha256, "", **told), file)


def test_models_lists_adapters(command, tmp_path: Path) -> None:
    """An adapter has a line with its base, day, data and what it did when it was installed."""
    shares = {"raw": {"exact": {"right": 61, "count": 150}}}
    shares["adapter"] = {"exact": {"right": 83, "count": 150}}
    installed(
        tmp_path,
        "ours",
        made="2026-11-27T20:00:00+00:00",
        data={"folder": "prepared"},
        training={"tokens": 149_000},
        figures={"held_out": shares},
    )
    installed(tmp_path, "bare")

    code, out, _ = command("models")

    assert code == 0
    lines = [line for line in out.splitlines() if line.startswith(("bare", "ours"))]
    assert lines[0].split() == ["bare", "qwen2.5-coder-0.5b", "?", "?"]
    assert " ".join(lines[1].split()) == (
        "ours qwen2.5-coder-0.5b 2026-11-27 prepared, 149,000 tokens 61/150 → 83/150"
    )


def test_models_without_adapters_says_nothing_of_them(command) -> None:
    """Where no adapter was made there is no table of them."""
    _, out, _ = command("models")

    assert "adapter" not in out


def test_adapter_of_a_text(command, scripted) -> None:
    """`--adapter` goes to the pipeline, with a value of its own or behind `=`."""
    assert parsed(["x", "--adapter", "ours"]).adapter == "ours"
    assert parsed(["x", "--adapter=ours"]).adapter == "ours"
    assert parsed(["x"]).adapter is None


def test_finetune_help_imports_no_torch() -> None:
    """Its help is there where the packages for training are not."""
    program = (
        "import sys\n"
        "sys.modules['torch'] = sys.modules['transformers'] = sys.modules['peft'] = None\n"
        "from funcsmith.cli import main\n"
        "main(['finetune', '--help'])\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )

    assert said.returncode == 0
    assert "--allowed-points" in said.stdout


def test_finetune_without_its_packages(tmp_path: Path) -> None:
    """Without PyTorch the command says what to install."""
    program = (
        "import sys\n"
        "sys.modules['torch'] = None\n"
        "from funcsmith.cli import main\n"
        f"main(['finetune', {str(tmp_path)!r}])\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )

    assert said.returncode == 3
    assert "pip install 'funcsmith[train]'" in said.stderr


def test_finetune_refuses_what_it_cannot_take(command, tmp_path: Path) -> None:
    """A way that is none, a name that is none and a folder without data are usage errors."""
    pytest.importorskip("torch")
    data = str(tmp_path)

    assert command("finetune", data, "--way", "sideways")[0] == 2
    assert command("finetune", data, "--name", "../x")[0] == 2
    code, _, err = command("finetune", data)
    assert code == 2
    assert "train.jsonl cannot be read" in err
