"""Detoxify (Hanu and Unitary team 2020) from a local checkpoint that is pinned by its SHA-256.

A checkpoint is a pickle, which can run code when it is read. So its hash is compared before anything is read, only
tensors and plain values are unpickled, the classes it names must be known ones, and nothing is fetched from a hub: the
`model_type` in it is a local folder with the configuration and the tokenizer.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from detoxify import Detoxify

MODELS = frozenset(
    f"{family}ForSequenceClassification" for family in ("XLMRoberta", "Roberta", "Bert", "Albert", "DistilBert")
)
TOKENIZERS = frozenset(
    f"{family}Tokenizer{kind}"
    for family in ("XLMRoberta", "Roberta", "Bert", "Albert", "DistilBert")
    for kind in ("", "Fast")
)
"""Classes of transformers that a checkpoint may name."""

RENAMED = {"toxic": "toxicity", "identity_hate": "identity_attack", "severe_toxic": "severe_toxicity"}
"""Names of the first Detoxify models, as Detoxify itself renames them."""

NEEDED = ("insult", "threat", "identity_attack")
BATCH_TEXTS = 32
DECIMALS = 3
"""A sentence's neighbours in a batch decide the last bits of its score: they are rounded off."""

_READ_BYTES = 1 << 20


class DetoxifyError(ValueError):
    """The checkpoint cannot be used; says what to do."""


class DetoxifyModel:
    """Detoxify's classes with probabilities for sentences.

    Attributes:
        version: `detoxify-` and hashes of checkpoint and of the folder with configuration and tokenizer.
    """

    def __init__(self, detector: Detoxify, version: str) -> None:
        self._detector = detector
        self.version = version

    @classmethod
    def load(cls, checkpoint: Path, sha256: str) -> DetoxifyModel:
        """The model of a checkpoint.

        Args:
            checkpoint: File in Detoxify's format: `config` (`arch.args`, `dataset.args.classes`) and `state_dict`.
            sha256: Hash that the file must have, 64 hex digits.

        Raises:
            DetoxifyError: if the file is missing or another one, needs more than tensors and plain values, names
                unknown classes or a folder that is not there, or if the package is not installed.
        """
        if not checkpoint.is_file():
            raise DetoxifyError(f"no Detoxify checkpoint at {checkpoint}: check REVIEWSUM_DETOXIFY_CHECKPOINT")
        found = _sha256(checkpoint)
        if found != sha256.lower():
            raise DetoxifyError(
                f"the Detoxify checkpoint {checkpoint} has SHA-256 {found}, not the pinned {sha256.lower()}: restore "
                "the right file, or set REVIEWSUM_DETOXIFY_SHA256 if this one is meant"
            )
        stored = _plain_values(checkpoint)
        try:
            architecture: dict[str, object] = dict(stored["config"]["arch"]["args"])
            classes = [RENAMED.get(name, name) for name in stored["config"]["dataset"]["args"]["classes"]]
            weights = stored["state_dict"]
            named = [str(architecture[name]) for name in ("model_name", "tokenizer_name", "model_type")]
        except (KeyError, TypeError) as error:
            raise DetoxifyError(
                f"{checkpoint} is no Detoxify checkpoint, {error} is missing: use one that Detoxify published"
            ) from error
        if named[0] not in MODELS or named[1] not in TOKENIZERS:
            raise DetoxifyError(f"{checkpoint} names {named[0]} and {named[1]}, which are no models of Detoxify")
        if missing := [name for name in NEEDED if name not in classes]:
            raise DetoxifyError(f"{checkpoint} has no class {missing[0]}: use the multilingual or unbiased model")
        folder = (checkpoint.parent / named[2]).resolve()
        if not folder.is_dir():
            raise DetoxifyError(
                f"{checkpoint} names the model {named[2]!r}: put its configuration and tokenizer into {folder}"
            )
        architecture["model_type"] = str(folder)
        detector = _detector(architecture, weights, classes, checkpoint)
        return cls(detector, f"detoxify-{found[:12]}-{_folder_hash(folder)[:8]}")

    def probabilities(self, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Class → probabilities, shape (len(texts),). A text that occurs twice is read once."""
        unique = sorted(set(texts), key=lambda text: (len(text), text))
        columns: dict[str, list[float]] = {name: [] for name in self._detector.class_names}
        for start in range(0, len(unique), BATCH_TEXTS):
            found = self._detector.predict(unique[start : start + BATCH_TEXTS])
            for name, values in found.items():
                columns[name] += np.atleast_1d(values).tolist()
        row_of = {text: row for row, text in enumerate(unique)}
        rows = np.fromiter((row_of[text] for text in texts), dtype=np.intp, count=len(texts))
        return {name: np.asarray(np.round(values, DECIMALS), np.float32)[rows] for name, values in columns.items()}


def _plain_values(checkpoint: Path) -> Mapping[str, Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]]:
    import torch

    try:
        stored: Mapping[str, Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]] = torch.load(
            checkpoint, map_location="cpu", weights_only=True
        )
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError) as error:
        raise DetoxifyError(
            f"{checkpoint} holds more than tensors and plain values and is not read, since reading it could run code: "
            "save its `config` as plain dictionaries and its `state_dict` anew, and pin the new SHA-256"
        ) from error
    return stored


def _detector(architecture: dict[str, object], weights: object, classes: list[str], checkpoint: Path) -> Detoxify:
    """A Detoxify around the loaded weights; its own constructor would unpickle the file without limits."""
    offline = {name: os.environ.get(name) for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")}
    os.environ.update(dict.fromkeys(offline, "1"))
    try:
        from detoxify import Detoxify
        from detoxify.detoxify import get_model_and_tokenizer

        model, tokenizer = get_model_and_tokenizer(**architecture, state_dict=weights)
    except ImportError as error:
        raise DetoxifyError(
            "REVIEWSUM_DETOXIFY_CHECKPOINT is set but Detoxify is not installed: "
            "pip install -c constraints.txt '.[detoxify]'"
        ) from error
    except (OSError, ValueError, RuntimeError, TypeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise DetoxifyError(
            f"{checkpoint} does not fit the model folder {architecture['model_type']}: {reason}"
        ) from error
    finally:
        for name, value in offline.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
    detector: Detoxify = Detoxify.__new__(Detoxify)
    detector.model, detector.tokenizer, detector.class_names, detector.device = model, tokenizer, classes, "cpu"
    model.eval()
    return detector


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_READ_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _folder_hash(folder: Path) -> str:
    """Hash of names and contents of the folder's files."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.is_file():
            digest.update(f"{path.name}\0{_sha256(path)}\0".encode())
    return digest.hexdigest()
