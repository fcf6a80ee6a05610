"""Addresses that name nothing whatever is stored."""

from django.http import Http404


class NamelessMiddleware:
    """A part of an address with a NUL in it is no name of anything: 404. PostgreSQL would refuse to look for it.

    Pages that strangers may open say themselves what is wrong with their link.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, given, named):
        if request.user.is_authenticated and any("\0" in str(one) for one in (*given, *named.values())):
            raise Http404
