import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
import tiny_encoder as tiny
from builders import TAXONOMY
from sealing import resealed
from sentencepiece import sentencepiece_model_pb2 as protocol

from feedback_nlp.artifacts import load_classifier, open_folder
from feedback_nlp.classify.encoder import EncoderClassifier
from feedback_nlp.errors import ArtefactError
from training.encoder.graph import EncoderWeights

ROOT = Path(__file__).parents[2]
READ = ("calibration.json", "model.onnx", "thresholds.json", "tokenizer.model")
REPAIR = "请重新安装 feedback-nlp，或用 `python -m training` 重新训练模型"


@pytest.fixture
def folder(tiny_encoder: Path, tmp_path: Path) -> Path:
    copy = tmp_path / tiny.VERSION
    shutil.copytree(tiny_encoder, copy)
    return copy


def refused(folder: Path, file: str) -> str:
    """Load the folder, which must fail with an error that names the file; return its words."""
    with pytest.raises(ArtefactError) as caught:
        load_classifier(folder)
    assert str(folder / file) in str(caught.value)
    return str(caught.value)


def test_an_encoder_loads_from_its_folder(tiny_encoder: Path) -> None:
    classifier = load_classifier(tiny_encoder)
    assert isinstance(classifier, EncoderClassifier)
    assert classifier.topics == tiny.TOPICS
    assert 1 <= len(classifier.runs) <= 2
    assert classifier.calibration.polarity_temperature == 1.5


def test_the_manifest_says_what_wrote_the_folder(tiny_encoder: Path) -> None:
    manifest = open_folder(tiny_encoder, kind="encoder", needs=READ)
    assert manifest.opset == 20
    assert sorted(manifest.files) == sorted(READ)


def test_equal_weights_are_written_as_equal_files(tiny_encoder: Path, tmp_path: Path) -> None:
    again = tiny.write(tmp_path / tiny.VERSION)
    for path in tiny_encoder.iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes()


# --- damaged on the way ------------------------------------------------------------------------


@pytest.mark.parametrize("file", READ)
@pytest.mark.parametrize(
    ("damage", "words"),
    [
        pytest.param(Path.unlink, "文件不存在", id="gone"),
        pytest.param(
            lambda path: path.write_bytes(path.read_bytes()[:-1]), "被改动或已损坏", id="cut short"
        ),
    ],
)
def test_a_damaged_file_is_named_with_what_to_do(
    damage: Callable[[Path], object], words: str, file: str, folder: Path
) -> None:
    damage(folder / file)
    said = refused(folder, file)
    assert words in said
    assert REPAIR in said


@pytest.mark.parametrize("file", READ)
def test_a_file_that_the_manifest_does_not_protect_is_refused(file: str, folder: Path) -> None:
    path = folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    del content["files"][file]
    path.write_text(json.dumps(content), encoding="utf-8")
    assert "manifest.json 没有列出这个文件" in refused(folder, file)


# --- sealed, but not what we need --------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        pytest.param("model.onnx", tiny.model()[:-500], "ONNX Runtime 读不出", id="cut short"),
        pytest.param("model.onnx", b"", "ONNX Runtime 读不出", id="model empty"),
        pytest.param("model.onnx", b"PK\x03\x04", "ONNX Runtime 读不出", id="model is an archive"),
        pytest.param("tokenizer.model", b"", "不是 SentencePiece", id="tokenizer empty"),
        pytest.param("tokenizer.model", b"half", "不是 SentencePiece", id="tokenizer is no model"),
        pytest.param("calibration.json", b"{}", "缺少 polarity_temp", id="calibration empty"),
        pytest.param("thresholds.json", b'{"topic":', "不是 JSON", id="thresholds cut short"),
    ],
)
def test_a_sealed_file_with_wrong_content_is_refused(
    file: str, content: bytes, words: str, folder: Path
) -> None:
    (folder / file).write_bytes(content)
    resealed(folder)
    said = refused(folder, file)
    assert words in said
    assert REPAIR in said


def shorter(name: str, rows: int) -> tiny.Change:
    """Cut one table of embeddings to its first rows."""
    full = f"embeddings.{name}_embeddings.weight"

    def change(weights: EncoderWeights) -> EncoderWeights:
        tensors = dict(weights.tensors)
        return replace(weights, tensors=tensors | {full: tensors[full][:rows]})

    return change


def one_topic_less(weights: EncoderWeights) -> EncoderWeights:
    return replace(
        weights, heads_weight=weights.heads_weight[:-1], heads_bias=weights.heads_bias[:-1]
    )


def without_direction(weights: EncoderWeights) -> EncoderWeights:
    nothing = np.zeros_like(weights.vector_weight)
    return replace(weights, vector_weight=nothing, vector_bias=nothing[:, 0])


def not_a_number(weights: EncoderWeights) -> EncoderWeights:
    return replace(weights, heads_bias=np.full_like(weights.heads_bias, np.nan))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(
            shorter("word", 20),
            rf"认识 20 个词片，tokenizer\.model 却有 {len(tiny.PIECES)} 个",
            id="fewer pieces than the tokenizer",
        ),
        pytest.param(shorter("position", 64), "一次只读 64 个词片，至少应为 256", id="too short"),
        pytest.param(one_topic_less, r"scores 的形状是 \(1, 14\).*应为 \(1, 15\)", id="a topic"),
        pytest.param(without_direction, "vectors 的长度不是 1", id="vectors of length zero"),
        pytest.param(not_a_number, "不能用的数", id="scores are not numbers"),
    ],
)
def test_a_graph_of_other_sizes_is_refused(change: tiny.Change, words: str, folder: Path) -> None:
    (folder / "model.onnx").write_bytes(tiny.model(change))
    resealed(folder)
    with pytest.raises(ArtefactError, match=words):
        load_classifier(folder)


def renamed_output(model: onnx.ModelProto) -> None:
    model.graph.node.add(op_type="Identity", input=["scores"], output=["logits"])
    model.graph.output[0].name = "logits"


def another_input(model: onnx.ModelProto) -> None:
    model.graph.input.add().CopyFrom(model.graph.input[0])
    model.graph.input[1].name = "mask"


def lying_about_pieces(model: onnx.ModelProto) -> None:
    """The table is short, the metadata say otherwise."""
    model.CopyFrom(onnx.load_model_from_string(tiny.model(shorter("word", 20))))
    model.metadata_props[0].value = str(len(tiny.PIECES))


def flat_vectors(model: onnx.ModelProto) -> None:
    model.graph.node[-1].output[0] = "table"
    shape = onnx.helper.make_tensor("flat", onnx.TensorProto.INT64, [1], [-1])
    model.graph.initializer.append(shape)
    model.graph.node.add(op_type="Reshape", input=["table", "flat"], output=["vectors"])
    model.graph.output[1].type.tensor_type.ClearField("shape")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(flat_vectors, "vectors 的形状是 (8,)", id="vectors without rows"),
        pytest.param(renamed_output, "输出是 logits、vectors，应为 scores、vectors", id="output"),
        pytest.param(another_input, "模型的输入是 ids、mask，应为 ids", id="input"),
        pytest.param(
            lambda model: model.ClearField("metadata_props"), "没有写明 pieces", id="no sizes"
        ),
        pytest.param(lying_about_pieces, "模型读不了词片", id="pieces that it does not have"),
    ],
)
def test_a_graph_of_another_make_is_refused(
    change: Callable[[onnx.ModelProto], None], words: str, folder: Path
) -> None:
    model = onnx.load_model_from_string(tiny.model())
    change(model)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    resealed(folder)
    assert words in refused(folder, "model.onnx")


def test_a_tokenizer_of_more_pieces_is_refused(folder: Path) -> None:
    (folder / "tokenizer.model").write_bytes(tiny.tokenizer((*tiny.PIECES, "物流")))
    resealed(folder)
    assert f"却有 {len(tiny.PIECES) + 1} 个" in refused(folder, "model.onnx")


def test_a_tokenizer_without_ends_is_refused(folder: Path) -> None:
    model = protocol.ModelProto.FromString(tiny.tokenizer())
    model.pieces[tiny.PIECES.index("</s>")].piece = "物流"
    (folder / "tokenizer.model").write_bytes(model.SerializeToString())
    resealed(folder)
    assert "没有 <s> 或 </s>" in refused(folder, "tokenizer.model")


def test_a_label_set_of_another_version_is_refused(folder: Path) -> None:
    resealed(folder, labels={"polarity": ["bad", "good"], "topics": ["food.taste"]})
    said = refused(folder, "manifest.json")
    assert "标签集（polarity、topics）" in said
    assert "python -m training encoder" in said


def test_a_taxonomy_without_the_models_topics_is_refused(folder: Path) -> None:
    with pytest.raises(ArtefactError, match=r"类别表 2026-01-01 里没有类别 .*food\.taste"):
        load_classifier(folder, taxonomy=TAXONOMY)


# --- which model is loaded ---------------------------------------------------------------------


def test_a_kind_that_we_cannot_load_is_named(folder: Path) -> None:
    resealed(folder, kind="oracle")
    said = refused(folder, "manifest.json")
    assert "“oracle”类模型，只会加载：encoder、linear" in said


def test_an_encoder_is_the_default_where_there_is_one(
    tiny_encoder: Path, tiny_model: Path, tmp_path: Path
) -> None:
    shutil.copytree(tiny_model, tmp_path / "linear-zh" / "2026-11-22")
    assert load_classifier(models=tmp_path).version == "linear-tiny/2026-11-22"
    shutil.copytree(tiny_encoder, tmp_path / "encoder-zh" / "2026-11-22")
    assert load_classifier(models=tmp_path).version == tiny.VERSION
    assert load_classifier("linear-zh", models=tmp_path).version == "linear-tiny/2026-11-22"


def test_the_linear_model_loads_without_the_libraries_of_the_encoder() -> None:
    code = (
        "import sys; from feedback_nlp.artifacts import load_classifier; "
        "load_classifier('linear-zh'); "
        "print(sorted({'onnxruntime', 'sentencepiece', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own code
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_no_model_at_all_lists_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match=r"linear-zh: .*现有：无"):
        load_classifier(models=tmp_path)
