"""The form of the notes to one item: entries one below the other, each with its own file; no script needed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from metrics import notes
from metrics.models import Note


class NoteForm(forms.Form):
    """One entry. An empty one is left out; `kept` names the note of the version before whose file it keeps."""

    kind = forms.ChoiceField(label=_("About"), choices=Note.Kind.choices, initial=Note.Kind.TREND)
    title = forms.CharField(label=_("Title"), max_length=notes.LONGEST_TITLE)
    text = forms.CharField(
        label=_("Text"),
        max_length=notes.LONGEST_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    link = forms.CharField(
        label=_("Link"),
        max_length=notes.LONGEST_LINK,
        required=False,
        widget=forms.URLInput({"spellcheck": "false", "placeholder": "https://"}),
    )
    file = forms.FileField(label=_("File"), required=False, allow_empty_file=True)
    kept = forms.IntegerField(required=False, widget=forms.HiddenInput)
    drop_file = forms.BooleanField(label=_("Without this file"), required=False)
    remove = forms.BooleanField(label=_("Leave this note out"), required=False)

    @property
    def is_blank(self) -> bool:
        given = self.cleaned_data
        return not any(given.get(name) for name in ("title", "text", "link", "file", "kept"))

    def explain(self, sentences: list[str]) -> None:
        for sentence in sentences:
            self.add_error(None, sentence)


NoteForms = forms.formset_factory(
    NoteForm, extra=1, max_num=notes.MOST, absolute_max=notes.MOST + 1, validate_max=True
)


def initial(version) -> list[dict]:
    """What the form of a version begins with."""
    return [
        {"kind": one.kind, "title": one.title, "text": one.text, "link": one.link, "kept": one.pk}
        for one in (version.notes.order_by("position") if version else ())
    ]
