"""Plan-year criteria, what they decide about each member, and the enrollments that follow."""

from eligibility.models.criteria import Criteria, CriteriaCondition
from eligibility.models.determination import Determination
from eligibility.models.enrollment import Enrollment, EnrollmentQuerySet, EnrollmentTransition
from eligibility.models.program import Accreditation, PhoneHours, PhoneLine, Program
from eligibility.models.simulation import SimulatedMember, Simulation

__all__ = [
    "Accreditation",
    "Criteria",
    "CriteriaCondition",
    "Determination",
    "Enrollment",
    "EnrollmentQuerySet",
    "EnrollmentTransition",
    "PhoneHours",
    "PhoneLine",
    "Program",
    "SimulatedMember",
    "Simulation",
]
