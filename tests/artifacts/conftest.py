"""The tiny models, for every test of this folder."""

from tiny_encoder import tiny_encoder
from tiny_model import tiny_data, tiny_model

__all__ = ["tiny_data", "tiny_encoder", "tiny_model"]
