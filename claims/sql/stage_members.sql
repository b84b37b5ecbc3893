-- Where the member side of a file lands before it is judged: text, '' where nothing is given; and where what is judged lies.
-- Made once a transaction and emptied for each file: every table that is made and dropped costs locks until the end.
CREATE TEMPORARY TABLE IF NOT EXISTS stage_prescribers (
    line integer, npi text, name text, phone text, fax text, specialty text, as_of text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_pharmacies (line integer, npi text, name text, phone text, as_of text) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_drug_flags (line integer, ndc text, maintenance text, as_of text) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_members (
    line integer, source_id text, mbi text, first_name text, last_name text, birth_date text, death_date text, sex text,
    address text, city text, state text, postal_code text, phone text, email text, language text, format text, as_of text,
    action text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_identifiers (
    line integer, source_id text, kind text, value text, starts_on text, ends_on text, as_of text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_coverage (
    line integer, source_id text, contract text, pbp text, starts_on text, ends_on text, as_of text, action text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_spans (
    line integer, source_id text, kind text, level text, starts_on text, ends_on text, as_of text, action text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_at_risk (
    line integer, source_id text, status text, limitation text, effective_on text, planned_end_on text, extended_to text,
    ended_on text, source_plan text, as_of text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_contacts (
    line integer, source_id text, kind text, value text, city text, state text, postal_code text, source text, as_of text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_preferences (
    line integer, source_id text, channel text, wish text, starts_on text, ends_on text, source text, as_of text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_representatives (
    line integer, source_id text, name text, relationship text, scope text, phone text, address text, city text,
    state text, postal_code text, starts_on text, ends_on text, as_of text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS judged_prescribers (
    line integer, npi text, name text, phone text, fax text, specialty text, as_of date, reason text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS judged_pharmacies (
    line integer, npi text, name text, phone text, as_of date, reason text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS judged_drug_flags (
    line integer, ndc text, maintenance text, as_of date, reason text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS judged_members (
    line integer, source_id text, first_name text, last_name text, birth_date date, death_date date, sex text,
    language text, format text, as_of date, reason text, is_not_dead boolean
) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS judged_identifiers (
    line integer, source_id text, kind text, value text, starts_on date, ends_on date, as_of date, reason text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS judged_coverage (line integer, reason text) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS judged_spans (
    line integer, source_id text, kind text, value text, action text, starts_on date, ends_on date, as_of date, reason text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS judged_at_risk (
    line integer, source_id text, status text, limitation text, effective_on date, planned_end_on text, extended_to text,
    ended_on text, source_plan text, as_of date, reason text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS judged_contacts (
    line integer, source_id text, kind text, value text, city text, state text, postal_code text, source text, as_of date,
    reason text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS judged_preferences (
    line integer, source_id text, channel text, wish text, starts_on date, ends_on date, source text, as_of date,
    content text, reason text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS judged_representatives (
    line integer, source_id text, name text, relationship text, scope text, phone text, place text, starts_on date,
    ends_on text, as_of date, reason text
) ON COMMIT DROP;
-- Numbers of members that the file itself brings, for what else it says of them.
CREATE TEMPORARY TABLE IF NOT EXISTS new_numbers (number text PRIMARY KEY) ON COMMIT DROP;
-- Members of whom the file says that they are one person: the one to stay and the one whose number is no longer used.
CREATE TEMPORARY TABLE IF NOT EXISTS wanted_merges (member_id bigint, former_id bigint, kind text, as_of date) ON COMMIT DROP;
CREATE TEMPORARY TABLE IF NOT EXISTS told_identifiers (
    member_id bigint, kind text, value text, starts_on date, ends_on date, as_of date, holder_id bigint
) ON COMMIT DROP;
TRUNCATE
    stage_prescribers, stage_pharmacies, stage_drug_flags, stage_members, stage_identifiers, stage_coverage,
    stage_spans, stage_at_risk, stage_contacts, stage_preferences, stage_representatives, judged_prescribers,
    judged_pharmacies, judged_drug_flags, judged_members, judged_identifiers, judged_coverage, judged_spans,
    judged_at_risk, judged_contacts, judged_preferences, judged_representatives, new_numbers, wanted_merges,
    told_identifiers;
