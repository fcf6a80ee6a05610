"""The board of execution among the other boards: what was promised, and how it goes."""

from django.utils.translation import gettext_lazy as _

from metrics import boards
from metrics.boards.spec import BlockSpec, Board, Section

EXECUTION = Board(
    code="execution",
    title=_("Execution"),
    icon="progress-check",
    gathers_shared=True,
    sections=(
        Section(
            "promises",
            _("Promises"),
            (
                BlockSpec("burn-up", "burn-up", (), (), _("Promised and done"), "wide"),
                BlockSpec("departments", "execution-departments", (), (), _("Actions by department")),
                BlockSpec("confidence", "execution-confidence", (), (), _("How sure owners are")),
                BlockSpec("blocks", "execution-blocks", (), (), _("Who is waited for"), "wide"),
                BlockSpec("silence", "execution-silence", (), (), _("Since the last word"), "wide"),
            ),
        ),
    ),
)


def register() -> None:
    boards.enter(EXECUTION)
