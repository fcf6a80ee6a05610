"""The headers that every answer carries, whoever gave it: a page, a file, an error, a redirect, a stream (T13, T31)."""

from django.http import HttpResponseBadRequest

NOTHING = "default-src 'none'; frame-ancestors 'none'"
FEATURES = ("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope")
FEATURES += ("magnetometer", "microphone", "midi", "payment", "serial", "usb")
HEADERS = {
    "Content-Security-Policy": NOTHING,  # of what is no page; pages bring their own
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# The same for answers that are given outside Django.
PAIRS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]


def has_two_lengths(request) -> bool:
    """Whether a body says its length twice, where servers on the way may each believe another one (RFC 9112, 6.1)."""
    return "HTTP_TRANSFER_ENCODING" in request.META and bool(request.META.get("CONTENT_LENGTH"))


def twofold() -> HttpResponseBadRequest:
    """Refused, and nothing that came behind it is read."""
    return HttpResponseBadRequest(
        "", content_type="text/plain; charset=utf-8", headers={"Connection": "close"}
    )


class HeadersMiddleware:
    """The outermost one: what an inner one or a view set stays."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = twofold() if has_two_lengths(request) else self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
