"""What a person chooses for themselves: language, time zone, theme, meaning of colours."""

from django.conf import settings
from django.utils.translation import gettext as _

from reviewhub.people import zones
from reviewhub.people.models import ColourMeaning, User

LANGUAGES = ("", *(code for code, _name in settings.LANGUAGES))
THEMES = ("auto", "light", "dark")


class CannotChoose(Exception):
    """A choice that is not on offer; `problems` says which, by field."""

    def __init__(self, problems: dict[str, str]):
        super().__init__(problems)
        self.problems = problems


def problems_with(
    *, language: str = "", time_zone: str = "", theme: str = "auto", colours: str = ""
) -> dict[str, str]:
    """Field → what is wrong with the choice, in words."""
    found = {}
    if language not in LANGUAGES:
        found["language"] = _("This language is not available.")
    if time_zone and not zones.is_zone(time_zone):
        found["time_zone"] = _("“%(name)s” is not a time zone. Choose one from the list.") % {
            "name": time_zone[:64]
        }
    if theme not in THEMES:
        found["theme"] = _("This theme is not available.")
    if colours and colours not in ColourMeaning.values:
        found["colours"] = _("This meaning of colours is not available.")
    return found


def choose(person: User, **chosen: str) -> None:
    """Keep what `person` chose among language ("" = browser), time_zone and colours ("" = company) and theme.

    Raises CannotChoose; then nothing is kept.
    """
    if problems := problems_with(**chosen):
        raise CannotChoose(problems)
    for field, value in chosen.items():
        setattr(person, field, value)
    person.save(update_fields=list(chosen))
