"""Agenda templates, and how published minutes are fitted into the time there is. Pure (experience §4)."""

from dataclasses import dataclass
from datetime import datetime

from meetings.plan import Plan, part

DEPARTMENTS = ("SAL", "MKT", "SC", "FIN", "TEC")
KIND = {"OPEN": "single", "XDEP": "single", "PLAN": "single", "READ": "reading", "BREAK": "break"}
KIND |= {f"{each}.R": "report" for each in DEPARTMENTS} | {f"{each}.D": "discuss" for each in DEPARTMENTS}


@dataclass(frozen=True)
class Template:
    """Minutes by part in agenda order; the buffer belongs to nobody."""

    name: str
    minutes: tuple[tuple[str, int], ...]
    buffer: int
    budget: int = 240

    @property
    def total(self) -> int:
        """Minutes with the buffer."""
        return sum(minutes for _, minutes in self.minutes) + self.buffer


PUBLISHED = Template(
    "published",
    (
        ("OPEN", 15),
        ("SAL.R", 20),
        ("SAL.D", 40),
        ("MKT.R", 15),
        ("MKT.D", 30),
        ("SC.R", 15),
        ("SC.D", 30),
        ("FIN.R", 10),
        ("FIN.D", 20),
        ("TEC.R", 10),
        ("TEC.D", 20),
        ("XDEP", 40),
        ("PLAN", 30),
    ),
    buffer=0,
)
DEFAULT = Template(
    "default-240",
    (
        ("OPEN", 10),
        ("SAL.R", 3),
        ("SAL.D", 37),
        ("MKT.R", 3),
        ("MKT.D", 27),
        ("SC.R", 3),
        ("SC.D", 27),
        ("BREAK", 10),
        ("FIN.R", 2),
        ("FIN.D", 18),
        ("TEC.R", 2),
        ("TEC.D", 18),
        ("XDEP", 40),
        ("PLAN", 30),
    ),
    buffer=10,
)
TEMPLATES = {each.name: each for each in (PUBLISHED, DEFAULT)}


def plan(
    name: str,
    scheduled: datetime,
    *,
    budget_s: int | None = None,
    buffer_s: int | None = None,
    anchor: str = "wall",
) -> Plan:
    """The plan of a template, with another budget or buffer if named. KeyError for an unknown template."""
    template = TEMPLATES[name]
    ids = [part_id for part_id, _ in template.minutes]
    return Plan(
        parts=tuple(
            part(part_id, KIND[part_id], minutes * 60, own=_own(part_id, ids))
            for part_id, minutes in template.minutes
        ),
        budget_s=template.budget * 60 if budget_s is None else budget_s,
        buffer_s=template.buffer * 60 if buffer_s is None else buffer_s,
        scheduled=scheduled,
        anchor=anchor,
    )


def _own(part_id, ids):
    discussion = part_id.removesuffix(".R") + ".D"
    return discussion if part_id.endswith(".R") and discussion in ids else None
