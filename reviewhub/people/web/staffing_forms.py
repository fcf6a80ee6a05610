"""The forms of people's administration; what stands against them is asked of staffing."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reviewhub.people.models import Department, Role, User
from reviewhub.people.staffing import Details

NEW = {"autocomplete": "off", "spellcheck": "false"}


class Named(forms.ModelChoiceField):
    """Choices under their name in the reader's language."""

    def label_from_instance(self, row):
        return row.name


class Explained(forms.Form):
    """A form that takes the problems of a business verb beside its fields."""

    def explain(self, problems: dict[str, str]) -> None:
        for field, sentence in problems.items():
            self.add_error(field if field in self.fields else None, sentence)


class PersonForm(Explained):
    name = forms.CharField(label=_("Name"), max_length=80, required=False)
    name_latin = forms.CharField(label=_("Name in Latin letters"), max_length=80, required=False)
    username = forms.CharField(label=_("User name"), max_length=150, widget=forms.TextInput(NEW))
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, required=False, widget=forms.EmailInput({"autocomplete": "off"})
    )
    department = Named(
        Department.objects.none(),
        label=_("Department"),
        required=False,
        empty_label=pgettext_lazy("department of a person", "None"),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args, reader: User, person: User | None = None, **kwargs):
        if person:
            fields = ("name", "name_latin", "email", "department", "language")
            kwargs["initial"] = {field: getattr(person, field) for field in fields}
        super().__init__(*args, **kwargs)
        self.person = person
        departments = Department.objects.visible_to(reader)
        self.fields["department"].queryset = departments if person else departments.active()
        codes = User._meta.get_field("language").choices
        self.fields["language"].choices = [("", _("As the browser says")), *codes[1:]]
        if person:
            del self.fields["username"]

    def details(self) -> Details:
        given = {"username": self.person.username} if self.person else {}
        return Details(**given | self.cleaned_data)


class RoleForm(Explained):
    role = Named(Role.objects.none(), label=_("Role"), empty_label="–")
    department = Named(
        Department.objects.none(),
        label=pgettext_lazy("of a role", "For"),
        required=False,
        empty_label=_("the whole company"),
    )

    def __init__(self, *args, reader: User, **kwargs):
        super().__init__(*args, auto_id="role_%s", **kwargs)  # beside a form that has a department too
        self.fields["role"].queryset = Role.objects.all()
        self.fields["department"].queryset = Department.objects.visible_to(reader).active()
