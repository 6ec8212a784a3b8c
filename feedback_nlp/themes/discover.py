"""Discovery alone: voices -> themes, with nothing known before."""

from collections.abc import Sequence

from feedback_nlp.ports import Classifier
from feedback_nlp.records import Taxonomy, Theme, Voice
from feedback_nlp.themes.cluster import gather
from feedback_nlp.themes.count import NO_DATES, Span
from feedback_nlp.themes.describe import described
from feedback_nlp.themes.ids import numbered
from feedback_nlp.themes.recipes import Recipe, suited


def discover(
    voices: Sequence[Voice],
    classifier: Classifier,
    taxonomy: Taxonomy,
    *,
    span: Span = NO_DATES,
    recipe: Recipe | None = None,
) -> list[Theme]:
    """Gather candidate voices into themes, ordered by id. Voices in no theme are 未归类.

    The same voices give the same themes, whatever their order. Without a recipe the one that suits
    the classifier is taken.
    """
    found = gather(voices, classifier, recipe or suited(classifier.version))
    clusters = {numbered(number): cluster for number, cluster in enumerate(found, 1)}
    homes = {
        (voice.review_id, voice.start): theme_id
        for theme_id, cluster in clusters.items()
        for voice in cluster.voices
    }
    return list(described(voices, homes, clusters, taxonomy, known=(), span=span))
