"""Signing a record that leaves the house, and saying of any file whether it still is what was signed.

The last line of the file is a comment with the Ed25519 signature over every byte before it.
"""

import base64
import binascii
import os
import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

KEY_NAME = "record_key"
LINE = re.compile(
    rb"<!-- reviewhub-record ed25519 key=([A-Za-z0-9+/=]{44}) signature=([A-Za-z0-9+/=]{88}) -->\n?\Z"
)
VALID, CHANGED, UNSIGNED, OTHER = "valid", "changed", "unsigned", "other"


@dataclass(frozen=True)
class Verdict:
    """valid: just as this installation (or the owner of the given key) signed it; changed: a byte differs;
    other: signed with another key, which proves nothing here; unsigned: no signature at its end."""

    status: str
    key: str = ""

    @property
    def is_valid(self) -> bool:
        return self.status == VALID


def signed(content: bytes) -> bytes:
    """`content` with its signature as the last line."""
    key = _private()
    body = content if content.endswith(b"\n") else content + b"\n"
    signature = base64.b64encode(key.sign(body)).decode()
    return body + f"<!-- reviewhub-record ed25519 key={public_key()} signature={signature} -->\n".encode()


def verdict(content: bytes, *, key: str = "") -> Verdict:
    """What is to be said of `content`; `key`: the public key to trust, "" this installation's."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - only where records are asked about
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

    found = LINE.search(content)
    if found is None:
        return Verdict(UNSIGNED)
    named, trusted = found.group(1).decode(), key.strip() or public_key()
    if named != trusted:
        return Verdict(OTHER, named)
    try:
        raw = base64.b64decode(trusted, validate=True)
        public = ed25519.Ed25519PublicKey.from_public_bytes(raw)
        public.verify(base64.b64decode(found.group(2), validate=True), content[: found.start()])
    except (InvalidSignature, ValueError, binascii.Error):
        return Verdict(CHANGED, named)
    return Verdict(VALID, named)


def public_key() -> str:
    """Base64 of the 32 bytes that others need to check records of this installation."""
    return base64.b64encode(_private().public_key().public_bytes_raw()).decode()


def _private():
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415

    return ed25519.Ed25519PrivateKey.from_private_bytes(_secret(Path(settings.DATA_DIR) / KEY_NAME))


def _secret(path: Path) -> bytes:
    """The 32 secret bytes beside the data, made on first use; of two processes the first one's count."""
    if not path.exists():
        made = path.with_name(f"{KEY_NAME}.{os.getpid()}")
        made.write_bytes(b"")
        made.chmod(0o600)
        made.write_bytes(os.urandom(32))
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_bytes()
