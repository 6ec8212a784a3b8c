"""Themes as their opinions make them: counts, name, topic, keywords, quotes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from feedback_nlp.records import Taxonomy, Theme, ThemeState, Voice
from feedback_nlp.themes import label
from feedback_nlp.themes.cluster import Cluster
from feedback_nlp.themes.count import Span, counted, empty_theme
from feedback_nlp.themes.ids import by_number
from feedback_nlp.themes.names import name_key


def described(
    voices: Sequence[Voice],
    homes: Mapping[tuple[str, int], str],
    clusters: Mapping[str, Cluster],
    taxonomy: Taxonomy,
    *,
    known: Sequence[Theme],
    span: Span,
) -> tuple[Theme, ...]:
    """Return every theme that is not merged as its opinions make it, by id.

    `homes` says where the voices belong, `clusters` what is said in each theme, the most central
    saying first; `known` are the themes as they were.
    """
    said: defaultdict[str, list[Voice]] = defaultdict(list)
    for voice in voices:
        if (place := (voice.review_id, voice.start)) in homes:
            said[homes[place]].append(voice)
    before = {theme.id: theme for theme in known if theme.state is not ThemeState.MERGED}
    words = dict(zip(clusters, label.keywords(list(clusters.values())), strict=True))
    names = _names(clusters, before, taxonomy)
    found = []
    for theme_id in sorted({*before, *said}, key=by_number):
        theme = before.get(theme_id) or empty_theme(theme_id, name="", topic="")
        if theme_id in clusters:
            quotes = label.theme_quotes(clusters[theme_id])
            theme = replace(
                theme,
                name=names.get(theme_id, theme.name),
                topic=label.main_topic(clusters[theme_id]),
                keywords=words[theme_id],
                quotes=quotes.central,
                boundary_quotes=quotes.boundary,
            )
        found.append(counted(theme, said[theme_id], span=span))
    return tuple(found)


def _names(
    clusters: Mapping[str, Cluster], before: Mapping[str, Theme], taxonomy: Taxonomy
) -> dict[str, str]:
    """Name the themes that have no name, or one that nobody in them says any more.

    A name that stays is what people look for; an erasure may have taken the words away.
    """
    stays = {
        theme_id: theme.name
        for theme_id, theme in before.items()
        if theme.named_by_hand
        or theme_id not in clusters
        or _is_said(theme.name, clusters[theme_id])
    }
    nameless = [theme_id for theme_id in clusters if theme_id not in stays]
    made = label.names(
        [clusters[theme_id] for theme_id in nameless], taxonomy, taken=frozenset(stays.values())
    )
    return dict(zip(nameless, made, strict=True))


def _is_said(name: str, cluster: Cluster) -> bool:
    wanted = name_key(name.removesuffix("…"))
    return bool(wanted) and any(wanted in name_key(saying.text) for saying in cluster.sayings)
