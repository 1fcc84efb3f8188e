"""A checkpoint in Detoxify's format that is made here: two layers, random weights, a vocabulary of a few words."""

from __future__ import annotations

import hashlib
from pathlib import Path

CLASSES = ["toxicity", "severe_toxicity", "obscene", "identity_attack", "insult", "threat", "sexual_explicit"]
WORDS = [
    "▁the",
    "▁seller",
    "▁is",
    "▁an",
    "▁idiot",
    "▁battery",
    "▁good",
    "▁der",
    "▁akku",
    "▁hält",
    "▁",
    "e",
    "n",
    "r",
    "s",
]


def write_checkpoint(
    folder: Path,
    *,
    classes: list[str] | None = None,
    model_type: str = "tiny",
    model_name: str = "XLMRobertaForSequenceClassification",
    always: dict[str, float] | None = None,
) -> tuple[Path, str]:
    """Write checkpoint and model folder; gives the checkpoint and its SHA-256.

    Args:
        folder: Where to.
        classes: Names of the outputs.
        model_type: Folder that the checkpoint names, beside it.
        model_name: Class of transformers that it names.
        always: Class → log-odds that the model gives to every text, instead of random ones.
    """
    import torch
    from transformers import XLMRobertaConfig, XLMRobertaForSequenceClassification, XLMRobertaTokenizer

    classes = classes or CLASSES
    vocabulary = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *((word, -1.0) for word in WORDS)]
    tokenizer = XLMRobertaTokenizer(vocab=[*vocabulary, ("<mask>", 0.0)], model_max_length=64)
    config = XLMRobertaConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=80,
        type_vocab_size=1,
        pad_token_id=1,
        num_labels=len(classes),
    )
    torch.manual_seed(3)
    model = XLMRobertaForSequenceClassification(config)
    if always is not None:
        with torch.no_grad():
            model.classifier.out_proj.weight.zero_()
            model.classifier.out_proj.bias.copy_(torch.tensor([always.get(name, -6.0) for name in classes]))
    home = folder / "tiny"
    home.mkdir(parents=True, exist_ok=True)
    config.save_pretrained(home)
    tokenizer.save_pretrained(home)
    arguments = {
        "model_type": model_type,
        "model_name": model_name,
        "tokenizer_name": "XLMRobertaTokenizer",
        "num_classes": len(classes),
    }
    stored = {
        "config": {"arch": {"args": arguments}, "dataset": {"args": {"classes": classes}}},
        "state_dict": model.state_dict(),
    }
    path = folder / "multilingual.ckpt"
    torch.save(stored, path)
    return path, hashlib.sha256(path.read_bytes()).hexdigest()
