"""Revisions of the standardized format (Form CMS-10396, OMB 0938-1154), as data.

The exact text of the second generation (2022 and later) could not be obtained. The wording of these letters is our
own and `verified` says so to staff; a verified revision is a new row here with its own wording, never a silent edit.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class TemplateRevision:
    code: str
    form: str
    omb: str
    approved_on: date
    expires_on: date
    verified: bool
    source: str

    @property
    def form_line(self) -> str:
        return f"Form {self.form}"

    @property
    def omb_line(self) -> str:
        return f"OMB No. {self.omb} (expires {self.expires_on:%m/%Y})"

    @property
    def preview_note(self) -> str:
        if self.verified:
            return f"Template revision {self.code}."
        return f"Template revision {self.code} is unverified: compare it with the CMS form before you mail it."

    def expired(self, on: date) -> bool:
        return on > self.expires_on


REVISIONS = {
    revision.code: revision
    for revision in (
        TemplateRevision(
            code="2024",
            form="CMS-10396",
            omb="0938-1154",
            approved_on=date(2024, 7, 2),
            # Approved for 36 months; reginfo.gov shows the approval, the month of expiry is computed.
            expires_on=date(2027, 7, 31),
            verified=False,
            source="reginfo.gov, ICR 202403-0938-008",
        ),
    )
}
CURRENT = REVISIONS["2024"]
