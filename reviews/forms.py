"""Forms of the review pages."""

from datetime import date
from typing import Any

from django import forms

from accounts.models import User
from reviews.models import ActionItem, Alert, Cmr, ListedMedication


class ResolveForm(forms.Form):
    """How an alert was settled. A note is asked for where the outcome alone does not say enough."""

    outcome = forms.ChoiceField(choices=[("", "Choose one"), *Alert.Outcome.choices])
    note = forms.CharField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class StartForm(forms.Form):
    method = forms.ChoiceField(choices=Cmr.Method.choices, initial=Cmr.Method.TELEPHONE)


class NotesForm(forms.ModelForm):
    class Meta:
        model = Cmr
        fields = ["allergies", "side_effects", "other_information"]
        widgets = {name: forms.Textarea(attrs={"rows": 2}) for name in fields}
        help_texts = {"allergies": "If there are none, write: No known allergies."}


class ReconcileForm(forms.ModelForm):
    class Meta:
        model = ListedMedication
        fields = ["decision", "how_taken", "why", "prescriber"]

    def clean_decision(self) -> str:
        if not (decision := self.cleaned_data["decision"]):
            raise forms.ValidationError("Choose what the member said.")
        return decision


class AddMedicationForm(forms.ModelForm):
    class Meta:
        model = ListedMedication
        fields = ["name", "kind", "how_taken", "why", "prescriber"]


class ActionForm(forms.ModelForm):
    class Meta:
        model = ActionItem
        fields = ["talked_about", "to_do"]
        widgets = {name: forms.Textarea(attrs={"rows": 2}) for name in fields}


class DayForm(forms.Form):
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))


class BookForm(forms.Form):
    """A free half hour, named by its pharmacist and its start."""

    slot = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, *args: Any, slots: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = slots  # type: ignore[attr-defined]


class SweepForm(forms.Form):
    as_of = forms.DateField(label="Look at claims up to", widget=forms.DateInput(attrs={"type": "date"}))


def day_or(value: str | None, default: date) -> date:
    form = DayForm({"day": value})
    return form.cleaned_data["day"] if form.is_valid() else default


def person_or_none(people: list[User], number: str) -> User | None:
    return next((person for person in people if str(person.pk) == number), None)
