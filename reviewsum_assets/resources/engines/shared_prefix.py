"""Attention over a prompt beginning that all sequences of a batch share.

Prompts of one kind begin alike: instructions and example turns, several times longer than what differs. On a CPU,
reading prompts is most of the work, so the shared beginning is read once. Its keys and values are kept for a batch
of one and are *not* copied for each sequence: every query attends to them and to its own sequence in one softmax,
which is the same sum as ordinary attention, in another order (the idea of cascade and Hydragen attention).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from transformers import Cache, PretrainedConfig

ATTENTION = "shared_prefix"
"""Name under which the attention is registered with transformers."""


def register() -> None:
    """Make `attn_implementation="shared_prefix"` known to transformers, with additive masks."""
    from transformers.masking_utils import AttentionMaskInterface, eager_mask
    from transformers.modeling_utils import AttentionInterface

    AttentionInterface.register(ATTENTION, shared_prefix_attention)
    AttentionMaskInterface.register(ATTENTION, eager_mask)


def supported(config: PretrainedConfig) -> bool:
    """Whether every layer attends to everything before it: windows would have to count the prefix in."""
    text_config = config.get_text_config(decoder=True)
    kinds = getattr(text_config, "layer_types", None) or ["full_attention"]
    return all(kind == "full_attention" for kind in kinds) and not getattr(text_config, "use_sliding_window", False)


def shared_prefix_attention(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float,
    dropout: float = 0.0,
    prefix: Cache | None = None,
    **_: object,
) -> tuple[torch.Tensor, None]:
    """Causal attention of a batch to its own sequences and, if given, to one prefix before all of them.

    Args:
        module: the attention layer; its `layer_idx` picks the prefix's layer.
        query: (batch, heads, queries, size).
        key: (batch, key heads, keys, size) of the sequences; heads are a multiple of key heads.
        value: as `key`.
        attention_mask: additive, (batch, 1, queries, keys); None where every query sees every key.
        scaling: factor on the dot products.
        dropout: ignored; the engine only infers.
        prefix: cache of a batch of one, of any length.

    Returns:
        (batch, queries, heads, size) and no weights.
    """
    import torch

    batch, heads, queries, size = query.shape
    key_heads = key.shape[1]
    group = heads // key_heads
    own = query.reshape(batch, key_heads, group * queries, size)
    scores = torch.matmul(own, key.transpose(-1, -2)).view(batch, key_heads, group, queries, -1) * scaling
    if attention_mask is not None:
        scores = scores + attention_mask[:, :, None, :, : key.shape[-2]]
    if prefix is None:
        weights = scores.softmax(-1, dtype=torch.float32).to(query.dtype)
        mixed = torch.matmul(weights.view(batch, key_heads, group * queries, -1), value)
        return mixed.view(batch, heads, queries, size).transpose(1, 2), None

    layer = prefix.layers[module.layer_idx]
    prefix_key, prefix_value = layer.keys[0], layer.values[0]  # (key heads, length, size)
    length = prefix_key.shape[-2]
    together = own.transpose(0, 1).reshape(key_heads, batch * group * queries, size)
    prefix_scores = torch.matmul(together, prefix_key.transpose(-1, -2)) * scaling
    prefix_scores = prefix_scores.view(key_heads, batch, group, queries, length).transpose(0, 1)
    weights = torch.cat([prefix_scores, scores], dim=-1).softmax(-1, dtype=torch.float32).to(query.dtype)
    to_prefix, to_own = weights[..., :length], weights[..., length:]
    mixed = torch.matmul(to_own.reshape(batch, key_heads, group * queries, -1), value)
    from_prefix = torch.matmul(to_prefix.transpose(0, 1).reshape(key_heads, -1, length), prefix_value)
    mixed = mixed + from_prefix.view(key_heads, batch, group * queries, size).transpose(0, 1)
    return mixed.reshape(batch, heads, queries, size).transpose(1, 2), None
