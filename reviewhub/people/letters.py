"""Letters about the door: an invitation, a new password. In the language of who gets them, as text and HTML."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from reviewhub.people.models import Company, User

logger = logging.getLogger(__name__)
SUBJECTS = {
    "invitation": _("Your account in ReviewHub"),
    "password": _("Choose a new password for ReviewHub"),
}
NOWHERE = ("console", "dummy")


def can_send() -> bool:
    """Whether a mail server is set up: letters on the console of the server reach nobody."""
    return settings.EMAIL_BACKEND.split(".")[-2] not in NOWHERE


def send(kind: str, person: User, link: str, **more) -> bool:
    """Send the letter `kind` with its link to `person`; False, and a line in the log, when no server took it."""
    company = Company.objects.first()
    language = person.language or (company.language if company else settings.LANGUAGE_CODE)
    with translation.override(language):
        said = {"person": person, "link": link, "company": company, "language": language} | more
        letter = EmailMultiAlternatives(
            str(SUBJECTS[kind]), render_to_string(f"people/letters/{kind}.txt", said), to=[person.email]
        )
        letter.attach_alternative(render_to_string(f"people/letters/{kind}.html", said), "text/html")
    try:
        return bool(letter.send())
    except (SMTPException, OSError, BadHeaderError, ValueError) as trouble:
        logger.warning("a letter (%s) was not sent: %s", kind, type(trouble).__name__)
        return False
