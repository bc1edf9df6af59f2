"""The official checker of BFCL as a program: a JSON line in, a ruling out.

Run by the interpreter of an environment that has `bfcl-eval` and nothing else of ours. The package
looks a model up in the list of all models that it knows, which would import every vendor's client;
here the list has one.
"""

import json
import sys
import types

_MODEL = "funcsmith"

registry = types.ModuleType("bfcl_eval.constants.model_config")
registry.MODEL_CONFIG_MAPPING = {  # type: ignore[attr-defined]
    _MODEL: types.SimpleNamespace(underscore_to_dot=False)
}
sys.modules[registry.__name__] = registry

from bfcl_eval.constants.enums import Language  # type: ignore[import-not-found]  # noqa: E402
from bfcl_eval.eval_checker.ast_eval.ast_checker import (  # type: ignore[import-not-found]  # noqa: E402
    ast_checker,
)

for line in sys.stdin:
    one = json.loads(line)
    try:
        ruling = ast_checker(
            one["functions"],
            one["calls"],
            one["expected"],
            Language.PYTHON,
            one["part"],
            _MODEL,
        )
        told = {"valid": bool(ruling["valid"]), "why": ruling.get("error_type")}
    except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
        # A value of a kind that the checker does not foresee is no right one.
        told = {"valid": False, "why": f"checker: {type(error).__name__}: {error}"}
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
