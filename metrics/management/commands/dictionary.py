"""`manage.py dictionary list|show|export|import`: the dictionary for scripts and other systems."""

import json
import os
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics import dictionary, dictionary_checks, dictionary_csv, dictionary_rows, proposal_import, proposals
from metrics import dictionary_words as words
from metrics.dictionary_csv import EVERY_COLUMN, METRIC_COLUMNS, RULE_COLUMNS
from metrics.models import Alias, Metric, MetricVersion, RuleVersion
from metrics.periods import BadPeriod, Period
from reviewhub.people.models import User
from reviewhub.ui.commands import AnswersInJson

REFUSED, UNUSABLE = 1, 2
LANGUAGES = ("en", "zh-hans")


class Command(AnswersInJson, BaseCommand):
    help = "Read, export and fill the dictionary of metrics (CSV in the columns of the starting dictionary)."

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        every = verbs.add_parser("list", help="all metrics, one a line")
        every.add_argument(
            "--search", default="", metavar="TEXT", help="name, other name, code, pinyin or initials"
        )
        one = verbs.add_parser("show", help="one metric with its checks, rules, other names and versions")
        one.add_argument("metric", metavar="CODE")
        out = verbs.add_parser("export", help="write the dictionary as it holds today")
        out.add_argument("file", metavar="FILE", help="- for standard output")
        out.add_argument("--rules", metavar="FILE", help="write the rules too")
        out.add_argument("--windows", action="store_true", help="the two windows as columns besides")
        into = verbs.add_parser(
            "import", help="propose what a file says otherwise, or fill an empty dictionary"
        )
        into.add_argument("file", metavar="FILE")
        into.add_argument("--by", default="", metavar="USER", help="who proposes; default: the machine")
        into.add_argument("--from", dest="start", default="", metavar="PERIOD", help="default: next month")
        into.add_argument("--reason", default="", metavar="TEXT", help="default: the name of the file")
        into.add_argument("--bootstrap", action="store_true", help="fill an empty dictionary")
        into.add_argument("--rules", metavar="FILE", help="with --bootstrap: the rules to go with it")
        for verb in (every, one, out, into):
            verb.add_argument("--json", action="store_true", help="print one JSON document")
            verb.add_argument("--language", choices=LANGUAGES, default=shell_language())

    def handle(self, *args, **options):
        self.as_json = options["json"]
        with translation.override(options["language"]):
            getattr(self, f"{options['verb']}_")(options)

    def answer(self, document: dict, lines, status: int = 0) -> None:
        """Print the document or its lines; leave with `status` when it is not 0."""
        text = json.dumps(document, ensure_ascii=False) if self.as_json else "\n".join(map(str, lines))
        self.stdout.write(text)
        if status:
            sys.exit(status)

    # --- Reading ---------------------------------------------------------------------------------------------

    def list_(self, options):
        found = Metric.objects.matching(clean(options["search"]))
        versions = dictionary_rows.in_force(timezone.localdate()).filter(metric__in=found)
        entries = [
            {"code": v.metric.code, "name_zh": v.name_zh, "name_en": v.name_en, "section": v.section, "unit": v.unit,
             "tier": v.tier, "pack": v.metric.pack, "enabled": v.metric.is_enabled, "version": v.number,
             "owner_dept": v.owner_dept.code}
            for v in versions
        ]  # fmt: skip
        lines = [
            f"{e['code']:<18}{'' if e['enabled'] else '-':<2}{e['name_zh']} / {e['name_en']}" for e in entries
        ]
        self.answer({"metrics": entries}, [*lines, metrics_in_words(len(entries))])

    def show_(self, options):
        code = clean(options["metric"])
        version = dictionary_rows.in_force(timezone.localdate()).filter(metric__code=code.upper()).first()
        if not version:
            near = [metric.code for metric in Metric.objects.matching(code)[:5]] if code else []
            message = _("There is no metric %(code)s.") % {"code": code}
            hint = " " + _("Did you mean %(codes)s?") % {"codes": ", ".join(near)} if near else ""
            self.fail([{"message": message + hint}], UNUSABLE)
        document = {
            **dictionary_rows.cells(version),
            "version": version.number,
            "enabled": version.metric.is_enabled,
            "effective_from": version.effective_from.isoformat(),
            "aliases": list(Alias.objects.filter(metric=version.metric).values_list("text", flat=True)),
            "checks": [str(sentence) for sentence in dictionary_checks.sentences(version.validation)],
            "rules": rules(version),
            "versions": [period(each) for each in MetricVersion.objects.filter(metric=version.metric)],
        }
        shown = [
            f"{words.COLUMNS.get(key, key)}: {value}"
            for key, value in document.items()
            if isinstance(value, str)
        ]
        listed = [
            f"  {rule['code']}: {rule['message_zh']} / {rule['message_en']}" for rule in document["rules"]
        ]
        self.answer(document, [*shown, *(f"  {check}" for check in document["checks"]), *listed])

    def export_(self, options):
        on = timezone.localdate()
        rows = dictionary_rows.rows(on)
        columns = EVERY_COLUMN if options["windows"] else METRIC_COLUMNS
        texts = [(options["file"], dictionary_csv.written(rows, columns))]
        if options["rules"]:
            texts.append(
                (options["rules"], dictionary_csv.written(dictionary_rows.rule_rows(on), RULE_COLUMNS))
            )
        for file, text in texts:
            if file == "-":
                self.stdout.write(text, ending="")
            else:
                self.keep(Path(file), text)
        if options["file"] != "-":
            self.answer(
                {"metrics": len(rows), "file": options["file"]},
                [f"{options['file']}: {metrics_in_words(len(rows))}"],
            )

    def keep(self, file: Path, text: str) -> None:
        try:
            file.write_text(text, encoding="utf-8", newline="")
        except OSError as wrong:
            self.fail([{"message": f"{file}: {wrong.strerror}"}], UNUSABLE)

    # --- Writing ---------------------------------------------------------------------------------------------

    def import_(self, options):
        data = self.bytes_of(options["file"])
        if not options["bootstrap"] and Metric.objects.exists():
            return self.propose(data, options)
        if not options["bootstrap"]:
            self.fail([{"message": _("The dictionary is empty: fill it with --bootstrap.")}], REFUSED)
        rules = self.bytes_of(options["rules"]) if options["rules"] else None
        try:
            made = dictionary.bootstrap(at=timezone.now(), metrics=data, rules=rules)
        except dictionary.CannotBootstrap as refused:
            only_full = {problem.code for problem in refused.problems} == {"not_empty"}
            self.fail([entry(problem) for problem in refused.problems], REFUSED if only_full else UNUSABLE)
        self.answer({"status": "filled", "metrics": made}, [metrics_in_words(made)])

    def propose(self, data: bytes, options) -> None:
        """A filled dictionary is never overwritten: what the file says otherwise becomes proposals."""
        at, by = timezone.now(), self.person(clean(options["by"]))
        reason = clean(options["reason"]) or clean(Path(options["file"]).name)
        said = {"reason": reason, "by": by, "at": at, "on": timezone.localdate(at)}
        try:
            found = proposal_import.propose_file(data, effective_from=self.start(options["start"]), **said)
        except proposals.CannotPropose as refused:
            mine = {"not_allowed_to_propose", "not_later", "type_stored", "reason_too_long"}
            only_rules = {problem.code for problem in refused.problems} <= mine
            self.fail([entry(problem) for problem in refused.problems], REFUSED if only_rules else UNUSABLE)
        if not found.differences:
            return self.answer(
                {"status": "same", "proposals": []}, [_("The file says what the dictionary says.")]
            )
        rows = [(one, "new") for one in found.made] + [(one, "waiting") for one in found.waiting]
        document = {
            "status": "proposed",
            "proposals": [told(proposal) | {"status": status} for proposal, status in rows],
            "differences": [vars(each) for each in found.differences],
            "missing": found.missing,
        }
        lines = [
            _("Proposal %(number)s: %(code)s") % {"number": one.pk, "code": one.code} for one, _status in rows
        ]
        self.answer(document, [*lines, *map(difference, found.differences)])

    def person(self, name: str) -> User | None:
        if not name:
            return None
        person = User.objects.active().filter(username=name).first()
        if person is None:
            self.fail([{"message": _("There is no active user %(name)s.") % {"name": name}}], UNUSABLE)
        return person

    def start(self, text: str):
        if not text:
            return None
        try:
            return Period.parse(clean(text)).start
        except BadPeriod:
            self.fail([{"message": str(words.FAULTS["not_a_period"])}], UNUSABLE)

    def bytes_of(self, name: str) -> bytes:
        try:
            with open(name, "rb") as file:
                return file.read(dictionary_csv.MAX_BYTES + 1)
        except OSError as wrong:
            self.fail([{"message": f"{name}: {wrong.strerror}"}], UNUSABLE)

    def fail(self, problems: list[dict], status: int) -> None:
        """Say what is wrong, as a document or on standard error, and leave with `status`."""
        if self.as_json:
            self.answer(
                {"status": "refused" if status == REFUSED else "unusable", "problems": problems}, [], status
            )
        places = [_("row %(row)s: ") % p if p.get("row") else "" for p in problems]
        text = "\n".join(place + p["message"] for place, p in zip(places, problems, strict=True))
        raise CommandError(text, returncode=status)


def entry(problem) -> dict:
    return {
        "code": problem.code,
        "row": problem.row or None,
        "column": problem.column or None,
        "value": problem.value,
        **({} if problem.position is None else {"position": problem.position}),
        "message": str(words.fault(problem)),
    }


def told(proposal) -> dict:
    return {
        "id": proposal.pk,
        "code": proposal.code,
        "effective_from": proposal.effective_from.isoformat(),
        "changes": proposal.changes,
    }


def difference(each) -> str:
    if each.column:
        sentence = _("row %(row)s: %(code)s, %(column)s: “%(before)s” becomes “%(after)s”")
    elif each.row:
        sentence = _("row %(row)s: %(code)s is new")
    else:
        sentence = _("%(code)s is missing from the file")
    return sentence % vars(each)


def metrics_in_words(count: int) -> str:
    return ngettext("%(count)s metric", "%(count)s metrics", count) % {"count": count}


def clean(text: str) -> str:
    """Arguments may hold bytes that are no text in this locale; a database would refuse them."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")[:200].strip()


def shell_language() -> str:
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh-hans" if spoken.lower().startswith("zh") else "en"


def rules(version: MetricVersion) -> list[dict]:
    held = (
        RuleVersion.objects.effective(timezone.localdate()).select_related("rule").order_by("rule__position")
    )
    return [
        {"code": rule.rule.code, **{column: getattr(rule, column) for column in RULE_COLUMNS[1:]}}
        for rule in held
        if rule.rule.code in version.identities or version.metric.code in rule.metrics
    ]


def period(version: MetricVersion) -> dict:
    ends = version.effective_to
    return {
        "version": version.number,
        "effective_from": version.effective_from.isoformat(),
        "effective_to": ends.isoformat() if ends else None,
        "reason": version.reason,
    }
