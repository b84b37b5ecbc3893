"""Forms of the review pages."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from reviews.alerts import missing_note
from reviews.models import ActionItem, Alert, Cmr, ListedMedication


class ResolveForm(forms.Form):
    """How an alert was settled. A note is asked for where the outcome alone does not say enough."""

    outcome = forms.ChoiceField(choices=[("", "Choose one"), *Alert.Outcome.choices])
    note = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed when a claim is wrong or the alert is not clinically relevant.",
    )

    def clean(self) -> dict[str, Any]:
        if missing := missing_note(self.cleaned_data.get("outcome", ""), self.cleaned_data.get("note", "")):
            self.add_error("note", missing)
        return self.cleaned_data


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
        labels = {"decision": "Member says"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].required = True
        self.fields["decision"].error_messages["required"] = "Choose what the member said."


class AddMedicationForm(forms.ModelForm):
    class Meta:
        model = ListedMedication
        fields = ["name", "kind", "how_taken", "why", "prescriber"]


class ActionForm(forms.ModelForm):
    """A line of the action plan; it may say which of the member's open alerts it answers."""

    class Meta:
        model = ActionItem
        fields = ["talked_about", "to_do", "alert"]
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in ("talked_about", "to_do")}

    def __init__(self, *args: Any, alerts: QuerySet[Alert], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        next_to_write = "to_do" if self.initial.get("alert") else "talked_about"
        self.fields[next_to_write].widget.attrs["data-autofocus"] = True
        self.fields["alert"] = AlertChoice(alerts, required=False, empty_label="None", label="Answers the alert")


class AlertChoice(forms.ModelChoiceField):
    def __init__(self, queryset: QuerySet[Alert], **kwargs: Any) -> None:
        super().__init__(queryset, to_field_name="public_id", **kwargs)

    def label_from_instance(self, alert: Alert) -> str:
        return alert.headline


class DayForm(forms.Form):
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))


class BookForm(forms.Form):
    """A free half hour, named by its pharmacist and its start."""

    slot = forms.ChoiceField(
        label="Time",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose a time.",
            "invalid_choice": "This time was just taken. Choose another.",
        },
    )

    def __init__(self, *args: Any, slots: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = slots


class SweepForm(forms.Form):
    as_of = forms.DateField(label="Look at claims up to", widget=forms.DateInput(attrs={"type": "date"}))


def day_or(value: str | None, default: date) -> date:
    """The day of an address, if it is one on which there could be appointments."""
    form = DayForm({"day": value})
    return form.cleaned_data["day"] if form.is_valid() and 2000 <= form.cleaned_data["day"].year < 2100 else default
