"""One's own settings, and the two switches that every page carries: language and theme."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reviewhub.people import profile as choices
from reviewhub.people import zones
from reviewhub.people.models import ColourMeaning, User
from reviewhub.ui.htmx import UNPROCESSABLE
from reviewhub.ui.returning import path_back

YEAR = 365 * 24 * 3600
FIELDS = ("language", "time_zone", "theme", "colours")


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    if request.method != "POST":
        return render(request, "people/profile.html", page(request, {}, {}))
    chosen = {field: request.POST.get(field, "") for field in FIELDS}
    try:
        choices.choose(request.user, **chosen)
    except choices.CannotChoose as refusal:
        return render(
            request, "people/profile.html", page(request, chosen, refusal.problems), status=UNPROCESSABLE
        )
    with translation.override(chosen["language"] or None):
        messages.success(request, _("Saved."))
    return remember(redirect("profile"), chosen["language"])


@login_not_required
@require_POST
def language(request):
    code = request.POST.get("language", "")
    back = redirect(path_back(request.POST.get("next", ""), resolve_url("home")))
    if choices.problems_with(language=code):
        return HttpResponse(_("This language is not available."), status=UNPROCESSABLE)
    if request.user.is_authenticated:
        choices.choose(request.user, language=code)
    return remember(back, code)


@require_POST
def theme(request):
    try:
        choices.choose(request.user, theme=request.POST.get("theme", ""))
    except choices.CannotChoose as refusal:
        return HttpResponse(refusal.problems["theme"], status=UNPROCESSABLE)
    if "next" not in request.POST:
        return HttpResponse(status=204)
    return redirect(path_back(request.POST["next"], resolve_url("home")))


def remember(answer: HttpResponse, code: str) -> HttpResponse:
    """The language for pages before sign-in; none = the browser's."""
    name = settings.LANGUAGE_COOKIE_NAME
    if not code:
        answer.delete_cookie(name, samesite="Lax")
        return answer
    secure = settings.SESSION_COOKIE_SECURE
    answer.set_cookie(name, code, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
    return answer


def page(request, chosen: dict, problems: dict) -> dict:
    kept = {field: getattr(request.user, field) for field in FIELDS}
    return {
        "chosen": kept | chosen,
        "problems": problems,
        "languages": User._meta.get_field("language").choices,
        "themes": User._meta.get_field("theme").choices,
        "meanings": ColourMeaning.choices,
        "of_company": request.company and request.company.get_colours_display(),
        "zones": zones.listed(translation.get_language(), timezone.now()),
        "roles": request.user.assignments.filter(ended_at=None).select_related("role", "department"),
    }
