"""The upload form, and the guard that stops a file which is too large while it comes in."""

from django import forms
from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from metrics import known_profiles, reception
from metrics.periods import BadPeriod, Period
from reviewhub.people.models import Department

ENCODINGS = ("utf-8", "gb18030", "big5", "shift_jis", "euc_kr", "cp1252", "utf-16")


class LimitedUpload(FileUploadHandler):
    """Counts the bytes of files and stops the first that is larger than the installation takes."""

    def __init__(self, request=None, most: int = 0):
        super().__init__(request)
        self.most = most  # for files of any name; 0: as the installation says
        self.too_large, self.files, self.size, self.body = "", 0, 0, 0
        self.fields: dict[str, int] = {}  # how many files came in each field

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        self.body = content_length

    def new_file(self, field_name, file_name, *args, **kwargs):
        super().new_file(field_name, file_name, *args, **kwargs)
        self.files, self.size = self.files + 1, 0
        self.fields[field_name] = self.fields.get(field_name, 0) + 1

    def receive_data_chunk(self, raw_data, start):
        self.size += len(raw_data)
        limit = self.most or reception.most_bytes(self.file_name)
        if self.size > limit:
            self.too_large = self.file_name
            # A little too much is read to its end, so that the browser hears the answer; a flood is not.
            raise StopUpload(connection_reset=self.body > 2 * limit)
        return raw_data

    def file_complete(self, file_size):
        return None


def guarded(request, most: int = 0) -> LimitedUpload:
    """Have the body of `request` read through the guard; call it before anything reads the body."""
    guard = LimitedUpload(request, most)
    request.upload_handlers = [guard, TemporaryFileUploadHandler(request)]
    return guard


class UploadForm(forms.Form):
    """Where the file belongs. The file itself comes last, so that everything else is known when it is refused."""

    department = forms.ModelChoiceField(
        Department.objects.none(), label=_("Department"), empty_label=None, to_field_name="slug"
    )
    period = forms.CharField(
        max_length=40,
        label=_("Period"),
        help_text=_("Like 2026-09, 2026-W36 or 2026-09-01..2026-09-15"),
    )
    profile = forms.ChoiceField(required=False, label=_("Kind of file"))
    sheet = forms.CharField(
        max_length=60,
        required=False,
        label=_("Sheet"),
        help_text=_("Only for a workbook with several sheets."),
    )
    encoding = forms.ChoiceField(required=False, label=_("Encoding"))
    decimal = forms.ChoiceField(
        required=False,
        label=_("Decimal mark"),
        choices=[("", _("As the file shows")), (".", "1234.56"), (",", "1234,56")],
    )
    date_order = forms.ChoiceField(
        required=False,
        label=_("Order of dates"),
        choices=[("", _("As the file shows")), ("dmy", "31/12/2026"), ("mdy", "12/31/2026")],
    )
    settings = forms.CharField(
        max_length=500,
        required=False,
        label=_("Other settings"),
        widget=forms.Textarea({"rows": 2, "spellcheck": "false"}),
        help_text=_("One on each line: key=value"),
    )

    def __init__(self, *args, departments, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments
        if len(departments) == 1:
            self.fields["department"].widget = forms.HiddenInput()
        own = {department.pk for department in departments}
        profiles = known_profiles.everything()
        owners = known_profiles.owners(profiles)
        self.fields["profile"].choices = [("", _("Found by its column headers"))] + [
            (known.name, known.title(get_language() or "en"))
            for known in profiles
            if known.name not in owners or owners[known.name].pk in own
        ]
        self.fields["encoding"].choices = [
            ("", _("As the file shows")),
            *((name, name) for name in ENCODINGS),
        ]

    def clean_period(self) -> Period:
        try:
            return Period.parse(self.cleaned_data["period"])
        except BadPeriod:
            raise forms.ValidationError(
                _("This is not a period. Write it like 2026-09 or 2026-W36.")
            ) from None

    def clean_settings(self) -> dict[str, str]:
        found = {}
        for line in self.cleaned_data["settings"].splitlines():
            key, sign, value = line.partition("=")
            if line.strip() and not (sign and key.strip()):
                raise forms.ValidationError(_("Write each line as key=value."))
            if line.strip():
                found[key.strip()] = value.strip()
        return found

    @property
    def options(self) -> dict:
        """What `importing.receive` takes beside the file."""
        given = self.cleaned_data
        common = {name: given[name] for name in reception.COMMON_SETTINGS if given.get(name)}
        return {
            "department": given["department"],
            "period": given["period"],
            "profile": given["profile"],
            "sheet": given["sheet"],
            "settings": given["settings"] | common,
        }
