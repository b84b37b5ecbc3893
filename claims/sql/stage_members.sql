-- Where the member side of a file lands before it is judged: text, '' where nothing is given.
DROP TABLE IF EXISTS
    stage_prescribers, stage_pharmacies, stage_drug_flags, stage_members, stage_identifiers, stage_coverage, stage_spans,
    stage_at_risk, stage_contacts, stage_preferences, stage_representatives,
    judged_prescribers, judged_pharmacies, judged_drug_flags, judged_members, judged_identifiers, judged_coverage,
    judged_spans, judged_at_risk, judged_contacts, judged_preferences, judged_representatives, new_numbers, wanted_merges;
CREATE TEMPORARY TABLE stage_prescribers (
    line integer, npi text, name text, phone text, fax text, specialty text, as_of text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE stage_pharmacies (line integer, npi text, name text, phone text, as_of text) ON COMMIT DROP;
CREATE TEMPORARY TABLE stage_drug_flags (line integer, ndc text, maintenance text, as_of text) ON COMMIT DROP;
CREATE TEMPORARY TABLE stage_members (
    line integer, source_id text, mbi text, first_name text, last_name text, birth_date text, death_date text, sex text,
    address text, city text, state text, postal_code text, phone text, email text, language text, format text, as_of text,
    action text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE stage_identifiers (
    line integer, source_id text, kind text, value text, starts_on text, ends_on text, as_of text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE stage_coverage (
    line integer, source_id text, contract text, pbp text, starts_on text, ends_on text, as_of text, action text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE stage_spans (
    line integer, source_id text, kind text, level text, starts_on text, ends_on text, as_of text, action text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE stage_at_risk (
    line integer, source_id text, status text, limitation text, effective_on text, planned_end_on text, extended_to text,
    ended_on text, source_plan text, as_of text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE stage_contacts (
    line integer, source_id text, kind text, value text, city text, state text, postal_code text, source text, as_of text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE stage_preferences (
    line integer, source_id text, channel text, wish text, starts_on text, ends_on text, source text, as_of text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE stage_representatives (
    line integer, source_id text, name text, relationship text, scope text, phone text, address text, city text,
    state text, postal_code text, starts_on text, ends_on text, as_of text
) ON COMMIT DROP;
-- Numbers of members that the file itself brings, for what else it says of them.
CREATE TEMPORARY TABLE new_numbers (number text PRIMARY KEY) ON COMMIT DROP;
-- Members of whom the file says that they are one person: the one to stay and the one whose number is no longer used.
CREATE TEMPORARY TABLE wanted_merges (member_id bigint, former_id bigint, kind text, as_of date) ON COMMIT DROP;
