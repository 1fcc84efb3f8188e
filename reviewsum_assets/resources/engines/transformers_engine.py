"""A language model in this process, through transformers: greedy, batched, with LoRA adapters (PEFT).

What makes it faster than `model.generate` on the platform's prompts, all of it exact up to rounding:
the beginning that prompts share is read once (`shared_prefix`), prompts of like length share a batch so that little
is padded, and a sequence that has ended leaves its batch.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from reviewsum_assets.contracts.protocols import ChatCompletion, ChatMessage, ChatRequest, EngineInfo
from reviewsum_assets.resources.engines import shared_prefix
from reviewsum_assets.resources.engines.smollm2 import ModelUnavailable

if TYPE_CHECKING:
    import torch
    from transformers import Cache, PreTrainedModel, PreTrainedTokenizerBase

logger = logging.getLogger(__name__)

MIN_SHARED_TOKENS = 16
"""Shorter common beginnings are not worth a pass of their own."""

PREFIXES_KEPT = 8
"""Prompt beginnings kept between calls; one of 400 tokens takes 18 MB with the bundled model in float32."""

PROGRESS_EVERY = 10
"""Batches between two lines of progress in the log."""


PUNCTUATION = ",.;'\n"
"""What an answer that is held to given words may use beside them."""


@dataclass
class _Sequence:
    """One request on its way through a batch."""

    position: int
    request: ChatRequest
    opening: str
    """What the assistant's message begins with, if the prompt begins it."""
    tokens: list[int]
    shared: int = 0
    """Leading tokens that the batch's prefix holds."""
    generated: list[int] = field(default_factory=list)
    text: str | None = None


class TransformersEngine:
    """ChatEngine over a model folder. Loads at the first call; calls from several threads take turns.

    A request whose last message is the assistant's is continued, and the completion's text begins with that message.
    `json_schema` is not enforced; `allowed_words` are, token by token, so that an answer can still join the pieces
    of two words.

    Args:
        model_dir: folder with weights, tokenizer and chat template.
        base_model_name: name of the model in records.
        dtype: number format: `float32`, `bfloat16` or `float16`.
        batch_size: prompts a batch.
        languages: languages it may be asked to write.
        adapter: LoRA folder (PEFT) used where a request names none.
        threads: CPU threads; 0 leaves torch's own choice.
        prepare: makes `model_dir` if it is missing; called before loading.
    """

    def __init__(
        self,
        model_dir: Path,
        base_model_name: str,
        dtype: str = "float32",
        batch_size: int = 32,
        languages: frozenset[str] = frozenset(),
        adapter: str | None = None,
        threads: int = 0,
        prepare: Callable[[], object] | None = None,
    ) -> None:
        self._model_dir = model_dir
        self._base_model_name = base_model_name
        self._dtype = dtype
        self._batch_size = batch_size
        self._languages = languages
        self._adapter = adapter or None
        self._threads = threads
        self._prepare = prepare
        self._lock = threading.Lock()
        self._model: PreTrainedModel | None = None
        self._tokenizer: PreTrainedTokenizerBase | None = None
        self._adapters: dict[str, str] = {}
        self._prefixes: OrderedDict[tuple[str | None, tuple[int, ...]], Cache] = OrderedDict()

    @property
    def info(self) -> EngineInfo:
        return EngineInfo(
            engine="transformers",
            base_model=self._base_model_name,
            languages=self._languages,
            whole_plan=False,
            adapter=self._adapter,
            adapter_version=adapter_version(Path(self._adapter)) if self._adapter else None,
            settings={"decoding": "greedy", "dtype": self._dtype},
        )

    def complete(self, requests: Sequence[ChatRequest]) -> list[ChatCompletion]:
        """One completion a request, in order.

        Raises:
            ModelUnavailable: if the model cannot be loaded. A missing adapter fails only the requests that name it.
        """
        if not requests:
            return []
        with self._lock:
            self._load()
            answers: dict[int, ChatCompletion] = {}
            groups: dict[str | None, list[int]] = {}
            for position, request in enumerate(requests):
                groups.setdefault(request.adapter or self._adapter, []).append(position)
            done = 0
            for adapter in sorted(groups, key=lambda name: name or ""):
                try:
                    self._use_adapter(adapter)
                except (OSError, ValueError, KeyError) as error:
                    reason = f"adapter {adapter!r} cannot be loaded: {error}"
                    answers.update((position, ChatCompletion("", error=reason)) for position in groups[adapter])
                    continue
                sequences = [self._sequence(position, requests[position]) for position in groups[adapter]]
                for number, batch in enumerate(self._batches(sequences), start=1):
                    self._generate(batch, adapter)
                    answers.update((sequence.position, _completion(sequence)) for sequence in batch)
                    done += len(batch)
                    if number % PROGRESS_EVERY == 0:
                        logger.info("Answered %d of %d prompts", done, len(requests))
            return [answers[position] for position in range(len(requests))]

    def close(self) -> None:
        """Free the model's memory; the next call loads it again."""
        with self._lock:
            self._model = None
            self._tokenizer = None
            self._adapters = {}
            self._prefixes.clear()

    def forget_prefixes(self) -> None:
        """Drop the prompt beginnings kept between calls."""
        with self._lock:
            self._prefixes.clear()

    # Loading

    def _load(self) -> None:
        if self._model is not None:
            return
        if self._prepare is not None:
            self._prepare()
        if not (self._model_dir / "config.json").is_file():
            raise ModelUnavailable(
                f"no language model in {self._model_dir}: set REVIEWSUM_LLM_MODEL to a folder with config.json, "
                "weights and tokenizer, or leave it out to use the bundled model"
            )
        import torch
        from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

        if self._threads:
            torch.set_num_threads(self._threads)
        shared_prefix.register()
        config = AutoConfig.from_pretrained(self._model_dir, local_files_only=True)
        tokenizer = AutoTokenizer.from_pretrained(self._model_dir, local_files_only=True)
        if not getattr(tokenizer, "chat_template", None):
            raise ModelUnavailable(f"the model in {self._model_dir} has no chat template: use an instruction-tuned one")
        model = AutoModelForCausalLM.from_pretrained(
            self._model_dir,
            local_files_only=True,
            dtype=getattr(torch, self._dtype),
            attn_implementation=shared_prefix.ATTENTION if shared_prefix.supported(config) else "sdpa",
        )
        self._tokenizer = tokenizer
        self._model = model.eval().to("cuda" if torch.cuda.is_available() else "cpu")

    def _use_adapter(self, adapter: str | None) -> None:
        """Switch to an adapter folder, loading it beside those already there; None switches to the base model."""
        from transformers.integrations.peft import PeftAdapterMixin

        model = self._model
        assert isinstance(model, PeftAdapterMixin)
        if adapter is None:
            if self._adapters:
                model.disable_adapters()
            return
        if adapter not in self._adapters:
            if not (Path(adapter) / "adapter_config.json").is_file():
                raise OSError(f"no adapter_config.json in {adapter}")
            name = f"adapter_{len(self._adapters)}"
            model.load_adapter(adapter, adapter_name=name)
            self._adapters[adapter] = name
        model.enable_adapters()
        model.set_adapter(self._adapters[adapter])

    # Prompts

    def _sequence(self, position: int, request: ChatRequest) -> _Sequence:
        messages = request.messages
        opening = messages[-1].content if messages and messages[-1].role == "assistant" else ""
        tokens = self._encode(messages[:-1] if opening else messages, answer=True)
        if opening:
            tokens += self._ids(opening)
        return _Sequence(position, request, opening, tokens)

    def _encode(self, messages: Sequence[ChatMessage], answer: bool) -> list[int]:
        assert self._tokenizer is not None
        text = self._tokenizer.apply_chat_template(
            [{"role": message.role, "content": message.content} for message in messages],
            tokenize=False,
            add_generation_prompt=answer,
        )
        return self._ids(str(text))

    def _ids(self, text: str) -> list[int]:
        assert self._tokenizer is not None
        ids: list[int] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return ids

    def _batches(self, sequences: list[_Sequence]) -> Iterator[list[_Sequence]]:
        """Batches of one prompt beginning each, longest prompts first; their make-up depends on the prompts alone."""
        beginnings: dict[tuple[ChatMessage, ...], list[_Sequence]] = {}
        for sequence in sequences:
            messages = sequence.request.messages
            beginnings.setdefault(messages[: -2 if sequence.opening else -1], []).append(sequence)
        for messages, members in beginnings.items():
            shared = self._shared_tokens(messages, members)
            for sequence in members:
                sequence.shared = shared
            members.sort(key=lambda sequence: (-len(sequence.tokens), sequence.tokens))
            for start in range(0, len(members), self._batch_size):
                yield members[start : start + self._batch_size]

    def _shared_tokens(self, messages: tuple[ChatMessage, ...], members: list[_Sequence]) -> int:
        """Leading tokens that these prompts share because their first messages do; 0 where it is not worth it."""
        assert self._model is not None
        if not messages or self._model.config._attn_implementation != shared_prefix.ATTENTION:
            return 0
        head = self._encode(messages, answer=False)
        for sequence in members:
            limit = min(len(head), len(sequence.tokens) - 1)
            agree = next((i for i in range(limit) if head[i] != sequence.tokens[i]), limit)
            head = head[:agree]
        return len(head) if len(head) >= MIN_SHARED_TOKENS else 0

    def _prefix(self, tokens: tuple[int, ...], adapter: str | None) -> Cache:
        """Keys and values of a prompt beginning, from the last calls or computed now."""
        import torch
        from transformers import DynamicCache

        assert self._model is not None
        key = (adapter, tokens)
        if key in self._prefixes:
            self._prefixes.move_to_end(key)
            return self._prefixes[key]
        cache = DynamicCache(config=self._model.config)
        ids = torch.tensor([tokens], device=self._model.device)
        self._model(input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=1)
        self._prefixes[key] = cache
        if len(self._prefixes) > PREFIXES_KEPT:
            self._prefixes.popitem(last=False)
        return cache

    # Generation

    def _generate(self, batch: list[_Sequence], adapter: str | None) -> None:
        """Extend every sequence of the batch greedily until its end, a stop string or its token limit."""
        import torch
        from transformers import DynamicCache

        assert self._model is not None
        model, device = self._model, self._model.device
        ends = self._end_tokens()
        with torch.inference_mode():
            shared = batch[0].shared
            prefix = self._prefix(tuple(batch[0].tokens[:shared]), adapter) if shared else None
            extra = {"prefix": prefix} if prefix is not None else {}
            rows = [sequence.tokens[shared:] for sequence in batch]
            width = max(len(row) for row in rows)
            # Left padding, so that every row's newest token is in the last column.
            ids = torch.tensor([[0] * (width - len(row)) + row for row in rows], device=device)
            mask = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in rows], device=device)
            positions = shared + (mask.cumsum(-1) - 1).clamp(min=0)
            cache = DynamicCache(config=model.config)
            live = list(batch)
            forbidden = self._forbidden(live)
            while True:
                logits = model(
                    input_ids=ids,
                    attention_mask=mask,
                    position_ids=positions,
                    past_key_values=cache,
                    use_cache=True,
                    logits_to_keep=1,
                    **extra,
                ).logits
                scores = logits[:, -1]
                if forbidden is not None:
                    scores = scores.masked_fill(forbidden, float("-inf"))
                chosen = scores.argmax(-1)
                kept = self._advance(live, chosen.tolist(), ends)
                if not kept:
                    return
                if len(kept) < len(live):
                    index = torch.tensor(kept, device=device)
                    cache.batch_select_indices(index)
                    chosen, mask, positions = chosen[index], mask[index], positions[index]
                    forbidden = None if forbidden is None else forbidden[index]
                    live = [live[row] for row in kept]
                ids = chosen[:, None]
                mask = torch.cat([mask, mask.new_ones(len(live), 1)], dim=-1)
                positions = positions[:, -1:] + 1

    def _advance(self, live: list[_Sequence], chosen: list[int], ends: set[int]) -> list[int]:
        """Append the chosen tokens; the rows that go on."""
        assert self._tokenizer is not None
        going_on = []
        for row, (sequence, token) in enumerate(zip(live, chosen, strict=True)):
            sequence.generated.append(token)
            ended = token in ends
            body = sequence.generated[:-1] if ended else sequence.generated
            over = ended or len(sequence.generated) >= sequence.request.max_tokens
            if over or sequence.request.stop:
                text = str(self._tokenizer.decode(body, skip_special_tokens=True))
                cuts = [at for stop in sequence.request.stop if (at := text.find(stop)) >= 0]
                if over or cuts:
                    sequence.text = text[: min(cuts)] if cuts else text
                    continue
            going_on.append(row)
        return going_on

    def _forbidden(self, batch: list[_Sequence]) -> torch.Tensor | None:
        """Tokens that each answer may not use, (batch, vocabulary), true where forbidden; None if all are free."""
        import torch

        assert self._model is not None
        if not any(sequence.request.allowed_words for sequence in batch):
            return None
        size = self._model.get_input_embeddings().weight.shape[0]
        forbidden = torch.zeros(len(batch), size, dtype=torch.bool)
        for row, sequence in enumerate(batch):
            if words := sequence.request.allowed_words:
                forbidden[row] = True
                forbidden[row, sorted(self._tokens_of(words) | self._end_tokens())] = False
        return forbidden.to(self._model.device)

    def _tokens_of(self, words: Sequence[str]) -> set[int]:
        """Tokens that spell the words after a space, and punctuation."""
        texts = [f" {word}" for word in words] + list(PUNCTUATION)
        return {token for text in texts for token in self._ids(text)}

    def _end_tokens(self) -> set[int]:
        assert self._model is not None and self._tokenizer is not None
        config = self._model.generation_config
        declared = getattr(config, "eos_token_id", None)
        ends = {declared} if isinstance(declared, int) else set(declared or ())
        return ends | {self._tokenizer.eos_token_id} - {None}


def _completion(sequence: _Sequence) -> ChatCompletion:
    return ChatCompletion(
        text=sequence.opening + (sequence.text or ""),
        prompt_tokens=len(sequence.tokens),
        completion_tokens=len(sequence.generated),
    )


def adapter_version(folder: Path) -> str | None:
    """First 16 hex digits of the SHA-256 over an adapter's weights and configuration; None if there are none."""
    files = sorted(file for file in folder.glob("adapter_*") if file.suffix in {".json", ".safetensors", ".bin"})
    if not files:
        return None
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]
