"""What a password must be: long, not among the known ones, not the person's own name, and possible to hash."""

from django.contrib.auth.password_validation import UserAttributeSimilarityValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 1024  # longer ones cost the server time and add nothing


def is_hashable(password: str) -> bool:
    """Whether it is worth the time of the hasher: what is longer, or has a NUL, is nobody's password."""
    return len(password) <= LONGEST and "\0" not in password


class HashableValidator:
    """No longer than 1,024 characters, and no NUL among them. Spaces are welcome."""

    def validate(self, password, user=None):
        if len(password) > LONGEST:
            raise ValidationError(_("This password is too long: at most 1,024 characters."), "too_long")
        if "\0" in password:
            raise ValidationError(_("This password has a character that nobody can type."), "forbidden")

    def get_help_text(self):
        return _("At most 1,024 characters.")


class OwnNameValidator(UserAttributeSimilarityValidator):
    """Not like the name, the user name or the address of the person."""

    def __init__(self):
        super().__init__(user_attributes=("username", "name", "name_latin", "pinyin", "email"))
