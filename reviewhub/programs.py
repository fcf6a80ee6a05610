"""Where programs come in: the HTTP API is loaded by the first request for it, pages start without it (0.4 s)."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLResolver
from django.urls.resolvers import RegexPattern
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt  # no cookie opens anything below: tokens do
@login_not_required
def api(request, path):
    """Everything below /api/; what is not there is a 404 like elsewhere."""
    from reviewhub import endpoints  # noqa: PLC0415 - ninja and pydantic

    match = URLResolver(RegexPattern(""), endpoints.urlpatterns).resolve(path)
    request.resolver_match = match
    return match.func(request, *match.args, **match.kwargs)
