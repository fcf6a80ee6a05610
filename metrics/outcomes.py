"""What became of an upload: the document of `manage.py submit`, coded when stored, worded for each reader."""

import json

from django.utils.translation import gettext_lazy, override

from metrics import intake

PUBLIC = ("status", "submission", "profile", "rows_read", "rows_used", "rows_excluded", "findings_total")

# Findings of this side of the house: about the hand-over, not about the inside of the file. (message, hint)
OWN = {
    "FILE_MISSING": (
        gettext_lazy("No file arrived."),
        gettext_lazy("Choose a file with an ordinary name; “..” is not one."),
    ),
    "FILE_UNREADABLE": (gettext_lazy("The file cannot be opened: %(why)s."), gettext_lazy("Check the path.")),
    "ONE_FILE": (gettext_lazy("Hand over one file at a time."), gettext_lazy("Upload the others afterwards.")),
    "DISK_FULL": (
        gettext_lazy("There is no room for the file on the server; nothing was stored."),
        gettext_lazy("Tell the administrator, then upload again."),
    ),
    "DEPARTMENT_UNKNOWN": (gettext_lazy("No department is called “%(name)s”."), gettext_lazy("Known: %(known)s.")),
    "DEPARTMENT_CLOSED": (
        gettext_lazy("%(who)s may not upload data of this department."),
        gettext_lazy("Ask its lead, or the administrator for the role."),
    ),
    "USER_UNKNOWN": (gettext_lazy("Nobody signs in as “%(name)s”."), gettext_lazy("Use the sign-in name.")),
    "PERIOD_INVALID": (
        gettext_lazy("“%(text)s” is not a period."),
        gettext_lazy("Use 2011, 2011-Q1, 2011-01, 2011-W05, 2011-01-31 or 2010-12-01..2011-02-28."),
    ),
    "METRIC_DEFINED_OTHERWISE": (
        gettext_lazy("%(metric)s is defined already, by %(other)s."),
        gettext_lazy("Give the figure another code in the profile."),
    ),
    "PERIOD_OVERLAP": (
        gettext_lazy("The same kind of file is there for %(other)s, which overlaps %(period)s; both would be counted."),
        gettext_lazy("Withdraw that one first, or upload the period that is missing."),
    ),
    "PROFILE_UNKNOWN": (gettext_lazy("No import profile is called “%(name)s”."), gettext_lazy("Known: %(known)s.")),
    "PROFILE_NOT_FOUND": (
        gettext_lazy("No import profile knows these column headers."),
        gettext_lazy("Name the profile, or check that the file is the one you meant. Known: %(known)s."),
    ),
    "PROFILE_OTHER_DEPARTMENT": (
        gettext_lazy("Files of this kind are handed in by %(department)s."),
        gettext_lazy("Choose that department, or another profile."),
    ),
    "SETTING_UNKNOWN": (
        gettext_lazy("This profile has no setting “%(name)s”."),
        gettext_lazy("Its settings: %(known)s."),
    ),
    "SETTING_TOO_LONG": (
        gettext_lazy("The setting “%(name)s” is too long."),
        gettext_lazy("It may have %(limit)s characters."),
    ),
    "SETTING_FORM": (
        gettext_lazy("“%(text)s” is not a setting."),
        gettext_lazy("Write it as KEY=VALUE."),
    ),
    "HAND_IN_REFUSED": (
        gettext_lazy("The draft was stored but not handed in: %(why)s"),
        gettext_lazy("Mend that, then hand it in from its page."),
    ),
    "IMPORT_FAILED": (
        gettext_lazy("The import stopped; nothing was stored. Incident %(incident)s."),
        gettext_lazy("Upload again. If it stops again, give this number to the administrator."),
    ),
}  # fmt: skip
OWN_HTTP = {
    "FILE_MISSING": 422,
    "ONE_FILE": 400,
    "DISK_FULL": 507,
    "PERIOD_OVERLAP": 409,
    "IMPORT_FAILED": 500,
}


def of(outcome, *, profile: str, seconds: float) -> dict:
    """The stored document of a checked file. Its preview hides personal columns already."""
    return {
        "status": outcome.status,
        "profile": profile,
        "rows_read": outcome.rows_read,
        "rows_used": outcome.rows_used,
        "rows_excluded": dict(outcome.rows_excluded),
        "excluded_value": plain(outcome.excluded_value),
        "counts": plain(outcome.counts),
        "totals": plain(outcome.totals),
        "currencies": _currencies(outcome.facts),
        "findings": [coded(one) for one in outcome.findings],
        "findings_total": outcome.findings_total,
        "finding_counts": dict(outcome.finding_counts),
        "seconds": round(seconds, 3),
        "http_status": outcome.http_status,
        "encoding": outcome.encoding,
        "delimiter": outcome.delimiter,
        "sheet": outcome.sheet,
        "headers": dict(outcome.headers),
        "dropped_columns": outcome.dropped_columns,
        "first_rows": list(outcome.first_rows),
    }


def refusal(code: str, *, status: str = "rejected", profile: str = "", **params) -> dict:
    """The stored document of an upload that this side of the house refuses."""
    finding = {
        "code": code,
        "severity": "error",
        "sheet": "",
        "row": None,
        "column": "",
        "header": "",
        "value": "",
    }
    return {
        "status": status,
        "profile": profile,
        "rows_read": 0,
        "rows_used": 0,
        "rows_excluded": {},
        "findings": [finding | {"params": params}],
        "findings_total": 1,
        "finding_counts": {code: 1},
        "totals": {},
        "seconds": 0,
        "http_status": OWN_HTTP.get(code, 422),
    }


def refused(document: dict, code: str, **params) -> dict:
    """`document` of a readable file, refused for one more reason."""
    return noted(document, code, **params) | {"status": "rejected", "http_status": OWN_HTTP.get(code, 422)}


def noted(document: dict, code: str, **params) -> dict:
    """`document` with one more finding of this side of the house; its status stays."""
    other = refusal(code, **params)
    return document | {
        "findings": other["findings"] + document["findings"],
        "findings_total": document["findings_total"] + 1,
        "finding_counts": document["finding_counts"] | {code: 1},
    }


def coded(finding) -> dict:
    """A finding of the intake as JSON values."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "sheet": finding.sheet,
        "row": finding.row or None,
        "column": finding.column,
        "header": finding.header,
        "value": finding.value,
        "params": json.loads(json.dumps(finding.params, default=str)),
    }


def worded(finding: dict, language: str) -> dict:
    """A stored finding with `message` and `hint` for a reader, without its parameters."""
    message, hint = _own(finding, language) or intake.text(finding, language)
    told = {name: value for name, value in finding.items() if name != "params"}
    return told | {"message": message, "hint": hint, "suggestion": _suggestion(finding)}


def _suggestion(finding: dict) -> str:
    """What most likely belongs there instead of `value`; "" where nothing is likely."""
    params, value = finding["params"], finding["value"]
    if finding["code"] == "VALUE_UNKNOWN":
        return str(params.get("nearest", "")).split(", ")[0]
    if finding["code"] == "HEADER_UNKNOWN":
        return str(params.get("near", ""))
    if finding["code"] == "OUT_OF_RANGE" and params.get("percent"):
        return f"{value}%"
    return ""


def published(document: dict, *, submission: int | None, language: str) -> dict:
    """The document as `manage.py submit --json` prints it (interfaces, Numbers)."""
    told = {name: document.get(name) for name in PUBLIC} | {"submission": submission}
    told["findings"] = [worded(finding, language) for finding in document["findings"]]
    # Sorted: PostgreSQL's JSON columns forget the order in which the keys were written.
    told["rows_excluded"] = dict(sorted((told.get("rows_excluded") or {}).items()))
    return told | {"totals": dict(sorted(document["totals"].items())), "seconds": document["seconds"]}


def storable(value):
    """`value` without the characters that PostgreSQL refuses in JSON (SQLite would take them)."""
    if isinstance(value, dict):
        return {storable(key): storable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [storable(one) for one in value]
    if isinstance(value, str):
        return value.replace("\0", "␀").encode("utf-8", "replace").decode("utf-8")
    return value


def is_usable(document: dict) -> bool:
    return document["status"] in ("accepted", "warnings")


def plain(numbers: dict) -> dict:
    """Counts stay whole numbers, exact decimals become text."""
    return {name: value if isinstance(value, int) else f"{value:f}" for name, value in numbers.items()}


def _own(finding: dict, language: str) -> tuple[str, str] | None:
    if finding["code"] not in OWN:
        return None
    message, hint = OWN[finding["code"]]
    params = {
        name: value["zh" if language.startswith("zh") else "en"] if isinstance(value, dict) else value
        for name, value in finding["params"].items()
    }
    with override(language):
        return str(message) % params, str(hint) % params


def _currencies(facts) -> list[str]:
    return sorted({str(code) for code in facts["currency"].unique() if code}) if len(facts) else []
