"""Reads what makes a figure of two parts: what a sum is divided by, or which share of the rows it is. Pure."""

import re

from metrics.intake import expressions

SHARE = re.compile(r"0\.[0-9]{1,4}")
DAYS = ("all", "last_of_month")


def quotient(part, how: str, names: dict) -> dict:
    """`of` (the denominator) or `share`, and which days count, as fields of an Aggregate. Raises ProfileError."""
    weight = part.take("of", default=None)
    if weight is not None and how != "sum":
        part.fail("of", "only a sum has a denominator")
    if weight is not None:
        weight = part.expression(part.place, weight, names, expressions.NUMBER)
    share = str(part.take("share")) if how == "top" else ""
    if share and not SHARE.fullmatch(share):
        part.fail("share", f"a part of one such as 0.2 is expected, not {share!r}")
    days = part.choice("days", DAYS, default="all")
    return {"weight": weight, "share": share, "last_of_month": days == "last_of_month"}
