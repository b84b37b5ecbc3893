"""Real claim files, loaded once, every record accounted for."""

from datetime import date

from accounts.models import Plan
from claims.models import Diagnosis, Fill
from eligibility.determination import counts
from eligibility.rules import from_preset, without_directory
from members.models import CoverageSpan, Member
from tests.claims.loading import DATA, load_files, real_files


@real_files
def test_desynpuf_loads_once_and_decides_as_counted_independently(plan: Plan) -> None:
    """The eligible members of each year were counted by another program (13 / 18 / 2, 14 / 18 / 5, 8 / 10 / 1)."""
    first = load_files(plan, "desynpuf", DATA / "desynpuf")
    assert sum(file.accepted for file in first if file.kind == "fills") == 22_474
    assert Fill.objects.filter(plan=plan).count() == 22_474
    before = Diagnosis.objects.count(), CoverageSpan.objects.count(), Member.objects.count()
    again = load_files(plan, "desynpuf", DATA / "desynpuf")
    assert sum(file.accepted for file in again) == 0
    assert (Diagnosis.objects.count(), CoverageSpan.objects.count(), Member.objects.count()) == before
    found = {
        preset: [
            counts(plan=plan, rules=without_directory(from_preset(preset)), as_of=date(year, 12, 31))["eligible"]
            for year in (2008, 2009, 2010)
        ]
        for preset in ("bcbsma-2023", "bcbsma-2022", "esi-2024")
    }
    assert found == {"bcbsma-2023": [13, 18, 2], "bcbsma-2022": [14, 18, 5], "esi-2024": [8, 10, 1]}


@real_files
def test_rif_loads_once(plan: Plan) -> None:
    first = load_files(plan, "rif", DATA / "rif-synthea")
    by_name = {file.name: (file.received, file.accepted, file.duplicate, file.rejected) for file in first}
    assert by_name["pde.csv"] == (984, 984, 0, 0)
    assert by_name["carrier.csv"] == (1997, 179, 1818, 0)  # lines of 179 claims
    assert Member.objects.filter(plan=plan).count() == 20
    assert CoverageSpan.objects.filter(plan=plan).exists()
    assert sum(file.accepted for file in load_files(plan, "rif", DATA / "rif-synthea")) == 0


@real_files
def test_one_row_of_each_rif_type_loads_with_its_odd_ends(plan: Plan) -> None:
    """A byte order mark, lines that end with a delimiter, a last line without a break, a code of zeros."""
    loaded = load_files(plan, "rif", DATA / "rif-static", unended=True)
    assert [(file.received, file.accepted) for file in loaded] == [(3, 3), (1, 1), (1, 1), (1, 1), (1, 1), (1, 0)]
    assert loaded[-1].rejected_by_reason == {"no valid NDC": 1}
    assert str(loaded[-1].rejected_cost) == "550.00"
