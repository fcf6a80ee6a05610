"""`manage.py reading`: a metric's value for a period, split and compared (interfaces, Numbers)."""

import json
import os
import sys

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone, translation

from metrics import dictionary, reading_document, readings
from metrics.models import Snapshot
from metrics.periods import BadPeriod, Period
from metrics.reasons import CannotRead
from reviewhub.ui.commands import AnswersInJson

LANGUAGES = ("en", "zh-hans")
REFUSED, UNUSABLE = 1, 2


class Unusable(Exception):
    """Arguments that are no question."""


class Command(AnswersInJson, BaseCommand):
    help = "Read a metric of the dictionary: `reading SAL_GMV --period 2011-01 --by country --compare py`."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser):
        parser.add_argument("code", metavar="CODE", help="of the dictionary: SAL_GMV")
        parser.add_argument(
            "--period", required=True, help="2011, 2011-Q1, 2011-01, 2011-W05, 2011-01-31 or a..b"
        )
        parser.add_argument("--grain", choices=readings.GRAINS, help="one row for each day, week …")
        parser.add_argument(
            "--by", action="append", default=[], metavar="DIMENSION[,…]", help="country,platform …"
        )
        parser.add_argument("--where", action="append", nargs="+", default=[], metavar="DIMENSION=MEMBER")
        parser.add_argument("--compare", action="append", default=[], metavar="py,pp,target,budget")
        parser.add_argument(
            "--status",
            choices=("certified", "draft"),
            help="certified: only these; draft: the newest wins; default: certified where there is",
        )
        parser.add_argument(
            "--rates",
            choices=readings.RATES,
            default="actual",
            help="py, budget: amounts at the constant rates of the year before, or of the budget",
        )
        parser.add_argument("--review", metavar="REVIEW", help="as it was frozen for this review: 2026-09")
        parser.add_argument("--json", action="store_true", dest="as_json")
        parser.add_argument("--language", choices=LANGUAGES, default=shell_language())

    def handle(self, *, language, as_json, **given):
        dictionary.ensure(at=timezone.now())
        with translation.override(language):
            try:
                reading = asked(given)
            except Unusable as refusal:
                document = {
                    "metric": given["code"],
                    "status": "refused",
                    "value": None,
                    "problems": problem(refusal),
                }
                self.tell(document, None if as_json else [str(refusal)])
                sys.exit(UNUSABLE)
            except CannotRead as refusal:
                document = reading_document.refusal(given["code"], refusal)
                self.tell(document, None if as_json else refusal.problems)
                sys.exit(UNUSABLE if refusal.is_unusable else REFUSED)
            self.tell(
                reading_document.document(reading), None if as_json else reading_document.lines(reading)
            )

    def tell(self, document: dict, lines=None):
        if lines is None:
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(lines))


def asked(given: dict) -> readings.Reading:
    """The reading that the arguments ask for. Raises Unusable, CannotRead."""
    try:
        period = Period.parse(clean(given["period"]))
    except (BadPeriod, OverflowError) as error:
        raise Unusable(str(error)) from None
    where: dict[str, list[str]] = {}
    for text in (text for group in given["where"] for text in group):
        dimension, sign, member = clean(text).partition("=")
        if not sign or not dimension or not member:
            raise Unusable(f"{text!r} is not DIMENSION=MEMBER")
        where.setdefault(dimension, []).append(member)
    return readings.reading(
        clean(given["code"]).upper(),
        period,
        by=listed(given["by"]),
        where=where,
        grain=given["grain"],
        compare=listed(given["compare"]),
        status=given["status"],
        rates=given["rates"],
        on=timezone.localdate(),
        snapshot=frozen(clean(given["review"])) if given["review"] else None,
    )


def frozen(code: str) -> Snapshot:
    """What stands for the review `code`. Raises Unusable."""
    found = Snapshot.objects.filter(review__code=code).order_by("-number").first()
    if found is None:
        raise Unusable(f"no frozen review {code!r}")
    return found


def listed(texts: list[str]) -> tuple[str, ...]:
    """`a,b` given once or several times; each name once."""
    return tuple(
        dict.fromkeys(name.strip() for text in texts for name in clean(text).split(",") if name.strip())
    )


def problem(refusal: Unusable) -> list[dict]:
    return [{"code": "UNUSABLE", "message": str(refusal)}]


def clean(text: str) -> str:
    """Arguments may hold bytes that are no text in this locale; a database would refuse them."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")[:200].strip()


def shell_language() -> str:
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh-hans" if spoken.lower().startswith("zh") else "en"
