"""The map of a cycle: the cascade from the company to tasks, a list, by person, by metric, and what hangs on nothing.

Filters are one department and how sure owners are. What is drawn rests on the cascade and the filters alone, so that it
is kept with the cascade for everybody who sees the same.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from okr import drawing
from okr.cascade import Cascade
from okr.models import KeyResult
from okr.tree import OBJECTIVE, RESULT
from okr.web import pages
from okr.web.cards import Card, Cards, department_names

CASCADE, LIST, PEOPLE, METRICS, ORPHANS = "", "list", "people", "metrics", "orphans"
UNSAID = "none"  # the filter for key results whose owner did not say how sure they are


@dataclass(frozen=True)
class Asked:
    """What of a cycle is shown, and how."""

    by: str = CASCADE
    department: str = ""
    confidence: str = ""

    @classmethod
    def of(cls, request, names: dict[str, str]) -> "Asked":
        by, department = request.GET.get("by", ""), request.GET.get("department", "")
        confidence = request.GET.get("confidence", "")
        return cls(
            by if by in (LIST, PEOPLE, METRICS, ORPHANS) else CASCADE,
            department if department in names else "",
            confidence if confidence in (*KeyResult.Confidence.values, UNSAID) else "",
        )


@dataclass(frozen=True)
class Group:
    """Cards under one heading, `note` beside it."""

    title: str
    note: str
    cards: list[Card]


@never_cache
@require_GET
def cascade(request, code):
    found, names = pages.seen(request, code), department_names(request.user)
    asked = Asked.of(request, names)
    context = pages.frame(request, found, "cascade")
    context |= {
        "lanes": found.analysis.kept((code, asked, *names.items()), lambda: written(found, names, asked)),
        "departments": [(one, name) for one, name in names.items() if one in found.analysis.departments],
        "confidences": [*KeyResult.Confidence.choices, (UNSAID, pgettext("confidence", "not said"))],
        "asked": asked,
        "ways": ways(request),
        "picture": f"{reverse('okr-drawing', args=[code])}?{request.GET.urlencode()}",
        "coverage": coverage(found),
    }
    return render(request, "okr/cascade.html", context)


def coverage(found: Cascade) -> list[str]:
    """How much of the cascade hangs together, in words."""
    (carried, company), (traced, others), (bound, results) = found.analysis.hangs_together
    return [
        _("%(count)s of %(all)s key results of the company are carried") % {"count": carried, "all": company},
        _("%(count)s of %(all)s of the departments trace to one") % {"count": traced, "all": others},
        _("%(count)s of %(all)s read a metric") % {"count": bound, "all": results},
    ]


def ways(request) -> list[dict]:
    """The ways to look at it; the filters stay."""
    words = {
        CASCADE: pgettext("okr", "Alignment"),
        LIST: _("List"),
        PEOPLE: _("By person"),
        METRICS: _("By metric"),
        ORPHANS: _("Without a thread"),
    }
    now = request.GET.get("by", "")
    found = []
    for by, word in words.items():
        query = request.GET.copy()
        query.pop("by", None)
        if by:
            query["by"] = by
        found.append(
            {"label": word, "url": f"?{query.urlencode()}", "active": by == (now if now in words else "")}
        )
    return found


def wanted(found: Cascade, asked: Asked) -> set[str] | None:
    """Keys that pass the filters, with everything above them; None where nothing is filtered."""
    keys = found.analysis.of_department(asked.department) if asked.department else None
    if not asked.confidence:
        return keys
    sure = "" if asked.confidence == UNSAID else asked.confidence
    own = [key for key, row in found.plain_results.items() if row.confidence == sure]
    with_parents = {*own, *(up.key for key in own for up in found.tree.above(key))}
    return with_parents if keys is None else with_parents & keys


def written(found: Cascade, names: dict[str, str], asked: Asked) -> str:
    """The cards, written out."""
    cards, keys = Cards(found, names), wanted(found, asked)
    context = {"okr_cycle": found.cycle, "is_filtered": keys is not None}
    if asked.by in (PEOPLE, METRICS):
        context["groups"] = GROUPED[asked.by](found, names, cards, keys)
        return render_to_string("okr/_groups.html", context | {"more": cards.more})
    aligned, loose = cards.lanes(keys, loose_only=asked.by == ORPHANS)
    context |= {"aligned": aligned, "loose": loose, "more": cards.more}
    if asked.by == LIST:
        context["rows"] = list(outlined([*aligned, *loose]))
        return render_to_string("okr/_outline.html", context)
    return render_to_string("okr/_lanes.html", context)


def outlined(cards: list[Card], depth: int = 0):
    """(depth, card) of all cards, each before what stands below it."""
    for card in cards:
        yield depth, card
        yield from outlined(card.below, depth + 1)


def by_person(found: Cascade, names: dict[str, str], cards: Cards, keys: set[str] | None) -> list[Group]:
    """Key results and tasks under who owns them, by department and name; at the end what nobody owns."""
    places = {code: place for place, code in enumerate(names)}
    nodes = [one for one in found.tree if one.kind != OBJECTIVE and (keys is None or one.key in keys)]
    homes: dict[int | None, list[str]] = {}
    for one in nodes:
        homes.setdefault(one.person, []).append(one.department)
    home = {person: max(codes, key=codes.count) for person, codes in homes.items()}
    nodes.sort(
        key=lambda one: (
            one.person is None,
            places.get(home[one.person], -1),
            one.owner,
            one.person or 0,
            one.kind != RESULT,
        )
    )
    shown = cards.flat([one.key for one in nodes])
    return grouped(
        shown,
        lambda card: card.node.person,
        lambda card: (card.node.owner or _("Nobody yet"), names.get(home[card.node.person], "")),
    )


def by_metric(found: Cascade, names: dict[str, str], cards: Cards, keys: set[str] | None) -> list[Group]:
    """Key results and tasks under the metric that they are about; at the end key results that read none."""
    nodes = [
        one
        for one in found.tree
        if one.kind != OBJECTIVE and (one.metric or one.kind == RESULT) and (keys is None or one.key in keys)
    ]
    nodes.sort(key=lambda one: (not one.metric, one.metric, one.kind != RESULT))
    shown = cards.flat([one.key for one in nodes])
    called = {card.node.metric: card.metric for card in shown if card.metric}
    return grouped(
        shown,
        lambda card: card.node.metric,
        lambda card: (
            called.get(card.node.metric) or card.node.metric or _("Reads no metric"),
            card.node.metric if called.get(card.node.metric) else "",
        ),
    )


GROUPED = {PEOPLE: by_person, METRICS: by_metric}


def grouped(
    cards: list[Card], key: Callable[[Card], object], said: Callable[[Card], tuple[str, str]]
) -> list[Group]:
    """Cards that stand beside each other and have the same key, under its words."""
    found: list[Group] = []
    last = object()
    for card in cards:
        if key(card) != last:
            last = key(card)
            found.append(Group(*said(card), []))
        found[-1].cards.append(card)
    return found


@never_cache
@require_GET
def picture(request, code):
    """The map as one drawing (SVG), with the same filters; pages make a PNG of it."""
    found, names = pages.seen(request, code), department_names(request.user)
    asked = Asked.of(request, names)
    cards = Cards(found, names)
    aligned, loose = cards.lanes(wanted(found, asked), loose_only=asked.by == ORPHANS)
    title = _("Objectives %(cycle)s") % {"cycle": found.cycle.code}
    lines = [
        *coverage(found),
        *([_("%(number)s more are not drawn") % {"number": cards.more}] if cards.more else []),
    ]
    columns = [drawn(card) for card in [*aligned, *loose]]
    answer = HttpResponse(drawing.drawing(title, " · ".join(lines), columns), content_type="image/svg+xml")
    answer["Content-Disposition"] = f'attachment; filename="{found.cycle.code}.svg"'
    return answer


def drawn(card: Card) -> drawing.Box:
    facts = [card.department, card.node.owner, card.metric, card.confidence_word]
    marks = [word for word, _severe in card.marks]
    if card.hidden:
        marks.append(_("%(number)s more below") % {"number": card.hidden})
    return drawing.Box(
        title=card.node.title,
        facts=" · ".join(filter(None, facts)),
        percent=card.percent,
        said=card.text if card.percent is not None else "",
        marks=" · ".join(marks),
        severe=bool(card.tone),
        small=card.node.kind == "task",
        below=[drawn(one) for one in card.below],
    )
