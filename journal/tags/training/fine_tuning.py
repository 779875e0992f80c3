"""Fine-tunes the six-layer encoder on GoEmotions. The door to ``torch``.

Two aims at once: the first token's vector is to tell emotions apart, and the mean of all vectors is to stay where the
original encoder had it, so that it remains a sentence embedding that also knows what a text is about.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from journal.tags.training.data import Comments

if TYPE_CHECKING:
    import torch

SEED: Final = 20
BATCH_TEXTS: Final = 32
LONGEST_TOKENS: Final = 64
LAYERS: Final = 6
FROZEN_LAYERS: Final = 2
"""The lowest layers stay as they are: what leaves them is computed once, which saves a third of the work."""

WIDTH: Final = 384

TOP_RATE: Final = 1.5e-4
RATE_DECAY_PER_LAYER: Final = 0.85
HEAD_RATE: Final = 2e-3
WARM_UP_SHARE: Final = 0.06
KEEPING_WEIGHT: Final = 4.0
"""How much a sentence embedding that drifts away counts beside an emotion that is told wrongly."""

HEAVIEST_LABEL: Final = 6.0
"""A rare emotion's examples count more, by the root of its rarity, up to this."""


class FineTuning:
    """One run over the comments.

    Args:
        folder: the original encoder (``config.json``, ``model.safetensors``, ``tokenizer.json``).
        comments: what to learn from.
        neutral: the label of comments without an emotion, of which each epoch sees every other one.
        labels: how many labels there are.
        epochs: rounds over the comments.
    """

    def __init__(self, folder: Path, comments: Comments, labels: int, neutral: int, epochs: int) -> None:
        import torch
        from transformers import BertModel

        torch.manual_seed(SEED)
        self._random = random.Random(SEED)
        self.encoder = BertModel.from_pretrained(
            folder, add_pooling_layer=False, attention_probs_dropout_prob=0.0, attn_implementation="sdpa"
        )
        self.head = torch.nn.Linear(2 * WIDTH, labels)
        torch.nn.init.normal_(self.head.weight, std=0.02)
        self._epochs = epochs
        self._tokens = tokenised(folder, comments.texts)
        self._truth = torch.zeros(len(comments.texts), labels)
        for at, numbers in enumerate(comments.labels):
            self._truth[at, list(numbers)] = 1
        self._plain = [at for at, numbers in enumerate(comments.labels) if numbers == {neutral}]
        self._telling = [at for at, numbers in enumerate(comments.labels) if numbers != {neutral}]
        share = self._truth.mean(0).clamp(min=1e-5)
        self._weights = ((1 - share) / share).sqrt().clamp(1, HEAVIEST_LABEL)
        self._lower: list[torch.Tensor] = []
        self._original = torch.zeros(len(comments.texts), WIDTH)

    def run(self, save_as: Path) -> None:
        """Learns, and keeps the encoder and head after each epoch in the folder."""
        import torch

        self._look_at_original()
        chosen = self._chosen(0)
        steps = self._epochs * -(-len(chosen) // BATCH_TEXTS)
        optimiser = self._optimiser()
        rates = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, steps))
        for epoch in range(self._epochs):
            self.encoder.train()
            started, losses = time.monotonic(), []
            for count, batch in enumerate(self._batches(self._chosen(epoch))):
                loss = self._loss(batch)
                loss.backward()
                torch.nn.utils.clip_grad_norm_(self.encoder.parameters(), 1.0)
                optimiser.step()
                rates.step()
                optimiser.zero_grad(set_to_none=True)
                losses.append(loss.item())
                if count % 100 == 99:
                    mean, seconds = sum(losses[-100:]) / 100, time.monotonic() - started
                    print(f"epoch {epoch} batch {count + 1}: loss {mean:.3f}, {seconds:.0f} s", flush=True)
            self._save(save_as)

    def _chosen(self, epoch: int) -> list[int]:
        """The comments of one epoch, shuffled: all that tell something, and every other plain one."""
        chosen = self._telling + self._plain[epoch % 2 :: 2]
        self._random.shuffle(chosen)
        return chosen

    def _loss(self, batch: list[int]) -> torch.Tensor:
        import torch

        lower = [self._lower[at].float() for at in batch]
        vectors, mask = torch.nn.utils.rnn.pad_sequence(lower, batch_first=True), self._mask(batch)
        vectors = self._through(range(FROZEN_LAYERS, LAYERS), vectors, mask)
        mean = _mean(vectors, mask)
        features = torch.nn.functional.dropout(torch.cat([vectors[:, 0], mean], 1), 0.1)
        wrong = torch.nn.functional.binary_cross_entropy_with_logits(
            self.head(features), self._truth[batch], pos_weight=self._weights, reduction="none"
        )
        away = 1 - torch.nn.functional.cosine_similarity(mean, self._original[batch])
        return wrong.sum(1).mean() + KEEPING_WEIGHT * away.mean()

    def _look_at_original(self) -> None:
        """Keeps, of the original encoder, each comment's embedding and what leaves the frozen layers."""
        import torch

        self.encoder.eval()
        lower: dict[int, torch.Tensor] = {}
        with torch.no_grad():
            for batch in self._batches(list(range(len(self._tokens)))):
                mask = self._mask(batch)
                rows = [torch.tensor(self._tokens[at]) for at in batch]
                vectors = self.encoder.embeddings(torch.nn.utils.rnn.pad_sequence(rows, batch_first=True))
                vectors = self._through(range(FROZEN_LAYERS), vectors, mask)
                for row, at in enumerate(batch):
                    lower[at] = vectors[row, : len(self._tokens[at])].half()
                self._original[batch] = _mean(self._through(range(FROZEN_LAYERS, LAYERS), vectors, mask), mask)
        self._lower = [lower[at] for at in range(len(self._tokens))]
        print("looked at the original", flush=True)

    def _through(self, layers: range, vectors: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        seen = mask[:, None, None, :].bool()
        for layer in layers:
            after = self.encoder.encoder.layer[layer](vectors, attention_mask=seen)
            vectors = after[0] if isinstance(after, tuple) else after
        return vectors

    def _mask(self, batch: list[int]) -> torch.Tensor:
        import torch

        return torch.nn.utils.rnn.pad_sequence([torch.ones(len(self._tokens[at])) for at in batch], batch_first=True)

    def _batches(self, chosen: list[int]) -> Iterator[list[int]]:
        """Batches of texts of about the same length, which need little padding, in a random order."""
        order = sorted(chosen, key=lambda at: len(self._tokens[at]))
        batches = [order[at : at + BATCH_TEXTS] for at in range(0, len(order), BATCH_TEXTS)]
        self._random.shuffle(batches)
        yield from batches

    def _optimiser(self) -> torch.optim.Optimizer:
        import torch

        groups: list[dict[str, Any]] = [{"params": list(self.head.parameters()), "lr": HEAD_RATE}]
        for layer in range(FROZEN_LAYERS, LAYERS):
            rate = TOP_RATE * RATE_DECAY_PER_LAYER ** (LAYERS - 1 - layer)
            groups.append({"params": list(self.encoder.encoder.layer[layer].parameters()), "lr": rate})
        return torch.optim.AdamW(groups, weight_decay=0.01)

    def _save(self, folder: Path) -> None:
        import torch

        self.encoder.save_pretrained(folder)
        torch.save(self.head.state_dict(), folder / "head.pt")


def tokenised(folder: Path, texts: list[str]) -> list[list[int]]:
    """Token numbers of each text, at most ``LONGEST_TOKENS``."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST_TOKENS)
    return [encoding.ids for encoding in tokenizer.encode_batch(texts)]


def _mean(vectors: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    shares = (mask / mask.sum(1, keepdim=True)).unsqueeze(-1)
    return (vectors * shares).sum(1)


def _rate(step: int, steps: int) -> float:
    """The share of the full learning rate: up over the first steps, then evenly down to nothing."""
    warm = WARM_UP_SHARE * steps
    return step / warm if step < warm else max(0.0, (steps - step) / (steps - warm))
