"""A plan's first claims: a table that is filled in the order of members, then gets its keys, then joins the others.

Rows that go into a table with its keys cost several times as much, so a first load does not (docs/decisions.md 20).
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from claims.ingest.layout import Kind

TABLES = {Kind.FILLS: "claims_fill", Kind.DIAGNOSES: "claims_diagnosis"}
KEYS = {
    Kind.FILLS: ("member_id, claim_id, plan_id", "member_id, filled_on"),
    Kind.DIAGNOSES: ("member_id, claim_id, code, diagnosed_on, system, plan_id", "member_id, diagnosed_on"),
}

CONSTRAINTS = """
SELECT quote_ident(conname), pg_get_constraintdef(oid)
FROM pg_constraint
WHERE conrelid = to_regclass(%s) AND contype IN ('c', 'f') AND conparentid = 0
ORDER BY contype, conname
"""


@dataclass(frozen=True)
class Partition:
    """The partition-to-be of a plan that has no claims of the kind yet."""

    kind: Kind
    plan: int

    @property
    def parent(self) -> str:
        return TABLES[self.kind]

    @property
    def table(self) -> str:
        return f"{self.parent}_{self.plan}"

    def create(self) -> None:
        """Empty, without keys and checks: those cost less when all rows are there."""
        self.run(f"CREATE TABLE {self.table} (LIKE {self.parent} INCLUDING DEFAULTS)")

    def join(self) -> None:
        """Keys, then checks and foreign keys in one pass, then the place among the other plans' tables."""
        key, index = KEYS[self.kind]
        self.run(f"SET LOCAL maintenance_work_mem = '{settings.LOAD_INDEX_MEMORY}MB'")
        self.run(f"ALTER TABLE {self.table} ADD PRIMARY KEY ({key})")
        self.run(f"CREATE INDEX ON {self.table} ({index})")
        self.run(f"ALTER TABLE {self.table} {', '.join(f'ADD {promise}' for promise in self.promises())}")
        self.run(f"ALTER TABLE {self.parent} ATTACH PARTITION {self.table} FOR VALUES IN ({self.plan})")
        self.run(f"ALTER TABLE {self.table} DROP CONSTRAINT of_one_plan")
        analyze(self.kind, self.plan)

    def promises(self) -> list[str]:
        """What the other plans' rows are held to; with the plan it joins without being read through."""
        with connection.cursor() as cursor:
            cursor.execute(CONSTRAINTS, [self.parent])
            named = [f"CONSTRAINT {name} {definition}" for name, definition in cursor.fetchall()]
        return [*named, f"CONSTRAINT of_one_plan CHECK (plan_id = {self.plan})"]

    def run(self, command: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(command)


def of_new_plan(kind: Kind, plan: int) -> Partition | None:
    """Nothing where the plan has claims of the kind, or once had."""
    partition = Partition(kind, plan)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT to_regclass(%s) IS NULL AND NOT EXISTS (SELECT 1 FROM {partition.parent} WHERE plan_id = %s)",  # noqa: S608
            [partition.table, plan],
        )
        return partition if cursor.fetchone()[0] else None


def analyze(kind: Kind, plan: int) -> None:
    """Statistics of the table in which the plan's rows lie; those of the others have not changed."""
    own = Partition(kind, plan)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [own.table])
        table = own.table if cursor.fetchone()[0] else f"{own.parent}_rest"
        cursor.execute(f"ANALYZE {table}")
