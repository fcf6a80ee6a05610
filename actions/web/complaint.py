"""Pages of complaints: the list, a new one, one thread; both sides write there, everybody else finds nothing."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from actions import complaints
from actions.models import Complaint
from reviewhub.ui.htmx import UNPROCESSABLE

ROWS = 50
TEXT = forms.Textarea({"rows": 4})


class ComplaintForm(forms.Form):
    partner = forms.ChoiceField(label=pgettext_lazy("complaint", "To"))
    about = forms.ChoiceField(label=gettext_lazy("About"), choices=Complaint.About.choices)
    reference = forms.CharField(
        label=gettext_lazy("Parcel, order or lane"), max_length=complaints.LONGEST_REFERENCE, required=False
    )
    parcels = forms.IntegerField(label=gettext_lazy("Parcels"), min_value=1, initial=1)
    title = forms.CharField(label=gettext_lazy("What happened"), max_length=complaints.LONGEST_TITLE)
    text = forms.CharField(
        label=gettext_lazy("What is asked"), max_length=complaints.LONGEST, widget=TEXT, strip=True
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.partners = {one.slug: one for one in complaints.partners()}
        self.fields["partner"].choices = [(slug, one.name) for slug, one in self.partners.items()]

    def wish(self) -> complaints.Wish:
        given = self.cleaned_data
        partner = self.partners.get(given.pop("partner"))
        return complaints.Wish(partner=partner, **given)

    def explain(self, problems: dict[str, str]) -> None:
        for field, sentence in problems.items():
            self.add_error(field if field in self.fields else None, sentence)


class LineForm(forms.Form):
    text = forms.CharField(
        label=pgettext_lazy("complaint", "Your words"),
        max_length=complaints.LONGEST,
        widget=forms.Textarea({"rows": 3}),
        required=False,
    )


@never_cache
@require_GET
def listed(request):
    """Open ones first, those that wait the longest on top; then what was solved."""
    at, rows = timezone.now(), Complaint.objects.visible_to(request.user)
    rows = rows.select_related("department", "partner", "raised_by")
    waiting = list(rows.open().order_by("answer_by", "raised_at", "pk"))
    waiting.sort(key=lambda one: one.answer_by is None)
    solved = Paginator(rows.filter(state=Complaint.State.SOLVED), ROWS).get_page(request.GET.get("page"))
    context = {
        "waiting": [{"row": one, "is_late": complaints.is_late(one, at)} for one in waiting],
        "solved": solved,
        "may_raise": complaints.may_raise(request.user) and bool(complaints.partners()),
    }
    return render(request, "actions/complaints.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def new(request):
    if not complaints.may_raise(request.user) or not complaints.partners():
        raise Http404
    form = ComplaintForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                made = complaints.complain(form.wish(), by=request.user, at=timezone.now())
            except complaints.CannotComplain as refusal:
                form.explain(refusal.problems)
            else:
                messages.success(request, _("Sent. An answer is due within two working days."))
                return redirect("complaint", made.pk)
    return render(request, "actions/complaint_form.html", {"form": form}, status=status)


def complaint_of(request, pk) -> Complaint:
    rows = Complaint.objects.visible_to(request.user).filter(pk=pk)
    row = rows.select_related("department", "partner", "raised_by").first()
    if row is None:
        raise Http404
    return row


@never_cache
@require_GET
def complaint(request, pk):
    return page(request, complaint_of(request, pk), LineForm())


def page(request, row: Complaint, form: LineForm, *, status: int = 200):
    is_open = row.state != Complaint.State.SOLVED
    context = {
        "row": row,
        "lines": row.lines.select_related("by__department"),
        "is_late": complaints.is_late(row, timezone.now()),
        "may_answer": is_open and complaints.is_answering(row, request.user),
        "may_ask": is_open and complaints.is_complaining(row, request.user),
        "form": form,
    }
    return render(request, "actions/complaint.html", context, status=status)


@require_POST
def write(request, pk):
    """Say something, or say that it is solved (`do` = solve)."""
    row, form = complaint_of(request, pk), LineForm(request.POST)
    verb = complaints.solve if request.POST.get("do") == "solve" else complaints.say
    if form.is_valid():
        try:
            verb(row, form.cleaned_data["text"], by=request.user, at=timezone.now())
        except complaints.CannotComplain as refusal:
            for field, sentence in refusal.problems.items():
                form.add_error(field or None, sentence)
        else:
            messages.success(request, _("Written down; the other side is told."))
            return redirect("complaint", pk)
    return page(request, row, form, status=UNPROCESSABLE)
