"""Lets the browser tests open the samples of the reports room."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "reports"))
