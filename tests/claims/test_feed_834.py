"""X12 834 enrollment: the samples of others, maintenance in any order, and broken interchanges."""

from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from accounts.models import Plan
from claims.ingest.problems import FileProblem
from claims.models import LoadFile
from members.models import CoverageSpan, Member, MemberSpan
from tests.claims.loading import DATA, known_of_members, load, real_files


def interchange(*members: str, day: str = "20260110", number: int = 1) -> str:
    """A file with these members; each is its segments, parted by a line feed."""
    inner = [line.strip() for member in members for line in member.strip().splitlines()]
    control = f"{number:09}"
    segments = [
        f"ISA*00*          *00*          *ZZ*SENDER         *ZZ*PLAN           *{day[2:]}*1200*^*00501*{control}*0*P*:",
        f"GS*BE*SENDER*PLAN*{day}*1200*{number}*X*005010X220A1",
        "ST*834*0001*005010X220A1",
        f"BGN*00*1*{day}*1200****2",
        *inner,
        f"SE*{len(inner) + 3}*0001",
        f"GE*1*{number}",
        f"IEA*1*{control}",
    ]
    return "~\n".join(segments) + "~\n"


def pearl(kind: str, *coverage: str, more: str = "") -> str:
    return "\n".join([f"INS*Y*18*{kind}**A***AC", "REF*0F*M1", more, "NM1*IL*1*Maple*Pearl", *coverage]).replace(
        "\n\n", "\n"
    )


ADDED = interchange(pearl("021", "HD*021**HLT", "DTP*348*D8*20260101", more="REF*F6*1s00-zz0-0100"), day="20260105")
CHANGED = interchange(
    pearl("001", "HD*001**HLT", "DTP*348*D8*20260101", more="REF*DX*H0001;002;20260101;;;"), day="20260210"
)
ENDED = interchange(pearl("024", "HD*024**HLT", "DTP*349*D8*20260331"), day="20260320")
BACK = interchange(pearl("025", "HD*025**HLT", "DTP*348*D8*20260601"), day="20260520")


def load_834(plan: Plan, folder: Path, *texts: str) -> dict[str, LoadFile]:
    folder.mkdir(exist_ok=True)
    for place, text in enumerate(texts):
        (folder / f"{place}.834").write_text(text)
    return load(plan, "834", folder)


def coverage() -> list[tuple[str, str]]:
    return [
        (str(span.period), f"{span.contract} {span.pbp}".strip()) for span in CoverageSpan.objects.order_by("period")
    ]


@real_files
def test_the_six_samples_load_and_what_they_lack_is_said(plan: Plan) -> None:
    files = load(plan, "834", DATA / "x12-834")
    counted = {name[-6:-4]: (file.received, file.accepted, file.rejected) for name, file in files.items()}
    assert counted["01"] == (5, 5, 0)
    assert [counted[name] for name in ("02", "03", "04", "05")] == [(1, 1, 0)] * 4
    assert counted["06"] == (2, 2, 0)
    assert Member.objects.count() == 8
    left_out = {(found["name"], found["count"]) for found in files["sample_834_06.txt"].findings}
    assert left_out == {("a birth date that is no date", 2), ("a phone number that is none", 2)}
    [miscounted] = files["sample_834_01.txt"].findings
    assert (miscounted["name"], miscounted["count"]) == ("wrong count of segments", 1)
    assert "(SE) at segment 69 count" in miscounted["text"]


@real_files
def test_the_samples_give_coverage_contract_subsidy_and_numbers(plan: Plan) -> None:
    load(plan, "834", DATA / "x12-834")
    ended = Member.objects.get(source_id="MBR003")
    assert [str(span.period) for span in ended.coverage.all()] == ["[2022-01-01, 2025-03-01)"]
    deemed = MemberSpan.objects.filter(kind="low_income").values_list("member__source_id", "level")
    assert set(deemed) == {("MBR001", "QMBPLUS"), ("MBR003", "SLMBPLUS")}
    several = Member.objects.get(source_id="randomMemberId")
    # One file says January, the next ones August and October, and the last that nothing holds after September.
    assert [(str(span.period), span.contract, span.pbp) for span in several.coverage.order_by("period")] == [
        ("[2025-01-01, 2025-02-01)", "", ""),
        ("[2025-08-01, 2025-09-01)", "H9999", "006"),
    ]
    assert set(several.identifiers.filter(kind="mbi").values_list("value", flat=True)) == {"RANDOMMBI", "RANDOMID2"}
    assert several.language == "es"


@real_files
def test_the_samples_give_the_same_again_and_in_any_order(plan: Plan, other_plan: Plan) -> None:
    load(plan, "834", DATA / "x12-834")
    again = load(plan, "834", DATA / "x12-834", unended=True)
    assert sum(file.accepted for file in again.values()) == 0
    for path in sorted((DATA / "x12-834").iterdir(), reverse=True):
        load(other_plan, "834", path)
    assert known_of_members(plan) == known_of_members(other_plan)


@pytest.mark.parametrize("order", list(permutations(range(4)))[::4])
def test_enrollment_is_the_same_in_whatever_order_the_files_arrive(
    plan: Plan, tmp_path: Path, order: tuple[int, ...]
) -> None:
    files = [ADDED, CHANGED, ENDED, BACK]
    for place in order:
        load_834(plan, tmp_path / str(place), files[place])
    assert coverage() == [("[2026-01-01, 2026-04-01)", "H0001 002"), ("[2026-06-01, None)", "")]
    assert Member.objects.get().mbi == "1S00ZZ00100"


def test_a_full_file_adds_nothing_to_what_is_known(plan: Plan, tmp_path: Path) -> None:
    load_834(plan, tmp_path / "a", ADDED)
    full = interchange(pearl("030", "HD*030**HLT", "DTP*348*D8*20260101"), day="20260105")
    [file] = load_834(plan, tmp_path / "b", full).values()
    assert (file.accepted, file.duplicate) == (0, 1)


def test_a_cancelled_coverage_was_never_there(plan: Plan, tmp_path: Path) -> None:
    cancelled = interchange(pearl("001", "HD*002**HLT", "DTP*348*D8*20260101"), day="20260301")
    load_834(plan, tmp_path, ADDED, cancelled)
    assert coverage() == []


def test_a_member_as_the_guide_has_one(plan: Plan, tmp_path: Path) -> None:
    member = """
        INS*Y*18*021*20*A*E**AC***D8*20260215
        REF*0F*M1
        REF*1L*GROUP7
        REF*Q4*OLD1
        NM1*74*1*Maple*Pearl*Q***34*999999999
        PER*IP**HP*8005550111*EM*pearl@example.org
        N3*1 Sample Street*Apartment 2
        N4*Springfield*MA*01101
        DMG*D8*19500517*F
        LUI*LE*ES**7
        NM1*70*1*Mapel*Perl
        NM1*31*1
        N3*PO Box 9
        N4*Riverton*MA*02101
        NM1*QD*1*Maple*Fern
        PER*RP**TE*8005550999
        HD*021**PDG*PLAN
        DTP*348*RD8*20260101-20261231
        REF*CE*x
        HD*021**DEN*SMILE
        DTP*348*D8*20250101
    """
    load_834(plan, tmp_path, interchange(member))
    found = Member.objects.get()
    assert (found.name, found.birth_date, found.death_date) == ("Pearl Maple", date(1950, 5, 17), date(2026, 2, 15))
    assert (found.phone, found.email, found.language, found.sex) == ("8005550111", "pearl@example.org", "es", "F")
    assert (found.address, found.city, found.postal_code) == ("PO Box 9", "Riverton", "02101")
    assert set(found.identifiers.values_list("kind", "value")) == {("number", "M1"), ("former", "OLD1")}
    assert coverage() == [("[2026-01-01, None)", "")]


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (pearl("999"), "no known maintenance type (INS03)"),
        (pearl("002"), "deletion of a member"),
        (pearl("024", "HD*024**HLT"), "no valid last day"),
        (pearl("021", "HD*021**HLT", "DTP*348*D8*20261399"), "no valid first day"),
        ("INS*Y*18*021**A***AC\nNM1*IL*1*Maple", "no member number"),
    ],
)
def test_what_cannot_be_used_is_rejected_with_its_segments(
    plan: Plan, tmp_path: Path, member: str, reason: str
) -> None:
    good = pearl("021").replace("0F*M1", "0F*M2")
    [file] = load_834(plan, tmp_path, interchange(member, good)).values()
    assert (file.accepted, file.rejected_by_reason) == (1, {reason: 1})
    row = file.rejected_rows.get()
    assert (row.line, row.raw.startswith("INS*Y*18*")) == (5, True)


def test_a_wrong_count_of_segments_is_a_finding_and_no_record(plan: Plan, tmp_path: Path) -> None:
    [file] = load_834(plan, tmp_path, ADDED.replace("SE*9*", "SE*12*")).values()
    assert (file.received, file.accepted, file.rejected) == (1, 1, 0)
    assert [(found["name"], found["count"]) for found in file.findings] == [("wrong count of segments", 1)]


BROKEN = {
    "cut off": (ADDED[: ADDED.index("GE*1")], "segment 11: a group has no end (GE)"),
    "cut inside a segment": (ADDED[: ADDED.index("HD*") + 5], "segment 9: the segment is cut off"),
    "another kind": (ADDED.replace("ST*834", "ST*837"), "segment 3: this is a transaction set 837, not an 834"),
    "another version": (
        ADDED.replace("005010X220A1", "005010X222A1"),
        "segment 2: the group is of version 005010X222A1",
    ),
    "no X12": ("member_number\nM1\n", "segment 1: the file does not begin with a whole ISA segment"),
    "empty": ("", "segment 1: the file does not begin with a whole ISA segment"),
    "control numbers": (
        ADDED.replace("IEA*1*000000001", "IEA*1*000000002"),
        "segment 13: the interchange ends (IEA02)",
    ),
    "counts": (ADDED.replace("GE*1*1", "GE*2*1"), "segment 12: the group (GE01) counts another number"),
    "no segment": (ADDED.replace("REF*0F", "ref*0F"), "segment 6: this is no segment"),
    "an end alone": (ADDED + "SE*1*0001~\n", "segment 14: an end (SE, GE or IEA) without its beginning"),
    "an empty segment": (
        ADDED.replace("REF*0F*M1~", "REF*0F*M1~~"),
        "segment 7: the segment is cut off, or an empty one stands before it",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_interchange_gets_one_sentence_with_the_segment_and_leaves_nothing(
    plan: Plan, tmp_path: Path, case: str
) -> None:
    text, words = BROKEN[case]
    with pytest.raises(FileProblem) as refused:
        load_834(plan, tmp_path, text)
    said = str(refused.value)
    assert said.startswith("0.834, segment ")
    assert words in said
    assert "Maple" not in said
    assert not Member.objects.exists()


def test_a_byte_order_mark_is_passed_over_and_said(plan: Plan, tmp_path: Path) -> None:
    load_834(plan, tmp_path, "\ufeff" + ADDED)
    assert Member.objects.count() == 1
    assert "byte order mark" in {found["name"] for found in LoadFile.objects.get().findings}


def test_a_nul_byte_is_said(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="there is a NUL byte"):
        load_834(plan, tmp_path, ADDED.replace("Maple", "Ma\0ple"))


def test_bytes_of_another_encoding_are_said(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "0.834").write_bytes(ADDED.replace("Maple", "Mu\xf1oz").encode("cp1252"))
    with pytest.raises(FileProblem, match="a byte is not utf-8"):
        load(plan, "834", tmp_path)
