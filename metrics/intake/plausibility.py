"""How likely bytes are text of an encoding, judged by how common the characters would be. Pure."""

import unicodedata


def plausibility(sample: bytes, encoding: str) -> float:
    """0…1: the share of characters beyond ASCII that everyday text of that encoding is made of."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    judged = [_common(char, before, after, encoding) for before, char, after in _beyond_ascii(text)]
    return sum(judged) / len(judged) if judged else 0.0


def _beyond_ascii(text: str):
    padded = f" {text} "
    return [
        (padded[i - 1], padded[i], padded[i + 1])
        for i in range(1, len(padded) - 1)
        if not padded[i].isascii()
    ]


def _common(char, before, after, encoding) -> bool:
    if encoding == "cp1252":
        return _latin(char, before, after)
    raw = char.encode(encoding)
    if len(raw) == 1:
        return encoding == "shift_jis" and _kana_word(char, before, after)
    lead, trail = raw[0], raw[1]
    if encoding == "gb18030":
        # Level 1 of GB 2312: the 3,755 everyday characters, and its marks.
        return len(raw) == 2 and trail >= 0xA1 and (0xB0 <= lead <= 0xD7 or lead in (0xA1, 0xA3))
    if encoding == "big5":
        return 0xA4 <= lead <= 0xC6 or lead in (0xA1, 0xA2)
    if encoding == "shift_jis":
        return 0x81 <= lead <= 0x83 or 0x88 <= lead <= 0x97
    # Korean words are Hangul throughout; the same bytes are Chinese characters elsewhere.
    return 0xB0 <= lead <= 0xC8 and trail >= 0xA1 and "HANGUL" in unicodedata.name(char, "")


def _latin(char, before, after) -> bool:
    """A letter with an accent stands among plain letters; a sign stands beside digits or blanks."""
    if char.isalpha():
        return char in "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüÿœŒŠšŽž" and (
            before.isascii() and after.isascii() and (before.isalpha() or after.isalpha())
        )
    return char in "€£°–—‘’“”…™®©\u00a0«»·×½¼²³" and before.isascii() and after.isascii()


def _kana_word(char, before, after) -> bool:
    return "\uff66" <= char <= "\uff9f" and ("\uff66" <= before <= "\uff9f" or "\uff66" <= after <= "\uff9f")
