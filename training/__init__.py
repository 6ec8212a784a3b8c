"""Data to artefact: trains models, measures them and writes the folders of `models/`."""
