"""A language model in this process, through transformers: greedy, batched, with LoRA adapters (PEFT)."""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from reviewsum_assets.contracts.protocols import ChatCompletion, ChatMessage, ChatRequest, EngineInfo
from reviewsum_assets.resources.engines import shared_prefix
from reviewsum_assets.resources.engines.greedy import GreedyDecoder, Prompt
from reviewsum_assets.resources.engines.smollm2 import ModelUnavailable

logger = logging.getLogger(__name__)


class TransformersEngine:
    """ChatEngine over a model folder. Loads at the first call; calls from several threads take turns.

    `json_schema` is not enforced; `allowed_words` are, token by token, so that an answer can still join pieces of two
    words. float32 is the default because a CPU without bfloat16 instructions runs that format at half the
    speed (measured on two busy cores of an EPYC with AVX2, batch 32: 5.1 against 11.5 tokens/s on the same prompts).

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
        self._decoder: GreedyDecoder | None = None
        self._adapters: dict[str, str] = {}

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
        """One completion a request, in order. An adapter that cannot be loaded fails only the requests that name it.

        Raises:
            ModelUnavailable: if the model cannot be loaded.
        """
        if not requests:
            return []
        with self._lock:
            decoder = self._loaded()
            answers: dict[int, ChatCompletion] = {}
            groups: dict[str, list[int]] = {}
            for position, request in enumerate(requests):
                groups.setdefault(request.adapter or self._adapter or "", []).append(position)
            for adapter, positions in sorted(groups.items()):
                try:
                    self._use_adapter(decoder, adapter)
                except (OSError, ValueError, KeyError, RuntimeError) as error:
                    reason = f"the adapter {adapter} cannot be loaded ({type(error).__name__}): {error}"
                    answers.update((position, ChatCompletion("", error=reason)) for position in positions)
                    continue
                prompts = [decoder.prompt(position, requests[position]) for position in positions]
                for batch, shared in self._batches(decoder, prompts):
                    decoder.answer(batch, shared, adapter or None)
                    answers.update((prompt.position, prompt.completion()) for prompt in batch)
                    logger.info("The language model has answered %d of %d prompts", len(answers), len(requests))
            return [answers[position] for position in range(len(requests))]

    def forget_prefixes(self) -> None:
        """Drop the prompt beginnings kept between calls."""
        with self._lock:
            if self._decoder is not None:
                self._decoder.forget_prefixes()

    def close(self) -> None:
        """Free the model's memory; the next call loads it again."""
        with self._lock:
            self._decoder = None
            self._adapters = {}

    def _batches(self, decoder: GreedyDecoder, prompts: Sequence[Prompt]) -> Iterator[tuple[list[Prompt], int]]:
        """Batches of prompts that begin alike, longest first, each with the number of tokens that they share.

        Like lengths share a batch so that little is padded; the make-up depends on the prompts alone.
        """
        kinds: dict[tuple[ChatMessage, ...], list[Prompt]] = {}
        for prompt in prompts:
            kinds.setdefault(prompt.beginning, []).append(prompt)
        for members in kinds.values():
            shared = decoder.shared_tokens(members)
            members.sort(key=lambda prompt: (-len(prompt.tokens), prompt.tokens))
            for start in range(0, len(members), self._batch_size):
                yield members[start : start + self._batch_size], shared

    def _loaded(self) -> GreedyDecoder:
        """The model and its tokenizer, loaded at the first call."""
        if self._decoder is not None:
            return self._decoder
        if self._prepare is not None:
            self._prepare()
        if not (self._model_dir / "config.json").is_file():
            raise ModelUnavailable(
                f"no language model in {self._model_dir}: set REVIEWSUM_LLM_MODEL to a folder with config.json, "
                "weights and tokenizer, or leave it out to use the bundled model"
            )
        # Torch's threads spin while they wait. Where other processes want the same cores that costs more than the work:
        # 97 s against 10 s for the same answers on 2 busy cores. It is read when torch is first imported.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
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
        self._decoder = GreedyDecoder(model.eval().to("cuda" if torch.cuda.is_available() else "cpu"), tokenizer)
        return self._decoder

    def _use_adapter(self, decoder: GreedyDecoder, adapter: str) -> None:
        """Switch to an adapter folder, loading it beside those already there; the empty name is the base model."""
        model = decoder.model
        if not adapter:
            if self._adapters:
                model.disable_adapters()
            return
        if adapter not in self._adapters:
            if not (Path(adapter) / "adapter_config.json").is_file():
                raise FileNotFoundError(f"there is no adapter_config.json in {adapter}")
            name = f"adapter_{len(self._adapters)}"
            model.load_adapter(adapter, adapter_name=name)
            self._adapters[adapter] = name
        model.enable_adapters()
        model.set_adapter(self._adapters[adapter])


def adapter_version(folder: Path) -> str | None:
    """First 16 hex digits of the SHA-256 over an adapter's weights and configuration; None if there are none."""
    files = sorted(file for file in folder.glob("adapter_*") if file.suffix in {".json", ".safetensors", ".bin"})
    if not files:
        return None
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]
