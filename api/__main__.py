"""Prints the OpenAPI document: `python -m api > api/openapi.json`."""

import json
import sys

from api.app import create_app
from feedback_nlp.settings import Settings

document = create_app(Settings()).openapi()
sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
