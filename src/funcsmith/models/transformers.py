"""Any causal model of Transformers as an engine: a folder with `config.json`, or a GGUF file.

Made for models that were trained here: it says what it wants said under a grammar, with
probabilities, and keeps what it computed of a prompt's beginning. One request at a time; a large
model is answered faster by llama.cpp. PyTorch and Transformers are loaded with the first request.
"""

from __future__ import annotations

import codecs
import inspect
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ..errors import EngineFailed, ModelUnavailable
from .cancel import Cancel
from .engine import Capabilities, Completion, OneByOne, Prompt, Sampling, Token
from .gbnf import Gbnf
from .json_grammar import grammar_of

_MOST_LIKELY = 40
"""Of so many of the likeliest tokens one is drawn, as llama.cpp does."""
_CHATML = "<|im_start|>"
_NO_BYTE = 256
"""In the place of the first byte of a token that has none."""


class Transformers(OneByOne):
    """An `Engine` on a folder of Transformers or a GGUF file; `over` takes a model that is loaded."""

    def __init__(self, path: Path, *, model: str, threads: int | None = None) -> None:
        self._path: Path | None = path
        self._model = model
        self._threads = threads
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None
        self._cpu_seconds = 0.0

    @classmethod
    def over(cls, model: Any, tokenizer: Any, *, name: str, chatml: bool = False) -> Transformers:
        """An engine over what is loaded already, such as a model between two steps of training.

        `chatml`: conversations as llama.cpp writes them for a model whose template is ChatML.
        """
        engine = cls(Path(), model=name)
        engine._path = None
        engine._loaded = _Loaded(model, tokenizer, chatml=chatml)
        return engine

    @property
    def model(self) -> str:
        return self._model

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            grammar=True, json_schema=True, logprobs=True, prefill=True, prefix_cache=True
        )

    def complete(
        self,
        prompt: Prompt,
        sampling: Sampling,
        *,
        cancel: Cancel | None = None,
        on_text: Callable[[str], object] | None = None,
    ) -> Completion:
        if sampling.adapter is not None:
            raise EngineFailed(
                {
                    "en": "This engine switches no adapters.",
                    "zh": "此引擎不能切换适配器。",
                },
                hint={
                    "en": "Give the folder of the adapted model, or use a GGUF adapter.",
                    "zh": "请给出合并后的模型文件夹，或使用 GGUF 适配器。",
                },
            )
        with self._lock:
            started = time.process_time()
            try:
                return self._running().complete(prompt, sampling, cancel, on_text)
            finally:
                self._cpu_seconds += time.process_time() - started

    def prepare(self, prompts: Sequence[Prompt]) -> None:
        """Nothing beforehand: the beginning of a prompt is kept once it was computed."""

    def count(self, text: str) -> int:
        with self._lock:
            return len(self._running().ids(text))

    def cpu_seconds(self) -> float:
        return self._cpu_seconds

    def close(self) -> None:
        with self._lock:
            if self._path is not None:
                self._loaded = None

    def _running(self) -> _Loaded:
        if self._loaded is None:
            assert self._path is not None
            self._loaded = _load(self._path, self._threads)
        return self._loaded


def conversation_text(tokenizer: Any, prompt: Prompt, *, chatml: bool = False) -> str:
    """The prompt as the model reads it: its own template, ChatML, or the bare texts.

    Training renders its prompts through this, so that they are those of serving, byte for byte.
    `chatml` is how llama.cpp writes conversations for models whose template is that.
    """
    if chatml or (not tokenizer.chat_template and _CHATML in tokenizer.get_vocab()):
        turns = [f"{_CHATML}{m.role}\n{m.content}<|im_end|>\n" for m in prompt.messages]
        return "".join(turns) + f"{_CHATML}assistant\n{prompt.prefix}"
    if tokenizer.chat_template:
        said = [{"role": m.role, "content": m.content} for m in prompt.messages]
        text = tokenizer.apply_chat_template(said, add_generation_prompt=True, tokenize=False)
        return f"{text}{prompt.prefix}"
    return "\n\n".join([*(m.content for m in prompt.messages), prompt.prefix])


class _Loaded:
    """A model, its tokenizer, and the prompt that it computed last."""

    def __init__(self, model: Any, tokenizer: Any, *, chatml: bool = False) -> None:
        self._model, self._tokenizer, self._chatml = model, tokenizer, chatml
        self._vocabulary = _Vocabulary(tokenizer, model.config.get_text_config().vocab_size)
        self._context = int(getattr(model.config, "max_position_embeddings", 0) or 0)
        inner = model.get_base_model() if hasattr(model, "get_base_model") else model
        taken = inspect.signature(inner.forward).parameters
        # Transformers 5.20 or so renamed it.
        self._cache_name = "cache" if "cache" in taken else "past_key_values"
        self._seen: list[int] = []
        self._cache: Any = None

    def ids(self, text: str) -> list[int]:
        clean = text.encode("utf-8", "replace").decode("utf-8")
        found = self._tokenizer(clean, add_special_tokens=False, verbose=False)["input_ids"]
        return [int(one) for one in found]

    def complete(
        self,
        prompt: Prompt,
        sampling: Sampling,
        cancel: Cancel | None,
        on_text: Callable[[str], object] | None,
    ) -> Completion:
        import torch

        grammar = _grammar(sampling)
        asked = self.ids(conversation_text(self._tokenizer, prompt, chatml=self._chatml))
        if self._context and len(asked) >= self._context:
            raise EngineFailed(
                {
                    "en": f"The prompt has {len(asked):,} tokens; this model reads {self._context:,}.",
                    "zh": f"提示有 {len(asked):,} 个 token，此模型最多读取 {self._context:,} 个。",
                },
                hint={
                    "en": "Use a shorter text, or a model with a longer context.",
                    "zh": "请缩短文本，或使用上下文更长的模型。",
                },
            )
        random = torch.Generator().manual_seed(sampling.seed % 2**63)
        saying = _Saying(sampling, on_text)
        state = grammar.start if grammar is not None else None
        owed, again = self._owed(asked, prompt.prefix)
        finish: Any = "length"
        known: int | None = None
        room = self._context - len(asked) if self._context else sampling.max_tokens
        ids = asked[: len(asked) - again]
        said_tokens = 0
        with torch.inference_mode():
            while said_tokens < sampling.max_tokens and said_tokens < room:
                if cancel is not None and cancel.cancelled:
                    finish = "cancelled"
                    break
                logits, reused = self._logits(ids)
                known = reused if known is None else known
                chosen = self._chosen(logits, sampling, grammar, state, owed, random)
                if chosen in self._vocabulary.ends:
                    finish = "stop"
                    break
                said, owed = _paid(self._vocabulary.bytes[chosen], owed)
                if not said:
                    ids.append(chosen)
                    continue
                said_tokens += 1
                wanted = sampling.logprobs
                token = self._token(logits, chosen, said, wanted, saying) if wanted else None
                saying.add(said, token)
                ids.append(chosen)
                if grammar is not None and state is not None:
                    state = grammar.follow(state, said)
                    assert state is not None
                if saying.stopped or (grammar and state and grammar.is_over(state)):
                    finish = "stop"
                    break
        saying.close()
        return Completion(
            text=saying.text,
            tokens=tuple(saying.tokens) if sampling.logprobs else (),
            prompt_tokens=len(asked),
            cached_tokens=known or 0,
            generated_tokens=said_tokens,
            finish=finish,
        )

    def _logits(self, ids: list[int]) -> tuple[Any, int]:
        """The logits behind these tokens, shape (V,), and how many of them were computed before."""
        import torch

        same = 0
        for old, new in zip(self._seen, ids[:-1], strict=False):
            if old != new:
                break
            same += 1
        if same < len(self._seen):
            self._cache = _shortened(self._cache, len(self._seen) - same) if same else None
        if self._cache is None:
            same = 0
        device = self._model.device
        try:
            answer = self._model(
                input_ids=torch.tensor([ids[same:]], device=device),
                use_cache=True,
                logits_to_keep=1,
                **{self._cache_name: self._cache},
            )
        except RuntimeError as failure:
            self._seen, self._cache = [], None
            raise EngineFailed(
                {
                    "en": f"The model failed: {failure}",
                    "zh": f"模型出错：{failure}",
                }
            ) from failure
        self._cache = getattr(answer, self._cache_name)
        self._seen = list(ids)
        logits = answer.logits[0, -1].float().cpu()
        logits[self._vocabulary.silent] = -torch.inf
        # A table may have more rows than there are tokens.
        return logits[: len(self._vocabulary.bytes)], same

    def _chosen(
        self,
        logits: Any,
        sampling: Sampling,
        grammar: Gbnf | None,
        state: Any,
        owed: bytes,
        random: Any,
    ) -> int:
        allowed = self._allowed(logits, grammar, state, owed)
        if sampling.temperature <= 0:
            best = next(allowed, None)
            if best is None:
                raise _dead_end()
            return best
        some = [one for _, one in zip(range(_MOST_LIKELY), allowed, strict=False)]
        if not some:
            raise _dead_end()
        shares = logits[some].softmax(0)
        # The smallest number of tokens that together have top_p, at least one.
        kept = int((shares.cumsum(0) < sampling.top_p).sum()) + 1
        heated = (logits[some[:kept]] / sampling.temperature).softmax(0)
        return some[int(heated.multinomial(1, generator=random))]

    def _allowed(self, logits: Any, grammar: Gbnf | None, state: Any, owed: bytes) -> Iterator[int]:
        """The tokens that may follow, the likeliest first."""
        import torch

        vocabulary = self._vocabulary
        if owed:
            logits = logits.masked_fill(vocabulary.first != owed[0], -torch.inf)
        elif grammar is not None:
            first = torch.zeros(_NO_BYTE + 1, dtype=torch.bool)
            first[list(grammar.first_bytes(state))] = True
            first[_NO_BYTE] = grammar.ends(state)
            logits = logits.masked_fill(~first[vocabulary.first], -torch.inf)

        def may(one: int) -> bool:
            said = vocabulary.bytes[one]
            if owed:
                if not (said.startswith(owed) or owed.startswith(said)):
                    return False
                said = said[len(owed) :]
            elif one in vocabulary.ends:
                return grammar is None or grammar.ends(state)
            return grammar is None or grammar.follow(state, said) is not None

        # Mostly one of the first is taken, and sorting all takes longer than the rest.
        for start, count in ((0, 64), (64, len(logits))):
            best = logits.topk(min(count, len(logits)))
            pairs = zip(best.values[start:].tolist(), best.indices[start:].tolist(), strict=True)
            for value, one in pairs:
                if value == -torch.inf:
                    return
                if may(one):
                    yield one

    def _token(self, logits: Any, chosen: int, said: bytes, count: int, saying: _Saying) -> Token:
        """A token with its probability in the free distribution, whatever the grammar allowed."""
        shares = logits.log_softmax(0)
        top = shares.topk(min(count, len(shares)))
        pairs = zip(top.values.tolist(), top.indices.tolist(), strict=True)
        given = len(self._vocabulary.bytes[chosen]) - len(said)
        return Token(
            text=saying.shown(said),
            logprob=float(shares[chosen]),
            top=tuple(
                (saying.shown(self._vocabulary.bytes[one][given:]), value) for value, one in pairs
            ),
        )

    def _owed(self, asked: list[int], prefix: str) -> tuple[bytes, int]:
        """The last word of a given beginning, to be said again, and how many tokens it has.

        What was learned as one token (`="`) is unlikely behind its own first half. Tokens do not
        join across the pieces that a tokenizer cuts texts into, so one piece is enough; and behind
        the end of a line nothing joins.
        """
        if not prefix or prefix.endswith("\n"):
            return b"", 0
        cutter = getattr(self._tokenizer.backend_tokenizer, "pre_tokenizer", None)
        pieces = cutter.pre_tokenize_str(prefix) if cutter is not None else []
        start = pieces[-1][1][0] if pieces else 0
        owed = prefix[start:].encode("utf-8", "replace")
        said = b""
        for count, one in enumerate(reversed(asked[1:]), 1):
            said = self._vocabulary.bytes[one] + said
            if said == owed:
                return owed, count
            if not owed.endswith(said):
                break
        return b"", 0


class _Vocabulary:
    """The bytes of every token, and which of them end an answer."""

    def __init__(self, tokenizer: Any, size: int) -> None:
        import torch

        names = tokenizer.convert_ids_to_tokens(list(range(min(len(tokenizer), size))))
        special = set(tokenizer.all_special_ids) | {
            number
            for number, one in getattr(tokenizer, "added_tokens_decoder", {}).items()
            if one.special
        }
        bytewise = "Ġ" in tokenizer.get_vocab()
        letters = _letters() if bytewise else {}
        added = set(getattr(tokenizer, "added_tokens_decoder", {}))
        self.bytes: list[bytes] = [
            b""
            if name is None or number in special
            else name.encode()
            if number in added
            else _spelled(name, letters)
            for number, name in enumerate(names)
        ]
        named = ("<|im_end|>", "<|endoftext|>", "<|eot_id|>", "</s>")
        known = tokenizer.get_vocab()
        self.ends = {known[name] for name in named if name in known}
        if tokenizer.eos_token_id is not None:
            self.ends.add(int(tokenizer.eos_token_id))
        silent = [n for n, one in enumerate(self.bytes) if not one and n not in self.ends]
        self.silent = torch.tensor(silent, dtype=torch.int64)
        first = [_NO_BYTE if not one else one[0] for one in self.bytes]
        self.first = torch.tensor(first, dtype=torch.int64)


class _Saying:
    """What was said so far: whole letters, cut at the first stop string."""

    def __init__(self, sampling: Sampling, on_text: Callable[[str], object] | None) -> None:
        self._stop = tuple(one for one in sampling.stop if one)
        self._on_text = on_text
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._pending = b""
        self._told = 0
        self.text = ""
        self.tokens: list[Token] = []
        self.stopped = False

    def add(self, said: bytes, token: Token | None) -> None:
        if token is not None:
            self.tokens.append(token)
        piece = self._decoder.decode(said)
        self._pending = self._decoder.getstate()[0]
        # A stop string may begin in what was said before.
        start = max(0, len(self.text) - max(map(len, self._stop), default=0))
        self.text += piece
        places = [at for one in self._stop if (at := self.text.find(one, start)) >= 0]
        if places:
            self.text, self.stopped = self.text[: min(places)], True
            self._pending = b""
            self._cut()
        self._tell(whole=self.stopped)

    def shown(self, said: bytes) -> str:
        """The letters that a token completes; the rest of a letter belongs to the next one."""
        return (self._pending + said).decode("utf-8", "ignore")

    def close(self) -> None:
        self._tell(whole=True)

    def _tell(self, *, whole: bool) -> None:
        """Tell what cannot be the beginning of a stop string any more."""
        end = len(self.text)
        if not whole:
            end -= max(
                (
                    size
                    for stop in self._stop
                    for size in range(1, len(stop))
                    if self.text.endswith(stop[:size])
                ),
                default=0,
            )
        if self._on_text is not None and end > self._told:
            self._on_text(self.text[self._told : end])
            self._told = end

    def _cut(self) -> None:
        """Leave out the tokens that begin behind the end of the text."""
        at = 0
        for number, one in enumerate(self.tokens):
            if at >= len(self.text):
                del self.tokens[number:]
                return
            at += len(one.text)


def _load(path: Path, threads: int | None) -> _Loaded:
    try:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig
        from transformers.utils import logging
    except ImportError as error:
        raise ModelUnavailable(
            {
                "en": f"{path.name} needs PyTorch and Transformers, which are not installed.",
                "zh": f"{path.name} 需要 PyTorch 与 Transformers，尚未安装。",
            },
            hint={
                "en": "pip install 'funcsmith[train]'",
                "zh": "pip install 'funcsmith[train]'",
            },
        ) from error
    if threads:
        torch.set_num_threads(threads)
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    gguf = path.suffix.casefold() == ".gguf"
    place = str(path.parent if gguf else path)
    more: dict[str, Any] = {"gguf_file": path.name} if gguf else {}
    # Packed weights would be unpacked anew in every pass.
    unpacked = {"quantization_config": GgufConfig(dequantize=True)} if gguf else {}
    try:
        tokenizer = AutoTokenizer.from_pretrained(place, local_files_only=True, **more)
        model = AutoModelForCausalLM.from_pretrained(
            place, local_files_only=True, dtype=torch.float32, **more, **unpacked
        )
    except (
        OSError,
        ValueError,
        KeyError,
        RuntimeError,
        ImportError,
        json.JSONDecodeError,
    ) as error:
        raise EngineFailed(
            {
                "en": f"Transformers could not load {path}: {str(error)[:300]}",
                "zh": f"Transformers 无法载入 {path}：{str(error)[:300]}",
            },
            hint={
                "en": "A folder needs config.json, model.safetensors and tokenizer.json.",
                "zh": "文件夹里应有 config.json、model.safetensors 与 tokenizer.json。",
            },
        ) from error
    model.to("cuda" if torch.cuda.is_available() else "cpu").eval()
    # llama.cpp writes ChatML for such a file without the system message that its template adds.
    chatml = gguf and _CHATML in tokenizer.get_vocab()
    return _Loaded(model, tokenizer, chatml=chatml)


def _grammar(sampling: Sampling) -> Gbnf | None:
    if sampling.grammar is not None:
        return Gbnf(sampling.grammar)
    if sampling.json_schema is not None:
        return Gbnf(grammar_of(sampling.json_schema))
    return None


def _shortened(cache: Any, tokens: int) -> Any:
    """The cache without its last tokens; None where it cannot be shortened."""
    if not hasattr(cache, "crop"):
        return None
    cache.crop(-tokens)
    return cache


def _letters() -> dict[str, int]:
    """How GPT-2's byte-level tokens write each byte: the printable ones as they are."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    return {
        **{chr(byte): byte for byte in plain},
        **{chr(256 + place): byte for place, byte in enumerate(others)},
    }


def _spelled(name: str, letters: dict[str, int]) -> bytes:
    """The bytes of a token: of byte-level BPE, or of SentencePiece (no letters)."""
    if letters:
        return bytes(letters[one] for one in name if one in letters)
    if len(name) == 6 and name.startswith("<0x") and name.endswith(">"):
        return bytes((int(name[3:5], 16),))
    return name.replace("\u2581", " ").encode("utf-8", "ignore")


def _paid(said: bytes, owed: bytes) -> tuple[bytes, bytes]:
    """What a token says that is new, and what is owed then."""
    if said.startswith(owed):
        return said[len(owed) :], b""
    return b"", owed[len(said) :]


def _dead_end() -> EngineFailed:
    return EngineFailed(
        {
            "en": "No token of the model may follow under this grammar.",
            "zh": "在此语法下，模型没有可用的下一个 token。",
        }
    )


__all__ = ["Transformers", "conversation_text"]
