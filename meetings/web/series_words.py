"""Why each value of the next review is proposed, in words."""

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from meetings.series import Reason
from reviewhub.ui import days

AS_LAST = gettext_lazy("As last time.")
OPEN_ALREADY = gettext_lazy("The review is open already, for this day.")
FIELDS = {
    "period": {
        "first_period": gettext_lazy("This series has no review yet: the period that runs today."),
        "gap": gettext_lazy("The last review was on %(period)s, long ago: the period that runs today."),
        "period_after": gettext_lazy("Follows %(period)s, the last period with a meeting."),
    },
    "meeting_on": {
        "open_already": OPEN_ALREADY,
        "after_data": gettext_lazy("The Monday after the data is due."),
        "same_day": gettext_lazy("Working day %(number)s after the period, as last time (%(day)s)."),
        "data_needs_time": gettext_lazy("The earliest working day that leaves the data its %(days)s days."),
        "free_day": gettext_lazy("Nobody works on %(day)s: the next working day."),
    },
    "starts": {"usual_start": gettext_lazy("The usual start."), "open_already": OPEN_ALREADY},
    "template": {
        "of_series": gettext_lazy("Kept as the template of this series."),
        "usual_template": gettext_lazy("The default agenda."),
    },
    "budget": {"of_template": gettext_lazy("As the agenda says.")},
    "facilitator": {"yourself": gettext_lazy("You: nobody has facilitated this series before.")},
    "scribe": {
        "holds_role": gettext_lazy("Holds the role of scribe."),
        "nobody": gettext_lazy("Nobody holds the role of scribe."),
    },
    "presenter": {
        "of_template": gettext_lazy("As the agenda says."),
        "facilitates": gettext_lazy("Facilitates the meeting."),
        "leads": gettext_lazy("Leads the department."),
        "nobody": gettext_lazy("Nobody presented it before."),
    },
}


def why(field: str, reason: Reason) -> str:
    """The sentence under a field."""
    sentence = FIELDS[field].get(reason.code, AS_LAST)
    known = dict(reason.params)
    if "day" in known:
        known["day"] = days.day(known["day"], get_language() or "en")
    return " ".join([str(sentence) % known, *_free(known)])


def _free(known):
    """What the company's calendar had to do with it."""
    if off := known.get("off"):
        yield ngettext("%(off)s day off is left out.", "%(off)s days off are left out.", off) % {"off": off}
    if worked := known.get("on"):
        yield ngettext(
            "%(on)s day at a weekend is worked.", "%(on)s days at weekends are worked.", worked
        ) % {"on": worked}


def names() -> dict[str, str]:
    """Series → its name."""
    return {"month": _("Every month"), "quarter": _("Every quarter"), "week": _("Every week")}
