"""Numbers, money, changes and spans of time as a reader of either language expects them. Pure.

Values are Decimal or int in their own unit (a ratio 0.0064 is 0.64 %). `language` is a Django code (`zh-hans`,
`en`). Nothing here rounds for calculation, only for the eye: half away from zero.
"""

from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_decimal, get_currency_symbol

MINUS = "\u2212"
THIN = "\u202f"  # narrow no-break space: 0.64 % stays on one line
NONE = "–"

# Chinese counts by ten-thousands, English by thousands; one screen never mixes them.
MAGNITUDES = {
    "zh": ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万")),
    "en": ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 3, "k")),
}
# The yuan owns the bare sign in both languages, as it does in the company's own papers.
CURRENCY_SIGNS = {"CNY": "¥", "JPY": "JP¥"}


def is_chinese(language: str) -> bool:
    return language.lower().startswith("zh")


def rounded(value, places: int) -> Decimal:
    return Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def number(value, places: int = 0, language: str = "en") -> str:
    """`1234.5` → `1,234.5`; a missing value is an en dash, never a nought."""
    if value is None or value == "":
        return NONE
    shown = rounded(value, places)
    pattern = "#,##0" + ("." + "0" * places if places else "")
    text = format_decimal(abs(shown), format=pattern, locale="zh" if is_chinese(language) else "en")
    return f"{MINUS}{text}" if shown < 0 else text


def currency_sign(currency: str, language: str = "en") -> str:
    locale = "zh_Hans_CN" if is_chinese(language) else "en_US"
    return CURRENCY_SIGNS.get(currency) or get_currency_symbol(currency, locale=locale)


def money(value, currency: str, places: int = 2, language: str = "en") -> str:
    """`-52339.88 CNY` → `−¥52,339.88`."""
    if value is None or value == "":
        return NONE
    sign = currency_sign(currency, language)
    gap = THIN if sign[-1:].isalpha() else ""
    minus = MINUS if rounded(value, places) < 0 else ""
    return f"{minus}{sign}{gap}{number(abs(Decimal(value)), places, language)}"


def magnitude(value, language: str = "en", currency: str = "") -> str:
    """`8214330` → `821.4万` or `8.21m`, three to four figures that count; small values stay whole."""
    if value is None or value == "":
        return NONE
    value = Decimal(value)
    sign = currency_sign(currency, language) if currency else ""
    minus = MINUS if value < 0 else ""
    chinese = is_chinese(language)
    for step, word in MAGNITUDES["zh" if chinese else "en"]:
        if abs(value) >= step:
            scaled = abs(value) / step
            places = 0 if scaled >= 1000 else 1 if scaled >= 10 else 2
            return f"{minus}{sign}{number(scaled, places, language)}{word}"
    places = 0 if value == value.to_integral_value() else 2
    return f"{minus}{sign}{number(abs(value), places, language)}"


def percent(ratio, places: int = 1, language: str = "en") -> str:
    """`0.0064` → `0.6%` in Chinese, `0.6 %` in English."""
    if ratio is None or ratio == "":
        return NONE
    gap = "" if is_chinese(language) else THIN
    return f"{number(Decimal(ratio) * 100, places, language)}{gap}%"


def signed(text: str, value) -> str:
    """A variance always shows its sign, a value never does; nought is ±0."""
    if value is None or value == "":
        return NONE
    if text.startswith(MINUS):
        return text
    return f"±{text}" if not any(figure in "123456789" for figure in text) else f"+{text}"


def signed_percent(ratio, places: int = 1, language: str = "en") -> str:
    return signed(percent(ratio, places, language), ratio)


def points(ratio, places: int = 1, language: str = "en") -> str:
    """A change of a ratio, in percentage points: `0.021` → `+2.1 pp`, `+2.1个百分点`."""
    if ratio is None or ratio == "":
        return NONE
    word = "个百分点" if is_chinese(language) else f"{THIN}pp"
    return signed(number(Decimal(ratio) * 100, places, language) + word, ratio)


def clock(seconds, signed_overrun: bool = False) -> str:
    """Whole seconds as `12:30`, `1:02:03`; an overrun as `+01:12`."""
    if seconds is None or seconds == "":
        return NONE
    total = abs(int(seconds))
    hours, rest = divmod(total, 3600)
    minutes, left = divmod(rest, 60)
    text = f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes:02d}:{left:02d}"
    sign = ("+" if signed_overrun else MINUS) if int(seconds) < 0 else ""
    return sign + text


def span(seconds, language: str = "en") -> str:
    """Time left or gone by, as a countdown: `1 d 03:12`, `1 天 03:12`; under a day `03:12` hours and minutes."""
    if seconds is None or seconds == "":
        return NONE
    total = abs(int(seconds))
    days, rest = divmod(total, 86_400)
    text = f"{rest // 3600:02d}:{rest % 3600 // 60:02d}"
    if days:
        text = f"{days} {'天' if is_chinese(language) else 'd'} {text}"
    return f"{MINUS}{text}" if int(seconds) < 0 else text


def rough(seconds, language: str = "en") -> str:
    """A length in its largest unit, rounded down: `20 min`, `6 h` up to two days, then `3 d`; `20 分钟`, `6 小时`."""
    total, words = int(seconds), ("天", "小时", "分钟") if is_chinese(language) else ("d", "h", "min")
    for size, least, word in zip((86_400, 3600, 60), (172_800, 3600, 0), words, strict=True):
        if total >= least:
            return f"{total // size}\N{NO-BREAK SPACE}{word}"
    return NONE


def duration(seconds, language: str = "en") -> str:
    """A length to the second, in words: `7392` → `2 h 03 min 12 s`, `2 小时 03 分 12 秒`."""
    if seconds is None or seconds == "":
        return NONE
    words = ("天", "小时", "分", "秒") if is_chinese(language) else ("d", "h", "min", "s")
    left, parts = abs(int(seconds)), []
    for size, word in zip((86_400, 3600, 60, 1), words, strict=True):
        count, left = divmod(left, size)
        if count or parts or size == 1:
            parts.append(f"{count:02d} {word}" if parts else f"{count} {word}")
    return " ".join(parts)


def minutes(seconds, language: str = "en") -> str:
    """A planned length: `2220` → `37 min`, `37 分钟`; halves shown, seconds not."""
    if seconds is None or seconds == "":
        return NONE
    value = Decimal(int(seconds)) / 60
    places = 0 if value == value.to_integral_value() else 1
    return f"{number(value, places, language)} {'分钟' if is_chinese(language) else 'min'}"


def file_size(size, language: str = "en") -> str:
    if size is None or size == "":
        return NONE
    size = Decimal(size)
    for word in ("B", "kB", "MB"):
        if size < 1000:
            return f"{number(size, 0 if word == 'B' or size >= 100 else 1, language)} {word}"
        size /= 1000
    return f"{number(size, 1, language)} GB"
