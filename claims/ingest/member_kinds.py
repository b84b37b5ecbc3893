"""The columns of the staged rows that tell of members, prescribers, pharmacies and the plan's own drug flags.

All are text, and "" means not given. `source_id` is any number the member is known by. `as_of` is the day on which
the facts held; facts without one are taken as of the day of the load. Dates are those that `claims_to_date` reads.
"""

ADDRESS = ("address", "city", "state", "postal_code")

STAGED_MEMBERS: dict[str, tuple[str, ...]] = {
    "prescribers": ("npi", "name", "phone", "fax", "specialty", "as_of"),
    "pharmacies": ("npi", "name", "phone", "as_of"),
    # maintenance: Y or N.
    "drug_flags": ("ndc", "maintenance", "as_of"),
    # action: "" or "delete" (which is refused). sex: F or M. language: en, es, ... format: see Member.FORMATS.
    "members": (
        *("source_id", "mbi", "first_name", "last_name", "birth_date", "death_date", "sex", *ADDRESS),
        *("phone", "email", "language", "format", "as_of", "action"),
    ),
    # kind: number, mbi, former or merged. A value of the last three that is another member's own number merges the two.
    "identifiers": ("source_id", "kind", "value", "starts_on", "ends_on", "as_of"),
    # One row a span, one a month or one a year: what touches is joined. action: "", "end" (not covered after ends_on,
    # whatever older files say), "delete" (there was no span that starts on that day) or "gap" (not covered on its days).
    "coverage": ("source_id", "contract", "pbp", "starts_on", "ends_on", "as_of", "action"),
    # kind: hospice, esrd, institution or low_income (level: the share or level of the subsidy). action as above.
    "spans": ("source_id", "kind", "level", "starts_on", "ends_on", "as_of", "action"),
    # status: potential or at_risk. limitation: prescriber, pharmacy or pos_edit.
    "at_risk": (
        *("source_id", "status", "limitation", "effective_on", "planned_end_on", "extended_to", "ended_on"),
        *("source_plan", "as_of"),
    ),
    # kind: phone, email or address (its first line is the value).
    "contacts": ("source_id", "kind", "value", "city", "state", "postal_code", "source", "as_of"),
    # wish: never, allowed or preferred. channel: see ContactPreference.CHANNELS.
    "preferences": ("source_id", "channel", "wish", "starts_on", "ends_on", "source", "as_of"),
    # scope: any of told, sent, decide, parted by blanks.
    "representatives": (
        *("source_id", "name", "relationship", "scope", "phone", *ADDRESS, "starts_on", "ends_on", "as_of"),
    ),
}
