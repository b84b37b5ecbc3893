"""The form of a program's page: its facts, its phone lines with their hours, its accreditations."""

from calendar import month_name
from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.http import QueryDict

from eligibility.models import Accreditation, PhoneHours, PhoneLine, Program
from eligibility.program import edition_of, facts_of
from eligibility.program_change import number_problems, order_problems, own_problems, problems_of

MONTHS = list(enumerate(month_name))[1:]


class LinesField(SimpleArrayField):
    """Texts that may hold commas, each on a line of its own."""

    def __init__(self, **options: Any) -> None:
        text = forms.CharField(max_length=120, required=False)
        super().__init__(text, delimiter="\n", required=False, widget=forms.Textarea(attrs={"rows": 4}), **options)

    def clean(self, value: Any) -> list[str]:
        return [text for text in super().clean(value) if text]


# The facts of the form by what they are about, in the order of Program.FACTS; each group goes on to the next one's first.
GROUPS = {
    "name": "The program",
    "welcome_letter": "Letters, reviews and documents",
    "plan_types": "Legal text",
    "benefit_packages": "What CMS was told, and what the program rests on",
}


class ProgramForm(forms.ModelForm):
    """`edition` tells whether the page is still the one that was opened."""

    edition = forms.CharField(widget=forms.HiddenInput, max_length=16)
    channels = forms.MultipleChoiceField(
        label="How members and doctors are reached about problems",
        choices=Program.Channel.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    joint_entities = LinesField(label="Companies of the joint enterprise", help_text="One a line.")
    material_ids = LinesField(label="Material ids", help_text="One a line.")

    class Meta:
        model = Program
        fields = Program.FACTS
        widgets = {
            "disclaimer": forms.Textarea(attrs={"rows": 3}),
            "disclaimer_es": forms.Textarea(attrs={"rows": 3}),
            "updated_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The visible fields under the heading of their group."""
        found: list[tuple[str, list[forms.BoundField]]] = []
        for name in Program.FACTS:
            if name in GROUPS:
                found.append((GROUPS[name], []))
            found[-1][1].append(self[name])
        return found

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean()
        for name, texts in own_problems(given).items() if not self.errors else ():
            self.add_error(name, texts)
        return given


class LineForm(forms.ModelForm):
    class Meta:
        model = PhoneLine
        fields = PhoneLine.FACTS

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean()
        if not self.errors and (problems := number_problems(given)):
            self.add_error("number", problems)
        return given


class HoursForm(forms.ModelForm):
    purpose = forms.ChoiceField(label="Line", choices=[("", "Choose a line"), *PhoneLine.Purpose.choices])
    from_month = forms.TypedChoiceField(label="From the first of", choices=MONTHS, coerce=int, initial=1)
    to_month = forms.TypedChoiceField(label="To the last of", choices=MONTHS, coerce=int, initial=12)

    class Meta:
        model = PhoneHours
        fields = ("purpose", *PhoneHours.FACTS)
        widgets = {
            "opens": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "closes": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean()
        if not self.errors and (problems := order_problems(given)):
            self.add_error("closes", problems)
        return given


class AccreditationForm(forms.ModelForm):
    class Meta:
        model = Accreditation
        fields = Accreditation.FACTS
        widgets = {"since": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class Rows(forms.BaseFormSet):
    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Take off"

    def rows(self) -> list[dict[str, Any]]:
        """What stands in each row that is filled in and not marked for removal."""
        cleaned = [getattr(form, "cleaned_data", {}) for form in self.forms]
        return [{k: v for k, v in row.items() if k != "DELETE"} for row in cleaned if row and not row.get("DELETE")]


def rows_of(form: type[forms.ModelForm], most: int) -> Any:
    """A formset with one row more than there are, for something new."""
    return forms.formset_factory(form, formset=Rows, extra=1, can_delete=True, max_num=most, absolute_max=most + 5)


LineRows, HoursRows, AccreditationRows = rows_of(LineForm, 4), rows_of(HoursForm, 12), rows_of(AccreditationForm, 10)


class ProgramForms:
    """All forms of the page as one: what is saved, or what was typed."""

    def __init__(self, program: Program, data: QueryDict | None = None) -> None:
        facts = facts_of(program)
        hours = [one | {"purpose": line["purpose"]} for line in facts["lines"] for one in line["hours"]]
        self.form = ProgramForm(data, initial=facts | {"edition": edition_of(program)})
        self.lines = LineRows(data, prefix="lines", initial=facts["lines"])
        self.hours = HoursRows(data, prefix="hours", initial=hours)
        self.accreditations = AccreditationRows(data, prefix="accreditations", initial=facts["accreditations"])
        self.problems: list[str] = []

    @property
    def formsets(self) -> tuple[Any, ...]:
        return (self.lines, self.hours, self.accreditations)

    def is_valid(self) -> bool:
        """Each field by itself, then all together; a problem of a single field is shown at it."""
        if not all([self.form.is_valid(), *(rows.is_valid() for rows in self.formsets)]):
            return False
        together = [text for texts in problems_of(self.facts()).values() for text in texts]
        self.problems = self.hours_of_no_line() + together
        return not self.problems

    def hours_of_no_line(self) -> list[str]:
        known = {line["purpose"] for line in self.lines.rows()}
        lost = any(row["purpose"] not in known for row in self.hours.rows())
        return ["Some hours are of a line that is not given."] if lost else []

    def facts(self) -> dict[str, Any]:
        """What was typed, as program_change.change wants it."""
        seasons = self.hours.rows()
        own = [{name: row[name] for name in PhoneHours.FACTS} for row in seasons]
        by_line = [(row["purpose"], hours) for row, hours in zip(seasons, own, strict=True)]
        return {
            **{name: self.form.cleaned_data[name] for name in Program.FACTS},
            "lines": [
                line | {"hours": [hours for purpose, hours in by_line if purpose == line["purpose"]]}
                for line in self.lines.rows()
            ],
            "accreditations": self.accreditations.rows(),
        }
