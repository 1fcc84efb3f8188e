"""Greedy decoding of a batch of prompts with a transformers model.

What makes it faster than `model.generate` on the platform's prompts, all of it exact up to rounding: the beginning
that prompts share is read once (`shared_prefix`) and kept for the next call, and a sequence that has ended leaves its
batch.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reviewsum_assets.contracts.protocols import ChatCompletion, ChatMessage, ChatRequest
from reviewsum_assets.resources.engines import shared_prefix

if TYPE_CHECKING:
    import torch
    from transformers import Cache, PreTrainedModel, PreTrainedTokenizerBase

MIN_SHARED_TOKENS = 16
"""Shorter common beginnings are not worth a pass of their own."""

PREFIXES_KEPT = 8
"""Prompt beginnings kept between calls; one of 400 tokens takes 18 MB with the bundled model in float32."""

PUNCTUATION = ",.;\n"
"""What an answer that is held to given words may use beside them."""


JOINTS = (" and", " but")
"""Words after which a clause starts."""

COPY_BONUS = 1.0
"""Added to the score of a token that goes on with a text to copy from, for each token by which the answer's end
agrees with that text before it, up to `COPY_REACH`. With it and `START_BONUS`, 40 of the 44 English opinions of
`reviewsum_tests/bench/engine_opinions.yaml` that have English quotes were worded faithfully, read by a person;
about 28 before there were either, when the quotes were also chosen less well."""

COPY_REACH = 3

START_BONUS = 3.0
"""Added to the score of a text's first token where a clause of the answer starts and the text is not used yet."""


@dataclass
class Prompt:
    """One request on its way through a batch."""

    position: int
    """Place of the request among those asked for."""
    request: ChatRequest
    opening: str
    """What the answer begins with, if the prompt begins it."""
    tokens: list[int]
    sources: list[list[int]] = field(default_factory=list)
    """Tokens of the texts to copy from."""
    generated: list[int] = field(default_factory=list)
    text: str = ""

    @property
    def beginning(self) -> tuple[ChatMessage, ...]:
        """The messages before the question: the same for all prompts of one kind."""
        return self.request.messages[: -2 if self.opening else -1]

    def completion(self) -> ChatCompletion:
        return ChatCompletion(self.opening + self.text, len(self.tokens), len(self.generated))


class GreedyDecoder:
    """Encodes prompts and answers batches of them. Not for use from several threads at once."""

    def __init__(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self._shares = model.config._attn_implementation == shared_prefix.ATTENTION
        self._prefixes: OrderedDict[tuple[str | None, tuple[int, ...]], Cache] = OrderedDict()
        declared = getattr(model.generation_config, "eos_token_id", None)
        ends = [declared] if isinstance(declared, int) else list(declared or ())
        self._ends = {end for end in (*ends, tokenizer.eos_token_id) if end is not None}
        self._joints = {self._ids(f"it,{joint}")[-1] for joint in JOINTS}

    def forget_prefixes(self) -> None:
        """Drop the prompt beginnings kept between calls."""
        self._prefixes.clear()

    def prompt(self, position: int, request: ChatRequest) -> Prompt:
        """The tokens of a request under the model's chat template, up to where its answer goes on."""
        messages = request.messages
        opening = messages[-1].content if messages and messages[-1].role == "assistant" else ""
        tokens = self._encode(messages[:-1] if opening else messages, answer=True)
        # Inside a sentence a text begins in lower case, unless with a name.
        texts = {f" {start}{text[1:]}" for text in request.copy_from for start in (text[:1].lower(), text[:1])}
        return Prompt(
            position,
            request,
            opening,
            tokens + (self._ids(opening) if opening else []),
            sources=[ids for text in sorted(texts) if (ids := self._ids(text.rstrip(".!?… ")))],
        )

    def shared_tokens(self, prompts: Sequence[Prompt]) -> int:
        """Leading tokens that prompts share because their first messages do; 0 where sharing is not worth it."""
        if not self._shares or not prompts[0].beginning:
            return 0
        shared = self._encode(prompts[0].beginning, answer=False)
        for prompt in prompts:
            limit = min(len(shared), len(prompt.tokens) - 1)
            shared = shared[: next((at for at in range(limit) if shared[at] != prompt.tokens[at]), limit)]
        return len(shared) if len(shared) >= MIN_SHARED_TOKENS else 0

    def answer(self, batch: Sequence[Prompt], shared: int, adapter: str | None) -> None:
        """Fill in `generated` and `text` of every prompt: up to its end, a stop string or its token limit.

        Args:
            batch: prompts whose first `shared` tokens are equal.
            shared: as `shared_tokens` says.
            adapter: the adapter that is active now; a kept beginning is used only with its own.
        """
        import torch
        from transformers import DynamicCache

        device = self.model.device
        with torch.inference_mode():
            prefix = self._prefix(tuple(batch[0].tokens[:shared]), adapter) if shared else None
            extra = {} if prefix is None else {"prefix": prefix}
            rows = [prompt.tokens[shared:] for prompt in batch]
            width = max(len(row) for row in rows)
            # Left padding, so that every row's newest token is in the last column.
            ids = torch.tensor([[0] * (width - len(row)) + row for row in rows], device=device)
            mask = torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in rows], device=device)
            positions = shared + (mask.cumsum(-1) - 1).clamp(min=0)
            cache = DynamicCache(config=self.model.config)
            forbidden = self._forbidden(batch)
            live = list(batch)
            while True:
                scores = self.model(
                    input_ids=ids,
                    attention_mask=mask,
                    position_ids=positions,
                    past_key_values=cache,
                    use_cache=True,
                    logits_to_keep=1,
                    **extra,
                ).logits[:, -1]
                for row, prompt in enumerate(live):
                    starting = not prompt.generated or prompt.generated[-1] in self._joints
                    for token, bonus in copy_bonuses(prompt.sources, prompt.generated, starting).items():
                        scores[row, token] += bonus
                if forbidden is not None:
                    scores = scores.masked_fill(forbidden, float("-inf"))
                chosen = scores.argmax(-1)
                kept = self._extend(live, chosen.tolist())
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

    def _extend(self, live: Sequence[Prompt], chosen: Sequence[int]) -> list[int]:
        """Append the chosen tokens; returns the rows that go on, and sets the text of those that do not."""
        going_on = []
        for row, (prompt, token) in enumerate(zip(live, chosen, strict=True)):
            prompt.generated.append(token)
            ended = token in self._ends
            over = ended or len(prompt.generated) >= prompt.request.max_tokens
            if over or prompt.request.stop:
                written = prompt.generated[:-1] if ended else prompt.generated
                text = str(self.tokenizer.decode(written, skip_special_tokens=True))
                cuts = [at for stop in prompt.request.stop if (at := text.find(stop)) >= 0]
                if over or cuts:
                    prompt.text = text[: min(cuts)] if cuts else text
                    continue
            going_on.append(row)
        return going_on

    def _prefix(self, tokens: tuple[int, ...], adapter: str | None) -> Cache:
        """Keys and values of a prompt beginning, kept from an earlier call or computed now."""
        import torch
        from transformers import DynamicCache

        key = (adapter, tokens)
        if key not in self._prefixes:
            cache = DynamicCache(config=self.model.config)
            ids = torch.tensor([tokens], device=self.model.device)
            self.model(input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=1)
            self._prefixes[key] = cache
            if len(self._prefixes) > PREFIXES_KEPT:
                self._prefixes.popitem(last=False)
        self._prefixes.move_to_end(key)
        return self._prefixes[key]

    def _forbidden(self, batch: Sequence[Prompt]) -> torch.Tensor | None:
        """Tokens that each answer may not use, (batch, vocabulary), true where forbidden; None if all are free."""
        import torch

        if not any(prompt.request.allowed_words for prompt in batch):
            return None
        forbidden = torch.zeros(len(batch), self.model.get_input_embeddings().weight.shape[0], dtype=torch.bool)
        for row, prompt in enumerate(batch):
            if words := prompt.request.allowed_words:
                texts = [f" {word}" for word in words] + list(PUNCTUATION)
                allowed = {token for text in texts for token in self._ids(text)} | self._ends
                forbidden[row] = True
                forbidden[row, sorted(allowed)] = False
        return forbidden.to(self.model.device)

    def _encode(self, messages: Sequence[ChatMessage], answer: bool) -> list[int]:
        """Tokens of messages; `answer`: followed by what begins the assistant's turn."""
        text = self.tokenizer.apply_chat_template(
            [{"role": message.role, "content": message.content} for message in messages],
            tokenize=False,
            add_generation_prompt=answer,
        )
        return self._ids(str(text))

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        return ids


def copy_bonuses(sources: Sequence[Sequence[int]], generated: Sequence[int], starting: bool) -> dict[int, float]:
    """Tokens that go on with a source where the answer's end agrees with it, and what is added to their scores.

    Where a clause is `starting`, the first tokens of sources not used yet are drawn in too. What the answer has said
    already draws it no more, so that it does not go round in circles.
    """
    bonuses: dict[int, float] = {}
    said = {tuple(generated[at : at + n]) for n in range(2, COPY_REACH + 2) for at in range(len(generated) - n + 1)}
    for source in sources:
        if starting and tuple(source[:3]) not in said:
            bonuses[source[0]] = max(bonuses.get(source[0], 0.0), START_BONUS)
        for at in range(len(source) - 1):
            agree = 0
            while agree < min(COPY_REACH, at + 1, len(generated)) and source[at - agree] == generated[-1 - agree]:
                agree += 1
            if agree and (*generated[len(generated) - agree :], source[at + 1]) not in said:
                bonuses[source[at + 1]] = max(bonuses.get(source[at + 1], 0.0), COPY_BONUS * agree)
    return bonuses
