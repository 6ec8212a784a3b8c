"""Clusters -> names, keywords, quotes and topics, all of them the users' own words."""

from feedback_nlp.themes.keywords import keywords
from feedback_nlp.themes.names import name, names
from feedback_nlp.themes.quotes import ThemeQuotes, quotes, theme_quotes
from feedback_nlp.themes.reasons import Reason, why
from feedback_nlp.themes.topics import main_topic

__all__ = [
    "Reason",
    "ThemeQuotes",
    "keywords",
    "main_topic",
    "name",
    "names",
    "quotes",
    "theme_quotes",
    "why",
]
