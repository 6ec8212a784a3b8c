"""The path of a request as routes see it."""

from starlette.types import Scope


def path_of(scope: Scope) -> str:
    """Return the path without the prefix that a reverse proxy put before it."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "").rstrip("/")
    return path.removeprefix(root) if path.startswith(f"{root}/") else path
