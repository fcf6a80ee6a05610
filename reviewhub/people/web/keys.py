"""The page on which a person changes the keys of the screens."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from reviewhub.people import keys
from reviewhub.ui.htmx import UNPROCESSABLE

SCREENS = {
    "meeting": pgettext_lazy("keys", "In a live meeting"),
    "pages": gettext_lazy("On every other page"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def own_keys(request):
    kept = request.user.keys
    if request.method != "POST":
        return page(request, _typed(kept), off=kept.get("off", False))
    if "defaults" in request.POST:
        wanted, off = {}, False
    else:
        wanted = {(where, key): request.POST.get(name(where, key), "") for where, key in _every()}
        off = "off" in request.POST
    try:
        request.user.keys = keys.chosen(wanted, off=off)
    except keys.CannotChoose as refusal:
        return page(request, wanted, off=off, problems=refusal.problems)
    request.user.save(update_fields=["keys"])
    messages.success(request, _("Saved."))
    return redirect("own-keys")


def name(screen: str, key: str) -> str:
    """Of a field; signs by their number."""
    return f"{screen}-{key if key.isalnum() else ord(key)}"


def page(request, typed, *, off: bool, problems=None):
    problems = problems or {}
    screens = [
        {
            "title": SCREENS[screen],
            "rows": [
                {
                    "name": name(screen, key),
                    "key": key.upper(),
                    "label": label,
                    "own": typed.get((screen, key), ""),
                    "problem": problems.get((screen, key), ""),
                }
                for key, label in commands.items()
            ],
        }
        for screen, commands in keys.COMMANDS.items()
    ]
    status = UNPROCESSABLE if problems else 200
    return render(
        request, "people/keys.html", {"screens": screens, "off": off, "problems": problems}, status=status
    )


def _every():
    return [(screen, key) for screen, commands in keys.COMMANDS.items() for key in commands]


def _typed(kept) -> dict:
    """Upper case, as keys are written; empty where nothing was changed."""
    return {
        (screen, key): own.upper() for screen in keys.COMMANDS for key, own in kept.get(screen, {}).items()
    }
