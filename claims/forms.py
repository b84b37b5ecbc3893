"""The form that asks for a load."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from claims.ingest import feeds, mapping

WINDOWS = "Windows (cp1252)"


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """As many files as may be sent at once; each is held to what one file is held to."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list) else [data] if data else []
        return [super(FilesField, self).clean(file, initial) for file in given]


class LoadForm(forms.Form):
    """Files from this computer, from the plan's inbox on the server, or both, of one feed."""

    format = forms.ChoiceField(label="Feed")
    files = FilesField(
        required=False,
        label="Files from this computer",
        help_text="Drop them here or choose them; plain, .gz or .zip. All land together, or none does.",
    )
    named = forms.MultipleChoiceField(required=False, label="Files in the inbox", widget=forms.CheckboxSelectMultiple)
    encoding = forms.ChoiceField(
        required=False,
        label="Letters are encoded as",
        choices=[("utf-8", "UTF-8"), ("cp1252", WINDOWS)],
        initial="utf-8",
    )
    unended = forms.BooleanField(required=False, label="The last line is whole even without a line break")
    mapping = forms.ChoiceField(
        required=False,
        label="Columns of others (csv only)",
        help_text="A mapping.yaml among the files is used without being chosen.",
    )
    members_from_claims = forms.BooleanField(
        required=False, label="Make members of numbers that only claims name; nothing else is known of them"
    )

    def __init__(self, *args: Any, inbox: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"].choices = [
            ("", "Choose one"),
            *((name, feeds.named(name).title) for name in feeds.names()),
        ]
        self.fields["named"].choices = [(name, name) for name in inbox]
        self.fields["mapping"].choices = [("", "Ours"), *((name, name) for name in mapping.shipped())]
        if not inbox:
            del self.fields["named"]

    def in_its_words(self, problem: str) -> str:
        """What is wrong with a file, with the fields of this form in the place of the options of the command."""
        encoding, unended = self.fields["encoding"].label, self.fields["unended"].label
        said = problem.replace("with --encoding cp1252", f'again with "{encoding}" set to "{WINDOWS}"')
        return said.replace("(--unended)", f'(tick "{unended}")')

    def clean(self) -> dict[str, Any]:
        if not self.errors and not (self.cleaned_data["files"] or self.cleaned_data.get("named")):
            self.add_error("files", "Choose at least one file.")
        return self.cleaned_data

    @property
    def options(self) -> dict[str, Any]:
        chosen = {name: self.cleaned_data[name] for name in ("unended", "mapping", "members_from_claims")}
        return chosen | {"encoding": self.cleaned_data["encoding"] or "utf-8"}
