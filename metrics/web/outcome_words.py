"""What became of an upload, in the reader's words: rows, counts, totals, findings and the first rows."""

import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from metrics import known_profiles, outcomes
from metrics.intake.findings import column_position
from metrics.models import ImportJob, MetricVersion, Submission
from reviewhub.ui import figures

FINDINGS_PER_PAGE = 50
# State of a version → kind of badge.
CHIPS = {"draft": "draft", "handed_in": "provisional", "certified": "certified", "returned": "rejected"}
VERDICTS = {
    "accepted": ("pass", _("Every check passed.")),
    "warnings": ("warn", _("The file is usable; read the warnings before you hand it in.")),
    "rejected": (
        "fail",
        _("The file was not used, and nothing changed. Mend what is listed and upload it again."),
    ),
    "unreadable": ("fail", _("The file cannot be read as a table, and nothing changed.")),
}
# Beside what profiles name themselves.
REASONS = {
    "total_row": _("Total rows (used as a cross-check only)"),
    "template_row": _("Rows of the template itself: codes and the example"),
    "not_used": _("Rows that add to no metric"),
    "other_period": _("Rows of other periods (left out)"),
    "overlap": _("Rows that another file of this hand-in holds as well"),
}
COUNTS = {
    "exact_duplicate_rows": _("Rows that repeat another row exactly (kept)"),
    "blank_rows": _("Blank rows (skipped)"),
}
# Control, format, private and half characters: nobody sees them, and some turn the text around them.
HIDDEN = ("Cc", "Cf", "Co", "Cs")
DELIMITERS = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("vertical bar")}
ENCODINGS = {"utf-8": "UTF-8", "gb18030": "GB18030", "cp1252": "Windows-1252", "utf-16": "UTF-16"}


@dataclass(frozen=True)
class Line:
    """A figure of the outcome as shown: label, value as text, and a second value or code beside it."""

    label: str
    value: str
    beside: str = ""


class OutcomeWords:
    """One stored document for one reader."""

    def __init__(self, document: dict, *, profile: str, currency: str, reader, page_number=1):
        self.document, self.profile_name, self.currency = document, profile, currency
        self.reader, self.page_number = reader, page_number
        self.language = get_language() or "en"
        # Where the cells of the file can be corrected, "" where they cannot.
        self.grid_url = ""

    @classmethod
    def of_job(cls, job: ImportJob, *, reader, page_number=1) -> "OutcomeWords":
        currencies = job.outcome.get("currencies", [])
        currency = currencies[0] if len(currencies) == 1 else ""
        return cls(
            job.outcome, profile=job.profile, currency=currency, reader=reader, page_number=page_number
        )

    @classmethod
    def of_submission(cls, row: Submission, *, reader, page_number=1) -> "OutcomeWords":
        """The figures of a version; its preview comes from the job that made it, where there was one."""
        job = row.jobs.filter(state=ImportJob.State.DONE).order_by("created_at").first()
        columns = ("rows_read", "rows_used", "rows_excluded", "excluded_value", "counts", "totals")
        document = (job.outcome if job else {}) | {name: getattr(row, name) for name in columns}
        document |= {"findings": row.findings, "findings_total": row.findings_total}
        document["status"] = "warnings" if row.findings_total else "accepted"
        return cls(
            document, profile=row.profile, currency=row.currency, reader=reader, page_number=page_number
        )

    @property
    def is_unknown(self) -> bool:
        """Whether no kind of file knows the headers, so that somebody has to say what they mean."""
        return "PROFILE_NOT_FOUND" in self.document.get("finding_counts", {})

    @property
    def is_usable(self) -> bool:
        return outcomes.is_usable(self.document)

    @property
    def glyph(self) -> str:
        return VERDICTS[self.document["status"]][0]

    @property
    def verdict(self):
        return VERDICTS[self.document["status"]][1]

    @cached_property
    def known(self) -> known_profiles.KnownProfile | None:
        try:
            return known_profiles.named(self.profile_name)
        except known_profiles.UnknownProfile:
            return None

    @property
    def profile_title(self) -> str:
        return self.known.title(self.language) if self.known else self.profile_name

    @property
    def rows_excluded(self) -> int:
        return sum(self.document["rows_excluded"].values())

    @property
    def excluded(self) -> list[Line]:
        """Why rows were left out: how many, in words, and what they would have added."""
        worth = self.document.get("excluded_value", {})
        return [
            Line(self._label("reasons", REASONS, reason), self._number(rows), self._money(worth.get(reason)))
            for reason, rows in self.document["rows_excluded"].items()
        ]

    @property
    def counts(self) -> list[Line]:
        return [
            Line(self._label("count_labels", COUNTS, name), self._number(value))
            if isinstance(value, int)
            else Line(self._label("count_labels", COUNTS, name), self._money(value))
            for name, value in self.document.get("counts", {}).items()
        ]

    @cached_property
    def totals(self) -> list[Line]:
        """Totals per metric under the dictionary's names."""
        totals = self.document["totals"]
        versions = MetricVersion.objects.visible_to(self.reader).filter(
            metric__code__in=totals, effective_to=None
        )
        known = {version.metric.code: version for version in versions.select_related("metric")}
        lines = []
        for code, value in totals.items():
            version = known.get(code)
            is_money = version.value_type == "money" if version else "." in value
            shown = self._money(value) if is_money else self._number(Decimal(value))
            lines.append(Line(version.name if version else code, shown, code))
        return lines

    @cached_property
    def findings(self) -> Page:
        """The page of findings that is read, each worded, with `place` in words."""
        page = Paginator(self.document["findings"], FINDINGS_PER_PAGE).get_page(self.page_number)
        page.object_list = [self.finding(one) for one in page.object_list]
        return page

    def finding(self, stored: dict) -> dict:
        worded = outcomes.worded(stored, self.language)
        return worded | {
            "place": place(worded),
            "shown": seen(worded["value"]) or None,
            "url": self.cell_url(worded),
        }

    def cell_url(self, finding: dict) -> str:
        """The very cell in the grid, or its row; "" for what stands in no row of data."""
        row, column = finding["row"], finding["column"]
        if not self.grid_url or not row:
            return ""
        spot = f"at-{row}-{column_position(column) - 1}" if column else f"row-{row}"
        return f"{self.grid_url}?at={row}#{spot}"

    @property
    def findings_total(self) -> int:
        return self.document["findings_total"]

    @property
    def unlisted(self) -> int:
        return self.findings_total - len(self.document["findings"])

    @property
    def encoding(self) -> str:
        code = self.document.get("encoding", "")
        return ENCODINGS.get(code, code)

    @property
    def delimiter(self):
        return DELIMITERS.get(self.document.get("delimiter", ""), "")

    @property
    def preview(self) -> dict | None:
        """Headers and cells of the first rows as they stood in the file; unused columns are absent."""
        rows, headers = self.document.get("first_rows"), self.document.get("headers")
        if not rows or not headers:
            return None
        return {
            "headers": list(headers.values()),
            "rows": [[seen(row.get(name, "")) for name in headers] for row in rows],
        }

    def _label(self, source: str, common: dict, name: str) -> str:
        tables = self.known.profile.tables.values() if self.known else ()
        texts = next((found for one in tables if (found := getattr(one, source).get(name))), None)
        if texts:
            return texts["zh" if self.language.startswith("zh") else "en"]
        return str(common.get(name, name))

    def _number(self, value) -> str:
        value = Decimal(value)
        return figures.number(value, 0 if value == value.to_integral_value() else 2, self.language)

    def _money(self, value) -> str:
        if value is None:
            return ""
        if not self.currency:
            return figures.number(Decimal(value), 2, self.language)
        return figures.money(Decimal(value), self.currency, 2, self.language)


def place(finding: dict) -> str:
    """`Sheet1 · D7 · Quantity`: the cell as a spreadsheet names it."""
    cell = f"{finding['column']}{finding['row'] or ''}" if finding["column"] else ""
    if finding["row"] and not cell:
        cell = str(_("row %(row)s") % {"row": finding["row"]})
    return " · ".join(part for part in (finding["sheet"], cell, finding["header"]) if part)


def seen(value: str) -> str:
    """The value of a cell with its invisible characters as people can see them: “A⟨U+202E⟩B”."""
    return "".join(f"⟨U+{ord(one):04X}⟩" if unicodedata.category(one) in HIDDEN else one for one in value)
