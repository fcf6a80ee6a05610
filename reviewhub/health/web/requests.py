"""Every request at the door: whose address it really has, a number to find it by, and one line in the log."""

import ipaddress
import logging
import re
import time
import uuid

from django.conf import settings

from reviewhub.health import logs

log = logging.getLogger("reviewhub.requests")
NUMBER = re.compile(r"[\w-]{8,64}")


class ClientAddressMiddleware:
    """Makes REMOTE_ADDR the address of the client and drops the header that claims one (T32).

    Behind our proxy the right-most entry of X-Forwarded-For is what that proxy saw; everything left of it was
    written by the client. Without a proxy the whole header was.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        claimed = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        if settings.TRUSTED_PROXY and claimed:
            seen = claimed.rpartition(",")[2].strip()
            if _is_address(seen):
                request.META["REMOTE_ADDR"] = seen
        return self.get_response(request)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


class RequestLogMiddleware:
    """Numbers the request, and says afterwards who asked for what and how it went. Never the query, never a body."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.perf_counter()
        given = request.headers.get("X-Request-ID", "") if settings.TRUSTED_PROXY else ""
        request.number = given if NUMBER.fullmatch(given) else uuid.uuid4().hex[:16]
        mark = logs.request_id.set(request.number)
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request.number
            log.info("%s %s", request.method, request.path, extra=_facts(request, response, began))
        finally:
            logs.request_id.reset(mark)
        return response


def _facts(request, response, began: float) -> dict:
    match = getattr(request, "resolver_match", None)
    # Asking request.user would load the session of those who did not need it.
    user = getattr(request, "_cached_user", None)
    return {
        "method": request.method,
        "path": request.path,
        "route": match.view_name if match else "",
        "status": response.status_code,
        "ms": round((time.perf_counter() - began) * 1000, 1),
        "user_id": user.pk if user else None,
        "client": request.META.get("REMOTE_ADDR", ""),
    }
