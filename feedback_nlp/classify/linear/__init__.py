"""The fast lane: linear heads over character n-grams, and word vectors for likeness."""

from feedback_nlp.classify.linear.classifier import LinearClassifier
from feedback_nlp.classify.linear.features import CharTfidf
from feedback_nlp.classify.linear.heads import LinearHeads
from feedback_nlp.classify.linear.words import WordVectors

__all__ = ["CharTfidf", "LinearClassifier", "LinearHeads", "WordVectors"]
