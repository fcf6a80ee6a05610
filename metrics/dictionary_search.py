"""Finding metrics in the dictionary: by words, section, department, pack and tier, as one reader may see them."""

from dataclasses import dataclass

from metrics.dictionary_words import PACKS, SECTIONS, TIERS, UNITS, word
from metrics.models import Metric, MetricVersion
from reviewhub.people.names import folded


@dataclass(frozen=True)
class Search:
    """What is asked for; an empty field asks for nothing. `department` is the slug of the owner."""

    text: str = ""
    section: str = ""
    department: str = ""
    pack: str = ""
    tier: str = ""

    @classmethod
    def of(cls, given) -> "Search":
        """From the parameters of an address; what nobody offers is ignored."""
        return cls(
            text=given.get("q", "").replace("\0", "").strip()[:80],
            section=_offered(given.get("section"), SECTIONS),
            department=given.get("department", "").replace("\0", "")[:40],
            pack=_offered(given.get("pack"), PACKS),
            tier=_offered(given.get("tier"), TIERS),
        )

    def __bool__(self) -> bool:
        return any((self.text, self.section, self.department, self.pack, self.tier))

    def versions(self, user, *, on) -> list[MetricVersion]:
        """The versions in force on the date `on` that answer, in the order of the dictionary.

        Each carries in `also` the other names of its metric in which the words stand.
        """
        found = MetricVersion.objects.visible_to(user).effective(on).select_related("metric", "owner_dept")
        asked = {
            "section": self.section,
            "tier": self.tier,
            "metric__pack": self.pack,
            "owner_dept__slug": self.department,
        }
        found = found.filter(**{field: value for field, value in asked.items() if value})
        if self.text:
            found = found.filter(metric__in=Metric.objects.matching(self.text)).prefetch_related(
                "metric__aliases"
            )
        answers = list(found.order_by("metric__position", "metric__code"))
        needle = folded(self.text)
        for version in answers if needle else ():
            version.also = [alias.text for alias in version.metric.aliases.all() if needle in alias.search]
        return answers


def _offered(value: str | None, words: dict) -> str:
    return value if value in words else ""


def by_section(versions) -> list[dict]:
    """`{code, title, versions}` for each section, in the order of the dictionary; the unit of each in words."""
    groups: dict[str, list] = {}
    for version in versions:
        version.unit_in_words = word(UNITS, version.unit)
        groups.setdefault(version.section, []).append(version)
    return [
        {"code": code, "title": word(SECTIONS, code), "versions": found} for code, found in groups.items()
    ]
