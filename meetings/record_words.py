"""What is said of a record that somebody shows: true or not, and why."""

from django.utils.translation import gettext as _

from meetings import record_signing
from meetings.record_signing import Verdict


def said(found: Verdict) -> str:
    """One sentence for a reader."""
    return {
        record_signing.VALID: _("True: every byte is as it was signed."),
        record_signing.CHANGED: _("False: the file was changed after it was signed."),
        record_signing.OTHER: _("Not proven: it was signed with another key than the one asked for."),
        record_signing.UNSIGNED: _("False: no signature stands at the end of this file."),
    }[found.status]
