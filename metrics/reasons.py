"""Why a figure is missing, cannot be compared, or is refused: a code with parameters, worded for each reader."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

TEXTS = {
    # a figure that does not exist
    "NO_DATA": gettext_noop("No data for %(metric)s in %(period)s."),
    "DIVISION_BY_ZERO": gettext_noop("%(metric)s has no value in %(period)s: the denominator is zero."),
    "TOO_LARGE": gettext_noop("%(metric)s has no value in %(period)s: the result is too large."),
    "UNEVEN": gettext_noop("%(metric)s has no value in %(period)s: its parts do not cover the same days."),
    "PARTLY_COVERED": gettext_noop("Data covers %(days)s of the %(of)s days of %(period)s."),
    "NOT_SPLIT": gettext_noop("%(metric)s was not handed in by %(dimension)s."),
    "NEEDS_DIMENSION": gettext_noop("%(metric)s has a value only by %(dimension)s."),
    "NOT_COMPUTED": gettext_noop("%(metric)s needs %(function)s, which is not computed yet."),
    "BAD_FORMULA": gettext_noop("The formula of %(metric)s cannot be computed."),
    "FROM_FILES": gettext_noop(
        "%(metric)s comes from files: what was handed in under the present definition cannot be counted anew."
    ),
    "NOT_ADDITIVE_IN_TIME": gettext_noop("%(metric)s cannot be added up over several days or slices."),
    "ONLY_PER_MONTH": gettext_noop("%(metric)s is counted for each calendar month by itself; ask for one month."),
    "ONLY_PER_YEAR": gettext_noop("%(metric)s is counted for each calendar year by itself; ask for one year."),
    "ONLY_PER_UPLOAD": gettext_noop("%(metric)s is known only for all that was handed in together: %(period)s."),
    "WHOLE_MONTHS": gettext_noop("%(metric)s is handed in by month, and %(period)s is not made of whole months."),
    "NO_RATE": gettext_noop("%(metric)s has no value: there is no exchange rate of %(currency)s for %(period)s."),
    # a check that could not be asked
    "NEEDS_INPUT": gettext_noop("It needs a figure that is not handed in: %(rule)s."),
    "METRIC_OFF": gettext_noop("%(metric)s is switched off."),
    "TOO_COARSE": gettext_noop("%(metric)s has no figures by week."),
    "SHORT_HISTORY": gettext_noop("%(metric)s has only %(weeks)s weeks of history, or they do not vary."),
    # a comparison that is not fair
    "NO_REFERENCE": gettext_noop("There is no data for %(period)s."),
    "NO_COMMON_DAYS": gettext_noop("%(now)s and %(then)s have no run of days that both cover."),
    "ALIGNED": gettext_noop("Compared on the days that both sides cover: %(now)s with %(then)s."),
    "ALIGNED_DATA_ENDS": gettext_noop(
        "Compared on the days that both sides have data for: %(now)s with %(then)s. The data of %(source)s stops there."
    ),
    "DATA_ENDS": gettext_noop("The data of %(source)s stops on %(day)s, long before the period ends."),
    "NO_TARGET": gettext_noop("%(metric)s has no target."),
    "TARGET_GAP": gettext_noop("%(metric)s has no target for some days of %(period)s."),
    "TARGETS_DIFFER": gettext_noop("The targets of %(metric)s within %(period)s differ and do not add up."),
    "TARGET_SPREAD": gettext_noop("The target of a longer period, spread evenly over its days, is that of %(period)s."),
    # a question that is refused
    "UNKNOWN_METRIC": gettext_noop("There is no metric %(metric)s."),
    "UNKNOWN_METRIC_NEAR": gettext_noop("There is no metric %(metric)s. Did you mean %(near)s?"),
    "UNKNOWN_DIMENSION": gettext_noop("There is no dimension %(dimension)s. There are: %(known)s."),
    "UNKNOWN_MEMBER": gettext_noop("There is no %(dimension)s %(member)s."),
    "UNKNOWN_MEMBER_NEAR": gettext_noop("There is no %(dimension)s %(member)s. Did you mean %(near)s?"),
    "UNKNOWN_COMPARISON": gettext_noop("Figures can be compared with py, pp, target and budget, not with %(name)s."),
    "UNKNOWN_RATES": gettext_noop("Amounts are read at actual, py or budget rates, not at %(name)s."),
    "NOT_ADDITIVE": gettext_noop(
        "%(metric)s does not add up over %(dimension)s: one order may stand in several parts of it."
    ),
    "NO_SUCH_SPLIT": gettext_noop("%(metric)s is not defined by %(dimension)s. It is defined by %(known)s."),
    "CURRENCY_MIX": gettext_noop(
        "%(metric)s would add up several currencies: %(currencies)s. Choose one part, or convert them first."
    ),
    "TOO_FINE": gettext_noop("%(period)s has too many rows of grain %(grain)s; ask for a shorter period."),
    "TOO_EARLY": gettext_noop("%(period)s has no period before it in the calendar."),
}  # fmt: skip

DIMENSIONS = {
    "platform": gettext_noop("platform"),
    "region": gettext_noop("region"),
    "country": gettext_noop("country"),
    "category": gettext_noop("category"),
    "channel": gettext_noop("channel"),
    "segment": gettext_noop("segment"),
}
# Refusals of what was asked (exit 2); the others are refused by a rule (exit 1).
UNUSABLE = {
    "UNKNOWN_METRIC",
    "UNKNOWN_METRIC_NEAR",
    "UNKNOWN_DIMENSION",
    "UNKNOWN_MEMBER",
    "UNKNOWN_MEMBER_NEAR",
    "UNKNOWN_COMPARISON",
    "UNKNOWN_RATES",
    "TOO_FINE",
    "TOO_EARLY",
}


@dataclass(frozen=True)
class Why:
    """A reason. `str(why)` words it in the reader's language."""

    code: str
    params: dict = field(default_factory=dict, hash=False)

    def __str__(self):
        return self.worded({})

    def worded(self, names: dict[str, str]) -> str:
        """The reason with `names` for the metrics that it names by code."""
        params = dict(self.params)
        if "metric" in params:
            params["metric"] = names.get(params["metric"], params["metric"])
        if "dimension" in params:
            params["dimension"] = dimension_word(params["dimension"])
        return _(TEXTS[self.code]) % params


class CannotRead(Exception):
    """The question has no honest answer; `problems` says why, in the reader's language."""

    def __init__(self, *whys: Why):
        super().__init__(" ".join(str(why) for why in whys))
        self.whys = list(whys)

    @property
    def problems(self) -> list[str]:
        return [str(why) for why in self.whys]

    @property
    def is_unusable(self) -> bool:
        return any(why.code in UNUSABLE for why in self.whys)


def dimension_word(code: str) -> str:
    return _(DIMENSIONS[code]) if code in DIMENSIONS else code
