"""Why a source gave nothing, in the reader's words; and the periods and intervals that may be chosen."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

HOUR, DAY = 60, 24 * 60
EVERY = {
    5: gettext_lazy("every 5 minutes"),
    HOUR: gettext_lazy("every hour"),
    6 * HOUR: gettext_lazy("every 6 hours"),
    DAY: gettext_lazy("every day"),
    7 * DAY: gettext_lazy("every week"),
}
TEXTS = {
    "NO_ROOT": gettext_lazy("This server has no folder for sources (SOURCES_ROOT)."),
    "PATH_FORBIDDEN": gettext_lazy("“%(path)s” is no place below the folder for sources, or a link leads out of it."),
    "FOLDER_MISSING": gettext_lazy("The folder “%(path)s” is not there."),
    "FOLDER_LOCKED": gettext_lazy("Files in the folder cannot be moved: %(why)s."),
    "FILE_MISSING": gettext_lazy("The file “%(path)s” is not there."),
    "NO_PERIOD": gettext_lazy("The name “%(name)s” says no period, like 2026-09 or 2026-W36."),
    "SECRET_NAME": gettext_lazy("“%(name)s” is no name of a secret: capital letters, digits and underscores."),
    "SECRET_MISSING": gettext_lazy("The server has no secret called %(name)s."),
    "NO_POSTGRESQL": gettext_lazy("The secret %(name)s is no address of a PostgreSQL database."),
    "NO_SELECT": gettext_lazy("The query has to begin with SELECT or WITH."),
    "SEMICOLON": gettext_lazy("The query may hold no semicolon: one question, nothing after it."),
    "DATABASE_AWAY": gettext_lazy("The database does not let us in or does not answer."),
    "QUERY_SLOW": gettext_lazy("The query takes longer than %(seconds)s seconds."),
    "QUERY_REFUSED": gettext_lazy("The database refuses the query: %(why)s"),
    "TOO_MANY_ROWS": gettext_lazy("The query gives more than the %(limit)s rows that a file may have."),
    "NO_CELL": gettext_lazy("The query gives bytes; only text, numbers and dates can be cells."),
    "HOST_FORBIDDEN": gettext_lazy("%(host)s is not among the hosts that sources may ask (SOURCE_ALLOWED_HOSTS)."),
    "ADDRESS_PRIVATE": gettext_lazy("%(host)s leads into a private network."),
    "ADDRESS_AWAY": gettext_lazy("%(host)s does not answer: %(why)s."),
    "ANSWERED": gettext_lazy("%(host)s answered %(status)s."),
    "TOO_LARGE": gettext_lazy("The file is larger than the %(limit)s bytes that an upload may have."),
    "REFUSED": gettext_lazy("%(file)s was refused: %(findings)s findings. Nothing changed."),
    "DOOR": gettext_lazy("%(file)s was refused at the door: %(code)s."),
    "BROKE": gettext_lazy("Something broke here. The log has it under %(incident)s."),
    "LOST": gettext_lazy("The worker that ran it ended."),
}  # fmt: skip

WARNINGS = {
    "FEWER_ROWS": gettext_lazy("%(rows)s rows, usually %(usual)s."),
    "MORE_ROWS": gettext_lazy("%(rows)s rows, usually %(usual)s."),
    "JUMP": gettext_lazy("Figures jump: %(metrics)s."),
    "SLOW": gettext_lazy("Answered after %(took)s ms, usually %(usual)s."),
    "CERTIFICATE": gettext_lazy("Its certificate ends on %(day)s, in %(days)s days."),
}


def warned(warnings: list[dict]) -> list[str]:
    """What a run showed, in the reader's language."""
    return [_(str(WARNINGS[one["code"]])) % one["params"] for one in warnings if one["code"] in WARNINGS]


def worded(problem: dict | None) -> str:
    """A kept problem in the reader's language; "" for none."""
    if not problem:
        return ""
    text = TEXTS.get(problem["code"])
    return _(str(text)) % problem["params"] if text else problem["code"]
