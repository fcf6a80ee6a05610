"""A one-time link: GET shows the form and changes nothing, POST sets the password and signs in (B124)."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django import forms
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from reviewhub.people import invitations, passwords
from reviewhub.people.staffing import Details
from reviewhub.people.web.staffing_forms import Explained
from reviewhub.ui.htmx import UNPROCESSABLE

GONE = 410
LONGEST = passwords.LONGEST + 1  # what is longer is told so by the rule, not cut off


class JoinForm(Explained):
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 12 characters. A sentence with spaces is good."),
    )


class FirstForm(JoinForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80, required=False)
    name_latin = forms.CharField(label=gettext_lazy("Name in Latin letters"), max_length=80, required=False)
    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "username", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    field_order = ("name", "name_latin", "username", "email", "password")

    def details(self) -> Details:
        return Details(
            **{name: self.cleaned_data[name] for name in ("username", "name", "name_latin", "email")}
        )


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request, token):
    at = timezone.now()
    held = invitations.found(token, at=at)
    if held is None:
        return render(request, "people/join_gone.html", status=GONE)
    kind = JoinForm if held.person else FirstForm
    form = kind(request.POST or None, initial={"email": held.email})
    if request.method == "POST" and form.is_valid():
        try:
            details = None if held.person else form.details()
            person = invitations.join(token, form.cleaned_data["password"], details, at=at)
            return enter(request, person)
        except invitations.CannotJoin as refusal:
            form.explain(refusal.problems)
    context = {"form": form, "person": held.person, "token": token}
    return render(request, "people/join.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def enter(request, person):
    """Sign in by the password that was just set; a second factor that exists is asked for."""
    if request.user.is_authenticated:
        logout(request)
    login = Login(user=person)
    return perform_password_login(request, {"username": person.username}, login)
