"""Made-up members, prescribers and staff. Medicare numbers hold a letter that real ones never do, so none can be real."""

from datetime import date, timedelta
from random import Random

FIRST = {
    "F": [
        "Adele",
        "Beatriz",
        "Carmen",
        "Dolores",
        "Edith",
        "Fern",
        "Gloria",
        "Hazel",
        "Inez",
        "June",
        "Kiko",
        "Leona",
        "Maude",
        "Nell",
        "Opal",
        "Pearl",
        "Ruth",
        "Sylvia",
        "Tomasa",
        "Vera",
    ],
    "M": [
        "Abel",
        "Bruno",
        "Cyrus",
        "Dewey",
        "Ellis",
        "Floyd",
        "Gus",
        "Homer",
        "Ivan",
        "Jules",
        "Kermit",
        "Lloyd",
        "Milton",
        "Norris",
        "Otis",
        "Percy",
        "Rufus",
        "Silas",
        "Tito",
        "Virgil",
    ],
}
LAST = [
    "Alder",
    "Birch",
    "Cedar",
    "Dogwood",
    "Elmwood",
    "Firth",
    "Gorse",
    "Hawthorn",
    "Ivy",
    "Juniper",
    "Kestrel",
    "Linden",
    "Maple",
    "Nettle",
    "Oakley",
    "Poplar",
    "Quince",
    "Rowan",
    "Sorrel",
    "Thistle",
    "Umber",
    "Vetch",
    "Willow",
    "Yarrow",
    "Zinnia",
    "Ashgrove",
    "Brambly",
    "Cloverly",
    "Dunmore",
    "Eastfield",
]
TOWNS = [
    ("Springfield", "MA", "01101"),
    ("Riverton", "MA", "02101"),
    ("Lakeside", "MI", "48201"),
    ("Milltown", "MI", "48911"),
]
STREETS = ["Sample Street", "Example Avenue", "Specimen Road", "Pattern Lane", "Model Court"]

STAFF = (
    ("pharmacist", "Demo Pharmacist", "PharmD"),
    ("intern", "Demo Intern", ""),
    ("scheduler", "Demo Scheduler", ""),
    ("administrator", "Demo Administrator", ""),
    ("auditor", "Demo Auditor", ""),
)
PASSWORD = "synthetic-demo-only"
PRESCRIBERS = tuple((f"{1999999000 + n}", f"Dr. {name}") for n, name in enumerate(LAST[:24]))


def email(role: str) -> str:
    return f"{role}@demo.example"


def member(number: int, random: Random, today: date) -> tuple[object, ...]:
    """One row for stage_members: see claims.ingest.layout.STAGED."""
    sex = random.choice("FM")
    town, state, postal_code = random.choice(TOWNS)
    born = today - timedelta(days=random.randint(66 * 365, 92 * 365))
    if random.random() < 0.12:
        born = today - timedelta(days=random.randint(45 * 365, 65 * 365))
    return (
        f"D{number:06}",
        f"1S{number // 1000 % 10}0ZZ{number % 1000:03}00"[:11],
        random.choice(FIRST[sex]),
        random.choice(LAST),
        born.isoformat(),
        "",
        sex,
        f"{random.randint(1, 999)} {random.choice(STREETS)}",
        town,
        state,
        postal_code,
        False,
        today.isoformat(),
        f"{today.year - 1}-01-01/{today.year}-12-31",
        "",
    )
