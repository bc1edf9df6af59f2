"""The engine's own process: llama.cpp's server on loopback, behind a random key.

Started by `llamacpp.py` with one JSON line on standard input; answers with one JSON line on
standard output, then serves until its parent goes away or, where it is kept warm, until nobody
has asked anything for a while. Imports nothing of ours.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from typing import Any

_LEASE_SECONDS = 60.0


def main() -> None:
    order = json.loads(sys.stdin.readline())
    # The answer line must not mix with what llama.cpp prints.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    parent_gone = threading.Event()
    if not order["keep_warm_seconds"]:
        _die_with_parent(order["parent"])
        threading.Thread(target=_watch_parent, args=(parent_gone,), daemon=True).start()
    try:
        server = _serve(order)
    except BaseException as failure:  # noqa: BLE001 - told to the parent, whatever it is
        answers.write(json.dumps({"error": str(failure) or type(failure).__name__}) + "\n")
        answers.flush()
        os._exit(1)
    answers.write(json.dumps({"url": server.listening_address, "pid": os.getpid()}) + "\n")
    answers.close()
    _wait(order, parent_gone)
    # Tearing the server down takes longer than letting the kernel do it, and nothing is unsaved.
    os._exit(0)


def _serve(order: dict[str, Any]) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = order["path"]
    params.n_ctx = order["context_tokens"]
    params.n_parallel = order["parallel"]
    params.kv_unified = True
    params.cpuparams.n_threads = order["threads"]
    params.cpuparams_batch.n_threads = order["threads"]
    params.api_keys = [order["key"]]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.endpoint_slots = True
    params.slot_save_path = order["states"]
    params.verbosity = 2
    params.warmup = False
    params.use_jinja = True
    # Each request says which it uses; by itself none is on.
    params.lora_adapters = [
        xllamacpp.CommonAdapterLoraInfo(path, 0.0) for path in order.get("adapters") or ()
    ]
    return xllamacpp.Server(params)


def _wait(order: dict[str, Any], parent_gone: threading.Event) -> None:
    keep = order["keep_warm_seconds"]
    if not keep:
        parent_gone.wait()
        return
    lease = order["lease"]
    # The parent writes the lease once it knows the address; on a busy machine that takes a while.
    until, leased = time.time() + _LEASE_SECONDS, False
    while True:
        time.sleep(min(1.0, keep / 4))
        try:
            idle = time.time() - os.stat(lease).st_mtime
        except OSError:
            if leased or time.time() > until:
                return
            continue
        leased = True
        if idle > keep:
            os.unlink(lease)  # noqa: PTH108 - this file imports as little as it can
            return


def _watch_parent(gone: threading.Event) -> None:
    sys.stdin.read()
    gone.set()


def _die_with_parent(parent: int) -> None:
    if sys.platform != "linux":
        return
    import ctypes

    # PR_SET_PDEATHSIG covers a parent that is killed while this process loads the model.
    ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


if __name__ == "__main__":
    main()
