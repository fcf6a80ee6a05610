"""The activity log: one call by each business verb that changes something."""

from django.db import transaction

from reviewhub.people import chain
from reviewhub.people.models import Activity, Confidentiality


def record(
    code: str,
    subject,
    *,
    by,
    at,
    params: dict | None = None,
    before: dict | None = None,
    after: dict | None = None,
    department=None,
    confidentiality: int = Confidentiality.INTERNAL,
) -> Activity:
    """Append one line: `code` ("submission.certified") about `subject` (a saved row), by a person or by nobody.

    `params`, `before` and `after` are JSON values, never sentences: the reader's language words them. The line
    joins the chain when the transaction is committed; should that fail, the next line takes it along.
    """
    line = Activity.objects.create(
        code=code,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        actor=by,
        at=at,
        params=params or {},
        before=before,
        after=after,
        department=department,
        confidentiality=confidentiality,
    )
    transaction.on_commit(chain.extend, robust=True)
    return line
