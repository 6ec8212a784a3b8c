"""Base weights and a network as small as they can be; `tests/tiny_encoder.py` has their sizes."""

from pathlib import Path
from typing import Any, Final

import sentencepiece
import tiny_encoder
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from feedback_nlp.classify.encoder import LONGEST, Tokens
from feedback_nlp.heads.scores import TOPICS_FROM
from training.encoder.base import BaseWeights
from training.encoder.network import Network
from training.encoder.pieces import sentencepiece_model

OUTPUTS: Final = TOPICS_FROM + len(tiny_encoder.TOPICS)
SPARE_ROWS: Final = 3
"""Rows of the word embeddings of a written base that belong to no piece."""


def base() -> BaseWeights:
    return BaseWeights(
        heads=2,
        epsilon=1e-12,
        # Longer pieces are likelier, as in a trained tokenizer.
        pieces=tuple((piece, -9.0 + len(piece)) for piece in tiny_encoder.PIECES),
        tensors=tiny_encoder.weights().tensors,
        origin="tiny",
    )


def network(*, layers: int = 2, seed: int = 3) -> Network:
    return Network(
        base(), layers=layers, outputs=OUTPUTS, dimensions=tiny_encoder.DIMENSIONS, seed=seed
    )


def processor(weights: BaseWeights) -> sentencepiece.SentencePieceProcessor:
    return sentencepiece.SentencePieceProcessor(model_proto=sentencepiece_model(weights.pieces))


def ids(*texts: str) -> list[list[int]]:
    tokens = Tokens(processor(base()))
    return [tokens.ids(text) for text in texts]


def write_base(folder: Path, *, model: Any = None, tokenizer: Tokenizer | None = None) -> Path:  # noqa: ANN401 - any model of `transformers`
    """Write a folder of `transformers`: a model of two layers and its tokenizer."""
    torch.manual_seed(4)
    (model or BertModel(config())).save_pretrained(folder)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer or unigram(base().pieces))
    fast.save_pretrained(folder)
    return folder


def config(**changes: Any) -> BertConfig:  # noqa: ANN401 - as `transformers` takes them
    return BertConfig(**(sizes() | changes))


def sizes() -> dict[str, int]:
    return {
        "vocab_size": len(tiny_encoder.PIECES) + SPARE_ROWS,
        "hidden_size": tiny_encoder.HIDDEN,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 32,
        "max_position_embeddings": LONGEST,
    }


def unigram(pieces: tuple[tuple[str, float], ...], *, lower: bool = False) -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram(list(pieces), unk_id=3))
    steps = [normalizers.NFKC(), *([normalizers.Lowercase()] if lower else [])]
    tokenizer.normalizer = normalizers.Sequence(steps)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    return with_ends(tokenizer)


def with_ends(tokenizer: Tokenizer) -> Tokenizer:
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer
