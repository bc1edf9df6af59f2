"""Whose turn it is at the model."""

from __future__ import annotations

import threading
import time

import pytest

from funcsmith.errors import Cancelled, ServerBusy
from funcsmith.models.cancel import Cancel
from funcsmith.server.lane import Lane


def test_turns_come_in_the_order_of_asking() -> None:
    """One at a time, and whoever asked first is first."""
    lane, order = Lane(at_once=1, waiting=10), []

    def take(number: int) -> None:
        with lane.turn():
            order.append(number)

    with lane.turn():
        threads = []
        for number in range(5):
            threads.append(threading.Thread(target=take, args=(number,)))
            threads[-1].start()
            while lane.waiting <= number:
                time.sleep(0.001)
        assert order == []
    for thread in threads:
        thread.join(5)

    assert (order, lane.waiting, lane.under_way) == ([0, 1, 2, 3, 4], 0, 0)


def test_too_many_are_refused_at_once() -> None:
    """Beyond those that may wait nobody waits."""
    lane = Lane(at_once=1, waiting=0)

    with lane.turn():
        with pytest.raises(ServerBusy) as refused, lane.turn():
            pass
        assert refused.value.retry_after_seconds >= 1
    with lane.turn():
        assert lane.under_way == 1


def test_who_gives_up_leaves_the_queue() -> None:
    """A cancelled request no longer waits, and those behind it move up."""
    lane, cancel = Lane(at_once=1, waiting=5), Cancel()
    ended: list[bool] = []

    def wait() -> None:
        try:
            with lane.turn(cancel):
                pass
        except Cancelled:
            ended.append(True)

    with lane.turn():
        thread = threading.Thread(target=wait)
        thread.start()
        while lane.waiting == 0:
            time.sleep(0.001)
        cancel.cancel()
        thread.join(5)
        assert (ended, lane.waiting) == ([True], 0)


def test_failure_within_a_turn_ends_it() -> None:
    """A turn that ends with an error is free again."""
    lane = Lane(at_once=1, waiting=0)

    with pytest.raises(ValueError, match="x"), lane.turn():
        raise ValueError("x")

    assert lane.under_way == 0
