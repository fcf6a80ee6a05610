"""What the doctor and Prometheus see of the outbox."""

import datetime as dt

import pytest

from reviewhub.health import gauges
from reviewhub.notices import checks
from reviewhub.notices.models import Delivery

pytestmark = pytest.mark.django_db


def test_the_doctor_names_mails_that_nobody_tries(stage, wang):
    Delivery.objects.create(
        user=wang, channel="email", idem="a", message_id="<a@b>", not_before=stage.now, created_at=stage.now
    )
    hour = dt.timedelta(hours=1)
    assert list(checks.outbox_moves(stage.now + hour)) == []
    [finding] = checks.outbox_moves(stage.now + hour + dt.timedelta(seconds=1))
    assert (finding.code, finding.values) == ("OUTBOX_STUCK", {"count": 1})


def test_prometheus_counts_messages_and_deliveries_by_state(stage, wang):
    Delivery.objects.create(
        user=wang, channel="email", idem="a", message_id="<a@b>", not_before=stage.now, created_at=stage.now
    )
    families = {family.name: family for family in gauges.Readings(stage.now).collect()}
    counted = {sample.labels["state"]: sample.value for sample in families["reviewhub_deliveries"].samples}
    assert (counted["queued"], counted["sent"]) == (1, 0)
    assert "reviewhub_messages" in families
