"""What is to be mended in a cascade, in the reader's language: what it is, and what one does about it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from okr.linting import Finding
from okr.tree import Tree

# code → what it is, and what to do about it.
WORDS = {
    "NO_PARENT": (
        gettext_lazy("Traces to no key result of the company."),
        gettext_lazy("Say which key result it serves, or drop it."),
    ),
    "NO_CHILD": (
        gettext_lazy("Nobody works on it: nothing stands below it."),
        gettext_lazy("A department proposes a key result, or somebody takes a task."),
    ),
    "NO_NUMBER": (
        gettext_lazy("Carries no number: nobody can say whether it was reached."),
        gettext_lazy("Write a target, or how far it is to move."),
    ),
    "NO_BASELINE": (
        gettext_lazy("Has a target and no baseline: nobody can say how far the way is."),
        gettext_lazy("Write where it starts from."),
    ),
    "NO_WAY": (
        gettext_lazy("The target is the baseline: there is no way to go."),
        gettext_lazy("Write another target."),
    ),
    "NO_DATE": (gettext_lazy("Has no date."), gettext_lazy("Say by when.")),
    "NO_OWNER": (gettext_lazy("Has no owner."), gettext_lazy("Name one person.")),
    "NO_UNIT": (
        gettext_lazy("Has a number without a unit."),
        gettext_lazy("Bind it to a metric, or write what is counted."),
    ),
    "ACTIVITY": (
        gettext_lazy("Says what will be done, not what will be different."),
        gettext_lazy("Write what one will see when it worked; the work itself becomes a task."),
    ),
    "PERCENT_OR_POINTS": (
        gettext_lazy("Percent of a rate: 10 % more of 20 % is 22 %, 10 points more is 30 %."),
        gettext_lazy("Choose percent or percentage points."),
    ),
    "METRIC_UNCERTIFIED": (
        gettext_lazy("Its metric has no certified figure in this cycle."),
        gettext_lazy("The department hands it in, the data owner certifies it."),
    ),
    "METRIC_CHANGED": (
        gettext_lazy(
            "Its metric is defined anew since; it is still judged by the definition it was set with."
        ),
        gettext_lazy("Keep it until the end of the cycle, or set it anew."),
    ),
    "ONE_CONTRIBUTOR": (
        gettext_lazy("Owned together, but nothing of %(silent)s stands below it."),
        gettext_lazy("These departments add a key result or a task, or leave it to the other."),
    ),
    "WEIGHT_SUM": (
        gettext_lazy("The weights below it make %(sum)s, not 100."),
        gettext_lazy("Change the weights, or leave them all out."),
    ),
    "OKR_CYCLE": (
        gettext_lazy("They stand below each other in a circle."),
        gettext_lazy("Give one of them another parent."),
    ),
    "OKR_DEPTH": (
        gettext_lazy("Stands %(levels)s levels deep; %(most)s are the most."),
        gettext_lazy("Hang it higher."),
    ),
    "PERIOD_MISMATCH": (
        gettext_lazy("Lies outside the time of what it serves."),
        gettext_lazy("Change its date, or what it serves."),
    ),
    "OPPOSING": (
        gettext_lazy("Pulls against “%(other)s”: %(driver)s."),
        gettext_lazy("Their owners agree which comes first, and by how much."),
    ),
}
DRIVERS = {
    "LOGISTICS": gettext_lazy("cheaper and faster delivery at once"),
    "ACQUISITION": gettext_lazy("cheaper new customers and more of them at once"),
    "STOCK": gettext_lazy("less stock and fewer stock-outs at once"),
    "MARGIN": gettext_lazy("more margin and more discount at once"),
}
SHORT = {
    "NO_PARENT": pgettext_lazy("gap", "No thread"),
    "NO_CHILD": pgettext_lazy("gap", "Nobody below"),
    "NO_NUMBER": pgettext_lazy("gap", "No number"),
    "NO_BASELINE": pgettext_lazy("gap", "No baseline"),
    "NO_WAY": pgettext_lazy("gap", "No way"),
    "NO_DATE": pgettext_lazy("gap", "No date"),
    "NO_OWNER": pgettext_lazy("gap", "No owner"),
    "NO_UNIT": pgettext_lazy("gap", "No unit"),
    "ACTIVITY": pgettext_lazy("gap", "Activity"),
    "PERCENT_OR_POINTS": pgettext_lazy("gap", "% or points"),
    "METRIC_UNCERTIFIED": pgettext_lazy("gap", "Not certified"),
    "METRIC_CHANGED": pgettext_lazy("gap", "Defined anew"),
    "ONE_CONTRIBUTOR": pgettext_lazy("gap", "One contributes"),
    "WEIGHT_SUM": pgettext_lazy("gap", "Weights"),
    "OKR_CYCLE": pgettext_lazy("gap", "Circle"),
    "OKR_DEPTH": pgettext_lazy("gap", "Too deep"),
    "PERIOD_MISMATCH": pgettext_lazy("gap", "Other time"),
    "OPPOSING": pgettext_lazy("gap", "At odds"),
}


def sentence(finding: Finding, tree: Tree, departments: dict[str, str]) -> str:
    """What is to be mended. `departments`: code → name in the reader's language."""
    params = dict(finding.params)
    if "silent" in params:
        params["silent"] = ", ".join(departments.get(code, code) for code in params["silent"].split(", "))
    if "other" in params:
        params |= {"other": tree[params["other"]].title, "driver": DRIVERS[params["driver"]]}
    return str(WORDS[finding.code][0]) % params if params else str(WORDS[finding.code][0])


def advice(finding: Finding) -> str:
    return str(WORDS[finding.code][1])


def kind(finding: Finding) -> str:
    """Two or three words for a mark on the map."""
    return str(SHORT[finding.code])


def counted(findings: list[Finding]) -> str:
    """How many there are to mend, in one line; "" without any."""
    errors = sum(1 for one in findings if one.severity == "error")
    if not findings:
        return ""
    return _("%(errors)s to mend, %(others)s to look at") % {
        "errors": errors,
        "others": len(findings) - errors,
    }
