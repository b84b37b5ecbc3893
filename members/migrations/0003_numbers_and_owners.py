"""What a model cannot say: rows of a member are of the member's plan, and every member is known by their own number.

Brings what was known before along: numbers, contact points, and periods as if a file had told them.
"""

from django.db import migrations

OF_A_MEMBER = {
    "identifier": "identifier",
    "membermerge": "merge",
    "spanentry": "span_entry",
    "coveragespan": "coverage",
    "memberspan": "span",
    "atriskspell": "at_risk_spell",
    "contactpoint": "contact_point",
    "contactpreference": "contact_preference",
    "representative": "representative",
}
OWNED = "".join(
    f"""
ALTER TABLE members_{table} ADD CONSTRAINT {name}_is_of_a_member_of_the_plan FOREIGN KEY (plan_id, member_id)
    REFERENCES members_member (plan_id, id) DEFERRABLE INITIALLY DEFERRED;"""
    for table, name in OF_A_MEMBER.items()
)
NOT_OWNED = "".join(
    f"ALTER TABLE members_{table} DROP CONSTRAINT {name}_is_of_a_member_of_the_plan;"
    for table, name in OF_A_MEMBER.items()
)

NUMBERS = """
CREATE FUNCTION members_know_their_numbers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO members_identifier (plan_id, member_id, kind, value, as_of)
    SELECT plan_id, id, 'number', source_id, facts_as_of FROM fresh;
    RETURN NULL;
END $$;
CREATE TRIGGER every_number_is_an_identifier AFTER INSERT ON members_member
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION members_know_their_numbers();
"""

BROUGHT = """
INSERT INTO members_identifier (plan_id, member_id, kind, value, as_of)
SELECT plan_id, id, 'number', source_id, facts_as_of FROM members_member;
INSERT INTO members_identifier (plan_id, member_id, kind, value, as_of)
SELECT DISTINCT ON (plan_id, upper(mbi)) plan_id, id, 'mbi', upper(mbi), facts_as_of
FROM members_member WHERE mbi ~ '^[A-Za-z0-9]{1,11}$'
ORDER BY plan_id, upper(mbi), facts_as_of DESC NULLS LAST, source_id
ON CONFLICT DO NOTHING;
INSERT INTO members_contactpoint (plan_id, member_id, kind, value, city, state, postal_code, source, as_of)
SELECT plan_id, id, 'phone', phone, '', '', '', 'enrollment file', coalesce(facts_as_of, current_date)
FROM members_member WHERE phone <> ''
UNION ALL
SELECT plan_id, id, 'address', address, city, state, postal_code, 'enrollment file', coalesce(facts_as_of, current_date)
FROM members_member WHERE address <> '' OR city <> '' OR postal_code <> '';
INSERT INTO members_memberspan (plan_id, member_id, kind, period)
SELECT plan_id, member_id, 'hospice', period FROM members_hospicespan;
INSERT INTO members_spanentry (plan_id, member_id, kind, value, starts_on, ends_on, action, as_of)
SELECT span.plan_id, span.member_id, span.kind, '', lower(span.period), upper(span.period) - 1, '',
    coalesce(member.facts_as_of, upper(span.period) - 1, current_date)
FROM (
    SELECT plan_id, member_id, 'coverage' AS kind, period FROM members_coveragespan
    UNION ALL
    SELECT plan_id, member_id, 'hospice', period FROM members_hospicespan
) span
JOIN members_member member ON member.id = span.member_id
WHERE lower(span.period) IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0002_member_facts")]
    operations = [
        migrations.RunSQL(OWNED, NOT_OWNED),
        migrations.RunSQL(
            NUMBERS,
            "DROP TRIGGER every_number_is_an_identifier ON members_member; DROP FUNCTION members_know_their_numbers()",
        ),
        migrations.RunSQL(BROUGHT, migrations.RunSQL.noop),
        migrations.DeleteModel(name="HospiceSpan"),
    ]
