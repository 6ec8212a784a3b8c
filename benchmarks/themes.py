"""How well and how fast opinions are grouped into themes, beside three peers in the same run.

    python benchmarks/themes.py          # agreement with the groups of ../shared/data/themes
    python benchmarks/themes.py own      # with our own: products whose problems no vectors learned
    python benchmarks/themes.py speed    # seconds and peak memory; each row in its own process

Prints Markdown. Rows without an issue are removed before grouping, alipay's a01 and a02 count as
one, and each row in no theme counts as a group of its own. All get the same vectors. BERTopic 0.17
belongs to the environment of `make bench` only; without it the others are printed.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from grouping_peers import Groups, Vectors, average_linkage, bertopic, has_bertopic, k_means
from real_reviews import DATA
from themes_speed import Given, measure, print_speed

from feedback_nlp.artifacts import load_classifier
from feedback_nlp.ports import Classifier
from feedback_nlp.records import Voice
from feedback_nlp.text.normalize import normalize
from feedback_nlp.themes.assign import Standing, assign
from feedback_nlp.themes.cluster import gather
from feedback_nlp.themes.recipes import RECIPES, Recipe, suited
from feedback_nlp.themes.sayings import distinct
from training.encoder.material import KEPT_FOR_RECIPES
from training.grouping import agreement
from training.own_labels import complaints

PRODUCTS: Final = ("alipay", "waimai")
SAME_BUG: Final = {"alipay": {"a02": "a01"}}
NO_ISSUE: Final = "none"
KNOWN_SHARE: Final = 0.7
"""Of our own complaints so many are discovered; the others are assigned to what was found."""
SEEDS: Final = range(5)

TABLE: Final = (
    "| product | rows | grouped by | B-cubed P | R | F1 | ARI | unassigned | groups |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True, slots=True)
class Judged:
    """Complaints grouped by hand."""

    name: str
    voices: tuple[Voice, ...] = field(repr=False)
    vectors: Vectors = field(repr=False)
    by_hand: tuple[str, ...] = field(repr=False)

    def part(self, places: Sequence[int]) -> "Judged":
        """Return some rows."""
        return Judged(
            self.name,
            tuple(self.voices[place] for place in places),
            self.vectors[list(places)],
            tuple(self.by_hand[place] for place in places),
        )


def main() -> None:
    """Run what the first argument names."""
    what = sys.argv[1] if len(sys.argv) > 1 else "agreement"
    works: dict[str, Callable[[], None]] = {
        "agreement": _print_agreement,
        "own": _print_own,
        "speed": print_speed,
        "measure": lambda: measure(sys.argv[2], int(sys.argv[3])),
    }
    works[what]()


def _print_agreement() -> None:
    print(TABLE)
    for model in ("encoder-zh", "linear-zh"):
        classifier = load_classifier(model)
        for product in PRODUCTS:
            every = _judged(classifier, product, *_rows(product))
            kept = every.part([row for row, group in enumerate(every.by_hand) if group != NO_ISSUE])
            for recipe in (each for each in RECIPES if model.startswith(each.suits)):
                _print_row(kept, f"{model}, recipe {recipe.name}", ours(kept, classifier, recipe))
            _print_row(
                every,
                f"{model}, rows without an issue grouped too, not judged",
                ours(every, classifier, suited(classifier.version)),
            )
            if model == "encoder-zh":
                _print_peers(kept)
    if not has_bertopic():
        print("\nBERTopic is not installed here: `make bench` has it.")


def _print_peers(judged: Judged) -> None:
    true = len(set(judged.by_hand))
    _print_row(judged, f"average linkage, true k = {true}", average_linkage(judged.vectors, true))
    _print_row(judged, f"k-means, true k = {true}", k_means(judged.vectors, true))
    if has_bertopic():
        texts = [voice.text for voice in judged.voices]
        _print_row(judged, "BERTopic 0.17, jieba words", bertopic(texts, judged.vectors))


def _print_own() -> None:
    print(TABLE)
    found = complaints(DATA)
    for model in ("encoder-zh", "linear-zh"):
        classifier = load_classifier(model)
        recipe = suited(classifier.version)
        products = sorted({each.product for each in found})
        for product in [KEPT_FOR_RECIPES] if model == "encoder-zh" else products:
            mine = [each for each in found if each.product == product]
            texts = [each.text for each in mine]
            every = _judged(classifier, product, texts, [each.problem or NO_ISSUE for each in mine])
            _print_row(every, f"{model}, at once", ours(every, classifier, recipe))
            for seed in SEEDS:
                _print_row(every, f"{model}, 30 % later, draw {seed}", later(every, recipe, seed))


def ours(judged: Judged, classifier: Classifier, recipe: Recipe) -> Groups:
    """Return the theme of each row."""
    clusters = gather(judged.voices, classifier, recipe, vectors=judged.vectors)
    home = {
        voice.review_id: str(place)
        for place, cluster in enumerate(clusters)
        for voice in cluster.voices
    }
    return [home.get(voice.review_id) for voice in judged.voices]


def later(judged: Judged, recipe: Recipe, seed: int) -> Groups:
    """Discover themes in most rows, then assign the others."""
    order = np.random.default_rng(seed).permutation(len(judged.voices)).tolist()
    known = judged.part(sorted(order[: int(KNOWN_SHARE * len(order))]))
    rest = judged.part(sorted(order[int(KNOWN_SHARE * len(order)) :]))
    vector_of = {
        voice.review_id: row for voice, row in zip(judged.voices, judged.vectors, strict=True)
    }
    clusters = gather(known.voices, Given(), recipe, vectors=known.vectors)
    standing = [
        Standing(
            str(place),
            cluster.sayings,
            np.stack([vector_of[each.voices[0].review_id] for each in cluster.sayings]),
        )
        for place, cluster in enumerate(clusters)
    ]
    new = distinct(rest.voices)
    rows = np.stack([vector_of[each.voices[0].review_id] for each in new])
    home = {
        voice.review_id: each.id
        for each in standing
        for one in each.sayings
        for voice in one.voices
    }
    for saying, answer in zip(new, assign(new, rows, standing, recipe), strict=True):
        if answer.theme_id is not None:
            home |= {voice.review_id: answer.theme_id for voice in saying.voices}
    return [home.get(voice.review_id) for voice in judged.voices]


def _rows(product: str) -> tuple[list[str], list[str]]:
    """Return the texts of a product and their groups by hand."""

    def table(name: str) -> list[list[str]]:
        lines = (DATA / "themes" / name).read_text("utf-8").splitlines()
        return [line.split("\t") for line in lines if line]

    by_hand = dict(table(f"{product}_out.tsv"))
    rows = table(f"{product}_in.tsv")
    same = SAME_BUG.get(product, {})
    groups = [by_hand[row[0]] for row in rows]
    return [normalize(row[2]).text for row in rows], [same.get(group, group) for group in groups]


def _judged(
    classifier: Classifier, name: str, texts: Sequence[str], by_hand: Sequence[str]
) -> Judged:
    voices = tuple(
        Voice(str(row), 0, len(text), text, labels, channel=name)
        for row, (text, labels) in enumerate(zip(texts, classifier.label(texts), strict=True))
    )
    return Judged(name, voices, classifier.encode(texts), tuple(by_hand))


def _print_row(judged: Judged, by: str, groups: Groups) -> None:
    pairs = [
        (hand, group)
        for hand, group in zip(judged.by_hand, groups, strict=True)
        if hand != NO_ISSUE
    ]
    found = agreement(pairs)
    alone = sum(group is None for _, group in pairs) / len(pairs)
    number = len({group for group in groups if group is not None})
    print(
        f"| {judged.name} | {len(pairs)} | {by} | {found.precision:.3f} | {found.recall:.3f} "
        f"| {found.f1:.3f} | {found.ari:.3f} | {alone:.1%} | {number} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
