"""Pure. The periods that blocks of department boards read: thirteen months, their year before, thirteen weeks."""

from metrics.periods import Period

LENGTH = 13


def up_to(last: Period, count: int = LENGTH) -> list[Period]:
    """`count` periods up to `last`, oldest first."""
    found = [last]
    while len(found) < count:
        found.append(found[-1].before())
    return found[::-1]


def months(month: Period) -> list[Period]:
    """Thirteen months: the first is the same one a year before."""
    return up_to(month)


def two_years(month: Period) -> list[Period]:
    """Thirteen months and the same ones a year before."""
    return up_to(month, LENGTH + 12)


def weeks(month: Period) -> list[Period]:
    """Thirteen whole ISO weeks up to the end of `month`."""
    last = Period.containing(month.last, "week")
    return up_to(last if last.end <= month.end else last.before())
