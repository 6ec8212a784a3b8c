"""Clusters -> names, keywords and quotes, all of them the users' own words."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from feedback_nlp.records import Quote, Taxonomy
from feedback_nlp.text.connectives import CONTRAST
from feedback_nlp.text.segment import content_words, segment
from feedback_nlp.text.tokens import ATOM
from feedback_nlp.themes.cluster import Cluster

NAME_CHARACTERS = 18
KEYWORDS = 5
QUOTES = 5
_CENTRAL = 12
"""Clauses near enough to the centre to stand for the whole."""
_MIN_NAME_CHARACTERS = 4


def main_topic(cluster: Cluster) -> str:
    """Return the topic code with the largest summed probability; ties go to the first code."""
    total: dict[str, float] = defaultdict(float)
    for voice in cluster.voices:
        for topic in voice.labels.topics:
            total[topic.code] += topic.probability
    return min(total, key=lambda code: (-round(total[code], 9), code))


def keywords(clusters: Sequence[Cluster]) -> list[tuple[str, ...]]:
    """Pick up to five words a cluster that set it apart from the others.

    Source: class-based TF-IDF, Grootendorst 2022, arXiv:2203.05794, equation 2.
    """
    counts = [_word_counts(cluster) for cluster in clusters]
    overall: Counter[str] = Counter()
    for count in counts:
        overall.update(count)
    average = sum(overall.values()) / max(len(counts), 1)
    return [
        tuple(
            sorted(
                count,
                key=lambda word: (-count[word] * math.log1p(average / overall[word]), word),
            )[:KEYWORDS]
        )
        for count in counts
    ]


def _word_counts(cluster: Cluster) -> Counter[str]:
    counts: Counter[str] = Counter()
    for saying in cluster.sayings:
        telling = {word for word in content_words(saying.text.lower()) if len(word) > 1}
        counts.update(dict.fromkeys(telling, len(saying.voices)))
    return counts


def name(
    cluster: Cluster,
    taxonomy: Taxonomy,
    *,
    telling: Sequence[str] = (),
    taken: frozenset[str] = frozenset(),
) -> str:
    """Name a cluster by its topic and a short clause of it that is not `taken` yet.

    Of the most central clauses the one with most of the `telling` words wins.
    """
    topic = taxonomy.topic(main_topic(cluster)).name
    names = [f"{topic}：{words}" for words in _candidates(cluster, telling)] or [topic]
    return next((each for each in names if each not in taken), names[0])


def _candidates(cluster: Cluster, telling: Sequence[str]) -> list[str]:
    texts = [_core(saying.text.replace("\n", " ")) for saying in cluster.sayings]
    fitting = [text for text in texts if _MIN_NAME_CHARACTERS <= len(text) <= NAME_CHARACTERS]
    fitting += [_shorten(text) for text in texts if len(text) > NAME_CHARACTERS]
    central, others = fitting[:_CENTRAL], fitting[_CENTRAL:]
    return sorted(central, key=lambda text: -_tells(text, telling)) + others


def _tells(text: str, telling: Sequence[str]) -> int:
    """Count the telling words in a text; one that turns against what came before tells less."""
    return sum(word in text.lower() for word in telling) - bool(CONTRAST.match(text))


def _core(text: str) -> str:
    """Cut marks, emoji, stickers and URLs off both ends: a name begins and ends with a word."""
    inside = {place for atom in ATOM.finditer(text) for place in range(*atom.span())}
    words = [i for i, letter in enumerate(text) if letter.isalnum() and i not in inside]
    return text[words[0] : words[-1] + 1] if words else ""


def _shorten(text: str) -> str:
    """Cut a long clause between two words, as late as fits."""
    end = 0
    for word in segment(text):
        after = text.index(word, end) + len(word)
        if after > NAME_CHARACTERS:
            break
        end = after
    kept = _core(text[:end])
    return (kept if len(kept) >= _MIN_NAME_CHARACTERS else text[:NAME_CHARACTERS]) + "…"


def quotes(cluster: Cluster) -> tuple[Quote, ...]:
    """Pick up to five original clauses, most central first, each from another review."""
    chosen: list[Quote] = []
    reviews: set[str] = set()
    for saying in cluster.sayings:
        voice = next((each for each in saying.voices if each.review_id not in reviews), None)
        if voice is not None and len(chosen) < QUOTES:
            reviews.add(voice.review_id)
            chosen.append(Quote(voice.review_id, voice.start, voice.end, voice.text))
    return tuple(chosen)
