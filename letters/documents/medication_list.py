"""The Medication List, also called the Personal Medication List: what a member takes, and the blank to fill in."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from letters.documents.parts import STANDARD_NAMES, Letterhead, PageNames, Recipient
from letters.documents.revisions import CURRENT, TemplateRevision


@dataclass(frozen=True)
class Medication:
    name: str
    how: str
    why: str
    prescriber: str

    @property
    def cells(self) -> tuple[str, str, str]:
        return (self.how, self.why, self.prescriber)


@dataclass(frozen=True)
class MedicationList:
    template: ClassVar[str] = "letters/documents/medication_list.html"
    headings: ClassVar[tuple[str, ...]] = ("Medication", "How I take it", "Why I use it", "Prescriber")
    # An allergy line is never left blank on a list that carries a name.
    no_allergies: ClassVar[str] = "No allergies that I know of."

    letterhead: Letterhead | None
    recipient: Recipient | None
    prepared_on: date | None
    medications: tuple[Medication, ...] = ()
    allergies: str = ""
    side_effects: str = ""
    other: str = ""
    told_by: str = "you"
    names: PageNames = STANDARD_NAMES
    blank_rows: int = 2
    notes_lines: int = 3
    fillable: bool = False
    revision: TemplateRevision = CURRENT

    @property
    def title(self) -> str:
        return self.names.medication_list

    @property
    def opening(self) -> tuple[str, ...]:
        use = (
            "Keep this list with you. Show it to your doctors and at the drug store. "
            "Update it when you start, stop or change a medicine."
        )
        if self.recipient is None:
            return ("Write down each thing you take: drugs, vitamins, herbs and samples.", use)
        return (f"We made this list from what {self.told_by} told us and from your plan's records.", use)

    @property
    def closing(self) -> str:
        if self.letterhead is None:
            return "Questions about your medicines? Call the phone number on your plan card."
        return f"Questions about this list? {self.letterhead.contact}"

    @property
    def boxes(self) -> tuple[tuple[str, str], ...]:
        """The fields below the table, each with what it says; nothing is a line to write on."""
        blank = self.recipient is None
        return (
            ("Allergies", self.allergies or ("" if blank else self.no_allergies)),
            # Nobody may have asked: the member writes here, and "none" is not said for them.
            ("Side effects I have had", self.side_effects),
            ("Other information", self.other),
        )

    @property
    def empty_rows(self) -> range:
        first = len(self.medications) + 1
        return range(first, first + self.blank_rows)

    @property
    def note_rows(self) -> range:
        return range(self.notes_lines)
