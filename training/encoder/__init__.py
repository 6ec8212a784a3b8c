"""Trains the encoder: base weights, teacher, student, calibration. Needs the `train` extra."""
