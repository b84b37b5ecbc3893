"""The Recommended To-Do List, also called the Medication Action Plan."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from letters.documents.parts import STANDARD_NAMES, Letterhead, PageNames, Recipient
from letters.documents.revisions import CURRENT, TemplateRevision


@dataclass(frozen=True)
class Topic:
    """One thing the member and the pharmacist talked about, and what the member will do."""

    talked_about: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class ActionPlan:
    template: ClassVar[str] = "letters/documents/action_plan.html"
    headings: ClassVar[tuple[str, str]] = ("What we talked about", "What I should do")
    nothing_to_do: ClassVar[str] = "We found nothing you need to change. Keep taking your medicines as you do now."

    letterhead: Letterhead
    recipient: Recipient
    prepared_on: date
    topics: tuple[Topic, ...] = ()
    names: PageNames = STANDARD_NAMES
    notes_lines: int = 4
    revision: TemplateRevision = CURRENT

    @property
    def title(self) -> str:
        return self.names.action_plan

    @property
    def opening(self) -> tuple[str, ...]:
        return (
            "This list can help you get the best from your medicines and stay safe. "
            "Check off each step when you have done it. Bring the list when you see your doctor.",
        )

    @property
    def closing(self) -> str:
        return f"Questions about this list? {self.letterhead.contact}"

    @property
    def note_rows(self) -> range:
        return range(self.notes_lines)
