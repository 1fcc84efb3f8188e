"""vLLM in this process, for a machine with a GPU.

Written against vLLM 0.32's documented offline API (`LLM.chat`, `SamplingParams`, `StructuredOutputsParams`,
`LoRARequest`) and kept thin: on the machines that the tests run on there is no GPU, so they cover only what happens
without vLLM and how a request becomes sampling settings. The served path is covered through `openai_engine`.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewsum_assets.contracts.protocols import ChatCompletion, ChatRequest, EngineInfo
from reviewsum_assets.resources.engines.smollm2 import ModelUnavailable
from reviewsum_assets.resources.engines.transformers_engine import adapter_version

if TYPE_CHECKING:
    from vllm import LLM, SamplingParams

SEED = 0

MAX_LORAS = 8
"""Adapters resident on the GPU at once."""

MAX_LORA_RANK = 64
"""Largest rank of an adapter that can be loaded."""


class VLLMEngine:
    """ChatEngine over `vllm.LLM`. Loads at the first call; calls from several threads take turns.

    Args:
        model: model folder, or a name that vLLM resolves.
        base_model_name: name of the model in records.
        dtype: number format.
        languages: languages it may be asked to write.
        whole_plan: whether it is asked for whole plans; false for small models.
        adapter: LoRA folder used where a request names none.

    Raises:
        ModelUnavailable: if vLLM is not installed.
    """

    def __init__(
        self,
        model: str,
        base_model_name: str,
        dtype: str = "bfloat16",
        languages: frozenset[str] = frozenset(),
        whole_plan: bool = True,
        adapter: str | None = None,
    ) -> None:
        if importlib.util.find_spec("vllm") is None:
            raise ModelUnavailable(
                "vLLM is not installed: run `pip install 'reviewsum[vllm]'` on a machine with a GPU, or set "
                "REVIEWSUM_ENGINE to `openai` (a vLLM server elsewhere), `transformers` or `template`"
            )
        self._model = model
        self._base_model_name = base_model_name
        self._dtype = dtype
        self._languages = languages
        self._whole_plan = whole_plan
        self._adapter = adapter
        self._lock = threading.Lock()
        self._llm: LLM | None = None
        self._adapter_ids: dict[str, int] = {}

    @property
    def info(self) -> EngineInfo:
        return EngineInfo(
            engine="vllm",
            base_model=self._base_model_name,
            languages=self._languages,
            whole_plan=self._whole_plan,
            adapter=self._adapter,
            adapter_version=adapter_version(Path(self._adapter)) if self._adapter else None,
            settings={"decoding": "greedy", "dtype": self._dtype, "seed": SEED},
        )

    def complete(self, requests: Sequence[ChatRequest]) -> list[ChatCompletion]:
        """One completion a request, in order. One vLLM call for each adapter and manner of beginning the answer."""
        from vllm import SamplingParams
        from vllm.sampling_params import StructuredOutputsParams

        groups: dict[tuple[str | None, bool], list[int]] = {}
        for position, request in enumerate(requests):
            begun = bool(request.messages) and request.messages[-1].role == "assistant"
            groups.setdefault((request.adapter or self._adapter, begun), []).append(position)
        answers: dict[int, ChatCompletion] = {}
        with self._lock:
            llm = self._load()
            for (adapter, begun), positions in groups.items():
                settings: list[SamplingParams] = []
                for position in positions:
                    options = sampling_options(requests[position])
                    if (schema := requests[position].json_schema) is not None:
                        options["structured_outputs"] = StructuredOutputsParams(json=dict(schema))
                    settings.append(SamplingParams(**options))
                outputs = llm.chat(
                    [[{"role": m.role, "content": m.content} for m in requests[p].messages] for p in positions],
                    sampling_params=settings,
                    lora_request=self._lora(adapter),
                    add_generation_prompt=not begun,
                    continue_final_message=begun,
                    use_tqdm=False,
                )
                for position, output in zip(positions, outputs, strict=True):
                    opening = requests[position].messages[-1].content if begun else ""
                    answers[position] = ChatCompletion(
                        text=opening + output.outputs[0].text,
                        prompt_tokens=len(output.prompt_token_ids or ()),
                        completion_tokens=len(output.outputs[0].token_ids),
                    )
        return [answers[position] for position in range(len(requests))]

    def close(self) -> None:
        """Free the GPU's memory; the next call loads the model again."""
        with self._lock:
            self._llm = None

    def _load(self) -> LLM:
        if self._llm is None:
            from vllm import LLM

            self._llm = LLM(
                model=self._model,
                dtype=self._dtype,
                seed=SEED,
                enable_lora=True,
                max_loras=MAX_LORAS,
                max_lora_rank=MAX_LORA_RANK,
            )
        return self._llm

    def _lora(self, adapter: str | None) -> object:
        """vLLM's handle of an adapter folder; None for the base model."""
        if adapter is None:
            return None
        from vllm.lora.request import LoRARequest

        number = self._adapter_ids.setdefault(adapter, len(self._adapter_ids) + 1)
        return LoRARequest(Path(adapter).name, number, adapter)


def sampling_options(request: ChatRequest) -> dict[str, Any]:
    """Greedy sampling settings of a request, as keyword arguments of `vllm.SamplingParams`."""
    options: dict[str, Any] = {"temperature": 0.0, "seed": SEED, "max_tokens": request.max_tokens}
    if request.stop:
        options["stop"] = list(request.stop)
    return options
