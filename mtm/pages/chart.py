"""The member chart: everything known about one member, each part only for those whose work needs it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.template.defaultfilters import floatformat

from accounts.access import can
from accounts.models import Plan
from accounts.permissions import Permission
from claims.drugs import BY_HAND, PRODUCT, UNMAPPED, Drug, drugs_of
from claims.models import Fill
from claims.models.claims import ORAL_SUPPLY
from eligibility import reasons
from eligibility.enrollment_forms import OptOutForm
from eligibility.models import Determination, Enrollment
from letters.models import Letter
from members import facts
from members.models import Member, Prescriber
from members.views import age_of
from mtm.lib.ui import short_date
from reviews import evidence_view
from reviews.forms import StartForm
from reviews.models import Alert, Appointment, Cmr

SHOWN_DAYS = 548  # 18 months
SHOWN_ALERTS = 50


@dataclass
class Medicine:
    """One drug, by its ingredients, and its fills, the newest first."""

    drug: str
    note: str
    prescriber: str
    oral: bool
    fills: list[Fill] = field(default_factory=list)

    @property
    def last(self) -> Fill:
        return self.fills[0]

    @property
    def amount(self) -> str:
        quantity, days = self.last.quantity, self.last.days_supply
        dispensed = "quantity not given" if quantity is None else floatformat(quantity)
        return f"{dispensed}, days' supply not given" if days is None else f"{dispensed} for {days} days"

    @property
    def lasts_to(self) -> date | None:
        """The last day of supply, if it was taken as dispensed and nothing was left over."""
        days = self.last.days_supply
        return None if days is None else self.last.filled_on + timedelta(days=max(days, 1) - 1)

    @property
    def odd_supplies(self) -> int:
        """Fills whose days' supply is hardly right for a medicine that is swallowed."""
        least, most = ORAL_SUPPLY
        given = [fill.days_supply for fill in self.fills if fill.days_supply is not None]
        return sum(not least <= days <= most for days in given) if self.oral else 0

    @property
    def cost(self) -> Decimal:
        return sum((fill.cost for fill in self.fills), Decimal(0))


def context_of(request: Any, member: Member, today: date) -> dict[str, Any]:
    context, rows = about(request, member, today), rows_of(member)
    if can(request, Permission.DETERMINATIONS_READ) or can(request, Permission.MEMBERS_CHART):
        context["coverage"] = facts.coverage(member)
    if can(request, Permission.DETERMINATIONS_READ):
        context |= eligibility_of(member)
    if can(request, Permission.MEMBERS_CHART):
        context |= medicines_of(request.plan, member, today)
        context |= {"periods": facts.spans(member) + facts.at_risk(member), "numbers": facts.numbers(member)}
    if can(request, Permission.ALERTS_READ):
        found = Alert.objects.of_plan(request.plan).filter(member__in=rows).select_related("claimed_by")
        context["alerts"] = found.order_by("-quarter", "severity", "pk")[:SHOWN_ALERTS]
    if can(request, Permission.APPOINTMENTS_READ):
        context["appointments"] = appointments_of(rows, request.plan)
    if can(request, Permission.CMR_READ):
        context["reviews"] = Cmr.objects.filter(member__in=rows).select_related("pharmacist").order_by("-pk")
    if can(request, Permission.LETTERS_READ):
        context["letters"] = Letter.objects.filter(member__in=rows).not_stopped().defer("pdf").order_by("-pk")
    return context


def rows_of(member: Member) -> list[int]:
    """The member, and rows that were merged into it: what was done for them stays theirs and is shown here."""
    return [member.pk, *member.merged.values_list("pk", flat=True)]


def about(request: Any, member: Member, today: date) -> dict[str, Any]:
    """Who the member is, how they may be reached, and whether they take part."""
    enrollments = list(Enrollment.objects.filter(member=member).order_by("-plan_year", "-pk"))
    latest = enrollments[0] if enrollments else None
    return {
        "member": member,
        "age": age_of(member, today),
        "today": today,
        "wishes": facts.wishes(member, today),
        "representatives": facts.representatives(member, today),
        "enrollment": latest,
        "earlier": enrollments[1:],
        "may_opt_in": may_opt_in(latest) if latest else False,
        "steps": list(latest.transitions.select_related("by")) if latest else [],
        "opt_out_form": OptOutForm(today=today, since=latest.enrolled_on) if latest else None,
        "start_form": StartForm(),
    }


def may_opt_in(enrollment: Enrollment) -> bool:
    """Whether there is an opt-out to take back: of this year, or one that still stands after its year."""
    stands = enrollment.opted_out_on and enrollment.opt_out_lasts == Enrollment.Lasts.ALWAYS
    return enrollment.status == Enrollment.Status.OPTED_OUT or bool(stands)


def eligibility_of(member: Member) -> dict[str, Any]:
    """The latest determination in words; the lists in it are shown only to those who may see the chart."""
    decision = Determination.objects.filter(member=member).select_related("criteria").order_by("-as_of", "-pk").first()
    if decision is None:
        return {"decision": None}
    conditions = [
        item | {"first_on": day_of(item["first_on"]), "last_on": day_of(item["last_on"])}
        for item in decision.conditions
    ]
    return {
        "decision": decision,
        "summary": reasons.summary(decision),
        "reasons": reasons.in_words(decision.reasons),
        "conditions": conditions,
    }


def day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def appointments_of(rows: list[int], plan: Any) -> list[tuple[Any, Appointment]]:
    zone = ZoneInfo(plan.pharmacist_time_zone)
    booked = Appointment.objects.filter(member__in=rows).of_who_takes_part()
    booked = booked.select_related("pharmacist").order_by("-time")
    return [(row.time.lower.astimezone(zone), row) for row in booked]


def medicines_of(plan: Plan, member: Member, today: date) -> dict[str, Any]:
    """The drugs filled in the last 18 months: a table, and the timeline beside it."""
    first = today - timedelta(days=SHOWN_DAYS)
    fills = list(member.fills.filter(filled_on__gt=first, filled_on__lte=today).order_by("-filled_on", "-pk"))
    medicines = by_drug(plan, fills)
    return {
        "medicines": medicines,
        "fill_count": len(fills),
        "fill_cost": sum((fill.cost for fill in fills), Decimal(0)),
        "timeline": evidence_view.rows(bars_of(medicines), first, today),
        "months": evidence_view.months(first, today),
        "caption": f"Fills and how long each lasts, {short_date(first)} to {short_date(today)}",
    }


def by_drug(plan: Plan, fills: list[Fill]) -> list[Medicine]:
    """Medicines with the one filled last on top."""
    drugs = drugs_of(plan, {fill.ndc for fill in fills})
    names = dict(Prescriber.objects.filter(npi__in={fill.prescriber for fill in fills}).values_list("npi", "name"))
    found: dict[str, Medicine] = {}
    for fill in fills:
        drug = drugs[fill.ndc]
        prescriber = names.get(fill.prescriber, fill.prescriber)
        medicine = found.setdefault(drug.name, Medicine(drug.name, note_of(drug), prescriber, drug.oral))
        medicine.fills.append(fill)
    return list(found.values())


def note_of(drug: Drug) -> str:
    """What stands below the drug's name: its label, and how it is known where no directory names the code itself."""
    notes = {
        PRODUCT: f"{drug.label}, by its labeler and product code",
        BY_HAND: f"NDC {drug.ndc}, mapped by hand",
        UNMAPPED: "ingredients not known; rules cannot judge it",
    }
    return notes.get(drug.how, drug.label)


def bars_of(medicines: Iterable[Medicine]) -> list[dict[str, Any]]:
    return [
        {"drug": medicine.drug, "filled_on": fill.filled_on.isoformat(), "days_supply": fill.days_supply}
        for medicine in medicines
        for fill in reversed(medicine.fills)
    ]
