"""The tokenizer of the encoder: a SentencePiece unigram model cut down to the pieces we see."""

import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as protocol

from training.encoder.base_weights import WORDS, BaseWeights

UNKNOWN: Final = "<unk>"
CONTROL: Final = ("<s>", "<pad>", "</s>", "<mask>")
_NORMALIZER: Final = "nmt_nfkc"
"""What the base was trained behind; it makes `，` a `,`, for the ids only."""
_ORDINARY: Final = 0x3000, 0x4E00, 0xA000
_LATIN_END: Final = 0x250


def sentencepiece_model(pieces: Sequence[tuple[str, float]]) -> bytes:
    """Return a SentencePiece model of these unigram pieces; the place of a piece is its id."""
    model = protocol.ModelProto()
    kinds = protocol.ModelProto.SentencePiece
    special = {UNKNOWN: kinds.UNKNOWN, **dict.fromkeys(CONTROL, kinds.CONTROL)}
    for text, score in pieces:
        model.pieces.add(piece=text, score=score, type=special.get(text, kinds.NORMAL))
    names = [text for text, _ in pieces]
    model.trainer_spec.model_type = protocol.TrainerSpec.UNIGRAM
    model.trainer_spec.vocab_size = len(pieces)
    model.trainer_spec.unk_id = names.index(UNKNOWN)
    model.trainer_spec.bos_id = names.index("<s>")
    model.trainer_spec.eos_id = names.index("</s>")
    model.trainer_spec.pad_id = names.index("<pad>")
    model.normalizer_spec.CopyFrom(_normalizer())
    return bytes(model.SerializeToString(deterministic=True))


def prune(base: BaseWeights, texts: Iterable[str], *, rarest: int) -> BaseWeights:
    """Keep the pieces that occur `rarest` times in `texts`, single characters and control pieces.

    Ids change, so the rows of the word embeddings move along; pieces keep their order.
    """
    full = sentencepiece.SentencePieceProcessor(model_proto=sentencepiece_model(base.pieces))
    counts: Counter[int] = Counter()
    for text in texts:
        counts.update(full.encode(text))
    kept = [
        place
        for place, (piece, _) in enumerate(base.pieces)
        if counts[place] >= rarest or piece in (*CONTROL, UNKNOWN) or _is_ordinary(piece)
    ]
    return replace(
        base,
        pieces=tuple(base.pieces[place] for place in kept),
        tensors={**base.tensors, WORDS: base.tensors[WORDS][kept]},
    )


def _is_ordinary(piece: str) -> bool:
    """Tell single Latin letters, digits, Chinese marks and the common Chinese characters."""
    if len(piece) != 1:
        return False
    marks, first, end = _ORDINARY
    return ord(piece) < _LATIN_END or first <= ord(piece) < end or marks <= ord(piece) < marks + 64


def _normalizer() -> protocol.NormalizerSpec:
    """Return the compiled rules, which only SentencePiece's trainer can make."""
    made = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["一二三四五六七八九十"]),
        model_writer=made,
        vocab_size=14,
        model_type="unigram",
        normalization_rule_name=_NORMALIZER,
        minloglevel=2,
    )
    model = protocol.ModelProto()
    model.ParseFromString(made.getvalue())
    return model.normalizer_spec
