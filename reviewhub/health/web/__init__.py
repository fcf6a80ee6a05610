"""`GET /healthz` for proxies and people, `GET /metrics` for Prometheus."""

import os

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest, multiprocess

from reviewhub.health import gauges, pulse


@login_not_required
@require_GET
def healthz(request):
    report = pulse.report(at=timezone.now())
    return JsonResponse(report, status=200 if report["status"] == "ok" else 503)


@login_not_required
@require_GET
def metrics(request):
    """For those who bear METRICS_TOKEN; for everybody else there is no such page."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    known = settings.METRICS_TOKEN
    if not known or scheme.lower() != "bearer" or not constant_time_compare(token, known):
        raise Http404
    processes = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        processes = CollectorRegistry()
        multiprocess.MultiProcessCollector(processes)
    asked_now = CollectorRegistry()
    asked_now.register(gauges.Readings(timezone.now()))
    answer = HttpResponse(
        generate_latest(processes) + generate_latest(asked_now), content_type=CONTENT_TYPE_LATEST
    )
    answer["Cache-Control"] = "no-store"
    return answer
