"""Pure. How people are called, and search keys for names: as written, full pinyin and pinyin initials, lower case."""

import unicodedata
from functools import lru_cache


def folded(text: str) -> str:
    """`text` NFKC-normalised, case-folded, trimmed: two spellings of one name compare equal."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


@lru_cache(maxsize=4096)
def search_key(*names: str) -> str:
    """Space-joined forms of `names`: folded, pinyin ("kedanjia"), initials ("kdj")."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - its dictionary takes a third of a second to load

    forms: list[str] = []
    for name in filter(None, map(folded, names)):
        forms.append(name)
        if not name.isascii():
            forms.append("".join(lazy_pinyin(name)))
            forms.append("".join(lazy_pinyin(name, style=Style.FIRST_LETTER)))
    return " ".join(dict.fromkeys(forms))[:200]


def displayed(name: str, latin: str, username: str, *, language: str) -> str:
    """How somebody is called in a language: as it writes names, else as the other does, else by the sign-in name."""
    first, second = (name, latin) if language.startswith("zh") else (latin, name)
    return first or second or username or ""
