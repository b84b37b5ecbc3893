"""The people a plan covers, their periods and contacts, and who prescribes and dispenses."""

from members.models.at_risk import AtRiskSpell
from members.models.contacts import ContactPoint, ContactPreference, Representative
from members.models.member import Identifier, Member, MemberMerge
from members.models.providers import Pharmacy, Prescriber
from members.models.spans import CoverageSpan, MemberSpan, SpanEntry

__all__ = [
    "AtRiskSpell",
    "ContactPoint",
    "ContactPreference",
    "CoverageSpan",
    "Identifier",
    "Member",
    "MemberMerge",
    "MemberSpan",
    "Pharmacy",
    "Prescriber",
    "Representative",
    "SpanEntry",
]
