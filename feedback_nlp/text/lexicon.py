"""The dated word lists of this room."""

from importlib import resources


def lexicon(name: str) -> tuple[str, ...]:
    """Return the entries of a lexicon file, in file order; `#` begins a comment line."""
    path = resources.files("feedback_nlp.text") / "lexicons" / name
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))
