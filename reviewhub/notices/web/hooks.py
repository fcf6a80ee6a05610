"""Chat addresses for administrators: the list, a new one, its details, a test, off and on, and away."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reviewhub.notices import hooks
from reviewhub.notices.models import Webhook
from reviewhub.people.models import Department, User
from reviewhub.people.staffing import may_manage
from reviewhub.ui.htmx import UNPROCESSABLE, fragment

VERBS = {"off": hooks.switch_off, "on": hooks.switch_on}


class Named(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return getattr(row, "display_name", "") or row.name


class HookForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a chat address", "Name"), max_length=80)
    url = forms.CharField(label=gettext_lazy("Address"), max_length=1000)
    audience = forms.ChoiceField(
        label=pgettext_lazy("of a chat address", "For"),
        choices=[("room", gettext_lazy("a room")), ("person", gettext_lazy("one person"))],
        widget=forms.RadioSelect,
    )
    owner = Named(User.objects.none(), label=gettext_lazy("Owner"), empty_label="–")
    department = Named(
        Department.objects.none(), label=gettext_lazy("Department"), required=False, empty_label="–"
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("What the room is told"), required=False, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"))

    def __init__(self, *args, reader: User, hook: Webhook | None = None, **kwargs):
        kept = {"audience": "room", "owner": reader, "language": hooks.LANGUAGES[0]}
        if hook:
            fields = ("name", "audience", "owner", "department", "kinds", "language")
            kept = {field: getattr(hook, field) for field in fields}
        super().__init__(*args, initial=kept, **kwargs)
        # Never the kept address: it was entered once and opens a room to whoever reads it.
        self.fields["url"].widget = forms.PasswordInput(
            {"autocomplete": "off", "spellcheck": "false"}, render_value=True
        )
        self.fields["url"].required = hook is None
        self.fields["owner"].queryset = User.objects.visible_to(reader).active()
        self.fields["department"].queryset = Department.objects.visible_to(reader).active()
        self.fields["kinds"].choices = [(kind.code, kind.label) for kind in hooks.for_rooms()]
        self.fields["language"].choices = User._meta.get_field("language").choices[1:]

    def details(self) -> hooks.Details:
        return hooks.Details(**self.cleaned_data)

    def explain(self, problems: dict[str, str]) -> None:
        for field, sentence in problems.items():
            self.add_error(field if field in self.fields else None, sentence)


@never_cache
@require_GET
def listed(request):
    checked(request)
    rows = hooks.listed(request.user, at=timezone.now())
    context = {"rows": rows, "is_moving": any(row.is_moving for row in rows)}
    return fragment(request, "notices/hooks.html", context, ["hooks"])


@never_cache
@sensitive_post_parameters("url")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    checked(request)
    form = HookForm(request.POST or None, reader=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            hooks.add(form.details(), by=request.user, at=timezone.now())
            messages.success(request, _("Added. Send a test to see whether it works."))
            return redirect("notice-hooks")
        except hooks.CannotHook as refusal:
            form.explain(refusal.problems)
    return page(request, form)


@never_cache
@sensitive_post_parameters("url")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def hook(request, pk):
    """One address; POST keeps the details."""
    found = hook_of(request, pk)
    form = HookForm(request.POST or None, reader=request.user, hook=found)
    if request.method == "POST" and form.is_valid():
        try:
            hooks.change(found, form.details(), by=request.user, at=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("notice-hooks")
        except hooks.CannotHook as refusal:
            form.explain(refusal.problems)
    return page(request, form, found)


@require_POST
def switch(request, pk):
    """Off or on."""
    found = hook_of(request, pk)
    verb = VERBS["on" if request.POST.get("do") == "on" else "off"]
    verb(found, by=request.user, at=timezone.now())
    return redirect("notice-hooks")


@require_POST
def test(request, pk):
    found = hook_of(request, pk)
    try:
        hooks.test(found, by=request.user, at=timezone.now())
        messages.success(request, _("The test is on its way. The list says what became of it."))
    except hooks.CannotHook as refusal:
        messages.error(request, " ".join(refusal.problems.values()))
    return redirect("notice-hooks")


@require_POST
def remove(request, pk):
    found = hook_of(request, pk)
    hooks.remove(found, by=request.user, at=timezone.now())
    messages.success(request, _("Deleted."))
    return redirect("notice-hooks")


def checked(request) -> None:
    """A partner finds nothing here; a colleague is told who may."""
    if request.user.is_partner:
        raise Http404
    if not may_manage(request.user):
        raise PermissionDenied(_("Only an administrator enters chat addresses."))


def hook_of(request, pk) -> Webhook:
    """The address, for those who manage all of them; its own owner reads about it in their settings."""
    found = get_object_or_404(Webhook.objects.visible_to(request.user), pk=pk)
    if not may_manage(request.user):
        raise Http404
    return found


def page(request, form: HookForm, found: Webhook | None = None):
    context = {"form": form, "shown": hooks.shown(found) if found else None}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "notices/hook.html", context, status=status)
