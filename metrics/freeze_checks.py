"""What `manage.py doctor` asks of frozen figures: can their fingerprints still be worked out from what is stored?"""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from metrics import snapshots
from metrics.models import Snapshot
from reviewhub.health import checks

NEWEST = 3
SHOWN = 5


def register() -> None:
    checks.register("frozen figures", frozen_figures)


def frozen_figures(at: dt.datetime) -> Iterator[checks.Finding]:
    """The latest few; `manage.py verify-freeze` asks all of them."""
    rows = list(Snapshot.objects.select_related("review").order_by("-frozen_at", "-pk")[:NEWEST])
    fine = 0
    for row in rows:
        found = snapshots.differences(row)
        fine += not found
        if found:
            said = ", ".join(f"{one.part} {one.name}".strip() for one in found[:SHOWN])
            yield checks.Finding(
                "FREEZE_DIFFERS",
                checks.MEND,
                _("The frozen figures of %(review)s, #%(fingerprint)s, are not what is stored: %(what)s."),
                _(
                    "Compare with a backup from before the change: manage.py verify-freeze lists every difference."
                ),
                values={"review": row.review.code, "fingerprint": row.short, "what": said},
            )
    if fine:
        yield checks.Finding(
            "FREEZE_FINE",
            checks.FINE,
            _("The fingerprints of the last %(count)s freezes agree with what is stored."),
            values={"count": fine},
        )
