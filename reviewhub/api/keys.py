"""What a token looks like: a prefix that secret scanners know, 256 random bits, a checksum. Pure but for chance."""

import hashlib
import re
import secrets
import string
import zlib

PREFIXES = {"personal": "rhp_", "machine": "rhm_"}
DIGITS = string.digits + string.ascii_letters
SECRET_CHARS, CHECK_CHARS = 43, 6  # 62^43 is a little more than 2^256
FORM = re.compile(rf"rh[pm]_[0-9A-Za-z]{{{SECRET_CHARS + CHECK_CHARS}}}")


def new(kind: str) -> str:
    """A token of this kind that nobody has."""
    secret = PREFIXES[kind] + "".join(secrets.choice(DIGITS) for _each in range(SECRET_CHARS))
    return secret + _check(secret)


def is_one(text: str) -> bool:
    """Whether `text` was made by `new`: told from a mistyped one without asking the database."""
    return bool(FORM.fullmatch(text)) and secrets.compare_digest(
        text[-CHECK_CHARS:], _check(text[:-CHECK_CHARS])
    )


def digest(token: str) -> str:
    """What is kept of a token. 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def hint(token: str) -> str:
    """How a token is named in a list: its prefix and its last characters."""
    return f"{token[:4]}…{token[-4:]}"


def _check(secret: str) -> str:
    number, found = zlib.crc32(secret.encode()), ""
    for _each in range(CHECK_CHARS):
        number, rest = divmod(number, len(DIGITS))
        found = DIGITS[rest] + found
    return found
