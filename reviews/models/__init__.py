"""Reviews of members' medicines: alerts found by sweeps, appointments, and comprehensive reviews."""

from reviews.models.alerts import Alert, AlertTransition
from reviews.models.appointments import Appointment, AppointmentTransition
from reviews.models.cmr import ActionItem, Cmr, CmrTransition, ListedMedication
from reviews.models.sweeps import RuleActivation, SweepRun, SweepShard

__all__ = [
    "ActionItem",
    "Alert",
    "AlertTransition",
    "Appointment",
    "AppointmentTransition",
    "Cmr",
    "CmrTransition",
    "ListedMedication",
    "RuleActivation",
    "SweepRun",
    "SweepShard",
]
