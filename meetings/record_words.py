"""What is said of a record that somebody shows: true or not, and why."""

from django.utils.translation import gettext as _

from meetings import record_proof, record_signing
from meetings.record_proof import Proof
from meetings.record_signing import Verdict


def said(found: Verdict) -> str:
    """One sentence for a reader."""
    return {
        record_signing.VALID: _("True: every byte is as it was signed."),
        record_signing.CHANGED: _("False: the file was changed after it was signed."),
        record_signing.OTHER: _("Not proven: it was signed with another key than the one asked for."),
        record_signing.UNSIGNED: _("False: no signature stands at the end of this file."),
    }[found.status]


def snapshot_said(found: Proof) -> str:
    """One sentence about the figures that a valid record names; "" where it names none."""
    told = {"fingerprint": found.fingerprint, "review": found.review}
    return {
        "": "",
        record_proof.STANDS: _(
            "Its fingerprint %(fingerprint)s is that of the figures that stand for %(review)s."
        ),
        record_proof.RESTATED: _(
            "Its fingerprint %(fingerprint)s was signed for %(review)s; the figures were restated since."
        ),
        record_proof.ALTERED: _(
            "The figures that are kept for %(review)s do not give its fingerprint %(fingerprint)s any more."
        ),
        record_proof.UNKNOWN: _("Its fingerprint %(fingerprint)s for %(review)s is not known here."),
    }[found.snapshot] % told
