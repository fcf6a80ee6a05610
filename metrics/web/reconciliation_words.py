"""A difference in the reader's words: both sides with definition and source, the bridge, what explains it."""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from metrics import pair_words, ruling_notices, rulings, suspects, trust_scores
from metrics.declared_pairs import Side
from metrics.definitions import Definitions
from metrics.dimensions import Members
from metrics.models import Ruling, Submission
from metrics.reasons import dimension_word
from metrics.reconciliation import Difference, Stated, Step, Waiting
from reviewhub.people.models import Department

STATES = {"open": "fail", "warn": "warn", "asked": "waived", "ruled": "pass", "agrees": "pass"}


@dataclass(frozen=True)
class Row:
    """One line of the queue."""

    key: str
    title: str
    sides: str
    month: object
    share: Decimal | None
    mark: str
    decision: str
    url: str


@dataclass(frozen=True)
class SideWords:
    department: str
    value: Decimal
    name: str
    version: int | None
    code: str  # of the metric; an input that is none has a name only
    sources: list[dict]
    trust: int | None = None  # the score of the metric in this review


@dataclass(frozen=True)
class StepWords:
    label: str
    amount: Decimal
    said: str
    sources: list[dict]


class ReconciliationWords:
    """Words for what one reader sees; names of departments, members and versions are read once."""

    def __init__(self, review, user):
        self.review, self.user = review, user
        self.departments = {one.code: one for one in Department.objects.visible_to(user)}
        self.members = Members.of(("platform", "country", "channel", "warehouse"))

    def department(self, code: str) -> str:
        return self.departments[code].name if code in self.departments else code

    def row(self, found: Difference) -> Row:
        asked = found.last is not None and found.last.decision == Ruling.Decision.ASKED
        state = "ruled" if found.ruling else "agrees"
        if found.is_open:
            state = "asked" if asked else "open" if found.is_blocking else "warn"
        return Row(
            found.key,
            pair_words.pair_title(found.pair.rule),
            " ⇄ ".join(self.department(code) for code in found.pair.departments),
            found.period.start,
            found.share,
            STATES[state],
            ruling_notices.decided(found.last) if found.last and (found.ruling or asked) else "",
            f"{reverse('reconciliation')}?review={self.review.code}&conflict={found.key}",
        )

    def waiting(self, one: Waiting) -> dict:
        return {
            "title": pair_words.pair_title(one.pair.rule),
            "sides": " ⇄ ".join(self.department(code) for code in one.pair.departments),
            "why": str(one.why),
        }

    # --- One of them ----------------------------------------------------------------------------------------

    def detail(self, found: Difference) -> dict:
        self.open_to_reader = set(
            Submission.objects.visible_to(self.user)
            .filter(pk__in=[one.pk for one in found.sources])
            .values_list("pk", flat=True)
        )
        money = self.is_money(found)
        sides = [one.metric for one in (found.pair.left, found.pair.right) if not one.table]
        self.trust = trust_scores.of_metrics(self.review, sides)
        why = suspects.explain(found)
        causes = why.causes if why else ()
        return {
            "found": found,
            "row": self.row(found),
            "places": 2 if money else 0,
            "unit": found.left.currency or found.right.currency,
            "sides": [
                self.side(found.pair.left, found.left),
                self.side(found.pair.right, found.right),
            ],
            "parts": [self.step(one) for one in found.parts],
            "steps": [self.step(one) for one in found.steps],
            "causes": [(self.cause(one), one.amount) for one in causes],
            "remainder": why.remainder if why else None,
            "history": self.history(found),
            "precedents": [
                self.precedent(one) for one in rulings.precedents(found, [c.code for c in causes])
            ],
            "seen": rulings.figures_seen(found),
            "decided": ruling_notices.decided(found.ruling) if found.ruling else "",
            **self.answers(found),
        }

    @staticmethod
    def is_money(found: Difference) -> bool:
        return bool(found.left.currency or found.right.currency)

    def side(self, side: Side, stated: Stated) -> SideWords:
        definition = stated.definition
        name = pair_words.input_word(side.table) or (definition.name if definition else side.metric)
        return SideWords(
            self.department(side.department),
            stated.value,
            name,
            definition.number if definition else None,
            "" if side.table else side.metric,
            self.sources(stated.sources),
            None if side.table else self.trust.get(side.metric),
        )

    def step(self, one: Step) -> StepWords:
        said = _("computed") if one.line.said == "computed" else _("declared")
        if one.line.department:
            said = _("declared by %(department)s") % {"department": self.department(one.line.department)}
        return StepWords(pair_words.line_word(one.line.code), one.amount, said, self.sources(one.sources))

    def sources(self, found) -> list[dict]:
        """The versions that figures come from; a link for those that the reader may open."""
        return [
            {
                "label": f"{one.profile} v{one.number}",
                "file": one.file,
                "rows": one.rows,
                "url": reverse("submission", args=[one.pk]) if one.pk in self.open_to_reader else "",
            }
            for one in found
        ]

    def cause(self, cause) -> str:
        def named(kind: str, code: str) -> str:
            if kind == "metric":
                return self.metric(code)
            if kind in ("platform", "country", "channel", "warehouse"):
                return self.members.name(kind, code) or dimension_word(kind)
            return code

        return pair_words.cause_sentence(cause, named)

    def metric(self, code: str) -> str:
        definition = self.definitions.get(code)
        return definition.name if definition else code

    @property
    def definitions(self):
        if not hasattr(self, "_definitions"):
            self._definitions = Definitions.on(self.review.period_start)
        return self._definitions

    def history(self, found: Difference) -> list[dict]:
        """Every decision about this pair in this month, the newest first."""
        rows = Ruling.objects.visible_to(self.user).select_related("decided_by")
        rows = rows.filter(pair=found.pair.rule, period_start=found.period.start)
        return [{"ruling": one, "decided": ruling_notices.decided(one)} for one in rows]

    def precedent(self, one: Ruling) -> dict:
        return {
            "title": pair_words.pair_title(one.pair),
            "month": one.period_start,
            "decided": ruling_notices.decided(one),
            "ruling": one,
        }

    def answers(self, found: Difference) -> dict:
        """The question that waits, what was answered, and the departments for which the reader may answer."""
        asked = found.last
        if found.ruling or asked is None or asked.decision != Ruling.Decision.ASKED:
            return {"asked": None, "answers": [], "may_answer": []}
        mine = [
            self.departments[code]
            for code in found.pair.departments
            if not rulings.answer_problems(asked, self.departments[code], by=self.user)
        ]
        return {"asked": asked, "answers": list(asked.answers.all()), "may_answer": mine}
