"""The proposals of an analysis as its page shows them: what became of each, and what may be made of the others."""

from django.utils import timezone

from metrics import analysis as writing
from metrics import suggestions


def shown(review, department, user, *, writes: bool) -> dict:
    """The saved proposals with what became of each, and what may be made of the others."""
    at, row = timezone.now(), writing.of(review, department)
    found = suggestions.lines(row)
    refused = (
        {one.kind: suggestions.make_problems(row, one, by=user, at=at) for one in suggestions.makers()}
        if found and writes
        else {}
    )
    return {
        "proposals": [line(one, user, at=at, writes=writes) for one in found],
        "makers": [{"maker": one, "problems": refused[one.kind]} for one in suggestions.makers()]
        if refused
        else [],
        "make_problems": list(dict.fromkeys(why for whys in refused.values() for why in whys)),
    }


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
