"""A plan's first claims: a table that is filled in the order of members, then gets its keys, then joins the others.

Rows that go into a table with its keys cost several times as much, so a first load does not (docs/decisions.md 20).
"""

from dataclasses import dataclass

from django.db import connection

from claims.ingest.layout import Kind

TABLES = {Kind.FILLS: "claims_fill", Kind.DIAGNOSES: "claims_diagnosis"}
# The indexes of the other plans' tables, the primary key first. What is not here PostgreSQL makes when the table joins.
KEYS = {
    Kind.FILLS: ("member_id, claim_id, plan_id", "member_id, filled_on"),
    Kind.DIAGNOSES: ("member_id, diagnosed_on, claim_id, code, system, plan_id",),
}

FOREIGN_KEYS = """
SELECT quote_ident(conname), pg_get_constraintdef(oid)
FROM pg_constraint
WHERE conrelid = to_regclass(%s) AND contype = 'f' AND conparentid = 0
ORDER BY conname
"""

# Deletions that are held for claims to come are versions without a fill.
HAS_CLAIMS = {
    Kind.FILLS: """
        SELECT FROM claims_fill WHERE plan_id = %(plan)s UNION ALL SELECT FROM claims_fillversion WHERE plan_id = %(plan)s
    """,
    Kind.DIAGNOSES: "SELECT FROM claims_diagnosis WHERE plan_id = %(plan)s",
}


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
        """Empty, with the checks of a row but without keys: those cost less when all rows are there."""
        self.run(f"CREATE TABLE {self.table} (LIKE {self.parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
        self.run(f"ALTER TABLE {self.table} ADD CONSTRAINT of_one_plan CHECK (plan_id = {self.plan})")

    def join(self) -> None:
        """Keys, then foreign keys, then the place among the other plans' tables, for which no row is read again."""
        key, *indexes = KEYS[self.kind]
        self.run(f"ALTER TABLE {self.table} ADD PRIMARY KEY ({key})")
        for index in indexes:
            self.run(f"CREATE INDEX ON {self.table} ({index})")
        self.run(f"ALTER TABLE {self.table} {', '.join(f'ADD {promise}' for promise in self.foreign_keys())}")
        self.run(f"ALTER TABLE {self.parent} ATTACH PARTITION {self.table} FOR VALUES IN ({self.plan})")
        self.run(f"ALTER TABLE {self.table} DROP CONSTRAINT of_one_plan")
        analyze(self.kind, self.plan)

    def foreign_keys(self) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(FOREIGN_KEYS, [self.parent])
            return [f"CONSTRAINT {name} {definition}" for name, definition in cursor.fetchall()]

    def run(self, command: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(command)


def of_new_plan(kind: Kind, plan: int) -> Partition | None:
    """Nothing where the plan has claims of the kind, or once had."""
    partition = Partition(kind, plan)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT to_regclass(%(table)s) IS NULL AND NOT EXISTS ({HAS_CLAIMS[kind]})",
            {"table": partition.table, "plan": plan},
        )
        return partition if cursor.fetchone()[0] else None


def analyze(kind: Kind, plan: int) -> None:
    """Statistics of the table in which the plan's rows lie; those of the others have not changed."""
    own = Partition(kind, plan)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [own.table])
        table = own.table if cursor.fetchone()[0] else f"{own.parent}_rest"
        cursor.execute(f"ANALYZE {table}")
