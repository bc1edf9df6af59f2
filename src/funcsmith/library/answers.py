"""Answers to requests that may be sent again, in the index, so that every replica knows them.

Whoever comes first under a name has the claim and works; the others see that. While it works it
beats, so that a claim whose process was killed can be told from one that takes long. No clock of
another machine is trusted for that: who waits sees with its own whether the beat goes on.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from .database import Door

KEPT = 1_000
KEPT_SECONDS = 24 * 3600.0
LIMIT = 1_000_000
"""Characters of an answer that is kept; a longer one is computed again."""


@dataclass(frozen=True)
class Claim:
    """What is there under a name."""

    asked: str
    """The digest of the request that came under it first."""
    token: str
    """Who works on it, or did."""
    beat: int
    answer: str | None = None
    """None while it is being worked on."""


class Answers:
    """The answers of one library; safe for several threads and processes."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def of(self, name: str) -> Claim | None:
        """What is there under a name; None where nothing is, or it is too old."""
        rows = self._door.rows(
            "SELECT asked, token, beat, answer FROM answers WHERE name = :name AND at > :oldest",
            {"name": name, "oldest": time.time() - KEPT_SECONDS},
        )
        return Claim(*rows[0]) if rows else None

    def claim(self, name: str, asked: str, token: str) -> Claim:
        """Take a name where nobody has it; what is there then, by whomever."""
        with self._door.writing():
            found = self.of(name)
            if found is not None:
                return found
            self._let_go()
            self._door.execute(
                "INSERT INTO answers (name, asked, at, token, beat) "
                "VALUES (:name, :asked, :at, :token, 0)",
                {"name": name, "asked": asked, "at": time.time(), "token": token},
            )
        return Claim(asked, token, 0)

    def take_over(self, name: str, left: Claim, token: str) -> bool:
        """Take a claim whose beat has stopped; whether it was still there and is ours now."""
        with self._door.writing():
            if self.of(name) != left:
                return False
            self._door.execute(
                "UPDATE answers SET token = :token, beat = 0, at = :at WHERE name = :name",
                {"name": name, "token": token, "at": time.time()},
            )
        return True

    def beat(self, name: str, token: str) -> None:
        """Say that the work goes on."""
        self._door.execute(
            "UPDATE answers SET beat = beat + 1 WHERE name = :name AND token = :token",
            {"name": name, "token": token},
        )

    def keep(self, name: str, token: str, answer: str) -> None:
        """Give everybody the answer; one that is too long is let go, and the name with it."""
        if len(answer) > LIMIT:
            self.release(name, token)
            return
        self._door.execute(
            "UPDATE answers SET answer = :answer, at = :at WHERE name = :name AND token = :token",
            {"name": name, "token": token, "answer": answer, "at": time.time()},
        )

    def release(self, name: str, token: str) -> None:
        """Let a claim go: whoever asks next works."""
        self._door.execute(
            "DELETE FROM answers WHERE name = :name AND token = :token",
            {"name": name, "token": token},
        )

    def _let_go(self) -> None:
        """Make room for one more: without the old ones, and the oldest beyond so many."""
        self._door.execute(
            "DELETE FROM answers WHERE at <= :oldest", {"oldest": time.time() - KEPT_SECONDS}
        )
        # A limit has to stand before an offset, on SQLite.
        self._door.execute(
            "DELETE FROM answers WHERE name IN (SELECT name FROM answers "
            "WHERE answer IS NOT NULL ORDER BY at DESC LIMIT 1000000 OFFSET :kept)",
            {"kept": KEPT - 1},
        )
