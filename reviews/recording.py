"""Writing a shard's findings as alerts, once."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from claims.ingest.staging import copy_rows
from members.models import Prescriber
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
    found = list(findings)
    names = prescriber_names(finding for _, finding in found)
    sql.run("reviews", "stage_findings")
    copy_rows("stage_findings", COLUMNS, (row(member, finding, run.as_of, names) for member, finding in found))
    return sql.run("reviews", "record_alerts", plan=run.plan_id, run=run.pk, quarter=run.quarter)


def prescriber_names(findings: Iterable[Finding]) -> dict[str, str]:
    """Names by NPI of the prescribers that the findings speak of."""
    npis = {fill["prescriber"] for finding in findings for fill in finding.evidence["fills"]}
    return dict(Prescriber.objects.filter(npi__in=npis).values_list("npi", "name"))


def named(text: str, names: Mapping[str, str]) -> str:
    """The text with prescribers by name; rules know only their numbers."""
    return re.sub(r"\b\d{10}\b", lambda found: names.get(found[0], found[0]), text)


def row(member: int, finding: Finding, as_of: date, names: Mapping[str, str]) -> tuple[object, ...]:
    return (
        member,
        finding.rule,
        finding.version,
        CATEGORIES[finding.category].value,
        int(finding.severity),
        named(finding.headline, names),
        named(finding.why_now, names),
        named(finding.prescriber_text, names),
        finding.member_text,
        json.dumps(finding.evidence),
        finding.fact_hash,
        due_on(finding.severity, as_of),
    )


def due_on(severity: Severity, as_of: date) -> date:
    days = DAYS_TO_SETTLE.get(severity)
    return as_of + timedelta(days=days) if days is not None else last_day_of_quarter(as_of)
