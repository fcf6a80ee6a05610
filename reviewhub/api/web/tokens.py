"""Tokens in the browser: one's own, those of machines for administrators; made and shown once, revoked."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reviewhub.api import purposes, tokens
from reviewhub.api.models import Token
from reviewhub.people.models import Department
from reviewhub.people.staffing import may_manage
from reviewhub.ui.htmx import UNPROCESSABLE

Kind = Token.Kind
LISTS = {Kind.PERSONAL: "tokens", Kind.MACHINE: "machine-tokens"}


class Departments(forms.ModelMultipleChoiceField):
    def label_from_instance(self, row):
        return row.name


class TokenForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a token", "Used for"), max_length=tokens.LONGEST_NAME)
    purposes = forms.MultipleChoiceField(
        label=pgettext_lazy("of a token", "May"),
        choices=purposes.PURPOSES.items(),
        widget=forms.CheckboxSelectMultiple,
    )
    departments = Departments(
        Department.objects.none(),
        label=gettext_lazy("Departments"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=pgettext_lazy("of a token", "Good for"), coerce=int, initial=90, widget=forms.RadioSelect
    )

    def __init__(self, *args, reader, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["departments"].queryset = Department.objects.visible_to(reader).active()
        self.fields["days"].choices = [
            (days, ngettext("%(count)s day", "%(count)s days", days) % {"count": days})
            for days in tokens.LASTING
        ]

    def wanted(self) -> tokens.Wanted:
        given = self.cleaned_data
        return tokens.Wanted(given["name"], given["purposes"], given["days"], list(given["departments"]))

    def explain(self, problems: dict[str, str]) -> None:
        for field, sentence in problems.items():
            self.add_error(field or None, sentence)


@never_cache
@require_safe
def own(request):
    return listed(request, Kind.PERSONAL)


@never_cache
@require_safe
def machines(request):
    checked(request)
    return listed(request, Kind.MACHINE)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_own(request):
    return new(request, Kind.PERSONAL)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_machine(request):
    checked(request)
    return new(request, Kind.MACHINE)


def new(request, kind: str):
    form = TokenForm(request.POST or None, reader=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            token, text = tokens.make(form.wanted(), kind, by=request.user, at=timezone.now())
            return listed(request, kind, made={"token": token, "text": text})
        except tokens.CannotMake as refusal:
            form.explain(refusal.problems)
    context = {"form": form, "kind": kind, "list_name": LISTS[kind]}
    return render(request, "api/token.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def listed(request, kind: str, made: dict | None = None):
    """The list; right after making one, with its text, this once."""
    at = timezone.now()
    rows = Token.objects.visible_to(request.user).filter(kind=kind)
    if kind == Kind.PERSONAL:
        rows = rows.filter(user=request.user)
    rows = rows.select_related("made_by").prefetch_related("departments")[:100]
    context = {
        "tokens": [described(row, at) for row in rows],
        "kind": kind,
        "made": made,
        "may_manage": may_manage(request.user),
        "new_name": "token-new" if kind == Kind.PERSONAL else "machine-token-new",
    }
    return render(request, "api/tokens.html", context)


def described(row: Token, at) -> dict:
    """A token of the list in words, and whether it still opens anything."""
    return {
        "row": row,
        "state": "revoked" if row.revoked_at else "expired" if row.expires_at <= at else "standing",
        "purposes": [purposes.PURPOSES.get(one, one) for one in row.purposes],
        "departments": [department.name for department in row.departments.all()],
    }


@require_POST
def revoke(request, pk):
    token = get_object_or_404(Token.objects.visible_to(request.user), pk=pk)
    tokens.revoke(token, by=request.user, at=timezone.now())
    messages.success(request, _("Revoked. It opens nothing any more."))
    return redirect(LISTS[token.kind] if token.user_id == request.user.pk else "machine-tokens")


def checked(request) -> None:
    """A partner finds nothing here; a colleague is told who may."""
    if request.user.is_partner:
        raise Http404
    if not may_manage(request.user):
        raise PermissionDenied(_("Only an administrator makes tokens for machines."))
