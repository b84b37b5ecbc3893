"""A sample of the Medication List, filled in for nobody, so that people see what they would get."""

from dataclasses import replace
from datetime import date
from functools import cache

from letters.documents import Letterhead, Medication, MedicationList, PageNames, Recipient
from letters.render import render_pdf

PREPARED_ON = date(2026, 1, 15)
SAMPLE = MedicationList(
    letterhead=Letterhead(plan_name="Sample Health Plan", phone="1-800-555-0100", hours="8 a.m. to 8 p.m., every day"),
    recipient=Recipient(name="Sample Person (not a real member)", address=("1 Sample Street", "Sample Town")),
    prepared_on=PREPARED_ON,
    medications=(
        Medication("Metformin 500 mg tablet", "1 tablet, 2 times a day with food", "Diabetes", "Sample doctor"),
        Medication("Lisinopril 10 mg tablet", "1 tablet in the morning", "High blood pressure", "Sample doctor"),
        Medication("Atorvastatin 20 mg tablet", "1 tablet at bedtime", "High cholesterol", "Sample doctor"),
        Medication("Albuterol inhaler", "2 puffs when I need it", "Asthma", "Sample lung doctor"),
        Medication(
            "Acetaminophen 500 mg", "1 tablet when I need it (bought without a prescription)", "Pain", "Bought by me"
        ),
        Medication("Vitamin D 1,000 units", "1 a day (bought without a prescription)", "My bones", "Bought by me"),
    ),
    allergies="Penicillin: skin rash",
    other="This is a sample. It shows how a list looks when it is done.",
)


@cache
def sample_medication_list(title: str) -> bytes:
    """A PDF, the same for everyone; the form's date of expiry does not matter to a sample."""
    names = PageNames(medication_list=f"Sample {title}")
    return render_pdf(replace(SAMPLE, names=names), allow_expired=True)
