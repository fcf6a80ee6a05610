"""`POST /demo/enter`: one press signs a demo person in; anywhere else this address does not exist."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, resolve_url
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from reviewhub.people import demo_entry
from reviewhub.ui.returning import path_back


@login_not_required
@csrf_exempt  # only so that a closed door answers 404 and not 403; sign_in below is protected
def enter(request):
    asked_from = request.META.get("REMOTE_ADDR", "")
    if not demo_entry.is_open(request.company, bound_to=settings.BIND_HOST, asked_from=asked_from):
        raise Http404
    return sign_in(request)


@csrf_protect
@require_POST
def sign_in(request):
    person = demo_entry.person(request.POST.get("person", ""))
    if person is None:
        raise Http404
    login(request, person, backend="reviewhub.people.authentication.SessionBackend")
    return redirect(path_back(request.POST.get("next", ""), resolve_url("home")))
