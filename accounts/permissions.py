"""What a person may do, and which role may do it. Kept in code so that a change is reviewed."""

from enum import StrEnum


class Permission(StrEnum):
    MEMBERS_FIND = "members.find"  # name, phone, date of birth, appointments: what a caller needs
    MEMBERS_CHART = "members.chart"  # medicines, conditions, claims: 164.502(b), minimum necessary
    ENROLLMENT_OPT_OUT = "enrollment.opt_out"
    DETERMINATIONS_READ = "determinations.read"
    ALERTS_READ = "alerts.read"
    ALERTS_WORK = "alerts.work"
    CMR_READ = "cmr.read"
    CMR_DOCUMENT = "cmr.document"
    CMR_COMPLETE = "cmr.complete"
    CALLS_WORK = "calls.work"
    APPOINTMENTS_READ = "appointments.read"
    APPOINTMENTS_BOOK = "appointments.book"
    LETTERS_READ = "letters.read"
    LETTERS_RELEASE = "letters.release"
    CRITERIA_READ = "criteria.read"
    CRITERIA_EDIT = "criteria.edit"
    CRITERIA_PUBLISH = "criteria.publish"
    SWEEPS_READ = "sweeps.read"
    SWEEPS_START = "sweeps.start"
    DATA_FRESHNESS = "data.freshness"  # how far the data goes: everybody who relies on it
    LOADS_READ = "loads.read"
    LOADS_START = "loads.start"  # and read rejected rows as they were sent
    DRUGS_MAP = "drugs.map"  # say what an NDC holds that no directory names
    AUDIT_READ = "audit.read"
    PLAN_HOME = "plan.home"


class Role(StrEnum):
    PHARMACIST = "pharmacist"
    INTERN = "intern"
    SCHEDULER = "scheduler"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    SERVICE = "service"

    @property
    def label(self) -> str:
        return ROLE_LABELS[self]


ROLE_LABELS = {
    Role.PHARMACIST: "Pharmacist",
    Role.INTERN: "Pharmacy intern",
    Role.SCHEDULER: "Scheduler",
    Role.ADMINISTRATOR: "Program administrator",
    Role.AUDITOR: "Auditor",
    Role.SERVICE: "Service account",
}

CLINICAL = frozenset(
    {
        Permission.PLAN_HOME,
        Permission.DATA_FRESHNESS,
        Permission.MEMBERS_FIND,
        Permission.MEMBERS_CHART,
        Permission.ENROLLMENT_OPT_OUT,
        Permission.DETERMINATIONS_READ,
        Permission.ALERTS_READ,
        Permission.ALERTS_WORK,
        Permission.CMR_READ,
        Permission.CMR_DOCUMENT,
        Permission.APPOINTMENTS_READ,
        Permission.LETTERS_READ,
    }
)

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.PHARMACIST: CLINICAL
    | {Permission.CMR_COMPLETE, Permission.LETTERS_RELEASE, Permission.APPOINTMENTS_BOOK, Permission.CALLS_WORK},
    # An intern works under a pharmacist's direct supervision and cannot finish a review alone (seed pages).
    Role.INTERN: CLINICAL,
    Role.SCHEDULER: frozenset(
        {
            Permission.PLAN_HOME,
            Permission.DATA_FRESHNESS,
            Permission.MEMBERS_FIND,
            Permission.ENROLLMENT_OPT_OUT,
            Permission.CALLS_WORK,
            Permission.APPOINTMENTS_READ,
            Permission.APPOINTMENTS_BOOK,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.PLAN_HOME,
            Permission.DATA_FRESHNESS,
            Permission.DETERMINATIONS_READ,
            Permission.MEMBERS_FIND,
            Permission.CRITERIA_READ,
            Permission.CRITERIA_EDIT,
            Permission.CRITERIA_PUBLISH,
            Permission.SWEEPS_READ,
            Permission.SWEEPS_START,
            Permission.LOADS_READ,
            Permission.LOADS_START,
            Permission.DRUGS_MAP,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            Permission.PLAN_HOME,
            Permission.DATA_FRESHNESS,
            Permission.MEMBERS_FIND,
            Permission.MEMBERS_CHART,
            Permission.DETERMINATIONS_READ,
            Permission.ALERTS_READ,
            Permission.CMR_READ,
            Permission.APPOINTMENTS_READ,
            Permission.LETTERS_READ,
            Permission.CRITERIA_READ,
            Permission.SWEEPS_READ,
            Permission.LOADS_READ,
            Permission.AUDIT_READ,
        }
    ),
    Role.SERVICE: frozenset(
        {
            Permission.DATA_FRESHNESS,
            Permission.SWEEPS_READ,
            Permission.SWEEPS_START,
            Permission.LOADS_READ,
            Permission.LOADS_START,
        }
    ),
}
