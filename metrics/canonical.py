"""Pure. The one way of writing a document that is signed, and its fingerprint."""

import hashlib
import json


def canonical(document: dict | list) -> str:
    """`document` with its keys in order, no blanks, UTF-8 as it is."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(content: str) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(content.encode()).hexdigest()
