"""What the segments of one member of an 834 become: staged rows of the member, their numbers, coverage and subsidy.

Element places are those of the implementation guide 005010X220A1; the REF*DX of state agencies carries the Medicare
contract and benefit package.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from claims.ingest.layout import Kind
from claims.ingest.x12 import Segment

Row = dict[str, str]

# Maintenance types (INS03, HD01).
CANCELLED, TERMINATED = "002", "024"
MAINTENANCE = {"001", CANCELLED, "021", TERMINATED, "025", "026", "030", "032"}
DAY = re.compile(r"\d{8}")
# Numbers of one member; those of a group, a case or a family are none. A number may be Social Security's: never that.
NUMBERS = {"F6": "mbi", "Q4": "former", "1D": "other", "23": "other", "4A": "other"}
NUMBER = re.compile(r"[A-Za-z0-9-]{3,40}")
LONGEST_MBI = 11
SHORTEST_PHONE = 7
PHONES = ("HP", "TE", "CP", "WP")
# LUI of NISO Z39.53 (LD) where it differs from the two letters of ISO 639.
LANGUAGES = {
    **{"ENG": "en", "SPA": "es", "CHI": "zh", "VIE": "vi", "KOR": "ko", "TAG": "tl", "TGL": "tl", "RUS": "ru"},
    **{"ARM": "hy", "PER": "fa", "ARA": "ar", "CAM": "km", "HMN": "hmn", "JPN": "ja", "POR": "pt", "FRE": "fr"},
    **{"HAT": "ht", "POL": "pl", "ITA": "it", "GER": "de", "HIN": "hi", "PAN": "pa", "URD": "ur", "GUJ": "gu"},
}
# Coverage that includes drugs (HD03); prescription drugs alone are named where others stand beside them.
DRUGS = "PDG"
COVERED = {DRUGS, "HLT", "HMO", "PPO", "POS", "EPO", "MM", "LTC"}
# Medicaid or Medicare savings programs (REF*ABB): who has one is deemed eligible for the subsidy (42 CFR 423.773(c)).
DEEMED = {"QMB", "QMBPLUS", "SLMB", "SLMBPLUS", "QI", "QI1", "FBDE"}
CONTRACT, PACKAGE = re.compile(r"[A-Z]\d{4}"), re.compile(r"\d{3}")


@dataclass
class Record:
    """The segments from one INS to the next, with the day the file was written."""

    number: int
    as_of: str
    segments: list[Segment]


@dataclass
class Staged:
    rows: dict[Kind, list[Row]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    reason: str = ""


def staged(record: Record) -> Staged:
    member = Member(record)
    found = Staged()
    if member.maintenance not in MAINTENANCE:
        found.reason = "no known maintenance type (INS03)"
    elif member.maintenance == CANCELLED and not member.coverages:
        found.reason = "deletion of a member"
    else:
        found.rows = {
            Kind.MEMBERS: [member.facts(found.left_out)],
            Kind.IDENTIFIERS: list(member.numbers(found.left_out)),
            Kind.COVERAGE: list(member.coverage()),
            Kind.SPANS: list(member.subsidy()),
        }
    return found


class Member:
    """One member's segments by loop: those of the member, and those of each coverage (HD)."""

    def __init__(self, record: Record) -> None:
        self.record, self.ins = record, record.segments[0]
        self.own: list[Segment] = []
        self.coverages: list[list[Segment]] = []
        for segment in record.segments:
            if segment.name == "HD":
                self.coverages.append([segment])
            elif self.coverages:
                self.coverages[-1].append(segment)
            else:
                self.own.append(segment)

    @property
    def maintenance(self) -> str:
        return self.ins[3]

    @property
    def source_id(self) -> str:
        """The subscriber's number; of a dependent, or where it is missing, the one with the name."""
        subscriber, named = self.ref("0F"), self.named_number
        return (named or subscriber) if self.ins[1] == "N" else (subscriber or named)

    @property
    def named_number(self) -> str:
        person = self.person("IL", "74")
        return person[9] if person and person[8] in ("MI", "ZZ") else ""

    def told(self) -> Row:
        return {"source_id": self.source_id, "as_of": self.record.as_of}

    def ref(self, qualifier: str) -> str:
        return next((segment[2] for segment in self.own if segment.name == "REF" and segment[1] == qualifier), "")

    def person(self, *kinds: str) -> Segment | None:
        """The name loop (NM1) of the first of the kinds that is there; a corrected name (74) is the member's."""
        return next((s for kind in kinds for s in self.own if s.name == "NM1" and s[1] == kind), None)

    def within(self, person: Segment | None, name: str) -> Segment | None:
        """The first segment of that name in the loop of the person."""
        if person is None:
            return None
        loop = self.own[self.own.index(person) + 1 :]
        for segment in loop:
            if segment.name == "NM1":
                return None
            if segment.name == name:
                return segment
        return None

    def facts(self, left_out: list[str]) -> Row:
        person = self.person("74", "IL")
        # The demographics stand under the name as it was, if a corrected one stands before it.
        born = self.within(person, "DMG") or self.within(self.person("IL"), "DMG")
        row = self.told() | self.address() | self.contacts(left_out) | {"language": self.language()}
        if person:
            row |= {"last_name": person[3], "first_name": person[4]}
        if born:
            row |= {"birth_date": day(born[2], "birth date", left_out), "sex": born[3] if born[3] in ("F", "M") else ""}
        if self.ins[12]:
            row["death_date"] = day(self.ins[12], "date of death", left_out)
        return row

    def address(self) -> Row:
        """The mailing address where one is given beside the residence: letters go there."""
        for person in (self.person("31"), self.person("74", "IL"), self.person("IL")):
            street, town = self.within(person, "N3"), self.within(person, "N4")
            if street or town:
                lines = " ".join(filter(None, (street[1], street[2]))) if street else ""
                return {"address": lines} | (
                    {"city": town[1], "state": town[2], "postal_code": town[3]} if town else {}
                )
        return {}

    def contacts(self, left_out: list[str]) -> Row:
        reached = self.within(self.person("74", "IL"), "PER") or self.within(self.person("IL"), "PER")
        if reached is None:
            return {}
        pairs = {reached[place]: reached[place + 1] for place in (3, 5, 7) if reached[place]}
        phone = next((pairs[kind] for kind in PHONES if kind in pairs), "")
        if phone and sum(letter.isdigit() for letter in phone) < SHORTEST_PHONE:
            left_out.append("a phone number that is none")
            phone = ""
        return {"phone": phone, "email": pairs.get("EM", "")}

    def language(self) -> str:
        spoken = [s for s in self.own if s.name == "LUI"]
        # 7 is the language spoken; without it, whichever is given.
        chosen = next((s for s in spoken if s[4] == "7"), spoken[0] if spoken else None)
        if chosen is None:
            return ""
        return LANGUAGES.get(chosen[2].upper(), chosen[2].lower())

    def numbers(self, left_out: list[str]) -> Iterator[Row]:
        given = [(NUMBERS[s[1]], s[2]) for s in self.own if s.name == "REF" and s[1] in NUMBERS]
        named = self.named_number
        for kind, value in given + ([("other", named)] if named and named != self.source_id else []):
            if kind == "mbi" and len(value.replace("-", "")) > LONGEST_MBI:
                left_out.append("a Medicare number that is too long")
            elif NUMBER.fullmatch(value) and value != self.source_id:
                yield self.told() | {"kind": kind, "value": value}

    def coverage(self) -> Iterator[Row]:
        chosen = [c for c in self.coverages if c[0][3] in COVERED]
        drugs = [c for c in chosen if c[0][3] == DRUGS]
        for coverage in drugs or chosen:
            yield from self.periods(coverage)
        if not chosen and self.maintenance == TERMINATED:
            yield self.told() | {"ends_on": date_of(self.own, "357", "349", "303"), "action": "end"}

    def periods(self, coverage: list[Segment]) -> Iterator[Row]:
        """A coverage as a period; what is terminated, or ends before it starts, also ends whatever came before."""
        kind = coverage[0][1] or self.maintenance
        first, last = date_of(coverage, "348"), date_of(coverage, "349")
        if kind == TERMINATED:
            last = last or date_of(self.own, "357", "303")
        void = bool(first and last and last < first)
        if kind == CANCELLED:
            yield self.told() | {"starts_on": first, "action": "delete"}
        elif not void and (first or kind != TERMINATED):
            yield self.told() | self.contract() | {"starts_on": first, "ends_on": last}
        if kind == TERMINATED or (void and kind != CANCELLED):
            yield self.told() | {"ends_on": last, "action": "end"}

    def contract(self) -> Row:
        """The Medicare contract: the drug plan's where REF*DX names one, else the health plan's."""
        parts = [part.strip() for part in self.ref("DX").split(";")] + [""] * 6
        for contract, package in ((parts[3], parts[4]), (parts[0], parts[1])):
            if CONTRACT.fullmatch(contract):
                return {"contract": contract, "pbp": package if PACKAGE.fullmatch(package) else ""}
        return {}

    def subsidy(self) -> Iterator[Row]:
        level = self.ref("ABB").upper()
        if level in DEEMED:
            for row in self.coverage():
                if not row.get("action"):
                    period = {name: row[name] for name in ("starts_on", "ends_on")}
                    yield self.told() | period | {"kind": "low_income", "level": level}


def date_of(segments: list[Segment], *qualifiers: str) -> str:
    """The date (DTP) of the first of the qualifiers that is there; of a range its first or, for an end, its last day."""
    for qualifier in qualifiers:
        for segment in segments:
            if segment.name == "DTP" and segment[1] == qualifier:
                return segment[3].split("-")[-1 if qualifier in ("349", "357") else 0]
    return ""


def day(text: str, what: str, left_out: list[str]) -> str:
    if DAY.fullmatch(text):
        return text
    left_out.append(f"a {what} that is no date")
    return ""
