"""The activity page: who did what, when, before and after."""

import datetime as dt

from django import forms
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reviewhub.people import activity_text
from reviewhub.people.models import Activity, User
from reviewhub.ui.htmx import fragment

LINES = 50
DAY = forms.DateInput({"type": "date"})


class Filter(forms.Form):
    who = forms.ModelChoiceField(
        User.objects.none(), required=False, label=_("Who"), empty_label=_("Everybody")
    )
    what = forms.ChoiceField(required=False, label=_("What"))
    since = forms.DateField(required=False, label=pgettext_lazy("first day", "From"), widget=DAY)
    until = forms.DateField(required=False, label=pgettext_lazy("last day", "To"), widget=DAY)

    def __init__(self, *args, reader, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].queryset = User.objects.visible_to(reader).order_by("name", "username")
        self.fields["what"].choices = [("", _("Everything")), *activity_text.KINDS.items()]

    def narrowed(self, lines):
        """`lines` as far as the filled fields go; a field that cannot be read filters nothing."""
        wanted = self.cleaned_data if self.is_valid() else {}
        if wanted.get("who"):
            lines = lines.filter(actor=wanted["who"])
        if wanted.get("what"):
            lines = lines.filter(code__startswith=wanted["what"] + ".")
        if wanted.get("since"):
            lines = lines.filter(at__gte=midnight(wanted["since"]))
        if wanted.get("until"):
            lines = lines.filter(at__lt=midnight(wanted["until"] + dt.timedelta(days=1)))
        return lines


def midnight(on: dt.date) -> dt.datetime:
    """The first moment of the day where the reader is."""
    return timezone.make_aware(dt.datetime.combine(on, dt.time()))


def activity(request):
    form = Filter(request.GET, reader=request.user)
    found = form.narrowed(Activity.objects.visible_to(request.user)).select_related("actor", "department")
    page = Paginator(found, LINES).get_page(request.GET.get("page"))
    names = activity_text.names_in(list(page))
    lines = [(row, activity_text.sentence(row, names), activity_text.changes(row, names)) for row in page]
    context = {"form": form, "page": page, "lines": lines, "filtered": any(request.GET.values())}
    return fragment(request, "people/activity.html", context, ["lines"])
