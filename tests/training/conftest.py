"""The tiny model, for every test of this folder."""

from tiny_model import tiny_data, tiny_model

__all__ = ["tiny_data", "tiny_model"]
