"""Language models behind one protocol (`contracts.protocols.ChatEngine`); the settings choose which."""

from __future__ import annotations

import logging
from pathlib import Path

from reviewsum_assets.contracts.protocols import ChatEngine
from reviewsum_assets.contracts.records import LOCALES
from reviewsum_assets.resources.engines.smollm2 import (
    BUNDLED_LANGUAGES,
    BUNDLED_MODEL,
    ModelUnavailable,
    prepare_smollm2,
)
from reviewsum_assets.settings import Settings

__all__ = ["BUNDLED_MODEL", "ModelUnavailable", "make_engine"]

logger = logging.getLogger(__name__)


def make_engine(settings: Settings) -> ChatEngine | None:
    """The engine that the settings name; None for `template`, which needs no model.

    Nothing is loaded or contacted here: engines start at their first call. The bundled model, wherever it runs, is
    asked for one opinion at a time and in its own languages; a server's or a GPU's other models get the whole plan and
    all six. `REVIEWSUM_LLM_LANGUAGES` overrides the languages.

    Raises:
        ModelUnavailable: at once if `vllm` is asked for and not installed; other engines raise at their first call.
    """
    bundled = settings.llm_model == BUNDLED_MODEL
    languages = frozenset(settings.llm_languages) or (BUNDLED_LANGUAGES if bundled else frozenset(LOCALES))
    if settings.engine == "template":
        return None
    if settings.engine == "transformers":
        from reviewsum_assets.resources.engines.transformers_engine import TransformersEngine

        models_dir = settings.models_dir
        return TransformersEngine(
            model_dir=models_dir / BUNDLED_MODEL if bundled else Path(settings.llm_model).expanduser(),
            base_model_name=settings.llm_model if bundled else Path(settings.llm_model).name,
            dtype=settings.llm_dtype,
            batch_size=settings.llm_batch_size,
            languages=languages,
            adapter=settings.llm_adapter or None,
            threads=settings.threads,
            prepare=(lambda: prepare_smollm2(models_dir)) if bundled else None,
        )
    if settings.engine == "openai":
        from reviewsum_assets.resources.engines.openai_engine import OpenAIEngine

        return OpenAIEngine(
            base_url=settings.llm_base_url,
            model=settings.llm_model,
            api_key=settings.llm_api_key.get_secret_value(),
            languages=languages,
            whole_plan=not bundled,
            adapter=settings.llm_adapter or None,
            concurrency=settings.llm_concurrency,
            timeout_seconds=settings.llm_timeout_seconds,
            max_attempts=settings.llm_max_attempts,
        )
    from reviewsum_assets.resources.engines.vllm_engine import VLLMEngine

    return VLLMEngine(
        model=str(prepare_smollm2(settings.models_dir)) if bundled else settings.llm_model,
        base_model_name=settings.llm_model if bundled else Path(settings.llm_model).name,
        dtype=settings.llm_dtype,
        languages=languages,
        whole_plan=not bundled,
        adapter=settings.llm_adapter or None,
    )
