"""The functions people keep: files first, an index beside them, safe for many threads.

Reading works even where nothing can be written (the index is then held in memory); writing raises
`HomeUnusable`. A file edited by hand is noticed the next time it matters.
"""

from __future__ import annotations

import contextlib
import threading
import time
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import FunctionInvalid, HomeUnusable
from ..settings import Settings
from .database import Door, Unwritable, open_memory
from .files import LOCK_SECONDS, Folder, found_or_close, is_recent, unusable
from .graph import uses, whole
from .home import database, door
from .saved import VERDICTS, Origin, Saved, code_of, docstring_of, hashed, language_of, now
from .sentences import normalised, same_values
from .signature import main_function, parsed, renamed
from .store import ARRANGEMENT, Run, Store, run_of

if TYPE_CHECKING:
    from ..execute.grants import Grants
    from .answers import Answers
    from .intake import Taken
    from .versions import Version

SMALL = 500
PAUSE_SECONDS = 0.0001
"""A library of more than SMALL files is looked through for edits once in so many seconds a file
(10,000: once a second), so that looking does not become most of the work."""
EDIT_SECONDS = 1.0
"""Whoever only reads, and finds an edit, waits no longer than this to make it a version."""


class Library:
    """The function library of one home."""

    def __init__(self, settings: Settings, door: Door) -> None:
        self.settings = settings
        self.folder = Folder(settings.home / "library")
        self._store = Store(door, self.folder.path)
        self._lock = threading.RLock()
        self._look_again = 0.0
        self._held = 0
        """How often the right to write the files is held; under the lock."""

    @classmethod
    def open(cls, settings: Settings) -> Library:
        """Open a home's library; one that does not exist yet begins empty."""
        return cls(settings, door(settings))

    def close(self) -> None:
        self._store.door.close()

    # Reading

    def get(self, name: str) -> Saved:
        """The function of that name or alias; FunctionNotFound names those that look like it."""
        with self._lock:
            self.refresh()
            plain = unicodedata.normalize("NFKC", name.strip())
            found = self._store.by_name(plain)
            if not found:
                found = [saved for saved in self._store.all() if plain in saved.aliases]
            if not found:
                raise found_or_close(plain, self._store.names())
        saved = next((s for s in found if not s.broken), found[0])
        if saved.problem:
            raise FunctionInvalid(saved.problem, hint=_MEND)
        return saved

    def list(self) -> list[Saved]:
        """Every function, the broken ones too (`broken` says why)."""
        with self._lock:
            self.refresh()
            return self._store.all()

    def find_text(self, text: str) -> tuple[Saved, dict[str, Any] | None] | None:
        """The function saved for the same text, with the arguments that were saved with it."""
        with self._lock:
            found = self._found_text(text)
            if found is None and self.refresh():
                found = self._found_text(text)
        return found

    def match_template(
        self, text: str
    ) -> tuple[Saved, dict[str, str], dict[str, tuple[int, int]]] | None:
        """The function whose saved text is this one with other values, and where those stand."""
        with self._lock:
            self.refresh()
            for file, spans in self._store.by_template(text):
                saved = self._store.by_file(file)
                if saved and not saved.broken and saved.accepts_some(set(spans)):
                    return saved, {name: text[a:b] for name, (a, b) in spans.items()}, spans
        return None

    def search(self, text: str, limit: int = 5) -> Sequence[tuple[Saved, float]]:
        """The functions nearest to a text, best first; 1 means every informative word is there."""
        with self._lock:
            self.refresh()
            return self._store.search(text, limit)

    def alike(self, text: str, key: str, limit: int) -> Sequence[Saved]:
        """The functions whose texts have the same concepts, then those nearest by words.

        `key` is `Meaning.key` of the text.
        """
        with self._lock:
            self.refresh()
            same = self._store.by_meaning(key) if key else []
            names = {saved.file for saved in same}
            near = [saved for saved, _ in self._store.search(text, limit) if not saved.broken]
            return [*same, *(saved for saved in near if saved.file not in names)]

    def whole(self, source: str, name: str) -> str:
        """A source that runs alone: with the saved functions that it calls, and what those call."""
        return whole(source, name, self._found)

    def alone(self, saved: Saved) -> Saved:
        """The function with a source that runs alone; itself where it calls no saved one."""
        source = self.whole(saved.source, saved.name)
        return saved if source is saved.source else replace(saved, source=source)

    def uses(self, saved: Saved) -> Sequence[Saved]:
        """The saved functions that this one calls."""
        return uses(saved.source, self._found)

    def dependents(self, name: str) -> Sequence[Saved]:
        """Every function that calls this one, or one that does, the nearest first."""
        found: dict[str, Saved] = {}
        asked = [name]
        with self._lock:
            for one in asked:
                for saved in self._store.using(one):
                    if saved.name != name and saved.name not in found:
                        found[saved.name] = saved
                        asked.append(saved.name)
        return [*found.values()]

    def _found(self, name: str) -> Saved | None:
        with self._lock:
            return next((s for s in self._store.by_name(name) if not s.broken), None)

    def behaving(self, key: str) -> Sequence[Saved]:
        """The functions whose fingerprint (`behaviour.py`) is this one."""
        with self._lock:
            return self._store.behaving(key)

    def shared_behaviours(self) -> Sequence[Sequence[Saved]]:
        """The functions that share a fingerprint, those of each together."""
        with self._lock:
            return self._store.shared_behaviours()

    def behaviour(self, code: str) -> str | None:
        """What is kept of the behaviour of a code, by its hash."""
        with self._lock:
            return self._store.get(f"behaviour {code}")

    def keep_behaviour(self, code: str, made: str) -> None:
        """Keep what is known of a code's behaviour; where nothing can be kept, it is made again."""
        with self._lock, contextlib.suppress(Unwritable):
            self._store.set(f"behaviour {code}", made)

    def mark_behaviour(self, saved: Saved, key: str) -> None:
        """Let a function be found by its fingerprint."""
        if key:
            with self._lock, contextlib.suppress(Unwritable):
                self._store.mark_behaviour(saved.file, key)

    def grants(self, saved: Saved) -> Grants | None:
        """What a function is granted; None where that is nothing.

        Nothing is granted either where the source was changed since, or where the grant came from
        another home. GrantInvalid where what was granted is no longer there.
        """
        if not saved.granted:
            return None
        from ..execute.grants import Grants
        from .seal import holds

        return Grants.kept(saved.granted) if holds(self.settings.home, saved) else None

    def trusts(self, saved: Saved) -> bool:
        """Whether its owner lets this function, as it is now, run outside the fence."""
        from .seal import trusts

        return trusts(self.settings.home, saved)

    def runs(self, limit: int = 20) -> Sequence[Run]:
        """The latest runs, newest first."""
        return self._store.runs(limit)

    def history(self, name: str) -> Sequence[Version]:
        """Every version of a function, the oldest first; also of one that was removed."""
        from .history import versions

        return versions(self._file_of(name), self.folder)

    def diff(self, name: str, a: str | int | None = None, b: str | int | None = None) -> str:
        """What changed from version `a` to `b`: by default from the one before to what is there."""
        from .history import difference

        return difference(self.history(name), name, a, b)

    def stats(self) -> dict[str, int]:
        """Counts: functions, broken, texts, runs, model_calls_avoided."""
        with self._lock:
            self.refresh()
            return self._store.stats()

    def export(self, names: Sequence[str], path: Path, format: str = "module") -> Path:
        """Write functions in one of the forms of `export.FORMATS`."""
        from ..export import exported

        chosen = [self.get(name) for name in names] if names else self.list()
        whole = [self.alone(saved) for saved in chosen if not saved.broken]
        return exported(whole, Path(path), format)

    # Writing

    def add(
        self,
        source: str,
        *,
        name: str | None = None,
        text: str | None = None,
        language: str | None = None,
        verdict: str = "unverified",
        evidence: Sequence[Mapping[str, Any]] = (),
        probability: float | None = None,
        model: str | None = None,
        origin: str = "generated",
        template: str | None = None,
        sample: Mapping[str, Any] | None = None,
        aliases: Sequence[str] = (),
        package: Mapping[str, str] | None = None,
        replace: bool = False,
    ) -> Saved:
        """Save a function with the text it answers.

        The same code again gains the text; other code under a name that is taken becomes `name_2`.
        `sample` holds the arguments of the text: its values, or a made-up sample.
        """
        assert verdict in VERDICTS, verdict
        source = _tidied(source)
        module = parsed(source)
        node = main_function(module, name)
        name = node.name
        wanted = Saved(
            name=name,
            file=self.folder.file_for(name),
            source=source,
            origin=origin,
            language=language or language_of(text or docstring_of(module, name) or name),
            verdict=verdict,
            probability=probability,
            model=model,
            evidence=tuple(dict(fact) for fact in evidence),
            aliases=tuple(aliases),
            package=dict(package or {}),
            sha256=hashed(source),
            code=code_of(module, name),
        )
        texts = () if text is None else (_origin(text, sample, template),)
        with self._writing():
            if self._store.get("arrangement") != ARRANGEMENT:
                # Else the first look makes the index anew, and sees no change in what is there.
                self.refresh(now=True)
            saved, previous = self._placed(wanted, docstring_of(module, name), replace)
            self.whole(saved.source, saved.name)  # refuses a circle
            known = previous is not None and previous.sha256 == saved.sha256
            saved = _dated(_with_texts(saved, texts), previous if known else None)
            if not known or saved.record() != (previous and previous.record()):
                saved = self.folder.write(saved, previous=previous, record_only=known)
            indexed = self._indexed(saved.file)
            if previous is not None and previous.code != indexed.code:
                self._unsettle([indexed.name])
            return indexed

    def add_path(self, path: Path | str) -> Sequence[Saved]:
        """Save every public function of a file, a folder, a module or an installed package.

        Nothing is executed. A function brings what it needs; one that cannot is left out.
        """
        from .intake import looked_through
        from .places import place

        found = place(path)
        taken, _ = looked_through(found)
        return [self.add_taken(one, found.package) for one in taken]

    def add_taken(self, one: Taken, package: Mapping[str, str]) -> Saved:
        """Save a function that was looked at, with the package that it comes from."""
        from .aliases import named_also

        origin = {**package, "module": one.module} if package else {}
        source = renamed(one.source, one.defined, one.name)
        saved = self.add(source, name=one.name, origin="given", package=origin)
        new = [alias for alias in one.aliases if alias not in saved.aliases]
        free = [alias for alias in new if not self._is_taken(alias)]
        if not free:
            return saved
        return self._changed(saved.name, lambda there: named_also(there, free, ()))

    def _is_taken(self, name: str) -> bool:
        with self._lock:
            self.refresh()
            return any(name in (one.name, *one.aliases) for one in self._store.all())

    def add_text(
        self,
        name: str,
        text: str,
        *,
        sample: Mapping[str, Any] | None = None,
        template: str | None = None,
    ) -> Saved:
        """Save that a function answers one more text."""
        return self._changed(
            name, lambda saved: _with_texts(saved, (_origin(text, sample, template),))
        )

    def set_verdict(
        self,
        name: str,
        verdict: str,
        *,
        evidence: Sequence[Mapping[str, Any]] = (),
        probability: float | None = None,
        verified: Mapping[str, Any] | None = None,
    ) -> Saved:
        """Save what verifying a function again has shown, for its code as it is now.

        `verified` says when and in what environment that was; None leaves what was said before.
        """
        assert verdict in VERDICTS, verdict
        facts = tuple(dict(fact) for fact in evidence)

        def change(saved: Saved) -> Saved:
            ran = saved.verified if verified is None else dict(verified)
            return replace(
                saved, verdict=verdict, evidence=facts, probability=probability, verified=ran
            )

        return self._changed(name, change)

    def rewrite(self, name: str, source: str) -> Saved:
        """Put a source that its owner wrote in a function's place, as a version of its own.

        Its texts and names stay; its verdict, its evidence and its grants were those of the other
        source. FunctionInvalid where the source does not define the function.
        """
        source = _tidied(source)
        with self._writing():
            there = self._current(name)
            module = parsed(source, file=f"{there.file}.py")
            main_function(module, there.name, file=f"{there.file}.py")
            if hashed(source) == there.sha256:
                return there
            self.whole(source, there.name)  # refuses a circle
            saved = Saved(
                name=there.name,
                file=there.file,
                source=source,
                language=there.language,
                origins=there.origins,
                aliases=there.aliases,
                created=there.created,
                updated=now(),
                sha256=hashed(source),
                code=code_of(module, there.name),
            )
            self.folder.write(saved, previous=there, record_only=False, cause="edited")
            indexed = self._indexed(there.file)
            if there.code != indexed.code:
                self._unsettle([indexed.name])
            return indexed

    def rollback(self, name: str, version: str | int | None = None) -> Saved:
        """Put a function back to a version: the one before, where none is named.

        That is a new version, with the evidence and the texts of the one it returns to. Grants have
        to be given again. A function that was removed comes back.
        """
        from .history import chosen, versions

        with self._writing():
            file = self._file_of(name)
            wanted = chosen(versions(file, self.folder), name, version)
            there = self.folder.read(file) if self.folder.exists(file) else None
            saved = self.folder.restored(file, wanted, there)
            indexed = self._indexed(saved.file)
            self._unsettle([indexed.name])
            return indexed

    def grant(self, name: str, grants: Grants) -> Saved:
        """Let a function do what `grants` says, and nothing else; empty takes all of it back.

        It holds for the source as it is now: when that changes, it has to be granted again.
        """
        from .seal import sealed

        return self._changed(
            name,
            lambda saved: replace(
                saved, granted=sealed(self.settings.home, saved, grants.record())
            ),
        )

    def trust(self, name: str, *, on: bool = True) -> Saved:
        """Let a function run outside the fence where it is imported; or no longer.

        It holds for the source as it is now, in this home, as a grant does.
        """
        from .seal import trusting

        return self._changed(
            name,
            lambda saved: replace(saved, trust=trusting(self.settings.home, saved) if on else ""),
        )

    def alias(self, name: str, aliases: Sequence[str]) -> Saved:
        """Give a function more names, by which it is found, searched and imported.

        One with parameters in it («{n} 的阶乘») is a text that it answers.
        """
        from .aliases import named_also

        return self._changed(name, lambda saved: named_also(saved, aliases, self._store.all()))

    def remove(self, name: str) -> Path:
        """Take a function out of the library; its files move to `library/.removed/`."""
        with self._writing():
            self.refresh(now=True)
            found = self._store.by_name(name)
            if not found:
                raise found_or_close(name, self._store.names())
            moved = self.folder.remove(found[0].file)
            self._put([], [found[0].file])
            return moved

    def remember_run(self, outcome_json: str, text: str) -> None:
        """Keep a run; with FUNCSMITH_RUNS_KEPT=0 nothing is kept."""
        if self.settings.runs_kept <= 0:
            return
        if not self._store.door.kept:
            raise unusable(self.settings.home, PermissionError("it cannot be written"))
        kept, most = self.settings.runs_kept, self.settings.runs_bytes
        try:
            self._store.remember_run(run_of(outcome_json, text), kept, most)
        except Unwritable as error:
            raise unusable(self.settings.home, error) from error

    @property
    def answers(self) -> Answers:
        """Answers to requests that may be sent again."""
        from .answers import Answers

        return Answers(self._store.door)

    # The index

    def refresh(self, *, now: bool = False) -> bool:
        """Read again what changed in the files since it was indexed; whether anything did."""
        with self._lock:
            if not now and time.monotonic() < self._look_again:
                return False
            return self._looked()

    def rebuild(self) -> int:
        """Make the whole index again from the files; how many functions it holds.

        Until it is whole, other processes find the one before.
        """
        with self._lock:
            there = self.folder.stamps()
            functions = [(self._read(file), _settled(stamp)) for file, stamp in there.items()]
            try:
                self._store.renew(functions)
            except Unwritable as error:
                raise unusable(self.settings.home, error) from error
            return len(there)

    def _looked(self) -> bool:
        if self._store.get("arrangement") != ARRANGEMENT:
            with contextlib.suppress(Unwritable):
                self._store.clear()
        there, known = self.folder.stamps(), self._store.stamps()
        if len(there) > SMALL:
            self._look_again = time.monotonic() + len(there) * PAUSE_SECONDS
        changed = [file for file, stamp in there.items() if known.get(file) != stamp]
        gone = [file for file in known if file not in there]
        if not changed and not gone:
            return False
        before = {file: self._store.by_file(file) for file in (*changed, *gone) if file in known}
        self._put([(self._read(file), _settled(there[file])) for file in changed], gone)
        edited = [
            old.name
            for file, old in before.items()
            if old is not None and (file in gone or (self._read(file).code != old.code))
        ]
        edited = [name for name in edited if self.dependents(name)]
        if edited and self._store.door.kept:
            with contextlib.suppress(HomeUnusable), self._writing():
                self._unsettle(edited)
        return True

    def _read(self, file: str) -> Saved:
        """A function from its files; a name that another file already has is a problem."""
        saved = self.folder.read(file)
        if saved.edited and not saved.broken:
            self._keep_edit(saved)
        own = self.folder.file_for(saved.name) if not saved.broken else file
        if own != file and self.folder.exists(own):
            problem = {
                "en": f"{file}.py defines {saved.name}, which {own}.py already does.",
                "zh": f"{file}.py 定义的 {saved.name} 已在 {own}.py 中定义。",
            }
            return replace(saved, name=file, problem=problem)
        return saved

    def _put(self, functions: Sequence[tuple[Saved, str]], gone: Sequence[str]) -> None:
        """Into the index; where it cannot be written, into one in memory."""
        try:
            self._store.put(functions, gone)
        except Unwritable:
            self._store = Store(open_memory(database(self.settings)), self.folder.path)
            self._store.put(functions, gone)

    def _found_text(self, text: str) -> tuple[Saved, dict[str, Any] | None] | None:
        for attempt in range(3):
            found = self._store.by_text(text)
            if found is None:
                return None
            saved, stamp, arguments = found
            current = self.folder.stamp(saved.file)
            if current == stamp:
                usable = arguments is None or saved.accepts(set(arguments))
                return (saved, arguments) if usable else None
            if current is None:
                self._put([], [saved.file])
            else:
                saved = self._read(saved.file)
                self._put([(saved, _settled(current, again=True))], [])
                if attempt == 2:  # many index at once, each what it has just read: the file says it
                    return _answered(saved, text)
        return None

    def _indexed(self, file: str) -> Saved:
        """Index what was just written; nobody else writes here now, so its stamp holds."""
        stamp = self.folder.stamp(file) or "-"
        saved = self._read(file)
        self._put([(saved, stamp)], [])
        return saved

    def _placed(self, wanted: Saved, docstring: str, replacing: bool) -> tuple[Saved, Saved | None]:
        """Where a function goes: over the same code, into a free name, or over what is replaced."""
        base, number = wanted.name, 1
        while True:
            name = base if number == 1 else f"{base}_{number}"
            file = self.folder.file_for(name)
            if not self.folder.exists(file):
                source = renamed(wanted.source, base, name)
                return replace(
                    wanted, name=name, file=file, source=source, sha256=hashed(source)
                ), None
            there = self.folder.read(file)
            same = not there.broken and there.name == name and there.code == wanted.code
            if same and (wanted.origin != "given" or _same_docstring(there, docstring, base)):
                return _better(there, wanted), there
            if replacing and number == 1:
                return replace(wanted, file=file), there
            number += 1

    def _keep_edit(self, saved: Saved) -> None:
        """What was written by hand becomes a version, before the next edit writes over it."""
        with contextlib.suppress(HomeUnusable), self._writing(wait_seconds=EDIT_SECONDS):
            before = self._store.by_file(saved.file)
            if before and before.sha256 != saved.sha256 and not (before.broken or before.edited):
                self.folder.keep_version(before)  # it may come from an editor, so be no version yet
            self.folder.keep_version(saved)

    def _file_of(self, name: str) -> str:
        """The name of a function's files, also of one that was removed or is broken."""
        plain = unicodedata.normalize("NFKC", name.strip())
        with self._lock:
            self.refresh()
            found = self._store.by_name(plain)
            if not found:
                found = [saved for saved in self._store.all() if plain in saved.aliases]
            if found:
                return found[0].file
            with contextlib.suppress(FunctionInvalid):
                file = self.folder.file_for(plain)
                if self.folder.versions.all(file):
                    return file
            raise found_or_close(plain, self._store.names())

    def _current(self, name: str) -> Saved:
        """The function as it is now; where the index is up to date only its files are looked at."""
        found = self._store.by_name(unicodedata.normalize("NFKC", name.strip()))
        if len(found) == 1 and not found[0].broken:
            saved = self._read(found[0].file)
            if saved.name == found[0].name and not saved.broken:
                return saved
        self.refresh(now=True)
        return self.get(name)

    def _unsettle(self, names: Sequence[str]) -> None:
        """What is known of the functions that call a changed one holds no longer.

        Their evidence stays, with the verdict that it gave, until it is run again.
        """
        for name in names:
            for saved in self.dependents(name):
                if saved.verdict == "unverified":
                    continue
                fact = {"kind": "changed", "call": name, "was": saved.verdict}
                unsettled = replace(saved, verdict="unverified", evidence=(*saved.evidence, fact))
                self.folder.write(_dated(unsettled, saved), record_only=True)
                self._indexed(saved.file)

    def _changed(self, name: str, change: Any) -> Saved:
        with self._writing():
            previous = self._current(name)
            saved = _dated(change(previous), previous)
            self.folder.write(saved, record_only=True)
            return self._indexed(saved.file)

    @contextlib.contextmanager
    def _writing(self, *, wait_seconds: float = LOCK_SECONDS) -> Iterator[None]:
        with self._lock, contextlib.ExitStack() as held:
            if self._held == 0:
                held.enter_context(self.folder.writing(wait_seconds))
            self._held += 1
            try:
                yield
            finally:
                self._held -= 1


_MEND = {
    "en": "Mend the file by hand; nothing else is affected.",
    "zh": "请手工修正这个文件；其他函数不受影响。",
}


def _answered(saved: Saved, text: str) -> tuple[Saved, dict[str, Any] | None] | None:
    """The function with the arguments of a text, where it was saved for that text."""
    for origin in () if saved.broken else reversed(saved.origins):
        same = normalised(origin.text) == normalised(text)
        if same and same_values(origin.text, text, origin.arguments):
            usable = origin.arguments is None or saved.accepts(set(origin.arguments))
            return (saved, origin.arguments) if usable else None
    return None


def _settled(stamp: str, *, again: bool = False) -> str:
    """A stamp that can be relied on, or one that makes the file be read again next time."""
    return stamp if again or not is_recent(stamp) else f"{stamp} ?"


def _tidied(source: str) -> str:
    return source.removeprefix("\ufeff").replace("\r\n", "\n").rstrip() + "\n"


def _origin(text: str, sample: Mapping[str, Any] | None, template: str | None) -> Origin:
    return Origin(text, dict(sample) if sample is not None else None, template, now())


def _with_texts(saved: Saved, texts: Sequence[Origin]) -> Saved:
    """With more texts; one that is the same as an older takes its place."""
    new = {normalised(origin.text) for origin in texts}
    kept = [origin for origin in saved.origins if normalised(origin.text) not in new]
    return replace(saved, origins=(*kept, *texts))


def _better(there: Saved, wanted: Saved) -> Saved:
    """The saved function, with the new verdict where that says more."""
    aliases = tuple(dict.fromkeys((*there.aliases, *wanted.aliases)))
    if VERDICTS.index(wanted.verdict) <= VERDICTS.index(there.verdict):
        return replace(there, aliases=aliases)
    return replace(
        there,
        verdict=wanted.verdict,
        evidence=wanted.evidence,
        probability=wanted.probability,
        aliases=aliases,
    )


def _dated(saved: Saved, previous: Saved | None) -> Saved:
    if previous is not None and saved.record() == previous.record():
        return saved
    moment = now()
    return replace(saved, created=saved.created or moment, updated=moment, edited=False)


def _same_docstring(there: Saved, docstring: str, base: str) -> bool:
    found = docstring_of(parsed(there.source), there.name)
    return found in (docstring, docstring.replace(f"{base}(", f"{there.name}("))
