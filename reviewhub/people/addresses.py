"""Pure. E-mail addresses and names as they may stand in a letter's head (B116, B117)."""

import unicodedata

# Invisible characters that turn the reading direction: with them a name can pretend to be another one.
TURNING = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}


def is_plain(text: str) -> bool:
    """Whether `text` is one line of visible characters: no line break, no control or turning character."""
    return not any(unicodedata.category(letter) in ("Cc", "Zl", "Zp") or letter in TURNING for letter in text)


def ascii_address(text: str) -> str | None:
    """`text` with its domain as mail servers write it (punycode, lower case); None where it is no address.

    The shape is checked elsewhere; here: a domain with a dot, that does not end in one.
    """
    local, at, domain = text.strip().rpartition("@")
    if not at or not local.isascii() or domain.endswith(".") or "." not in domain or not is_plain(text):
        return None
    try:
        return f"{local}@{domain.encode('idna').decode('ascii').lower()}"
    except UnicodeError:
        return None
