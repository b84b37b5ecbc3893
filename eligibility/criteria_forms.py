"""Forms of the criteria pages: a new draft, and the criteria of a plan year."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField

from accounts.models import Plan
from claims.models import Ingredient
from eligibility.models import Criteria
from eligibility.rules import VISITS, presets

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
    """The settings of a draft. `edition` tells whether the draft is still the one that was opened."""

    edition = forms.CharField(widget=forms.HiddenInput, max_length=16)
    drug_list = SimpleArrayField(
        forms.CharField(max_length=120),
        label="Drugs on the list",
        required=False,
        help_text="Ingredients with a comma between them. Only used where a list of drugs counts.",
    )

    class Meta:
        model = Criteria
        fields = (*Criteria.SETTINGS, "starts_on", "reason")
        labels = {
            "minimum_conditions": "Conditions needed",
            "minimum_drugs": "Drugs needed",
            "drugs": "Drugs that count",
            "cost_operator": "Cost is",
        }
        help_texts = {
            "minimum_conditions": "2 or 3 (42 CFR 423.153(d)(2)(i)(A)).",
            "minimum_drugs": "2 to 8 (42 CFR 423.153(d)(2)(i)(B)).",
            "condition_days": "730 is the usual (CCW).",
            "drug_active_days": "30 means a drug is taken in the last month; 0 means any fill of the time counts.",
            "cms_floor": "Without it members whom CMS requires you to target are left out where these criteria are narrower.",
            "drug_proxies": "For plans without medical claims. Only drugs rated as nearly certain are used.",
            "reason": "Needed for a change within the year.",
            "starts_on": "Only for a change within the year; empty means from publishing.",
        }
        widgets = {
            "minimum_conditions": forms.NumberInput(attrs={"min": 2, "max": 3}),
            "minimum_drugs": forms.NumberInput(attrs={"min": 2, "max": 8}),
            "cost_threshold": forms.NumberInput(attrs={"min": "0.01", "step": "0.01"}),
            "starts_on": forms.DateInput(attrs={"type": "date"}),
        }

    def clean_minimum_conditions(self) -> int:
        return within(self.cleaned_data["minimum_conditions"], 2, 3)

    def clean_minimum_drugs(self) -> int:
        return within(self.cleaned_data["minimum_drugs"], 2, 8)

    def clean_condition_days(self) -> int:
        return within(self.cleaned_data["condition_days"], 90, 1100, "Give")

    def clean_drug_days(self) -> int:
        return within(self.cleaned_data["drug_days"], 30, 730, "Give")

    def clean_cost_threshold(self) -> Any:
        if (cost := self.cleaned_data["cost_threshold"]) <= 0:
            raise forms.ValidationError("Give an amount above zero.")
        return cost

    def clean_drug_list(self) -> list[str]:
        names = [name.strip().lower() for name in self.cleaned_data["drug_list"] if name.strip()]
        known = set(Ingredient.objects.filter(name__in=names).values_list("name", flat=True))
        if unknown := [name for name in names if name not in known]:
            raise forms.ValidationError(f"No ingredient is called: {', '.join(unknown)}.")
        return list(dict.fromkeys(names))

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean()
        for name in ("drug_supply", "drug_active_days"):
            if (given.get(name) or 0) > given.get("drug_days", 0):
                self.add_error(name, "This is more than the days of fills that are looked at.")
        if given.get("drugs") == Criteria.Drugs.LISTED and not given.get("drug_list"):
            self.add_error("drug_list", "Name the drugs that count, or let other drugs count.")
        if given.get("beyond_list") and not given.get("list_is_illustrative"):
            self.add_error("beyond_list", "A list that does not say “such as” is the whole list.")
        return given

    @property
    def rule_values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in Criteria.SETTINGS}

    @property
    def all_values(self) -> dict[str, Any]:
        return self.rule_values | {name: self.cleaned_data[name] for name in ("starts_on", "reason")}

    @property
    def typed(self) -> Criteria:
        """The values as criteria that are not in the database."""
        return Criteria(**self.all_values)


def within(number: int, least: int, most: int, who: str = "CMS allows") -> int:
    if not least <= number <= most:
        raise forms.ValidationError(f"{who} {least} to {most}.")
    return number


def refuse_twice(labels: Iterable[str]) -> None:
    """Whatever their capitals, the labels of a list differ."""
    if any(times > 1 for times in Counter(label.casefold() for label in labels).values()):
        raise forms.ValidationError("Each condition may stand on the list once.")


class SimulationForm(forms.Form):
    """On what a simulation's expected work rests."""

    accepting = forms.IntegerField(
        label="Percent of members who take up a review", initial=60, min_value=0, max_value=100
    )
    minutes = forms.IntegerField(label="Minutes of work for a review", initial=60, min_value=1, max_value=600)


class ConditionForm(forms.Form):
    label = forms.CharField(label="Condition, as the plan prints it", max_length=120)
    visits = forms.IntegerField(
        label="Claims needed on different days, if none is inpatient",
        help_text=f"{VISITS} if left empty (CCW).",
        min_value=1,
        max_value=3,
        required=False,
    )
    coded_as = forms.MultipleChoiceField(
        label="Coded conditions behind it",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 4}),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["coded_as"].choices = choices

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean()
        if given.get("label") and not given.get("coded_as") and not given.get("DELETE") and not self.errors:
            self.add_error("coded_as", "Choose what is coded for it, or take it off the list.")
        return given


class BaseConditions(forms.BaseFormSet):
    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Take off the list"

    def clean(self) -> None:
        refuse_twice(label for label, _, _ in self.rows())

    def rows(self) -> list[tuple[str, list[str], int]]:
        """Label, codes and visits of each row that is filled in and not marked for removal."""
        cleaned = [getattr(form, "cleaned_data", {}) for form in self.forms]
        return [
            (row["label"], row.get("coded_as", []), row.get("visits") or VISITS)
            for row in cleaned
            if row.get("label") and not row.get("DELETE")
        ]


ConditionFormSet = forms.formset_factory(
    ConditionForm, formset=BaseConditions, extra=0, can_delete=True, max_num=40, absolute_max=60
)
