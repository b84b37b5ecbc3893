from typing import Any

from django import forms

from claims.drug_mapping import ingredients_named, unknown_names


class MappingForm(forms.Form):
    """Ingredients are looked for by name, as often as needed; what was chosen stays chosen."""

    q = forms.CharField(
        label="Find an ingredient",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    ingredients = forms.MultipleChoiceField(
        label="Ingredients it holds",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )
    strength = forms.CharField(max_length=200, required=False, help_text="As on the label, such as: 5 mg / 325 mg.")
    form = forms.CharField(
        label="Dose form", max_length=120, required=False, help_text="Such as: oral tablet, ophthalmic solution."
    )
    reason = forms.CharField(
        max_length=200, help_text="Where you know it from, such as: package label, call to the labeler."
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        chosen = [name for name in data.getlist("ingredients") if "\0" not in name] if data else []
        known = [name for name in chosen if name not in set(unknown_names(chosen))]
        self.found = ingredients_named(data.get("q", "")) if data else []
        self.fields["ingredients"].choices = [(name, name) for name in dict.fromkeys([*known, *self.found])]
        self.searched = bool(data and data.get("q", "").strip())

    @property
    def searching(self) -> bool:
        return "search" in self.data

    @property
    def mapping(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("ingredients", "strength", "form", "reason")}
