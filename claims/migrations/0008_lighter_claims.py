"""Cheaper promises of claims: plain comparisons instead of patterns, and one index of diagnoses instead of two.

The key of diagnoses begins with member and day, so that it also finds a member's diagnoses by day.
"""

from django.db import migrations

CHECKS = """
ALTER TABLE claims_fill
    DROP CONSTRAINT claims_fill_coverage_check,
    DROP CONSTRAINT claims_fill_dispensing_check,
    ADD CONSTRAINT claims_fill_coverage_check CHECK (coverage::text IN ('C', 'E', 'O')),
    ADD CONSTRAINT claims_fill_dispensing_check CHECK (dispensing::text IN ('', 'P', 'C'));
ALTER TABLE claims_diagnosis
    DROP CONSTRAINT claims_diagnosis_system_check,
    ADD CONSTRAINT claims_diagnosis_system_check CHECK (system::text IN ('9', '10'));
"""
KEY = """
DROP INDEX diagnosis_by_member;
ALTER TABLE claims_diagnosis
    DROP CONSTRAINT diagnosis_once_per_claim,
    ADD CONSTRAINT diagnosis_once_per_claim PRIMARY KEY (member_id, diagnosed_on, claim_id, code, system, plan_id);
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0007_fills_of_files")]
    operations = [
        migrations.RunSQL(CHECKS, migrations.RunSQL.noop),
        migrations.RunSQL(KEY, migrations.RunSQL.noop),
    ]
