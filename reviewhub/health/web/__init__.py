"""`GET /healthz` for proxies and people."""

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from reviewhub.health import pulse


@login_not_required
@require_GET
def healthz(request):
    report = pulse.report(at=timezone.now())
    return JsonResponse(report, status=200 if report["status"] == "ok" else 503)
