"""Forms about taking part."""

from datetime import date
from typing import Any

from django import forms

from eligibility.models import Enrollment


class OptOutForm(forms.Form):
    """The member's own wish, as they said it."""

    channel = forms.ChoiceField(label="How they said so", choices=Enrollment.Channel.choices)
    code = forms.ChoiceField(label="Reason", choices=Enrollment.EndReason.choices, initial=Enrollment.EndReason.REQUEST)
    lasts = forms.ChoiceField(label="How long it holds", choices=Enrollment.Lasts.choices)
    reason = forms.CharField(
        label="In their words",
        max_length=200,
        help_text="Such as: does not want calls. Other pharmacy staff read this.",
    )
    on = forms.DateField(label="Asked on", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, today: date, since: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.since = today, since
        self.fields["on"].initial = today

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError("This day is still to come. Give the day the member asked.")
        if on < self.since:
            raise forms.ValidationError(
                f"The member was enrolled on {self.since:%b} {self.since.day}, {self.since.year}."
            )
        return on
