import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from tiny_model import TINY_WORDS, VERSION, sample_rows

from feedback_nlp.artifacts import load_classifier
from feedback_nlp.artifacts.manifest import Manifest
from feedback_nlp.classify.linear import LinearClassifier
from feedback_nlp.errors import InputError
from training.__main__ import main
from training.card import card
from training.data import GOLD_TRAIN, SENTIMENT, clauses, held_out_reviews, prior_reviews, raw_texts
from training.linear import LinearSettings, fit
from training.train_linear import train_linear
from training.words import fit_words


def test_training_twice_writes_the_same_bytes(
    tiny_data: Path, tiny_model: Path, tmp_path: Path
) -> None:
    again = tmp_path / VERSION
    train_linear(tiny_data, again, word_settings=TINY_WORDS)
    first = {path.name: path.read_bytes() for path in tiny_model.iterdir()}
    assert {path.name: path.read_bytes() for path in again.iterdir()} == first


def test_a_saved_model_answers_exactly_like_the_one_in_memory(
    tiny_data: Path, tiny_model: Path
) -> None:
    features, heads = fit(
        clauses(tiny_data / GOLD_TRAIN),
        prior_reviews(tiny_data / SENTIMENT),
        settings=LinearSettings(),
    )
    loaded = load_classifier(tiny_model)
    assert isinstance(loaded, LinearClassifier)
    train = [clause.text for clause in clauses(tiny_data / GOLD_TRAIN)]
    words = fit_words(raw_texts(tiny_data), train, settings=TINY_WORDS)
    in_memory = LinearClassifier(
        loaded.version, features, heads, loaded.calibration, loaded.thresholds, words
    )
    texts = [row["text"] for row in sample_rows()]
    assert loaded.label(texts) == in_memory.label(texts)
    assert np.array_equal(loaded.encode(texts), in_memory.encode(texts))


def test_the_model_has_learned_its_training_clauses(tiny_data: Path, tiny_model: Path) -> None:
    train = clauses(tiny_data / GOLD_TRAIN)
    labels = load_classifier(tiny_model).label([clause.text for clause in train])
    right = [label.polarity == gold.polarity for label, gold in zip(labels, train, strict=True)]
    assert sum(right) / len(right) > 0.9


def test_every_figure_of_the_card_is_one_of_eval_json(tiny_model: Path) -> None:
    evaluation = json.loads((tiny_model / "eval.json").read_text(encoding="utf-8"))
    manifest = Manifest.model_validate_json((tiny_model / "manifest.json").read_text("utf-8"))
    text = (tiny_model / "README.md").read_text(encoding="utf-8")
    assert text == card(manifest, evaluation)
    dev = evaluation["dev"]
    assert (
        f"| 情感（3 类） | {dev['polarity']['macro_f1']} | {dev['polarity']['accuracy']} |" in text
    )
    for rule in evaluation["review"]["rules"]:
        assert f"| {rule['rule']} | {rule['macro_f1']} | {rule['accuracy']} |" in text


def test_the_card_says_what_the_labels_and_licences_are(tiny_model: Path) -> None:
    text = (tiny_model / "README.md").read_text(encoding="utf-8")
    for words in ("训练本模型的人提供或增补", "none stated", "research", "who trained", "局限"):
        assert words in text


def test_the_card_tells_nothing_that_is_known_of_our_labels_only(tiny_model: Path) -> None:
    text = (tiny_model / "README.md").read_text(encoding="utf-8")
    for words in ("六个语言模型标注员", "试过什么", "不公开", "model-made", "约四成"):
        assert words not in text


def test_the_prior_never_reads_a_held_out_review(tiny_data: Path) -> None:
    held_out = held_out_reviews(tiny_data / SENTIMENT, per_label=1000)
    prior = prior_reviews(tiny_data / SENTIMENT)
    assert held_out
    assert prior
    assert not {review.text for review in held_out} & {review.text for review in prior}


def test_the_order_of_the_review_file_does_not_matter(tiny_data: Path, tmp_path: Path) -> None:
    with gzip.open(tiny_data / SENTIMENT, "rt", encoding="utf-8") as file:
        lines = file.readlines()
    turned = tmp_path / "turned.jsonl"
    turned.write_text("".join(reversed(lines)), encoding="utf-8")
    assert prior_reviews(turned) == prior_reviews(tiny_data / SENTIMENT)


def test_without_a_prior_the_heads_learn_from_clauses_alone(tiny_data: Path) -> None:
    train = clauses(tiny_data / GOLD_TRAIN)
    _, heads = fit(train, (), settings=LinearSettings(rarest_in_clauses=1))
    assert heads.coefficients.shape[1] == 11 + len(heads.topics)


def test_the_command_trains_and_says_where(
    tiny_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / VERSION
    assert main(["linear", "--data", str(tiny_data), "--out", str(out), "--commit", "abc"]) == 0
    assert capsys.readouterr().out == f"{VERSION} -> {out}\n"
    assert json.loads((out / "manifest.json").read_text("utf-8"))["training_commit"] == "abc"


@pytest.mark.parametrize(
    ("out", "words"),
    [
        pytest.param(VERSION, "no such file; give the data folder", id="data folder is empty"),
        pytest.param(
            "linear-own/newest", "要以 <名称>/<YYYY-MM-DD> 结尾", id="folder without a date"
        ),
        pytest.param("mine/2026-11-22", "要以 linear 开头", id="name of no kind"),
        pytest.param("linear-我的/2026-11-22", "只用小写字母", id="name in Chinese"),
    ],
)
def test_the_command_names_what_is_wrong(
    out: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["linear", "--data", str(tmp_path), "--out", str(tmp_path / out)]) == 2
    assert words in capsys.readouterr().err


def test_training_into_a_folder_without_a_date_is_an_input_error(tiny_data: Path) -> None:
    with pytest.raises(InputError, match="YYYY-MM-DD"):
        train_linear(tiny_data, tiny_data / "linear-own" / "undated")
