"""A plan's first claims: a table that is filled in the order of members, then gets its keys, then joins the others.

Rows that go into a table with its keys cost several times as much, so a first load does not (docs/decisions.md 20).
"""

from dataclasses import dataclass

from django.db import connection

from claims.ingest.layout import Kind

TABLES = {Kind.FILLS: "claims_fill", Kind.DIAGNOSES: "claims_diagnosis"}
KEYS = {
    Kind.FILLS: ("member_id, claim_id, plan_id", "member_id, filled_on"),
    Kind.DIAGNOSES: ("member_id, claim_id, code, diagnosed_on, system, plan_id", "member_id, diagnosed_on"),
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
        """Empty, without keys; its check lets it join later without being read through."""
        self.run(
            f"CREATE TABLE {self.table} (LIKE {self.parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS,"
            f" CONSTRAINT of_one_plan CHECK (plan_id = {self.plan}))"
        )

    def join(self) -> None:
        """Keys, then foreign keys, then the place among the other plans' tables."""
        key, index = KEYS[self.kind]
        self.run(f"ALTER TABLE {self.table} ADD PRIMARY KEY ({key})")
        self.run(f"CREATE INDEX ON {self.table} ({index})")
        self.run(
            f"ALTER TABLE {self.table}"
            " ADD FOREIGN KEY (plan_id, member_id) REFERENCES members_member (plan_id, id)"
            " ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,"
            " ADD FOREIGN KEY (file_id) REFERENCES claims_loadfile (id) DEFERRABLE INITIALLY DEFERRED"
        )
        self.run(f"ALTER TABLE {self.parent} ATTACH PARTITION {self.table} FOR VALUES IN ({self.plan})")
        self.run(f"ALTER TABLE {self.table} DROP CONSTRAINT of_one_plan")

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
