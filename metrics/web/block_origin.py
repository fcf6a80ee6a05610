"""Where the numbers of one block come from, as the lines below its file: definitions, sources, freeze."""

from django.utils.translation import gettext as _

from metrics.boards.spec import BlockSpec
from metrics.reasons import CannotRead
from metrics.sources import Source
from metrics.web.blocks import status_word
from metrics.web.boards import Asked
from reviewhub.people.models import Department
from reviewhub.ui import days


def lines(asked: Asked, spec: BlockSpec) -> list[str]:
    """Board and month, a line for each definition and each source, and the fingerprint of frozen figures."""
    found = [_("%(board)s, %(month)s") % {"board": asked.board.title, "month": asked.month.text}]
    found += [definition_line(asked, code) for code in codes(asked, spec)]
    found += source_lines(asked, spec)
    if asked.snapshot:
        told = {"fingerprint": asked.snapshot.fingerprint}
        found.append(_("Frozen figures, fingerprint %(fingerprint)s") % told)
    return found


def codes(asked: Asked, spec: BlockSpec) -> list[str]:
    """The metrics that the block reads and its reader may read, what it is about first."""
    figures = asked.page.figures
    read = dict.fromkeys([*spec.metrics, *(code for need in spec.needs for code in need.codes)])
    return [one for one in read if one in figures.open_codes and one in figures.definitions]


def definition_line(asked: Asked, code: str) -> str:
    definition = asked.page.figures.definition(code)
    told = {"code": code, "name": definition.name, "number": definition.number}
    return _("Metric %(code)s: %(name)s, definition version %(number)s") % told


def source_lines(asked: Asked, spec: BlockSpec) -> list[str]:
    """The versions of files behind the figures of the month. A partner is not told the names of files."""
    names = {row.pk: row.name for row in Department.objects.visible_to(asked.user)}
    return [_source_line(asked, one, names) for one in sources(asked, spec)]


def sources(asked: Asked, spec: BlockSpec) -> list[Source]:
    """What stands behind the month that is shown, in every way that the block splits it."""
    figures, pks = asked.page.figures, set()
    for need in spec.needs:
        for code in need.codes:
            if code not in figures.open_codes or code not in figures.definitions:
                continue
            try:
                pks |= figures.figure(code, asked.month, by=need.by).sources
            except CannotRead:
                continue  # the block says why
    return [one for one in figures.desk.sources if one.pk in pks]


def _source_line(asked: Asked, one: Source, names: dict[int, str]) -> str:
    told = {
        "department": names.get(one.department, "–"),
        "file": one.file if one.file and not asked.user.is_partner else one.profile,
        "period": days.period(one.start, one.end, asked.page.told.language),
        "number": one.number,
        "status": status_word(one.standing),
    }
    return _("Source: %(department)s, %(file)s, %(period)s, version %(number)s, %(status)s") % told
