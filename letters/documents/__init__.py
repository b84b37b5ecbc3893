"""Letters to members as plain data: no HTML, no models, so that equal content means an equal letter."""

from letters.documents.action_plan import ActionPlan, Topic
from letters.documents.cover import CoverLetter
from letters.documents.disposal import SafeDisposal
from letters.documents.medication_list import Medication, MedicationList
from letters.documents.packet import Packet
from letters.documents.parts import PERSONAL_LIST, Letterhead, PageNames, Recipient, Section
from letters.documents.revisions import CURRENT, REVISIONS, TemplateRevision
from letters.documents.welcome import WelcomeLetter

__all__ = [
    "CURRENT",
    "PERSONAL_LIST",
    "REVISIONS",
    "ActionPlan",
    "CoverLetter",
    "Letterhead",
    "Medication",
    "MedicationList",
    "Packet",
    "PageNames",
    "Recipient",
    "SafeDisposal",
    "Section",
    "TemplateRevision",
    "Topic",
    "WelcomeLetter",
]
