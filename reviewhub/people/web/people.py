"""People's administration: the list, somebody new, and the page of one person with roles and account."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reviewhub.people import invitations, letters, roster, second_factor, sessions, staffing
from reviewhub.people.models import Department, Role, User
from reviewhub.people.web.staffing_forms import PersonForm, RoleForm
from reviewhub.ui.htmx import UNPROCESSABLE, fragment

LINES = 100


@require_GET
def people(request):
    checked(request)
    search = roster.Search.of(request.GET)
    found = search.people(request.user)
    context = {
        "search": search,
        "page": Paginator(found.filter(is_active=True), LINES).get_page(request.GET.get("page")),
        "inactive": found.filter(is_active=False),
        "departments": Department.objects.visible_to(request.user),
        "roles": Role.objects.all(),
    }
    return fragment(request, "people/people.html", context, ["people"])


@require_http_methods(["GET", "HEAD", "POST"])
def new_person(request):
    checked(request)
    form = PersonForm(request.POST or None, reader=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            added = staffing.add_person(form.details(), by=request.user, at=timezone.now())
            messages.success(request, _("Added. Now give a role and send the invitation."))
            return redirect("person", pk=added.pk)
        except staffing.CannotStaff as refusal:
            form.explain(refusal.problems)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "people/person_new.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request, pk):
    """One person; POST keeps the details."""
    found = person_of(request, pk)
    form = PersonForm(request.POST or None, reader=request.user, person=found)
    if request.method == "POST" and form.is_valid():
        try:
            staffing.change_person(found, form.details(), by=request.user, at=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("person", pk=pk)
        except staffing.CannotStaff as refusal:
            form.explain(refusal.problems)
    return page(request, found, form=form, status=UNPROCESSABLE if form.is_bound else 200)


@require_POST
def assign(request, pk):
    found = person_of(request, pk)
    form = RoleForm(request.POST, reader=request.user)
    if form.is_valid():
        try:
            staffing.assign(found, **form.cleaned_data, by=request.user, at=timezone.now())
            return redirect("person", pk=pk)
        except staffing.CannotStaff as refusal:
            form.explain(refusal.problems)
    return page(request, found, role_form=form, status=UNPROCESSABLE)


@require_POST
def end_assignment(request, pk, assignment):
    found = person_of(request, pk)
    held = get_object_or_404(found.assignments, pk=assignment)
    try:
        staffing.end_assignment(held, by=request.user, at=timezone.now())
    except staffing.CannotStaff as refusal:
        return page(request, found, role_problems=list(refusal.problems.values()), status=UNPROCESSABLE)
    return redirect("person", pk=pk)


@require_POST
def account(request, pk):
    """Close the account, or open it again."""
    found = person_of(request, pk)
    verb = staffing.reactivate if request.POST.get("open") else staffing.deactivate
    try:
        verb(found, by=request.user, at=timezone.now())
    except staffing.CannotStaff as refusal:
        return page(request, found, account_problems=list(refusal.problems.values()), status=UNPROCESSABLE)
    return redirect("person", pk=pk)


def checked(request) -> None:
    """A stranger finds nothing here; a colleague is told who may."""
    if request.user.is_partner:
        raise Http404
    if not staffing.may_manage(request.user):
        raise PermissionDenied(_("Only an administrator manages people."))


def person_of(request, pk) -> User:
    found = get_object_or_404(User.objects.visible_to(request.user).select_related("department"), pk=pk)
    checked(request)
    return found


def page(request, found: User, *, status: int = 200, **given):
    held = list(roster.current().filter(user=found))
    context = {
        "person": found,
        "held": held,
        "former": found.assignments.exclude(ended_at=None)
        .select_related("role", "department")
        .order_by("-ended_at"),
        "form": PersonForm(reader=request.user, person=found),
        "role_form": RoleForm(reader=request.user, initial={"department": found.department}),
        "made": None,
        "has_password": found.has_usable_password(),
        "has_factor": second_factor.has_one(found),
        "signed_in": len(sessions.of(found, at=timezone.now())),
        "invitation": invitations.open_ones(at=timezone.now()).filter(person=found).first(),
        "can_mail": letters.can_send(),
        "account_problems": [],
        "role_problems": [],
        "closing_problems": list(staffing.deactivation_problems(found, by=request.user).values()),
    }
    return render(request, "people/person.html", context | given, status=status)
