"""Lets the checks on real data use the desk of `tests/workflows` and the parsers beside it."""

import sys
from pathlib import Path

for folder in ("workflows", "reports"):
    sys.path.append(str(Path(__file__).parents[1] / folder))
