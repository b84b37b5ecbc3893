"""Forms of the criteria pages: a new draft, and the criteria of a plan year."""

from datetime import date
from typing import Any

from django import forms

from accounts.models import Plan
from eligibility.models import Criteria
from eligibility.reasons import FIELDS
from eligibility.rules import presets

FIRST_YEAR = 2022


class NewDraftForm(forms.Form):
    """A draft starts from a printed preset or as a copy of a version of the plan."""

    start_from = forms.ChoiceField(label="Start from")
    plan_year = forms.TypedChoiceField(label="Plan year", coerce=int)

    def __init__(self, *args: Any, plan: Plan, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        copies = [(f"copy:{c.public_id}", f"{c.plan_year}, version {c.version}") for c in plan.criteria.all()]
        printed = [
            (f"preset:{name}", f"{values['plan_year']}: {values['source']}") for name, values in presets().items()
        ]
        years = [(year, year) for year in range(today.year + 1, FIRST_YEAR - 1, -1)]
        self.fields["start_from"].choices = [
            *([("A copy of this plan's criteria", copies)] if copies else []),
            ("What a plan printed", printed),
        ]
        self.fields["plan_year"].choices = years


class CriteriaForm(forms.ModelForm):
    """The numbers of a draft. `edition` tells whether the draft is still the one that was opened."""

    edition = forms.CharField(widget=forms.HiddenInput, max_length=16)

    class Meta:
        model = Criteria
        fields = FIELDS
        labels = {
            "minimum_conditions": "Conditions needed",
            "minimum_drugs": "Drugs needed",
            "drugs": "Drugs that count",
            "cost_operator": "Cost is",
        }
        help_texts = {
            "minimum_conditions": "2 or 3 (42 CFR 423.153(d)(2)(i)(A)).",
            "minimum_drugs": "2 to 8 (42 CFR 423.153(d)(2)(i)(B)).",
        }
        widgets = {
            "minimum_conditions": forms.NumberInput(attrs={"min": 2, "max": 3}),
            "minimum_drugs": forms.NumberInput(attrs={"min": 2, "max": 8}),
            "cost_threshold": forms.NumberInput(attrs={"min": "0.01", "step": "0.01"}),
        }

    def clean_minimum_conditions(self) -> int:
        return within(self.cleaned_data["minimum_conditions"], 2, 3)

    def clean_minimum_drugs(self) -> int:
        return within(self.cleaned_data["minimum_drugs"], 2, 8)

    def clean_cost_threshold(self) -> Any:
        if (cost := self.cleaned_data["cost_threshold"]) <= 0:
            raise forms.ValidationError("Give an amount above zero.")
        return cost

    @property
    def rule_values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}


def within(number: int, least: int, most: int) -> int:
    if not least <= number <= most:
        raise forms.ValidationError(f"CMS allows {least} to {most}.")
    return number


class ConditionForm(forms.Form):
    label = forms.CharField(label="Condition, as the plan prints it", max_length=120)
    coded_as = forms.MultipleChoiceField(
        label="Coded conditions behind it",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 4}),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["coded_as"].choices = choices


class BaseConditions(forms.BaseFormSet):
    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Take off the list"

    def clean(self) -> None:
        labels = [label.casefold() for label, _ in self.rows()]
        if len(labels) != len(set(labels)):
            raise forms.ValidationError("Each condition may stand on the list once.")

    def rows(self) -> list[tuple[str, list[str]]]:
        """Label and codes of each row that is filled in and not marked for removal."""
        cleaned = [getattr(form, "cleaned_data", {}) for form in self.forms]
        return [
            (row["label"], row.get("coded_as", [])) for row in cleaned if row.get("label") and not row.get("DELETE")
        ]


ConditionFormSet = forms.formset_factory(
    ConditionForm, formset=BaseConditions, extra=0, can_delete=True, max_num=40, absolute_max=60
)
