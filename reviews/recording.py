"""Writing a shard's findings as alerts, once."""

import json
from collections.abc import Iterable
from datetime import date, timedelta

from claims.ingest.staging import copy_rows
from mtm.lib import sql
from mtm.lib.dates import last_day_of_quarter
from reviews.explain import Finding
from reviews.models import Alert, SweepRun
from reviews.rules import Category, Severity

CATEGORIES = {
    Category.COST: Alert.Category.COST,
    Category.GUIDELINE: Alert.Category.GUIDELINE,
    Category.ADHERENCE: Alert.Category.ADHERENCE,
    Category.SAFETY: Alert.Category.SAFETY,
}
# Days within which an alert of each severity is to be settled (clinical.md, severity drives who works it).
DAYS_TO_SETTLE = {Severity.URGENT: 1, Severity.SOON: 7, Severity.ROUTINE: 30}
COLUMNS = (
    *("member_id", "rule", "rule_version", "category", "severity", "headline", "why_now", "prescriber_text"),
    *("member_text", "evidence", "fact_hash", "due_on"),
)


def record_findings(run: SweepRun, findings: Iterable[tuple[int, Finding]]) -> int:
    """Add the alerts that are new; gives how many."""
    sql.run("reviews", "stage_findings")
    copy_rows("stage_findings", COLUMNS, (row(member, finding, run.as_of) for member, finding in findings))
    return sql.run("reviews", "record_alerts", plan=run.plan_id, run=run.pk, quarter=run.quarter)


def row(member: int, finding: Finding, as_of: date) -> tuple[object, ...]:
    return (
        member,
        finding.rule,
        finding.version,
        CATEGORIES[finding.category].value,
        int(finding.severity),
        finding.headline,
        finding.why_now,
        finding.prescriber_text,
        finding.member_text,
        json.dumps(finding.evidence),
        finding.fact_hash,
        due_on(finding.severity, as_of),
    )


def due_on(severity: Severity, as_of: date) -> date:
    days = DAYS_TO_SETTLE.get(severity)
    return as_of + timedelta(days=days) if days is not None else last_day_of_quarter(as_of)
