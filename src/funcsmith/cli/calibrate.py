"""funcsmith calibrate: make the probabilities of functions mean what they say."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def calibrate(
    results: Annotated[
        list[Path], typer.Argument(metavar="RESULT…", help="Result files of `evaluate`.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Instead of calibration.json in FUNCSMITH_HOME."),
    ] = None,
) -> int:
    """Fit how probable it is that a written function is right, to problems with known answers.

    \b
    funcsmith evaluate mbpp_train --limit 120
    funcsmith calibrate benchmarks/results/mbpp_train-….json
    """
    from ..evaluate.fitting import fit, write
    from ..generate.calibration import FILE
    from ..settings import settings

    made = fit(results)
    path = out or settings().home / FILE
    write(made, path)
    for name, found in (
        ("before", made["without_fit"]),
        ("fitted, on rows not seen", made["unseen"]),
    ):
        print(f"{name}: expected error {found['error']:.3f}, Brier {found['brier']:.3f}")
    print(f"{made['right']} of {made['rows']} right; written to {path}")
    return 0
