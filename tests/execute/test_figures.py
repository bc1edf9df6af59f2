"""Figures come back as PNG; what says that it is one and is none is no answer."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funcsmith.execute import Limits, Sandbox, decode

DRAWN = """
import matplotlib.pyplot as plt
from matplotlib.figure import Figure

def f():
    figure, axes = plt.subplots(figsize=(4, 3), dpi=50)
    axes.plot([1, 2, 3], [3, 1, 2], label="a")
    axes.set_title("Rain, $x^2$ and 中文")
    axes.legend()
    return EXPRESSION
"""


def drawn(sandbox: Sandbox, expression: str, **limits: int) -> Any:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    return sandbox.call(DRAWN.replace("EXPRESSION", expression), "f", {}, limits=Limits(**limits))


@pytest.mark.parametrize("expression", ["figure", "axes", "plt.gcf()"])
def test_a_figure_comes_back_as_png(expression: str, sandbox: Sandbox) -> None:
    """A figure, and axes for the one they stand in, is a PNG of its size."""
    result = drawn(sandbox, expression)

    assert result.status == "ok", result.error
    width, height, text = result.typed["$figure"]
    assert (width, height) == (200, 150)
    assert result.value == f"data:image/png;base64,{text}"
    assert drawn(sandbox, expression).value == result.value
    assert well_formed(decode.restored(result.typed))


def test_a_figure_needs_no_pyplot(sandbox: Sandbox) -> None:
    """A figure that was made by itself, inside another value, is drawn as well."""
    result = drawn(sandbox, "{'empty': Figure(figsize=(1, 1), dpi=80)}")

    assert result.typed["empty"]["$figure"][:2] == [80, 80]


def test_solid_axes_are_drawn(sandbox: Sandbox) -> None:
    """Three dimensions come with matplotlib."""
    result = drawn(sandbox, "plt.figure(figsize=(1, 1)).add_subplot(projection='3d')")

    assert result.typed["$figure"][:2] == [100, 100]


def test_a_figure_that_cannot_be_drawn_says_why(sandbox: Sandbox) -> None:
    """What goes wrong in drawing is the call's own error."""
    result = drawn(sandbox, "axes.set_xlabel(r'$\\frac$') and figure")

    assert (result.status, result.error.partition(":")[0]) == ("error", "ValueError")


def test_a_figure_too_large_is_cut_with_its_size(sandbox: Sandbox) -> None:
    """A PNG beyond the bound is left out, and its size is said."""
    result = drawn(sandbox, "figure", value_bytes=1000)

    assert (result.status, result.limit) == ("output", "value_bytes")
    assert result.error == "the value is larger than 1,000 bytes: Figure (200 by 150 pixels)"


def test_a_figure_beyond_the_memory_is_refused(sandbox: Sandbox) -> None:
    """A figure of 60,000 by 60,000 pixels is stopped by the memory it would need."""
    result = drawn(sandbox, "Figure(figsize=(600, 600), dpi=100)")

    assert (result.status, result.limit) == ("memory", "memory_bytes")


def test_drawing_leaves_nothing_behind(sandbox: Sandbox) -> None:
    """No file of matplotlib's is in the folder of a call, and none of its words in the environment."""
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    result = sandbox.call(
        "import os\nimport matplotlib.pyplot\n"
        "def f():\n    return os.listdir('.'), sorted(os.environ)\n",
        "f",
        {},
    )

    assert result.value[0] == []
    assert not [name for name in result.value[1] if "MPL" in name or name == "PATH"]


def test_nothing_is_loaded_that_no_source_imports() -> None:
    """A call finds matplotlib and numpy loaded only where its source, or one before, wants them."""
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    source = "def f():\n    return [n for n in ('numpy', 'matplotlib') if n in sys.modules]\n"
    with Sandbox() as fresh:
        before = fresh.call(f"import sys\n{source}", "f", {}).value
        wanted = fresh.call(f"import sys\nimport matplotlib.figure\n{source}", "f", {}).value

    assert (before, wanted) == ([], ["numpy", "matplotlib"])


FAKES = {
    "a module without classes": "sys.modules['matplotlib.figure'] = sys",
    "classes that lie": """
class Lying(type):
    def __subclasscheck__(cls, kind): return True
    def __instancecheck__(cls, value): return True
class Figure(metaclass=Lying):
    def savefig(self, drawing, format): drawing.write(PNG)
class Axes(metaclass=Lying):
    def get_figure(self): return self
for name in ("matplotlib", "matplotlib.figure", "matplotlib.axes"):
    sys.modules[name] = type(sys)(name)
sys.modules["matplotlib.figure"].Figure = Figure
sys.modules["matplotlib.axes"].Axes = Axes
""",
    "a subclass that draws what it likes": """
import matplotlib.figure
class Mine(matplotlib.figure.Figure):
    @property
    def canvas(self): raise KeyboardInterrupt
    @canvas.setter
    def canvas(self, value): pass
object = Mine
""",
}


@pytest.mark.parametrize("png", ["b''", "b'\\x89PNG' * 9", "b'x' * 10**6", "'text'", "None"])
@pytest.mark.parametrize("fake", FAKES)
def test_a_fake_matplotlib_spoils_only_its_own_answer(
    fake: str, png: str, sandbox: Sandbox
) -> None:
    """Whatever stands under matplotlib's name, the call has an ordinary result."""
    source = f"import sys\nPNG = {png}\n{FAKES[fake]}\ndef f(): return object()\n"

    result = sandbox.call(source, "f", {})

    assert result.status in ("ok", "error", "killed")
    assert result.typed is None or "$figure" not in result.typed


def test_a_png_is_known_by_its_ends() -> None:
    """A small PNG is taken; one of another size, cut, or with no text is not."""
    whole = png(3, 2)

    assert decode.restored(tag(3, 2, whole)) == whole
    assert decode.plain(tag(3, 2, whole))[1]
    for wrong in (
        tag(2, 3, whole),
        tag(3, 2, whole[:-1]),
        tag(3, 2, b"\xff\xd8" + whole[2:]),
        tag(3, 2, whole[:24] + whole[-12:]),
        tag(0, 2, png(0, 2)),
        tag(70_000, 2, png(70_000, 2)),
        {"$figure": [3, 2, "<script>"]},
        {"$figure": [True, 2, whole.hex()]},
        {"$figure": [3, -2, ""]},
        {"$figure": [3, 2]},
    ):
        for read in (decode.plain, decode.restored):
            with pytest.raises(decode.AnswerInvalid):
                read(wrong)


@given(st.integers(), st.integers(), st.binary(max_size=200) | st.text())
@settings(max_examples=200, deadline=None)
def test_no_figure_breaks_the_reader(width: int, height: int, content: Any) -> None:
    """Any numbers and any content are a PNG or no answer."""
    told = content if isinstance(content, str) else base64.b64encode(content).decode()

    with pytest.raises(decode.AnswerInvalid):
        decode.plain({"$figure": [width, height, told]})


def tag(width: int, height: int, data: bytes) -> dict[str, Any]:
    return {"$figure": [width, height, base64.b64encode(data).decode()]}


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (width + 1) * height)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def well_formed(data: bytes) -> bool:
    """Whether every chunk has the checksum that it says."""
    at = 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        (told,) = struct.unpack_from(">I", data, at + 8 + length)
        if zlib.crc32(data[at + 4 : at + 8 + length]) != told:
            return False
        at += 12 + length
    return at == len(data)
