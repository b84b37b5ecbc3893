"""The facts of a program's page as plain values: of a preset, of a version, written to a draft."""

import hashlib
import json
from collections.abc import Mapping
from datetime import time
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from eligibility.models import Accreditation, Criteria, PhoneHours, PhoneLine, Program

Facts = Mapping[str, Any]
USUAL_CHANNELS = [Program.Channel.PHONE.value, Program.Channel.MAIL.value]


@cache
def of_presets() -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(files("eligibility").joinpath("programs.yaml").read_text())
    return loaded


def of_preset(name: str) -> Facts:
    """What the page of a preset prints. The usual values fill in the rest."""
    return of_presets()[name]


def facts_of(program: Program) -> dict[str, Any]:
    """Every fact of a page by its name, with its lines, their hours, and its accreditations."""
    return {
        **values(program),
        "lines": [
            values(line) | {"hours": [values(hours) for hours in line.hours.all()]} for line in lines_of(program)
        ],
        "accreditations": [values(row) for row in program.accreditations.all()],
    }


def lines_of(program: Program) -> list[PhoneLine]:
    return list(program.lines.prefetch_related("hours"))


def values(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.FACTS}


def copy_of(criteria: Criteria) -> Facts:
    """The facts a copy starts with: all but the day on which the page was last changed, and what was filed of it."""
    filed = {"submission_id": "", "submission_status": Program.Submission.NOT_SENT.value, "approval_evidence": ""}
    return facts_of(criteria.program) | {"updated_on": None} | filed


def begin(draft: Criteria, facts: Facts) -> Program:
    """The page of a new draft, with what is not said at its usual value."""
    program = Program(criteria=draft, plan=draft.plan, channels=USUAL_CHANNELS, sponsor=draft.plan.name)
    return write(program, facts)


def write(program: Program, facts: Facts) -> Program:
    """Put the facts, and the whole lists of lines and accreditations, in the place of what was there."""
    for name in Program.FACTS:
        setattr(program, name, facts.get(name, getattr(program, name)))
    program.save()
    program.lines.all().delete()
    program.accreditations.all().delete()
    for line in facts.get("lines", []):
        add_line(program, line)
    for row in facts.get("accreditations", []):
        Accreditation.objects.create(program=program, plan=program.plan, **row)
    return program


def add_line(program: Program, facts: Facts) -> None:
    known = {name: facts[name] for name in PhoneLine.FACTS if name in facts}
    line = PhoneLine.objects.create(program=program, plan=program.plan, **known)
    for hours in facts.get("hours", []):
        PhoneHours.objects.create(line=line, plan=program.plan, **{k: clock(v) for k, v in hours.items()})


def clock(given: Any) -> Any:
    """A preset writes a time as text; anything else is left as it is."""
    return time.fromisoformat(given) if isinstance(given, str) and ":" in given else given


def edition_of(program: Program) -> str:
    """The hash of what the page says, so that a save of something that was changed meanwhile is noticed."""
    held = json.dumps([program.criteria.status, facts_of(program)], default=str, sort_keys=True)
    return hashlib.sha256(held.encode()).hexdigest()[:16]
