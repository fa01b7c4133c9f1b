"""Canonical JSON and its SHA-256: the one spelling that documents are stored, compared and addressed by."""

import hashlib
import json
from typing import Any


def to_canonical_json(value: Any) -> str:
    """JSON with sorted keys and no white space, so that equal values have equal text on every database."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256_hex(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
