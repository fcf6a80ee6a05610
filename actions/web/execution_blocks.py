"""The board of execution, and the strip of open actions on the executive deck."""

from decimal import Decimal

from django.db.models import Case, Count, F, Q, When, Window
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from actions import execution
from actions.checkin_rhythm import company_zone
from actions.execution import Counts
from actions.models import Action, CheckIn, waits_now
from metrics.boards.spec import BlockSpec
from metrics.drawings import grids, lines, stacks
from metrics.drawings.stacks import Layer
from metrics.periods import Period
from metrics.web import board_shapes
from metrics.web.blocks import Block, Cell
from metrics.web.board_makers import Told, makes
from metrics.web.board_strips import Strip, tells
from reviewhub.ui import figures

NEXT = 4
KINDS = {"fresh": "good", "stale": "watch", "silent": "bad"}


class Asked:
    """What the blocks of one page read, read once."""

    def __init__(self, told: Told):
        self.told, self.month = told, told.figures.month
        self.on = told.figures.on
        self.promises = execution.promises(told.figures.user, company_zone())
        self.departments = execution.by_department(self.promises, _("No department"))

    @property
    def last_week(self) -> Period:
        """The week of the last day of the month that is over."""
        return Period.containing(min(self.month.last, self.on), "week")


def asked(told: Told) -> Asked:
    if not hasattr(told, "execution"):
        told.execution = Asked(told)
    return told.execution


def whole(number: int) -> Cell:
    return Cell(figures.number(Decimal(number), 0), number)


def counted(value: Decimal) -> str:
    return figures.number(value, 0)


def on_axis(value: Decimal) -> str:
    """Whole numbers only: there is no half an action."""
    return "" if value % 1 else counted(value)


def nothing(spec: BlockSpec) -> Block:
    why = _("No actions yet. They come from meetings and from proposals.")
    return Block(spec.code, str(spec.title), why=why, short=str(spec.title))


@makes("burn-up")
def burn_up(told: Told, spec: BlockSpec) -> Block:
    """Of what was first promised for thirteen weeks: how much was due, and how much was done by the end of each."""
    weeks = execution.burn_up(asked(told).promises, asked(told).last_week)
    if not weeks[-1].promised:
        return nothing(spec)
    labels = [told.period(one.period) for one in weeks]
    done, promised = ([Decimal(getattr(one, name)) for one in weeks] for name in ("done", "promised"))
    figure = lines.gap(
        (_("Done"), done),
        (_("First promised"), promised),
        labels=labels,
        ticks=board_shapes.ticks_of([one.period for one in weeks], told.language),
        axis=on_axis,
        shown=counted,
    )
    end = weeks[-1]
    numbers = {"done": end.done, "promised": end.promised, "moved": end.promised - end.due}
    message = _("%(done)s of %(promised)s done that were first promised by now") % numbers
    words = _("%(message)s; %(moved)s of them have a later date today.") % (numbers | {"message": message})
    head = [_("Week"), _("First promised"), _("Due by today's dates"), _("Done")]
    rows = [
        [told.label(label), whole(one.promised), whole(one.due), whole(one.done)]
        for label, one in zip(labels, weeks, strict=True)
    ]
    period = f"{labels[0]} – {labels[-1]}"
    return block(spec, figure, message, words, head, rows, period)


@makes("execution-departments")
def departments(told: Told, spec: BlockSpec) -> Block:
    """Done in the month, open in time, open and late; and what part of the month's promises was kept."""
    ours, month, on = asked(told).departments, asked(told).month, asked(told).on
    if not ours:
        return nothing(spec)
    columns = {
        _("Done in %(month)s") % {"month": told.month}: ("ac", [one.finished(month) for one in ours]),
        _("Open"): ("cat-2", [one.open(on, late=False) for one in ours]),
        _("Overdue"): ("bad", [one.open(on, late=True) for one in ours]),
    }
    late = sum(one.open(on, late=True) for one in ours)
    message = ngettext("%(count)s action is overdue", "%(count)s actions are overdue", late) % {"count": late}
    kept, due = (sum(pair) for pair in zip(*(one.in_time(month) for one in ours), strict=True))
    words = _("%(message)s. Of %(due)s first promised for the month, %(kept)s were done by that date.")
    words = words % {"message": message, "due": due, "kept": kept}
    rows = [
        [
            told.label(one.name),
            *(whole(values[place]) for _role, values in columns.values()),
            share(one.in_time(month)),
        ]
        for place, one in enumerate(ours)
    ]
    head = [_("Department"), *columns, _("Kept their first date")]
    return block(spec, bars(columns, ours), message, words, head, rows, told.month)


@makes("execution-confidence")
def confidence(told: Told, spec: BlockSpec) -> Block:
    """Open actions by what their owners said last of reaching them."""
    ours = [one for one in asked(told).departments if any(one.sure().values())]
    if not ours:
        return nothing(spec)
    roles = {"high": "good", "mid": "cat-3", "low": "bad", "": "muted"}
    names = dict(CheckIn.Confidence.choices) | {"": pgettext("confidence", "Not said")}
    columns = {str(names[key]): (role, [one.sure()[key] for one in ours]) for key, role in roles.items()}
    low, unsaid = (sum(one.sure()[key] for one in ours) for key in ("low", ""))
    message = _("%(low)s open with low confidence, %(unsaid)s without a word") % {
        "low": low,
        "unsaid": unsaid,
    }
    rows = [
        [told.label(one.name), *(whole(values[place]) for _role, values in columns.values())]
        for place, one in enumerate(ours)
    ]
    return block(
        spec, bars(columns, ours, whole=True), message, f"{message}.", [_("Department"), *columns], rows
    )


@makes("execution-silence")
def silence(told: Told, spec: BlockSpec) -> Block:
    """Open actions by how long nobody has said anything about them."""
    on, ours = asked(told).on, [one for one in asked(told).departments if any(one.sure().values())]
    if not ours:
        return nothing(spec)
    names = {
        "fresh": _("Within %(days)s days") % {"days": execution.FRESH_DAYS},
        "stale": _("Within %(days)s days") % {"days": execution.STALE_DAYS},
        "silent": _("Longer"),
    }
    silent = sum(one.ages(on)["silent"] for one in ours)
    days = execution.STALE_DAYS
    message = ngettext(
        "Of %(count)s action nobody has said anything for %(days)s days",
        "Of %(count)s actions nobody has said anything for %(days)s days",
        silent,
    ) % {"count": silent, "days": days}
    drawn = [(one.name, [mark(names, key, one.ages(on)[key]) for key in execution.AGES]) for one in ours]
    rows = [[told.label(one.name), *(whole(one.ages(on)[key]) for key in execution.AGES)] for one in ours]
    figure = grids.grid(drawn, ticks=list(names.values()))
    return block(spec, figure, message, f"{message}.", [_("Department"), *names.values()], rows)


def mark(names: dict, key: str, count: int) -> grids.Cell | None:
    return grids.Cell(KINDS[key], str(count), f"{names[key]}: {count}") if count else None


def bars(columns: dict, ours: list[Counts], *, whole: bool = False) -> dict:
    layers = [Layer(name, role, [Decimal(one) for one in values]) for name, (role, values) in columns.items()]
    return stacks.bars(layers, labels=[one.name for one in ours], shown=counted, whole=whole)


def share(pair: tuple[int, int]) -> Cell:
    kept, due = pair
    return Cell(f"{kept} / {due}" if due else "–", f"{kept}/{due}" if due else None)


def block(spec, figure, message, words, head, rows, period="") -> Block:
    name = str(spec.title)
    size = "" if len(rows) > 4 else "short"
    return Block(
        spec.code, name, message=message, period=period, figure=figure, words=words, head=head, rows=rows,
        size=size, short=name,
    )  # fmt: skip


@tells("deck")
def open_actions(user, on) -> Strip | None:
    """How many actions are open and late, and the next ones that are due; nothing for who may see none."""
    rows = Action.objects.visible_to(user).open().select_related("owner")
    rows = rows.annotate(
        all_open=Window(Count("pk")),
        all_late=Window(Count(Case(When(Q(due_on__lt=on) & ~waits_now(), then="pk")))),
        is_paused=waits_now(),
    )
    found = list(rows.order_by(F("due_on").asc(nulls_last=True), "id")[:NEXT])
    soonest = [one for one in found if one.due_on]
    if not soonest:
        return None
    shown = {
        "open": found[0].all_open,
        "late": found[0].all_late,
        "next": [(one, one.due_on < on and not one.is_paused) for one in soonest],
    }
    return Strip("actions/_open_strip.html", shown)
