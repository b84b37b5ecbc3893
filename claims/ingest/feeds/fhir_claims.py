"""ExplanationOfBenefit as staged rows: of a pharmacy its fills, of a medical claim its diagnoses.

Bluebutton and AB2D (STU3) tell most by extensions and codings of CMS variables; CARIN Blue Button (R4) by categories of its own.
Both are looked for wherever either puts them.
"""

from collections.abc import Iterator
from typing import Any

from claims.ingest.fhir import Resource, at, codes, codings, day, each, extension, last_part, referenced, text
from claims.ingest.layout import Kind, joined

Row = dict[str, str]

PHARMACY = {"pharmacy", "PDE"}
# Claim types of which one claim counts as a stay (CCW): inpatient, skilled nursing, home health.
STAYS = {"INPATIENT", "SNF", "HHA"}
WITHDRAWN = {"cancelled", "entered-in-error"}
# Of related claims: those that this one replaces, and one that replaces it (FHIR, CARIN).
REPLACING, REPLACED = {"prior", "replaces"}, {"replacedby"}
PRESCRIBERS = ("prescribing", "prescriber", "primary")
COST, PATIENT_PAY = {"drugcost", "tot_rx_cst_amt"}, {"paidbypatient", "ptnt_pay_amt"}


def claim_rows(eob: Resource) -> tuple[Kind, list[Row]] | str:
    """The kind and rows of a claim, or why it gives none."""
    if text(eob.get("status")) == "draft":
        return "a draft of a claim"
    if text(eob.get("use")) not in ("", "claim", "complete"):
        return "not a claim but what one would cost"
    if PHARMACY & codes(eob.get("type")):
        fills = [*fills_of(eob), *replaced(eob)] or list(withdrawn(eob))
        return (Kind.FILLS, fills) if fills else "no drug in it"
    return Kind.DIAGNOSES, list(diagnoses_of(eob))


def fills_of(eob: Resource) -> Iterator[Row]:
    """A row a drug; the second and later drugs of one claim get its number with theirs."""
    told = Told(eob)
    for place, item in enumerate(items_of(eob)):
        yield {
            "source_id": referenced(eob.get("patient")),
            "claim_id": numbered(told.claim, place),
            "filled_on": told.day_of(item),
            "ndc": ndc(item),
            "quantity": text(at(item, "quantity", "value")),
            "days_supply": told.quantity(item, "days_suply_num", "dayssupply"),
            "fill_number": told.quantity(item, "fill_num", "refillnum"),
            "cost": amount(item.get("adjudication"), COST) or (amount(eob.get("total"), COST) if place == 0 else ""),
            "patient_pay": amount(item.get("adjudication"), PATIENT_PAY),
            "coverage": told.variable("drug_cvrg_stus_cd"),
            "compound": "1" if told.is_compound(item) else "",
            "dispensing": told.variable("dspnsng_stus_cd"),
            "brand": told.variable("brnd_gnrc_cd"),
            "rx_number": told.numbers.get("rx_srvc_rfrnc_num", ""),
            "prescriber": prescriber(eob),
            "pharmacy": provider(eob.get("facility"))
            or provider(eob.get("organization"))
            or provider(eob.get("provider")),
            "processed_on": day(at(eob, "payment", "date")),
            "action": told.action,
            "final": told.final,
        }


def numbered(claim: str, place: int) -> str:
    return claim if place == 0 else f"{claim}-{place + 1}"


def withdrawn(eob: Resource) -> Iterator[Row]:
    """A claim that is taken back need not say again what was dispensed."""
    told = Told(eob)
    if told.action == "delete" and told.claim:
        yield {
            "source_id": referenced(eob.get("patient")),
            "claim_id": told.claim,
            "processed_on": day(at(eob, "payment", "date")),
            "action": "delete",
        }


def replaced(eob: Resource) -> Iterator[Row]:
    """Deletions of the claims in whose place this one stands, or stood until it was replaced; whichever comes first."""
    told = Told(eob)
    if told.is_withdrawn:
        return
    for number in prior_numbers(eob):
        # A version that keeps the number of its claim names itself; it is an adjustment.
        for place in range(len(items_of(eob))) if number != told.claim else ():
            yield {
                "source_id": referenced(eob.get("patient")),
                "claim_id": numbered(number, place),
                "processed_on": day(at(eob, "payment", "date")),
                "action": "delete",
            }


def prior(eob: Resource) -> list[Resource]:
    """The related claims that are named as those which this one replaces."""
    return [
        related
        for related in each(eob.get("related"))
        if REPLACING & codes(related.get("relationship")) and (number_of(related) or reference_of(related))
    ]


def prior_numbers(eob: Resource) -> list[str]:
    return [number_of(related) or reference_of(related) for related in prior(eob)]


def number_of(related: Resource) -> str:
    return text(at(related, "reference", "value")) or text(at(related, "claim", "identifier", "value"))


def reference_of(related: Resource) -> str:
    return last_part(text(at(related, "claim", "reference")))


def has_prior_by_id(eob: Resource) -> bool:
    """Whether it replaces a claim that is named only by the id of its resource."""
    return bool(PHARMACY & codes(eob.get("type"))) and not all(map(number_of, prior(eob)))


def is_withdrawn_without_drugs(eob: Resource) -> bool:
    """Whether it does not say how many drugs it takes back: second and later ones are known by numbers of their own."""
    return bool(PHARMACY & codes(eob.get("type"))) and not items_of(eob) and Told(eob).action == "delete"


def items_of(eob: Resource) -> list[Resource]:
    """The drugs of a claim; what stands among them and is none is an empty one, to be counted and rejected."""
    found = eob.get("item")
    return [item if isinstance(item, dict) else {} for item in found] if isinstance(found, list) else each(found)


def diagnoses_of(eob: Resource) -> Iterator[Row]:
    """A row a code system; a claim without a code gives one row that says so."""
    told = Told(eob)
    by_system: dict[str, list[str]] = {}
    for diagnosis in each(eob.get("diagnosis")):
        for system, code in codings(diagnosis.get("diagnosisCodeableConcept")):
            if "icd-9" in system or "icd-10" in system:
                by_system.setdefault("9" if "icd-9" in system else "10", []).append(code)
    kinds = codes(eob.get("type"))
    stay = bool(kinds & STAYS) if any(code.isupper() for code in kinds) else "inpatient" in codes(eob.get("subType"))
    for system, found in (by_system or {"10": []}).items():
        yield {
            "source_id": referenced(eob.get("patient")),
            "claim_id": told.numbers.get("clm_id") or told.first_number,
            "diagnosed_on": day(at(eob, "billablePeriod", "start")),
            "system": system,
            "codes": joined(found),
            "inpatient": "1" if stay else "",
            "action": "delete" if told.action == "delete" else "not final" if told.final else "",
        }


class Told:
    """What a claim says beside its drugs: numbers, and the CMS variables among its information."""

    def __init__(self, eob: Resource) -> None:
        self.eob = eob
        self.information = each(eob.get("information")) + each(eob.get("supportingInfo"))
        named = [
            (last_part(text(found.get("system"))), text(found.get("value"))) for found in each(eob.get("identifier"))
        ]
        self.numbers = {name: value for name, value in named if value}
        self.first_number = next(iter(self.numbers.values()), "") or text(eob.get("id"))

    @property
    def claim(self) -> str:
        """The number that all versions of a pharmacy claim share."""
        return self.numbers.get("claim-group") or self.numbers.get("pde_id") or self.first_number

    def variable(self, name: str) -> str:
        """The code of a CMS variable."""
        for found in self.information:
            for system, code in codings(found.get("code")):
                if last_part(system) == name:
                    return code
        return ""

    def quantity(self, item: Resource, variable: str, category: str) -> str:
        """A number, from the extension of STU3 or the information of R4."""
        found = text(at(extension(item.get("quantity"), variable), "valueQuantity", "value"))
        return found or next(
            (
                text(at(info, "valueQuantity", "value"))
                for info in self.information
                if category in codes(info.get("category"))
            ),
            "",
        )

    def day_of(self, item: Resource) -> str:
        served = day(item.get("servicedDate")) or day(at(item, "servicedPeriod", "start"))
        return served or day(at(self.eob, "billablePeriod", "start"))

    def is_compound(self, item: Resource) -> bool:
        given = codes([info.get("code") for info in self.information if "compoundcode" in codes(info.get("category"))])
        kinds = codes([detail.get("type") for detail in each(item.get("detail"))])
        return self.variable("cmpnd_cd") == "2" or bool(given & {"2", "RXCINV"}) or "RXCINV" in kinds

    @property
    def action(self) -> str:
        if self.is_withdrawn or self.is_replaced:
            return "delete"
        is_adjusted = self.variable("adjstmt_dltn_cd") == "A" or self.claim in prior_numbers(self.eob)
        return "adjust" if is_adjusted else ""

    @property
    def is_withdrawn(self) -> bool:
        return self.variable("adjstmt_dltn_cd") == "D" or text(self.eob.get("status")) in WITHDRAWN

    @property
    def is_replaced(self) -> bool:
        return any(REPLACED & codes(related.get("relationship")) for related in each(self.eob.get("related")))

    @property
    def final(self) -> str:
        return "N" if text(at(extension(self.eob, "final_action"), "valueCoding", "code")) == "N" else ""


def ndc(item: Resource) -> str:
    """The drug's code; of a compound the one of its first part."""
    parts = [item, *each(item.get("detail"))]
    for part in parts:
        for system, code in [*codings(part.get("service")), *codings(part.get("productOrService"))]:
            if last_part(system) == "ndc":
                return in_eleven(code)
    return ""


def in_eleven(code: str) -> str:
    """Labeler, product and package padded to five, four and two digits; a code without dashes as it is."""
    parts = code.split("-")
    if len(parts) != 3:
        return code
    return "".join(part.zfill(size) for part, size in zip(parts, (5, 4, 2), strict=True))


def amount(adjudications: Any, wanted: set[str]) -> str:
    for found in each(adjudications):
        if wanted & {last_part(code) for code in codes(found.get("category"))}:
            return text(at(found, "amount", "value"))
    return ""


def prescriber(eob: Resource) -> str:
    team = each(eob.get("careTeam"))
    for role in PRESCRIBERS:
        for member in team:
            if role in codes(member.get("role")) and (number := provider(member.get("provider"))):
                return number
    return ""


def provider(value: Any) -> str:
    return text(at(value, "identifier", "value"))
