"""Who hears of a proposal: those who decide, then who wrote it, who spoke to it, and who watches the metric."""

import datetime as dt

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from metrics import proposals
from metrics.models import MetricWatch, Proposal, ProposalComment
from metrics.proposal_checks import GOVERNING, may_decide
from reviewhub.notices import kinds
from reviewhub.people.models import Assignment, Department, Role, User
from reviewhub.ui import days

STALE = dt.timedelta(days=14)

DECIDED_ALREADY = {"decided": gettext_lazy("It had been decided.")}


def register() -> None:
    kinds.register(
        kinds.Kind(
            code=proposals.WAITING,
            label=gettext_lazy("A definition waits for a decision"),
            note=gettext_lazy(
                "To the data owners of Finance and Technology, and to whoever watches the metric."
            ),
            recipients=deciders_and_watchers,
            recheck=still_open,
            reasons=DECIDED_ALREADY,
            verdict=news,
            render=waiting_content,
            concerns=lambda user: not user.is_partner,
        )
    )
    kinds.register(
        kinds.Kind(
            code=proposals.DISCUSSED,
            label=gettext_lazy("Somebody comments on a definition"),
            note=gettext_lazy("To who proposed it and who spoke before."),
            recipients=speakers,
            recheck=still_open,
            reasons=DECIDED_ALREADY,
            verdict=news,
            render=comment_content,
            mail=False,
            concerns=lambda user: not user.is_partner,
        )
    )
    kinds.register(
        kinds.Kind(
            code=proposals.DECIDED,
            label=gettext_lazy("A definition is decided"),
            note=gettext_lazy("To who proposed it, who spoke to it, and whoever watches the metric."),
            recipients=concerned,
            verdict=news,
            render=decided_content,
            concerns=lambda user: not user.is_partner,
        )
    )


def subject(occurrence) -> Proposal:
    rows = Proposal.objects.select_related("metric", "proposed_by", "decided_by")
    return rows.get(pk=occurrence.subject_id)


def deciders():
    """Active people who govern the dictionary for the company, Finance or Technology."""
    roles = [role.pk for role in Role.objects.all() if "dictionary.govern" in role.abilities]
    bound = Q(department=None) | Q(department__code__in=GOVERNING)
    held = Assignment.objects.filter(bound, role__in=roles, ended_at=None)
    people = User.objects.active().filter(pk__in=held.values("user"))
    return people.exclude(department__kind=Department.Kind.PARTNER)


def watchers(proposal: Proposal):
    watching = MetricWatch.objects.filter(metric=proposal.metric_id or 0)
    people = User.objects.active().filter(pk__in=watching.values("user"))
    return people.exclude(department__kind=Department.Kind.PARTNER)


def deciders_and_watchers(occurrence):
    proposal = subject(occurrence)
    return (deciders() | watchers(proposal)).exclude(pk=proposal.proposed_by_id)


def speakers(occurrence):
    """Who proposed it and who spoke before this comment, but for its author."""
    proposal = subject(occurrence)
    said = ProposalComment.objects.filter(pk=occurrence.params["comment"]).first()
    before = proposal.comments.filter(pk__lt=occurrence.params["comment"]).values("author")
    people = User.objects.active().filter(Q(pk=proposal.proposed_by_id) | Q(pk__in=before))
    return people.exclude(pk=said.author_id if said else None)


def concerned(occurrence):
    """Whoever has to do with it, but for who decided."""
    proposal = subject(occurrence)
    spoke = proposal.comments.values("author")
    people = User.objects.active().filter(Q(pk=proposal.proposed_by_id) | Q(pk__in=spoke))
    people = people.exclude(department__kind=Department.Kind.PARTNER)
    return (people | watchers(proposal)).exclude(pk=proposal.decided_by_id)


def still_open(occurrence, user, at: dt.datetime) -> str:
    proposal = Proposal.objects.filter(pk=occurrence.subject_id).first()
    return "" if proposal and proposal.is_open else "decided"


def news(occurrence, at: dt.datetime) -> str:
    """After two weeks the list of proposals is the place to look."""
    return kinds.SEND if at - occurrence.due_at <= STALE else kinds.EXPIRE


def waiting_content(occurrence, user) -> kinds.Content:
    proposal = subject(occurrence)
    asked = user is not None and may_decide(user)
    return content(
        proposal,
        _("Proposed: %(metric)s") if proposal.metric else _("Proposed, a new metric: %(metric)s"),
        (by_whom(proposal), proposal.reason),
        action=_("Look and decide") if asked else _("Open the proposal"),
    )


def comment_content(occurrence, user) -> kinds.Content:
    proposal = subject(occurrence)
    said = ProposalComment.objects.select_related("author").filter(pk=occurrence.params["comment"]).first()
    lines = (f"{said.author.display_name}: {said.text[:200]}",) if said else ()
    return content(
        proposal, _("Comment on the proposal for %(metric)s"), lines, action=_("Open the proposal")
    )


def decided_content(occurrence, user) -> kinds.Content:
    proposal = subject(occurrence)
    approved = proposal.state == Proposal.State.APPROVED
    title = _("Approved: %(metric)s") if approved else _("Rejected: %(metric)s")
    said = {"name": proposal.decided_by.display_name if proposal.decided_by else "–"}
    lines = [_("Decided by %(name)s.") % said, proposal.decision]
    if approved:
        day = days.day(proposal.effective_from, get_language() or "en")
        lines.insert(0, _("It holds from %(day)s.") % {"day": day})
    return content(
        proposal, title, lines, action=_("Open the proposal"), state="pass" if approved else "fail"
    )


def content(proposal, title, lines, *, action, state="queued") -> kinds.Content:
    """No figures: mails travel."""
    return kinds.Content(
        title=title % {"metric": named(proposal)},
        lines=tuple(line for line in lines if line),
        action=action,
        path=reverse("proposal", args=[proposal.pk]),
        thread=f"proposal:{proposal.pk}",
        state=state,
    )


def named(proposal: Proposal) -> str:
    """The name of the metric in the reader's language, and its code."""
    column = "name_zh" if (get_language() or "").startswith("zh") else "name_en"
    name = proposal.changes.get(column) or (getattr(proposal.base, column) if proposal.base else "")
    return f"{name} ({proposal.code})"


def by_whom(proposal: Proposal) -> str:
    day = days.day(proposal.effective_from, get_language() or "en")
    if proposal.proposed_by is None:
        return _("Imported from a file; it would hold from %(day)s.") % {"day": day}
    return _("Proposed by %(name)s; it would hold from %(day)s.") % {
        "name": proposal.proposed_by.display_name,
        "day": day,
    }
