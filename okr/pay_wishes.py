"""What somebody writes into a commission plan, what is wrong with it, and how it is stored."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from metrics.models import Metric
from metrics.units import scaled
from okr import pay_terms, payout, setting
from okr.models import SCALE, Cycle, KeyResult, PayLine, six
from okr.scoring import target_of
from okr.tree import RESULT, Node
from reviewhub.people.models import User

MOST_LINES, MOST_MEMBERS, LONGEST = 8, 60, 500


@dataclass(frozen=True)
class LineWish:
    """A line as somebody writes it; shares in percent. With a key result its metric, part and numbers are taken."""

    name: str
    weight: Decimal
    result: KeyResult | None = None
    metric: Metric | None = None
    dimension: str = ""
    member: str = ""
    new_days: int | None = None
    basis: str = PayLine.Basis.RATIO
    baseline: Decimal | None = None
    target: Decimal | None = None
    threshold: Decimal = Decimal(0)
    cap: Decimal | None = None
    tiers: tuple[payout.Tier, ...] = payout.PLAIN
    is_whole: bool = False
    shared: Decimal = Decimal(0)
    gate_metric: Metric | None = None
    gate_least: Decimal | None = None
    gate_pays: Decimal = Decimal(0)


@dataclass(frozen=True)
class MemberWish:
    """Somebody who takes part: `base` cents for the whole cycle."""

    person: User
    base: int
    joined_on: dt.date | None = None
    currency: str = ""


def problems(cycle: Cycle, lines: list[LineWish], members: list[MemberWish], note: str) -> dict[str, str]:
    """Field → what is wrong; "" for what belongs to no field, else "note", "line-2" or "member-0"."""
    found: dict[str, str] = {}
    if len(note.strip()) > LONGEST:
        found["note"] = _("At most %(most)s characters.") % {"most": LONGEST}
    if not 1 <= len(lines) <= MOST_LINES:
        found.setdefault("", _("A plan has between one and %(most)s lines.") % {"most": MOST_LINES})
    elif sum(one.weight for one in lines) != pay_terms.WHOLE:
        total = pay_terms.bare(sum(one.weight for one in lines))
        found.setdefault("", _("Weights make %(sum)s %%, not 100 %%.") % {"sum": total})
    if not 1 <= len(members) <= MOST_MEMBERS:
        found.setdefault("", _("A plan pays between one and %(most)s people.") % {"most": MOST_MEMBERS})
    for place, wish in enumerate(lines):
        if said := line_problem(wish, cycle):
            found[f"line-{place}"] = said
    seen = set()
    for place, one in enumerate(members):
        if one.person.pk in seen:
            found[f"member-{place}"] = _("%(name)s stands here twice.") % {"name": one.person.display_name}
        elif not one.person.is_active or one.person.is_partner:
            found[f"member-{place}"] = _("%(name)s cannot be paid by it.") % {"name": one.person.display_name}
        elif one.joined_on and not cycle.starts_on <= one.joined_on < cycle.ends_on:
            found[f"member-{place}"] = _("This day lies outside the cycle.")
        seen.add(one.person.pk)
    return found


def line_problem(wish: LineWish, cycle: Cycle) -> str:
    """Why a line cannot be read or computed; "" where nothing stands against it."""
    metric = wish.result.metric if wish.result else wish.metric
    if metric is None:
        if wish.result:
            return _("This key result is measured by hand: pay rests on certified figures alone.")
        return _("Choose a key result or a metric.")
    if wish.result and (wish.result.cycle_id != cycle.pk or wish.result.dropped_at):
        return _("This key result does not stand in the cycle.")
    target, baseline = numbers(wish)
    if target is None or target == 0:
        return _("It has no target in figures: write one.")
    if wish.basis == PayLine.Basis.WAY and (baseline is None or baseline == target):
        return _("A way needs a baseline that is not the target.")
    if any(setting.is_unfit(one) for one in (target, baseline) if one is not None):
        return _("Write a number with at most six decimals.")
    version = setting.version_on(metric, cycle.starts_on)
    if wish.new_days and not (version.time_agg == "sum" and version.value_type in ("money", "int")):
        return _("Only sums can be taken of new products: this metric is none.")
    if (wish.gate_metric is None) != (wish.gate_least is None):
        return _("A gate has a metric and the least that it must come to.")
    if wish.gate_metric and setting.version_on(wish.gate_metric, cycle.starts_on).unit != "%":
        return _("A gate looks at a rate in percent.")
    if not payout.rises(wish.tiers):
        return _("Tiers begin at 0 and rise.")
    return ""


def numbers(wish: LineWish) -> tuple[Decimal | None, Decimal | None]:
    """Target and baseline: as written, else as the key result has them."""
    target, baseline = wish.target, wish.baseline
    if (row := wish.result) is not None:
        baseline = six(row.baseline) if baseline is None else baseline
        if target is None:
            version = row.version
            node = Node(
                f"K{row.pk}",
                RESULT,
                row.title,
                baseline=six(row.baseline),
                target=six(row.target),
                change=six(row.change),
                in_points=row.in_points,
                is_rate=version is not None and version.unit == "%",
            )
            target = target_of(node)
    return target, baseline


def pinned_on(cycle: Cycle, at: dt.datetime) -> dt.date:
    """The day whose definitions are pinned: the first of the cycle, or today where it runs already."""
    return max(cycle.starts_on, min(at.date(), cycle.ends_on - dt.timedelta(days=1)))


def is_current(line: PayLine, cycle: Cycle, at: dt.datetime) -> bool:
    """Whether a line of a draft still reads what it would if it were written now."""
    day, row = pinned_on(cycle, at), line.result
    if row and (row.dropped_at or (row.metric_id, row.version_id) != (line.metric_id, line.version_id)):
        return False
    if row is None and setting.version_on(line.metric, day).pk != line.version_id:
        return False
    return not line.gate_metric or setting.version_on(line.gate_metric, day).pk == line.gate_version_id


def stored(wish: LineWish, cycle: Cycle, at: dt.datetime) -> dict:
    """The columns of a line."""
    day = pinned_on(cycle, at)
    row = wish.result
    metric = row.metric if row else wish.metric
    target, baseline = numbers(wish)
    return {
        "name": " ".join(wish.name.split()) or (row.title[:80] if row else metric.code),
        "result": row,
        "metric": metric,
        "version": row.version if row else setting.version_on(metric, day),
        "dimension": row.dimension if row else wish.dimension,
        "member": row.member if row else wish.member,
        "new_days": wish.new_days,
        "basis": wish.basis,
        "baseline": None if baseline is None else scaled(baseline, SCALE),
        "target": scaled(target, SCALE),
        "weight": wish.weight,
        "threshold": wish.threshold,
        "cap": wish.cap,
        "tiers": [[pay_terms.percent(one.start), pay_terms.percent(one.rate)] for one in wish.tiers],
        "is_whole": wish.is_whole,
        "shared": wish.shared,
        "gate_metric": wish.gate_metric,
        "gate_version": wish.gate_metric and setting.version_on(wish.gate_metric, day),
        "gate_least": wish.gate_least,
        "gate_pays": wish.gate_pays,
    }
