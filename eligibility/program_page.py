"""The public page of a plan year, put together from its criteria and the facts of its program; no HTML."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from accounts.models import Plan
from eligibility.models import Criteria, PhoneHours, PhoneLine, Program
from eligibility.program import lines_of
from eligibility.reasons import at_risk_in_words, days_in_force, floor_in_words, labels_of, rule_in_words, values_of
from eligibility.words import SPANISH, clock_in_words, day_in_words, day_of_year, joined, say

CMS = "https://www.cms.gov/medicare/coverage/prescription-drug-coverage-contracting/medication-therapy-management"
COMPLAINT = "https://www.medicare.gov/my/medicare-complaint"
TOLL_FREE = ("800", "833", "844", "855", "866", "877", "888")
LAST_DAY = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}


@dataclass(frozen=True)
class Block:
    """`kind` is text, bullets, links (pairs of address and words) or lines (of phone)."""

    kind: str
    items: tuple[Any, ...]


@dataclass(frozen=True)
class Section:
    id: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Line:
    """A phone line in words; `number` is empty where it stands on the member's card."""

    purpose: str
    label: str
    number: str
    tty: str
    toll_free: str
    hours: tuple[str, ...]


def text(*sentences: str) -> Block:
    return Block("text", (" ".join(sentence for sentence in sentences if sentence),))


def bullets(*items: str) -> Block:
    return Block("bullets", tuple(item for item in items if item))


def shown_years(plan: Plan) -> list[int]:
    """The plan years anyone may read, newest first: those with criteria that were in force on some day, or will be."""
    return sorted({row.plan_year for row in published(plan)}, reverse=True)


def plans_with_pages(today: date) -> list[Plan]:
    """Plans whose page of today anyone may read, by name."""
    holding = Q(criteria__published_at__isnull=False, criteria__effective__contains=today)
    return list(Plan.objects.filter(holding).distinct().order_by("name", "code"))


def published(plan: Plan) -> list[Criteria]:
    found = Criteria.objects.filter(plan=plan, published_at__isnull=False).filter(~Q(effective__isempty=True))
    return list(found.select_related("plan", "program").order_by("effective"))


def shown(plan: Plan, plan_year: int, today: date) -> Criteria | None:
    """The version in force today; of another year the one that held last, or the first that will hold."""
    day = min(max(today, date(plan_year, 1, 1)), date(plan_year, 12, 31))
    of_year = [row for row in published(plan) if row.plan_year == plan_year]
    holding = [row for row in of_year if row.effective.lower <= day < row.effective.upper]
    return next(iter(holding or of_year[:1]), None)


def page_of(criteria: Criteria, *, language: str, today: date, downloads: Mapping[str, str]) -> dict[str, Any]:
    """What the template shows. `downloads` are the addresses of the blank list and of the sample."""
    writer = Writer(criteria, language, downloads)
    return {
        "language": language,
        "title": writer.title,
        "lead": writer.say("lead", name=writer.name),
        "notice": notice(writer, today),
        "sections": writer.sections(),
        "updated": writer.say("updated", day=day_in_words(updated_on(criteria, today), language)),
    }


def notice(writer: "Writer", today: date) -> str:
    criteria, days = writer.criteria, days_in_force(writer.criteria)
    if days and today < days[0]:
        return writer.say("coming_year", day=day_in_words(days[0], writer.language))
    return writer.say("old_year") if criteria.plan_year < today.year else ""


def updated_on(criteria: Criteria, today: date) -> date:
    """The day the plan gives, else that of publishing; of a draft, which is only previewed, today."""
    said: date | None = criteria.program.updated_on
    return said or (criteria.published_at.date() if criteria.published_at else today)


class Writer:
    """Writes one page in one language: each method is a section, top down as they are read."""

    def __init__(self, criteria: Criteria, language: str, downloads: Mapping[str, str]) -> None:
        self.criteria, self.language, self.downloads = criteria, language, downloads
        self.program: Program = criteria.program
        self.lines = lines_of(self.program)

    def say(self, key: str, **names: Any) -> str:
        return say(key, self.language, **{"year": self.criteria.plan_year, **names})

    def own(self, fact: str) -> str:
        """A fact the plan gives in both languages."""
        return str(getattr(self.program, f"{fact}_es" if self.language == SPANISH else fact))

    @property
    def name(self) -> str:
        return self.own("name")

    @property
    def title(self) -> str:
        short = self.program.abbreviation
        return f"{self.name} ({short})" if short else self.name

    def sections(self) -> list[Section]:
        parts = (self.who, self.free, self.eligible, self.join, self.review, self.get, self.own_list, self.checks)
        return [part() for part in (*parts, self.leave, self.contact, self.legal)]

    def section(self, key: str, *blocks: Block | None) -> Section:
        kept = tuple(block for block in blocks if block and any(block.items))
        return Section(key.replace("_", "-"), self.say(key), kept)

    def when(self, holds: Any, key: str, **names: Any) -> str:
        return self.say(key, **names) if holds else ""

    def each(self, *keys: str) -> Block:
        return bullets(*(self.say(key) for key in keys))

    def who(self) -> Section:
        return self.section(
            "who",
            text(self.say("who_audience"), self.when(self.program.developed_with_doctors, "who_developed")),
            text(self.say("who_staff", staff=self.say(f"staff_{self.program.staff}"))),
            self.each("who_risks", "who_aware", "who_habits", "who_manage"),
        )

    def free(self) -> Section:
        p = self.program
        return self.section(
            "free",
            text(self.say("free_not_benefit"), self.when(p.in_all_drug_plans, "free_all_plans")),
            self.each("free_cost", "free_voluntary", "free_coverage"),
            text(self.say("free_advised")),
            text(
                self.say("run_sponsor", sponsor=p.sponsor),
                self.when(
                    p.pharmacy_benefit_manager, "run_pbm", pbm=p.pharmacy_benefit_manager.rstrip("."), sponsor=p.sponsor
                ),
                self.when(p.vendor, "run_vendor", vendor=p.vendor),
            ),
        )

    def eligible(self) -> Section:
        values, year = values_of(self.criteria), self.criteria.plan_year
        at_risk = at_risk_in_words(values, year, self.language)
        called = self.program.at_risk_program
        beyond = self.criteria.beyond_list == Criteria.BeyondList.CORE
        return self.section(
            "eligible",
            text(self.say("eligible_any" if at_risk else "eligible_all")),
            bullets(*rule_in_words(values, labels_of(self.criteria, self.language), self.language)),
            text(at_risk, self.when(at_risk and called, "eligible_at_risk_name", program=called)),
            text(floor_in_words(values, year, self.language)),
            text(self.when(beyond, "eligible_beyond"), self.say("eligible_cost"), self.in_force()),
            text(self.say("eligible_ask")),
        )

    def in_force(self) -> str:
        """The days, where a version does not hold for the whole year."""
        days, year = days_in_force(self.criteria), self.criteria.plan_year
        if days is None or days == (date(year, 1, 1), date(year, 12, 31)):
            return ""
        first, last = (day_in_words(day, self.language) for day in days)
        return self.say("eligible_since", first=first, last=last)

    def join(self) -> Section:
        p = self.program
        return self.section(
            "join",
            text(self.say("join_automatic"), self.say(f"join_{p.welcome_letter}")),
            text(
                self.when(p.welcome_call, "join_call"),
                self.when(p.appointment_form, "join_form"),
                self.say("join_other_ways"),
            ),
            text(self.say("join_until")),
        )

    def review(self) -> Section:
        p = self.program
        performer = self.say("performer_intern" if p.interns else "performer_pharmacist")
        ways = [self.say(f"way_{way}") for way in ("by_phone", "face_to_face", "by_video") if getattr(p, way)]
        return self.section(
            "review",
            text(self.say("review_offer"), self.say("review_time", minutes=p.slot_minutes)),
            text(self.say("review_with", performer=performer, ways=joined(ways, self.language))),
            text(self.say("review_all")),
            self.each("taken_prescriptions", "taken_otc", "taken_herbs", "taken_vitamins", "taken_samples"),
            text(self.say("review_topics")),
            self.each(*(f"topic_{one}" for one in ("safe", "side_effects", "most", "goals", "problems", "cost"))),
            text(self.say("review_why"), self.when(p.review_on_problem_call, "review_on_call")),
        )

    def get(self) -> Section:
        p = self.program
        deliver = self.say("deliver_hand" if p.hand_delivery else "deliver_mail")
        return self.section(
            "get",
            self.each("get_welcome", "get_review", "get_checks", "get_disposal"),
            text(self.say("get_packet", days=p.delivery_days, deliver=deliver)),
            bullets(
                self.say("get_summary"),
                self.say("get_action_plan", plan=self.own("action_plan_label")),
                self.say("get_list", list=self.own("medication_list_label")),
            ),
        )

    def own_list(self) -> Section:
        label = self.own("medication_list_label")
        links = [(self.downloads[kind], self.say(f"{kind}_list", list=label)) for kind in ("blank", "sample")]
        return self.section("own_list", text(self.say("own_list_text")), Block("links", tuple(links)))

    def checks(self) -> Section:
        ways = [self.say(f"channel_{channel}") for channel in self.program.channels]
        return self.section(
            "checks",
            text(self.say("checks_when"), self.say("checks_who")),
            text(self.say("checks_find")),
            self.each(*(f"find_{kind}" for kind in ("cost", "guidelines", "adherence", "safety"))),
            text(
                self.say("checks_first"),
                self.when(ways, "checks_reach", channels=joined(ways, self.language) if ways else ""),
            ),
            text(self.say("checks_decide")),
        )

    def leave(self) -> Section:
        return self.section(
            "leave",
            text(self.say("leave_tell"), self.when(self.program.appointment_form, "leave_form")),
            text(self.say("leave_review")),
            text(self.say("leave_help")),
        )

    def contact(self) -> Section:
        lines = tuple(line_in_words(line, self.language) for line in self.lines)
        return self.section("contact", text(self.say("contact_why")), Block("lines", lines))

    def legal(self) -> Section:
        links = ((COMPLAINT, self.say("legal_complaint_link")), (CMS, self.say("legal_cms_link")))
        return self.section(
            "legal",
            text(self.say("legal_complaint")),
            Block("links", links),
            *(text(self.accredited(row)) for row in self.program.accreditations.all()),
            *(text(sentence) for sentence in self.contract_statements()),
        )

    def accredited(self, row: Any) -> str:
        if row.since is None:
            return self.say("legal_accredited", body=row.body, name=row.name)
        day = day_in_words(row.since, self.language)
        return self.say("legal_accredited_since", body=row.body, name=row.name, day=day)

    def contract_statements(self) -> Iterable[str]:
        p = self.program
        entities = "; ".join(p.joint_entities)
        contracts = ", ".join(dict.fromkeys([self.criteria.plan.code, *p.contracts]))
        types = p.plan_types.replace(" and ", " y ") if self.language == SPANISH else p.plan_types
        return (
            self.when(types, "legal_contract", sponsor=p.sponsor, types=types),
            self.when(p.joint_product, "legal_joint", product=p.joint_product, entities=entities.rstrip(".")),
            self.own("disclaimer"),
            self.say("legal_contracts", contracts=contracts),
            self.when(p.material_ids, "legal_materials", ids=", ".join(p.material_ids)),
        )


def line_in_words(line: PhoneLine, language: str) -> Line:
    digits = line.number.replace("-", "").removeprefix("1")
    return Line(
        purpose=say(f"line_{line.purpose}", language),
        label=line.label,
        number=line.number,
        tty="" if line.on_card else line.tty,
        toll_free=say("line_toll_free", language) if digits.startswith(TOLL_FREE) else "",
        hours=tuple(hours_in_words(hours, line.time_zone, language) for hours in line.hours.all()),
    )


def hours_in_words(hours: PhoneHours, time_zone: str, language: str) -> str:
    zone = say(f"zone_{time_zone.partition('/')[2]}", language)
    opens, closes = (clock_in_words(at, language) for at in (hours.opens, hours.closes))
    told = say("hours", language, opens=opens, closes=closes, zone=zone)
    return f"{season(hours, language)}: {say(f'days_{hours.days}', language)}, {told}"


def season(hours: PhoneHours, language: str) -> str:
    if (hours.from_month, hours.to_month) == (1, 12):
        return say("season_all_year", language)
    last = LAST_DAY.get(hours.to_month, 31)
    first, end = day_of_year(hours.from_month, 1, language), day_of_year(hours.to_month, last, language)
    return say("season", language, first=first, last=end)
