"""Definitions that pay rests on: pinned from the moment approval is asked for until the cycle is over."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy

from metrics import pinning, uses
from metrics.definitions import Definitions
from okr.models import PayLine, PayPlan


def register() -> None:
    pinning.register(days)
    uses.register(plans)


def days(codes: set[str]) -> list[dt.date]:
    """The days on which cycles end whose pay reads one of `codes`, by itself or in a formula. Two queries at most."""
    lines = PayLine.objects.filter(plan__in=PayPlan.objects.binding())
    rows = lines.values_list("metric__code", "gate_metric__code", "plan__cycle__ends_on")
    ends: dict[dt.date, set[str]] = {}
    for metric, gate, end in rows:
        ends.setdefault(end, set()).update({metric, gate} - {None})
    if not ends:
        return []
    known = Definitions.newest()
    return [end for end, named in ends.items() if codes & set(known.closure(sorted(named)))]


def plans(codes: set[str], user) -> list[uses.Use]:
    """Plans that read one of `codes`, for those who may see them."""
    lines = PayLine.objects.filter(plan__in=PayPlan.objects.visible_to(user).binding())
    rows = lines.select_related("plan__cycle", "plan__department", "metric", "gate_metric")
    return [
        uses.Use(
            gettext_lazy("Commission plan"),
            f"{line.plan.cycle.code} · {line.plan.department.name} · {line.name}",
            code,
            reverse("pay-plan", args=[line.plan.cycle.code, line.plan_id]),
        )
        for line in rows
        for code in sorted({one.code for one in (line.metric, line.gate_metric) if one} & codes)
    ]
