"""The careful lane: a transformer reads each clause on its own."""

from feedback_nlp.classify.encoder.classifier import EncoderClassifier, Run
from feedback_nlp.classify.encoder.tokens import LONGEST, Processor, Tokens

__all__ = ["LONGEST", "EncoderClassifier", "Processor", "Run", "Tokens"]
