"""The headers that every answer carries, whoever gave it: a page, a file, an error, a redirect, a stream (T13, T31)."""

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


class HeadersMiddleware:
    """The outermost one: what an inner one or a view set stays."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
