"""The corrected rows of a file as a page shows them: columns in both languages, cells with their states, findings."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from metrics import known_profiles, outcomes, working_copies
from metrics.corrected_rows import Corrected
from metrics.intake.findings import column_letter, column_position
from metrics.models import ImportJob, Remark
from reviewhub.ui import figures

PER_PAGE = 100
NUMBERS = ("decimal", "integer", "number", "percent")


@dataclass
class Shown:
    """What the page needs of one file: its cells now, and what was found and asked in them."""

    job: ImportJob
    corrected: Corrected
    findings: dict
    remarks: dict

    @property
    def columns(self) -> list[dict]:
        """The columns that are read, in the order of the file; personal ones are left out."""
        profile = known_profiles.named(self.job.profile).profile
        titles = {one.name: one.title for one in profile.template.columns} if profile.template else {}
        language = "zh" if (get_language() or "en").startswith("zh") else "en"
        headers, found = self.corrected.table.headers, []
        for place, name in working_copies.places_of(self.job, self.corrected).items():
            column, told = profile.columns[name], titles.get(name)
            found.append({
                "place": place,
                "letter": column_letter(place + 1),
                "title": told[language] if told else headers[place],
                "other": told["en" if language == "zh" else "zh"] if told else "",
                "is_number": column.type in NUMBERS,
            })  # fmt: skip
        return found

    def matching(self, only_found: bool) -> list[int]:
        rows = self.corrected.shown_rows()
        if not only_found:
            return rows
        found = {row for row, _place in [*self.findings, *self.remarks]}
        return [row for row in rows if row in found]

    def page(self, rows: list[int], number: str):
        found = Paginator(rows, PER_PAGE).get_page(number)
        columns = self.columns
        found.object_list = [self.row(row, columns) for row in found.object_list]
        return found

    def row(self, row: int, columns: list[dict]) -> dict:
        said = [*self.findings.get((row, -1), ()), *self.remarks.get((row, -1), ())]
        return {
            "row": row,
            "label": label(row),
            "is_removed": row in self.corrected.removed,
            "said": self.mark(row, -1) if said else None,
            "cells": [self.cell(row, one) for one in columns],
        }

    def cell(self, row: int, column: dict) -> dict:
        place, corrected = column["place"], self.corrected
        value = corrected.value(row, place)
        return column | {
            "value": value,
            "number": corrected.number(row, place),
            "is_changed": value != corrected.original(row, place),
            "mark": self.mark(row, place),
            "name": f"{column['letter']}{label(row)}",
        }

    def mark(self, row: int, place: int) -> dict | None:
        """The graver of what was found, and what was asked, in one."""
        found = [told(one) for one in self.findings.get((row, place), ())]
        asked = [one.text for one in self.remarks.get((row, place), ())]
        if not found and not asked:
            return None
        severity = min((one["severity"] for one in found), default="")
        texts = [*(one["message"] for one in found), *asked]
        return {"severity": severity, "asked": bool(asked), "text": " ".join(texts)}

    def marks(self, rows: list[int]) -> dict[str, dict]:
        """The marks of these rows: "row:place" → mark."""
        wanted, keys = set(rows), [*self.findings, *self.remarks]
        return {f"{row}:{place}": self.mark(row, place) for row, place in keys if row in wanted}

    def summary(self) -> dict:
        """How many cells differ from the file, and how many findings are left, as the page counts them."""
        language = get_language() or "en"
        severities = [one["severity"] for some in self.findings.values() for one in some]
        now, before = self.corrected.value, self.corrected.original
        changed = sum(now(*key) != before(*key) for key in self.corrected.changes)
        return {
            "changed": figures.number(changed, 0, language),
            "errors": figures.number(severities.count("error"), 0, language),
            "warnings": figures.number(severities.count("warning"), 0, language),
            "is_changed": self.corrected.is_changed,
        }

    @property
    def general(self) -> list[dict]:
        """Findings about the file, its columns or its header."""
        rows = set(self.corrected.shown_rows())
        return [told(one) for (row, _place), some in self.findings.items() if row not in rows for one in some]


def told(finding: dict) -> dict:
    return outcomes.worded(finding, get_language() or "en")


def label(row: int) -> str:
    """The number of a row as the file has it; +1 for the first that was added."""
    return str(row) if row > 0 else f"+{-row}"


def remarks_at(user, job: ImportJob, rows) -> dict[tuple[int, int], list[Remark]]:
    """(row, place) → comments of the data owner on this version, or on the returned one that it answers."""
    from metrics.web.version import remarked  # noqa: PLC0415 - the version's page links here

    found: dict[tuple[int, int], list[Remark]] = {}
    for one in remarked(user, job.submission) if job.submission else ():
        place = column_position(one.column) - 1 if one.column else -1
        if (one.row or 0) in rows or one.row is None:
            found.setdefault((one.row or 0, place), []).append(one)
    return found


def conflict(kept) -> str:
    """Both values of a cell that two people changed."""
    return _("%(who)s wrote “%(theirs)s” meanwhile; you typed “%(mine)s”.") % {
        "who": kept.theirs.by.display_name if kept.theirs else _("Somebody"),
        "theirs": kept.theirs.value if kept.theirs else "",
        "mine": kept.edit.value,
    }
