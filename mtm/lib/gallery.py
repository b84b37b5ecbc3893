"""What the gallery of components at /design/ shows; every state once, with invented content."""

from datetime import date, timedelta

from django import forms

TODAY = date(2026, 3, 12)


class SampleForm(forms.Form):
    name = forms.CharField(label="Name on the card", help_text="As the plan prints it.")
    reached_on = forms.DateField(label="Reached on", widget=forms.DateInput(attrs={"type": "date"}))
    outcome = forms.ChoiceField(choices=[("", "Choose one"), ("reached", "Reached"), ("voicemail", "Voicemail left")])
    method = forms.ChoiceField(
        label="How", choices=[("phone", "Phone"), ("video", "Video"), ("visit", "In person")], widget=forms.RadioSelect
    )
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    urgent = forms.BooleanField(required=False, label="Call back today", help_text="Puts the case first in the queue.")


def context() -> dict[str, object]:
    return {
        "today": TODAY,
        "sample_form": SampleForm(),
        "failed_form": SampleForm({"name": "", "outcome": "", "note": "Line one\nLine two"}, prefix="failed"),
        "deadlines": [TODAY + timedelta(days) for days in (-3, -1, 0, 1, 5, 30)],
        "tabs": _tabs(),
        "months": _months(),
        "fills": _fills(),
        "alerts": _alerts(),
        "note": "<b>written by a person</b>\non two lines",
    }


def _tabs() -> list[dict[str, object]]:
    labels = [("Problems", 3), ("Medications", 12), ("Contacts", None), ("Letters", 0)]
    return [{"label": label, "url": "#tabs", "current": not i, "count": n} for i, (label, n) in enumerate(labels)]


def _months() -> list[dict[str, object]]:
    return [
        {"label": label, "start_pct": i * 100 / 6} for i, label in enumerate(("Oct", "Nov", "Dec", "Jan", "Feb", "Mar"))
    ]


def _fills() -> list[dict[str, object]]:
    def bar(start: float, width: float, title: str, kind: str = "") -> dict[str, object]:
        return {"start_pct": start, "width_pct": width, "title": title, "kind": kind}

    return [
        {"label": "Atorvastatin 40 mg", "bars": [bar(2, 16, "Oct 4, 30 days"), bar(19, 16, "Nov 4, 30 days")]},
        {
            "label": "Metformin 500 mg",
            "bars": [
                bar(0, 48, "Oct 1, 90 days"),
                bar(48, 20, "no supply for 36 days", "gap"),
                bar(68, 32, "Feb 3, 90 days"),
            ],
        },
        {"label": "Ibuprofen 800 mg", "bars": [bar(80, 12, "Feb 24, 20 days", "new")]},
    ]


def _alerts() -> list[dict[str, object]]:
    problems = [
        (1, "Warfarin with a new prescription of fluconazole", "Rosa Delgado-Whitfield", 74, "open", 1),
        (2, "Two opioids from two prescribers", "Bernard Okonkwo", 68, "claimed", 4),
        (3, "Statin not filled for 41 days", "Annelise Thorvaldsdóttir-Haraldsson", 81, "snoozed", 12),
        (4, "Lower-cost form of the same drug", "Li Wei", 66, "resolved", 40),
    ]
    return [
        {
            "severity": s,
            "problem": p,
            "member": m,
            "age": a,
            "status": st,
            "due_on": TODAY + timedelta(d),
            "drugs": 8 + s,
        }
        for s, p, m, a, st, d in problems
    ]
