"""The three pages mailed together after a review, numbered as one."""

from dataclasses import dataclass
from datetime import date

from letters.documents.action_plan import ActionPlan
from letters.documents.cover import CoverLetter
from letters.documents.medication_list import MedicationList
from letters.documents.revisions import TemplateRevision


@dataclass(frozen=True)
class Packet:
    cover: CoverLetter
    action_plan: ActionPlan
    medication_list: MedicationList

    @property
    def parts(self) -> tuple[CoverLetter, ActionPlan, MedicationList]:
        return (self.cover, self.action_plan, self.medication_list)

    @property
    def title(self) -> str:
        return self.cover.title

    @property
    def prepared_on(self) -> date:
        return self.cover.prepared_on

    @property
    def revision(self) -> TemplateRevision:
        return self.cover.revision
