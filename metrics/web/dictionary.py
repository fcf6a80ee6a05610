"""The dictionary in the browser: the list that searches as one types, and the page of one metric."""

from django.shortcuts import get_object_or_404
from django.utils import timezone

from metrics import dictionary_checks as checks
from metrics import dictionary_sheet as sheet
from metrics import dictionary_words as words
from metrics import uses, variants
from metrics.definitions import Definitions
from metrics.dictionary_links import Neighbours
from metrics.dictionary_search import Search, by_section
from metrics.models import Metric, Proposal
from metrics.proposal_checks import may_propose
from metrics.web import trust_words
from reviewhub.people.models import Confidentiality, Department
from reviewhub.people.permissions import may
from reviewhub.ui.htmx import fragment

WITH_VERSIONS = ("metric", "owner_dept", "steward_dept", "created_by", "proposal__proposed_by")


def dictionary(request):
    """All metrics that this reader may know, by section; every filter stands in the address."""
    search = Search.of(request.GET)
    versions = search.versions(request.user, on=timezone.localdate())
    context = {
        "search": search,
        "found": len(versions),
        "groups": by_section(versions),
        "departments": Department.objects.visible_to(request.user),
        "sections": words.SECTIONS.items(),
        "packs": words.PACKS.items(),
        "tiers": words.TIERS.items(),
        "waiting": Proposal.objects.visible_to(request.user).waiting().count(),
        "may_propose": may_propose(request.user),
    }
    return fragment(request, "metrics/dictionary.html", context, ["metrics"])


def metric(request, code):
    """One metric: what it counts, how it is made, who answers for it, how far it is trusted, and its versions."""
    return shown(request, code)


def shown(request, code, *, typed=None, status=200):
    """The page; `typed`: what a refused form of the badge held, and why it was refused."""
    entry = get_object_or_404(Metric.objects.visible_to(request.user), code=code)
    versions = list(entry.versions.select_related(*WITH_VERSIONS))
    on = timezone.localdate()
    version = sheet.in_force(versions, on=on)
    context = page(version, versions, sheet.chosen(versions, request.GET), reader=request.user, on=on)
    context |= trust_words.NOTHING_TYPED | trust_words.shown(version, request.user, on=on) | (typed or {})
    return fragment(request, "metrics/metric.html", context, ["versions"], status=status)


def page(version, versions, pair, *, reader, on) -> dict:
    neighbours = Neighbours(version, user=reader, on=on)
    return {
        "version": version,
        "other": sheet.other_language(version),
        "formula": neighbours.pieces(version.formula),
        "parts": [neighbours.pieces(part) for part in (version.numerator, version.denominator) if part],
        "conflict": neighbours.pieces(version.conflict),
        "ruling": neighbours.pieces(version.reconcile),
        "used": neighbours.used(),
        "users": neighbours.users(),
        "mixed_up": neighbours.mixed_up(),
        "rules": sheet.rule_lines(neighbours),
        "checks": checks.sentences(version.validation),
        "switches": sheet.switches(version),
        "nature": sheet.nature(version),
        "place": sheet.place(version),
        "aliases": version.metric.aliases.all(),
        "departments": set(Department.objects.visible_to(reader).values_list("pk", flat=True)),
        "versions": sheet.timeline(versions),
        "proposals": waiting(version, reader),
        "uses": uses.of([version.metric.code], reader),
        "has_variants": reads_figures(version, reader) and has_variants(version, on),
        "may_target": reads_figures(version, reader),
        "may_propose": may_propose(reader) and not version.metric.profile,
        "is_watched": version.metric.watches.filter(user=reader).exists(),
        "pair": pair,
        "diff": sheet.diff(*pair) if pair else [],
        "on": on,
    }


def reads_figures(version, reader) -> bool:
    """As metrics.readings.open_to, of a version that was read already."""
    near = reader.department_id in (version.owner_dept_id, version.steward_dept_id)
    is_internal = version.metric.confidentiality <= Confidentiality.INTERNAL
    return not reader.is_partner and (near or is_internal or may(reader, "figure.read_draft"))


def has_variants(version, on) -> bool:
    """Whether stored figures answer the metric counted another way. One query."""
    definitions, code = Definitions.on(on), version.metric.code
    return len(variants.ways(code, definitions)) > 1


def waiting(version, reader) -> list[Proposal]:
    """The proposals for this metric that nobody has decided yet."""
    rows = Proposal.objects.visible_to(reader).waiting().filter(metric=version.metric_id)
    return list(rows.select_related("proposed_by").order_by("proposed_at", "pk"))
