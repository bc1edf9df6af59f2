"""How much of what the machine can do a training uses: FLOP/s against its measured peak."""

from __future__ import annotations

import time

import torch

_SIDE = 1024
_ROUNDS = 6


def peak_flops(device: torch.device | str = "cpu", dtype: torch.dtype = torch.float32) -> float:
    """FLOP/s of the best of several matrix products, with the threads that torch has now."""
    left = torch.randn(_SIDE, _SIDE, device=device, dtype=dtype)
    right = torch.randn(_SIDE, _SIDE, device=device, dtype=dtype)
    best = float("inf")
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        product = left @ right
        # Reading one number waits for a device that computes on its own.
        product[0, 0].item()
        best = min(best, time.perf_counter() - started)
    return 2.0 * _SIDE**3 / best


def flops_a_token(model: torch.nn.Module) -> float:
    """FLOP of one token, forwards and backwards: 6·N, or 4·N + 2·(trained) where some are frozen.

    N leaves out the table of positions, which is only looked up; attention's own products are not
    counted, as usual.
    """
    whole = trained = 0
    for name, one in model.named_parameters():
        if name.rpartition(".weight")[0].endswith("wpe"):
            continue
        whole += one.numel()
        trained += one.numel() if one.requires_grad else 0
    return 4.0 * whole + 2.0 * trained


__all__ = ["flops_a_token", "peak_flops"]
