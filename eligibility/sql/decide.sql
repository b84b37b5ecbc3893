-- One row a member of the plan: what counted, and whether it is enough. All windows end on the day of the decision.
WITH member AS (
    SELECT
        id,
        EXISTS (
            SELECT 1 FROM members_memberspan span
            WHERE span.member_id = members_member.id AND span.kind = 'esrd'
              AND span.period && daterange((%(as_of)s::date - interval '2 years')::date, %(as_of)s, '(]')
        ) AS esrd
    FROM members_member
    WHERE plan_id = %(plan)s AND id BETWEEN %(first)s AND %(last)s
      AND (death_date IS NULL OR death_date > %(as_of)s) AND merged_into_id IS NULL
),
-- The listed conditions and the code prefixes behind them.
prefix AS (
    SELECT listed.label, listed.place, condition.code AS condition, code.system, code.prefix, length(code.prefix) AS size
    FROM unnest(%(labels)s::text[], %(codes)s::text[]) WITH ORDINALITY AS listed(label, condition, place)
    JOIN claims_condition condition ON condition.code = listed.condition
    JOIN claims_conditioncode code ON code.condition_id = condition.id
),
size AS (SELECT DISTINCT size FROM prefix),
-- Joining the distinct codes first keeps the prefix test off the millions of diagnosis rows.
coded AS (
    SELECT DISTINCT seen.system, seen.code, prefix.label
    FROM (SELECT DISTINCT system, code FROM claims_diagnosis WHERE plan_id = %(plan)s) seen
    CROSS JOIN size
    JOIN prefix ON prefix.size = size.size AND prefix.system = seen.system AND prefix.prefix = left(seen.code, size.size)
),
-- A condition counts with one inpatient claim, or two others on different days, in the two years before (CCW).
diagnosed AS (
    SELECT
        d.member_id, coded.label,
        min(d.diagnosed_on) AS first_on, max(d.diagnosed_on) AS last_on,
        (array_agg(DISTINCT d.claim_id))[1:5] AS claims
    FROM claims_diagnosis d
    JOIN member ON member.id = d.member_id
    JOIN coded ON coded.system = d.system AND coded.code = d.code
    WHERE d.diagnosed_on > %(as_of)s::date - interval '2 years' AND d.diagnosed_on <= %(as_of)s
    GROUP BY d.member_id, coded.label
    HAVING bool_or(d.inpatient) OR count(DISTINCT d.diagnosed_on) >= 2
),
condition AS (
    SELECT member_id, label, first_on, last_on, claims FROM diagnosed
    UNION ALL
    -- The enrollment file is the better source for end-stage renal disease: a period that reaches into the same two years.
    SELECT member.id, prefix.label, NULL, NULL, ARRAY['enrollment file']
    FROM member
    JOIN (SELECT DISTINCT label FROM prefix WHERE condition = 'ESRD') prefix ON member.esrd
    WHERE NOT EXISTS (SELECT 1 FROM diagnosed WHERE diagnosed.member_id = member.id AND diagnosed.label = prefix.label)
),
conditions AS (
    SELECT
        member_id, count(*) AS found,
        jsonb_agg(
            jsonb_build_object('label', label, 'first_on', first_on, 'last_on', last_on, 'claims', claims) ORDER BY label
        ) AS list
    FROM condition
    GROUP BY member_id
),
fill AS (
    SELECT f.member_id, f.ndc, f.cost, f.days_supply
    FROM claims_fill f
    JOIN member ON member.id = f.member_id
    WHERE f.coverage = 'C' AND f.filled_on > %(as_of)s::date - interval '1 year' AND f.filled_on <= %(as_of)s
),
-- A drug is its set of ingredients; an NDC without known ingredients is its labeler and product (NDC-9), never nothing.
product AS (
    SELECT
        known.ndc,
        CASE
            WHEN %(identity)s = 'ndc' THEN known.ndc
            WHEN known.how = 'unmapped' THEN 'NDC ' || left(known.ndc, 9)
            ELSE array_to_string(known.ingredients, ' / ')
        END AS drug,
        known.how = 'unmapped' AS unmapped,
        known.maintenance
    FROM claims_drugs_of_ndcs(%(plan)s, ARRAY(SELECT DISTINCT ndc::text FROM fill)) known
),
drug AS (
    SELECT f.member_id, p.drug, bool_and(p.unmapped) AS unmapped
    FROM fill f
    JOIN product p ON p.ndc = f.ndc
    GROUP BY f.member_id, p.drug
    -- Situational drugs are maintenance only when taken for 60 days; a drug nobody knows counts rather than being lost.
    HAVING %(drugs)s = 'any' OR bool_or(p.maintenance IN ('Y', ''))
        OR (bool_or(p.maintenance = 'S') AND sum(f.days_supply) >= 60)
),
drugs AS (
    SELECT member_id, count(*) AS found, count(*) FILTER (WHERE unmapped) AS unmapped, jsonb_agg(drug ORDER BY drug) AS list
    FROM drug
    GROUP BY member_id
),
spent AS (SELECT member_id, sum(cost) AS cost FROM fill GROUP BY member_id),
found AS (
    SELECT
        member.id AS member_id,
        coalesce(conditions.list, '[]') AS conditions, coalesce(conditions.found, 0) AS condition_count,
        coalesce(drugs.list, '[]') AS drugs, coalesce(drugs.found, 0) AS drug_count,
        coalesce(drugs.unmapped, 0) AS unmapped_drugs, coalesce(spent.cost, 0) AS drug_cost,
        EXISTS (
            SELECT 1 FROM members_atriskspell spell
            WHERE spell.member_id = member.id AND spell.period @> %(as_of)s::date
              -- One who is only potentially at risk is not yet (42 CFR 423.100).
              AND spell.status = 'at_risk'
        ) AS at_risk,
        spent.member_id IS NOT NULL OR EXISTS (
            SELECT 1 FROM claims_diagnosis d
            WHERE d.member_id = member.id
              AND d.diagnosed_on > %(as_of)s::date - interval '2 years' AND d.diagnosed_on <= %(as_of)s
        ) AS has_claims
    FROM member
    LEFT JOIN conditions ON conditions.member_id = member.id
    LEFT JOIN drugs ON drugs.member_id = member.id
    LEFT JOIN spent ON spent.member_id = member.id
),
tested AS (
    SELECT
        found.*,
        condition_count >= %(minimum_conditions)s AS conditions_met,
        drug_count >= %(minimum_drugs)s AS drugs_met,
        CASE WHEN %(operator)s = 'ge' THEN drug_cost >= %(threshold)s ELSE drug_cost > %(threshold)s END AS cost_met,
        at_risk AND %(targets_at_risk)s AS at_risk_met
    FROM found
)
SELECT
    member_id, conditions, drugs, drug_count, drug_cost, at_risk,
    CASE
        WHEN at_risk_met OR (conditions_met AND drugs_met AND cost_met) THEN 'eligible'
        WHEN NOT has_claims THEN 'insufficient_data'
        ELSE 'not_eligible'
    END AS outcome,
    CASE
        WHEN at_risk_met AND conditions_met AND drugs_met AND cost_met THEN 'both'
        WHEN at_risk_met THEN 'at_risk'
        WHEN conditions_met AND drugs_met AND cost_met THEN 'conditions_drugs_cost'
        ELSE 'none'
    END AS path,
    jsonb_build_array(
        jsonb_build_object(
            'test', 'conditions', 'met', conditions_met, 'found', condition_count, 'needed', %(minimum_conditions)s::int
        ),
        jsonb_build_object(
            'test', 'drugs', 'met', drugs_met, 'found', drug_count, 'needed', %(minimum_drugs)s::int,
            'unmapped', unmapped_drugs
        ),
        jsonb_build_object(
            'test', 'cost', 'met', cost_met, 'found', to_char(drug_cost, 'FM999999990.00'),
            'needed', to_char(%(threshold)s::numeric, 'FM999999990.00'), 'operator', %(operator)s
        ),
        jsonb_build_object('test', 'at_risk', 'met', at_risk_met, 'found', at_risk, 'needed', %(targets_at_risk)s)
    ) AS reasons
FROM tested
