"""README.txt of a run: that it is synthetic, how it was made, and how much there is."""

from mtm.generator.days import Period
from mtm.generator.edges import EDGES
from mtm.generator.files import MARK

TEXT = f"""\
SYNTHETIC DATA, made by the MTM project's generator. It describes no person.

Layout: CCW Research Identifiable Files (pipe, header, DD-Mon-YYYY) for beneficiary_*, pde, carrier, outpatient and inpatient;
comma-separated with ISO dates for at_risk, prescribers, pharmacies and ndc_directory.

How to tell: member ids are negative; Medicare numbers have a letter S, L or Z, which real ones never have; NPIs fail their
check digit; NDC labelers are 99990 to 99999 and every product name begins with (synthetic); contracts begin with Z unless
another was asked for; every row of at_risk, prescribers and pharmacies ends with "{MARK}"; telephone
numbers are 1-800-555-01xx; names and streets are of plants and patterns.

Ingredient names and RxCUIs are real (RxNorm, courtesy of the U.S. National Library of Medicine, which does not endorse this).
Prices and shares follow published figures; no claim is anyone's.
"""


def text(members: int, period: Period, seed: int, rows: dict[str, int]) -> str:
    years = f"{period.years[0]}-{period.years[-1]}" if len(period.years) > 1 else str(period.years[0])
    lines = [
        TEXT,
        f"manage.py generate --members {members} --years {years} --seed {seed} --through {period.through}",
        "",
        *(f"{name:24} {count:>12,} rows" for name, count in sorted(rows.items())),
        "",
        "The first members each show one thing (mtm/generator/edges.py):",
        *(f"{number:4} {name}" for number, name in enumerate(EDGES, 1) if number <= members),
    ]
    return "\n".join(lines) + "\n"
