"""One invented member's packet, as full as a real one."""

from datetime import date

from letters.documents import (
    ActionPlan,
    CoverLetter,
    Letterhead,
    Medication,
    MedicationList,
    Packet,
    Recipient,
    SafeDisposal,
    Topic,
    WelcomeLetter,
)

PREPARED = date(2026, 3, 12)
LETTERHEAD = Letterhead("Harbor Advantage (HMO)", "1-800-555-0142", "Monday to Friday, 8 a.m. to 8 p.m.")
ROSA = Recipient("Rosa Delgado-Whitfield", ("1200 Shoreline Drive, Apt 4B", "Portland, ME 04101"), date(1951, 6, 3))
DRUGS = (
    "Atorvastatin 40 mg tablet",
    "Metformin ER 500 mg tablet",
    "Lisinopril 20 mg tablet",
    "Amlodipine 5 mg tablet",
    "Levothyroxine 75 mcg tablet",
    "Tamsulosin 0.4 mg capsule",
    "Gabapentin 300 mg capsule",
    "Omeprazole 20 mg capsule",
    "Vitamin D3 1,000 units",
    "Fish oil 1,000 mg",
    "Albuterol inhaler 90 mcg",
    "Hydrochlorothiazide 12.5 mg",
)


def cover(**changes):
    return CoverLetter(LETTERHEAD, ROSA, PREPARED, reviewed_on=date(2026, 3, 10), pharmacist="Priya Raman", **changes)


def action_plan(**changes):
    knees = Topic("You take ibuprofen for your knees.", ("Try acetaminophen first.", "Ask Dr. Chen for other help."))
    pills = Topic("You miss your cholesterol pill two days a week.", ("Put the bottle next to your toothbrush.",))
    return ActionPlan(LETTERHEAD, ROSA, PREPARED, **{"topics": (knees, pills), **changes})


def medication_list(drugs=DRUGS, **changes):
    rows = tuple(Medication(name, "1 by mouth each morning", "High blood pressure", "Dr. Chen-Ruiz") for name in drugs)
    return MedicationList(LETTERHEAD, ROSA, PREPARED, rows, **{"allergies": "Penicillin: hives", **changes})


def welcome(**changes):
    disposal = SafeDisposal(("Harbor Pharmacy, 12 Main Street", "Portland Police, 109 Middle Street"))
    reasons = (
        "You have diabetes and two more health problems.",
        "You take eight or more drugs for them.",
    )
    return WelcomeLetter(LETTERHEAD, ROSA, PREPARED, reasons, signer="The pharmacy team", disposal=disposal, **changes)


def packet():
    return Packet(cover(), action_plan(), medication_list())
