"""Which currency a sign beside an amount, or in a header, means. Pure."""

import re

from metrics.intake.value_lists import CURRENCIES

# Signs that only one currency uses; the rest is said by the profile or by whoever hands the file in.
SIGNS = {
    "€": "EUR", "£": "GBP", "₹": "INR", "RS": "INR", "RS.": "INR", "₩": "KRW", "฿": "THB", "₫": "VND", "₱": "PHP",
    "RM": "MYR", "RP": "IDR", "元": "CNY", "円": "JPY", "ZŁ": "PLN", "R$": "BRL",
    "US$": "USD", "AU$": "AUD", "A$": "AUD", "C$": "CAD", "CA$": "CAD", "HK$": "HKD", "NT$": "TWD", "S$": "SGD",
    "NZ$": "NZD", "MX$": "MXN", "JP¥": "JPY", "CN¥": "CNY",
}  # fmt: skip
SHARED = {"$": ("USD", "CAD", "AUD", "SGD", "MXN"), "¥": ("CNY", "JPY"), "KR": ("SEK", "NOK", "DKK")}
_NUMBER = re.compile(r"[-+()0-9.,'’\s\u00a0\u202f\u2009%]+")


def sign_of(cell: str) -> str:
    """What stands beside the digits: "US$" of "US $1,234.50", "" of a bare number."""
    return _NUMBER.sub("", cell.replace("￥", "¥").replace("−", "-")).upper()


def currency_of(sign: str) -> str:
    """The code that a sign or a code means for certain; "" where it is shared by several or unknown."""
    sign = sign.replace("￥", "¥").upper().replace(" ", "")
    if sign in CURRENCIES:
        return sign
    return SIGNS.get(sign, "")
