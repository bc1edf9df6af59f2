"""Answers to requests that are sent again, shared by everybody who has the database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from funcsmith.errors import EngineFailed
from funcsmith.library import Library, answers
from funcsmith.library.answers import Answers, Claim
from funcsmith.models.scripted import Scripted
from funcsmith.server import idempotency
from funcsmith.server.idempotency import KeyReused, once_for_all
from funcsmith.server.keys import OWNER
from funcsmith.server.service import Service
from funcsmith.settings import Settings


@pytest.fixture
def replicas(home: Settings) -> Iterator[tuple[Service, Service]]:
    """Two servers of one home, each with a connection of its own."""
    one, other = Service(home, engine=Scripted()), Service(home, engine=Scripted())
    yield one, other
    one.close()
    other.close()


async def _once(service: Service, asked: str, work: Callable[[], Awaitable[str]]) -> str:
    return await once_for_all(service, service.library(OWNER).answers, "name", asked, work)


def test_answer_outlives_the_connection(home: Settings) -> None:
    """It is there for whoever opens the library next, under its name alone."""
    with closing(Library.open(home)) as library:
        assert library.answers.claim("a", "asked", "me") == Claim("asked", "me", 0)
        library.answers.keep("a", "me", '{"value": "好"}')

    with closing(Library.open(home)) as library:
        assert library.answers.of("a") == Claim("asked", "me", 0, '{"value": "好"}')
        assert library.answers.of("b") is None


def test_one_of_many_has_the_claim(home: Settings) -> None:
    """Of eight connections that want a name at once, one has it, and all see who."""
    libraries = [Library.open(home) for _ in range(8)]

    with ThreadPoolExecutor(8) as threads:
        found = list(
            threads.map(
                lambda i: libraries[i].answers.claim("a", f"asked {i}", f"token {i}"), range(8)
            )
        )

    assert len(set(found)) == 1
    assert found[0].token.removeprefix("token ") == found[0].asked.removeprefix("asked ")
    for library in libraries:
        library.close()


def test_only_its_owner_answers_a_claim(library: Library) -> None:
    """Who lost a claim to another neither answers under its name nor lets it go."""
    left = library.answers.claim("a", "asked", "me")
    assert library.answers.take_over("a", left, "other")
    assert not library.answers.take_over("a", left, "third")

    library.answers.keep("a", "me", "mine")
    library.answers.release("a", "me")
    assert library.answers.of("a") == Claim("asked", "other", 0)
    library.answers.keep("a", "other", "theirs")
    assert library.answers.of("a") == Claim("asked", "other", 0, "theirs")


def test_answers_are_bounded_in_number_and_age(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest go, whatever is too long or too old is not there, what is worked on stays."""
    monkeypatch.setattr(answers, "KEPT", 3)
    monkeypatch.setattr(answers, "LIMIT", 10)
    there = library.answers
    there.claim("under way", "asked", "me")
    for name in "abcde":
        there.claim(name, "asked", "me")
        there.keep(name, "me", name)
    assert [name for name in "abcde" if there.of(name)] == ["c", "d", "e"]
    assert there.of("under way") == Claim("asked", "me", 0)
    there.claim("long", "asked", "me")
    there.keep("long", "me", "x" * 11)
    assert there.of("long") is None

    monkeypatch.setattr(answers, "KEPT_SECONDS", 0.0)
    assert there.of("e") is None
    assert there.claim("e", "another", "other") == Claim("another", "other", 0)


def test_replicas_give_one_answer(replicas: tuple[Service, Service]) -> None:
    """Asked at once, one works and the other waits for it; afterwards nobody works."""
    worked: list[str] = []

    def work(name: str) -> Callable[[], Awaitable[str]]:
        async def answer() -> str:
            worked.append(name)
            await asyncio.sleep(0.5)
            return f"by {name}"

        return answer

    async def ask() -> list[str]:
        one, other = replicas
        both = await asyncio.gather(
            _once(one, "asked", work("one")), _once(other, "asked", work("other"))
        )
        return [*both, await _once(other, "asked", work("later"))]

    given = asyncio.run(ask())

    assert len(worked) == 1
    assert given == [f"by {worked[0]}"] * 3


def test_name_of_another_request_is_refused(replicas: tuple[Service, Service]) -> None:
    """On the other replica too, while the first is still worked on."""
    one, other = replicas

    async def slowly() -> str:
        with pytest.raises(KeyReused, match="used for another request"):
            await _once(other, "something else", slowly)
        return "answer"

    assert asyncio.run(_once(one, "asked", slowly)) == "answer"


def test_failed_work_is_done_again(replicas: tuple[Service, Service]) -> None:
    """An error is no answer: the next who asks works."""

    async def fails() -> str:
        raise EngineFailed("It broke.")

    async def works() -> str:
        return "answer"

    async def ask() -> str:
        with pytest.raises(EngineFailed):
            await _once(replicas[0], "asked", fails)
        return await _once(replicas[1], "asked", works)

    assert asyncio.run(ask()) == "answer"


def test_claim_of_a_replica_that_died_is_taken_over(
    replicas: tuple[Service, Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A claim that beats is waited for; one that does not is another's after a while."""
    monkeypatch.setattr(idempotency, "LEFT_SECONDS", 1.0)
    monkeypatch.setattr(idempotency, "BEAT_SECONDS", 0.1)
    left: Answers = replicas[0].library(OWNER).answers
    left.claim("name", "asked", "of one that died")

    async def works() -> str:
        await asyncio.sleep(3)
        return "first"

    async def never() -> str:
        raise AssertionError

    async def ask() -> list[str]:
        first = asyncio.ensure_future(_once(replicas[0], "asked", works))
        await asyncio.sleep(2)
        return [await _once(replicas[1], "asked", never), await first]

    assert asyncio.run(ask()) == ["first", "first"]
