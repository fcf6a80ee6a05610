"""The proposals of an analysis as its page shows them: what became of each, and what may be made of the others."""

from dataclasses import replace

from django.utils import timezone

from metrics import analysis as writing
from metrics import suggestions


def shown(review, department, user, *, writes: bool, typed: dict | None = None) -> dict:
    """The saved proposals with what became of each, and what may be made of the others."""
    at, row = timezone.now(), writing.of(review, department)
    found = suggestions.lines(row)
    refused = (
        {one.kind: suggestions.make_problems(row, one, by=user, at=at) for one in suggestions.makers()}
        if found and writes
        else {}
    )
    makers = [
        {"maker": one, "problems": refused[one.kind], "asked": one.asked(row, user, at)}
        for one in suggestions.makers()
        if refused
    ]
    return {
        "proposals": [
            line(one, user, at=at, writes=writes) | {"makers": offers(one, makers, typed or {})}
            for one in found
        ],
        "make_problems": list(dict.fromkeys(why for whys in refused.values() for why in whys)),
    }


def offers(one: suggestions.Line, makers: list[dict], typed: dict) -> list[dict]:
    """The makers for one line, with what was typed beside the button that refused it."""
    if one.suggestion is not None:
        return []
    is_this = typed.get("digest") == one.digest
    return [
        offer
        | {
            "asked": [
                field
                if not (is_this and typed["kind"] == offer["maker"].kind)
                else replace(field, value=typed.get(field.name, field.value))
                for field in offer["asked"]
            ]
        }
        for offer in makers
    ]


def line(one: suggestions.Line, user, *, at, writes: bool) -> dict:
    if one.suggestion is None:
        return {"line": one}
    maker = suggestions.maker_of(one.suggestion)
    return {
        "line": one,
        "made": maker.made,
        "outcome": maker.outcome(one.suggestion, user),
        "undo_problems": suggestions.undo_problems(one.suggestion, by=user, at=at) if writes else [""],
    }
