"""Ids of themes: how a number is written, and their order."""


def numbered(number: int) -> str:
    """Return the id of the theme with this number: `T-0042`, more digits where they are needed."""
    return f"T-{number:04d}"


def by_number(theme_id: str) -> tuple[int, str]:
    """Return what sorts ids by their number: T-9999 comes before T-10000."""
    return len(theme_id), theme_id
