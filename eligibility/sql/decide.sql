-- One row a member of the plan: what counted, whether it is enough, and what is not known. All windows end on the day of
-- the decision; a `..._after` is the last day before its window. eligibility/trace.py says the same slowly.
WITH member AS (
    SELECT
        id,
        EXISTS (
            SELECT 1 FROM members_memberspan span
            WHERE span.member_id = members_member.id AND span.kind = 'esrd'
              AND span.period && daterange(%(diagnoses_after)s, %(as_of)s, '(]')
        ) AS esrd,
        -- A year is stretched from the days a member was covered, at least 30, so that one early fill is not multiplied.
        greatest(
            %(as_of)s - coalesce(
                CASE WHEN %(method)s = 'annualised' THEN (
                    SELECT min(lower(span.period * daterange(%(year_starts)s, %(as_of)s, '[]')))
                    FROM members_coveragespan span
                    WHERE span.member_id = members_member.id
                      AND span.period && daterange(%(year_starts)s, %(as_of)s, '[]')
                ) END,
                %(year_starts)s
            ) + 1,
            30
        ) AS days
    FROM members_member
    WHERE plan_id = %(plan)s AND id BETWEEN %(first)s AND %(last)s
      AND (death_date IS NULL OR death_date > %(as_of)s) AND merged_into_id IS NULL
),
-- A feed is there if it told anything of anybody in the plan for the time that is looked at.
feeds AS (
    SELECT
        EXISTS (
            SELECT 1 FROM claims_diagnosis
            WHERE plan_id = %(plan)s AND diagnosed_on > %(diagnoses_after)s AND diagnosed_on <= %(as_of)s
        ) AS has_diagnoses,
        EXISTS (
            SELECT 1 FROM claims_fill WHERE plan_id = %(plan)s AND filled_on > %(fills_after)s AND filled_on <= %(as_of)s
        ) AS has_fills
),
-- The listed conditions, each with the visits it needs, the one of the list it is told with (itself, unless it only
-- completes the core disease of that one), and its CMS core disease, or again itself.
listed AS (
    SELECT * FROM unnest(
        %(labels)s::text[], %(codes)s::text[], %(visits)s::int[], %(listed_as)s::text[], %(counts_as)s::text[]
    ) AS listed(label, condition, visits, listed_as, counts_as)
),
prefix AS (
    SELECT listed.label, listed.visits, code.system, code.prefix, length(code.prefix) AS size
    FROM listed
    JOIN claims_condition condition ON condition.code = listed.condition
    JOIN claims_conditioncode code ON code.condition_id = condition.id
),
size AS (SELECT DISTINCT size FROM prefix),
-- Joining the distinct codes first keeps the prefix test off the millions of diagnosis rows.
coded AS (
    SELECT DISTINCT seen.system, seen.code, prefix.label, prefix.visits
    FROM (SELECT DISTINCT system, code FROM claims_diagnosis WHERE plan_id = %(plan)s) seen
    CROSS JOIN size
    JOIN prefix ON prefix.size = size.size AND prefix.system = seen.system AND prefix.prefix = left(seen.code, size.size)
),
-- A condition counts with one inpatient claim, or with others on as many different days as it needs (CCW: two).
diagnosed AS (
    SELECT
        d.member_id, coded.label,
        min(d.diagnosed_on) AS first_on, max(d.diagnosed_on) AS last_on,
        (array_agg(DISTINCT d.claim_id))[1:5] AS claims
    FROM claims_diagnosis d
    JOIN member ON member.id = d.member_id
    JOIN coded ON coded.system = d.system AND coded.code = d.code
    WHERE d.diagnosed_on > %(diagnoses_after)s AND d.diagnosed_on <= %(as_of)s
    GROUP BY d.member_id, coded.label, coded.visits
    HAVING bool_or(d.inpatient) OR count(DISTINCT d.diagnosed_on) >= coded.visits
),
fill AS (
    SELECT
        f.member_id, f.ndc, f.claim_id, f.filled_on, f.cost,
        coalesce(f.days_supply, 0) AS supply, f.days_supply IS NULL AS unsupplied
    FROM claims_fill f
    JOIN member ON member.id = f.member_id
    WHERE f.coverage = 'C' AND f.filled_on > %(fills_after)s AND f.filled_on <= %(as_of)s
),
product AS (
    SELECT
        known.ndc, known.ingredients, known.how = 'unmapped' AS unmapped, known.maintenance,
        CASE
            WHEN %(identity)s = 'ndc' THEN known.ndc
            WHEN %(identity)s = 'product' OR known.how = 'unmapped' THEN 'NDC ' || left(known.ndc, 9)
            ELSE array_to_string(known.ingredients, ' / ')
        END AS drug
    FROM claims_drugs_of_ndcs(%(plan)s, ARRAY(SELECT DISTINCT ndc::text FROM fill)) known
),
-- Whether a product counts: yes, no, or null where nobody knows.
scoped AS (
    SELECT
        product.*,
        CASE
            WHEN %(unknown_drugs_count)s AND (unmapped OR maintenance = '') THEN true
            WHEN %(drugs)s = 'any' THEN CASE WHEN unmapped AND %(identity)s = 'ingredient' THEN NULL ELSE true END
            WHEN %(drugs)s = 'listed' THEN CASE WHEN unmapped THEN NULL ELSE ingredients && %(drug_list)s::text[] END
            WHEN maintenance = 'Y' THEN true
            WHEN maintenance = '' THEN NULL
            ELSE false
        END AS counts
    FROM product
),
-- Each question of a drug: yes, no, or null where it hangs on what nobody knows; days of supply that were not told could be
-- any number. Situational drugs are maintenance only when taken for 60 days.
asked AS (
    SELECT
        f.member_id, p.drug,
        sum(f.supply) >= %(drug_supply)s OR nullif(bool_or(f.unsupplied), true) AS enough,
        %(drug_active_days)s = 0
            OR max(f.filled_on + greatest(f.supply, 1) - 1) > %(as_of)s - %(drug_active_days)s
            OR nullif(bool_or(f.unsupplied), true) AS lasts,
        coalesce(bool_or(p.counts), false) AS in_scope,
        bool_or(p.counts IS NULL) AS unknown,
        CASE WHEN %(drugs)s IN ('maintenance', 'chronic') AND bool_or(p.maintenance = 'S')
            THEN sum(f.supply) >= 60 OR nullif(bool_or(f.unsupplied), true) ELSE false END AS long_enough
    FROM fill f
    JOIN scoped p ON p.ndc = f.ndc
    WHERE f.filled_on > %(drugs_after)s
    GROUP BY f.member_id, p.drug
),
drug AS (
    SELECT
        asked.*, enough AND lasts AND (in_scope OR long_enough OR nullif(unknown, true)) AS counts
    FROM asked
),
drugs AS (
    SELECT
        member_id, count(*) FILTER (WHERE counts) AS found, count(*) FILTER (WHERE counts IS NULL) AS unknown,
        bool_or(counts IS NULL AND unknown AND NOT in_scope AND long_enough IS NOT TRUE) AS lacks_directory,
        bool_or(
            counts IS NULL AND (enough IS NULL OR lasts IS NULL OR NOT in_scope AND long_enough IS NULL)
        ) AS lacks_supply,
        coalesce(jsonb_agg(drug ORDER BY drug) FILTER (WHERE counts), '[]') AS list
    FROM drug
    GROUP BY member_id
),
-- The drugs that together stand for a condition.
proxy AS (
    SELECT
        listed.label, listed.listed_as, listed.counts_as, proxy.fills, proxy.days, array_agg(proxy.ingredient::text) AS ingredients
    FROM listed
    JOIN claims_condition condition ON condition.code = listed.condition AND %(drug_proxies)s
    JOIN claims_conditionproxy proxy ON proxy.condition_id = condition.id
    GROUP BY listed.label, listed.listed_as, listed.counts_as, condition.id, proxy.fills, proxy.days
),
-- Members with enough fills of them, or with enough if those of unknown drugs are taken for theirs.
dispensed AS (
    SELECT
        f.member_id, proxy.label, proxy.listed_as, proxy.counts_as,
        count(DISTINCT f.claim_id) FILTER (WHERE NOT p.unmapped) >= proxy.fills AS sure,
        min(f.filled_on) FILTER (WHERE NOT p.unmapped) AS first_on,
        max(f.filled_on) FILTER (WHERE NOT p.unmapped) AS last_on,
        (array_agg(DISTINCT f.claim_id) FILTER (WHERE NOT p.unmapped))[1:5] AS claims
    FROM proxy
    JOIN product p ON p.unmapped OR proxy.ingredients && p.ingredients
    JOIN fill f ON f.ndc = p.ndc AND f.filled_on > %(as_of)s - proxy.days AND %(drug_proxies)s
    GROUP BY f.member_id, proxy.label, proxy.listed_as, proxy.counts_as, proxy.ingredients, proxy.fills, proxy.days
    HAVING count(DISTINCT f.claim_id) >= proxy.fills
),
proxied AS (
    SELECT DISTINCT ON (member_id, label) member_id, label, first_on, last_on, claims
    FROM dispensed
    WHERE sure
    ORDER BY member_id, label, first_on
),
-- The enrollment file is the better source for end-stage renal disease: a period that reaches into the same days.
flagged AS (
    SELECT DISTINCT member.id AS member_id, listed.label
    FROM member
    JOIN listed ON listed.condition = 'ESRD' AND member.esrd
),
condition AS (
    SELECT member_id, label, source, first_on, last_on, claims, listed_as, counts_as FROM (
    SELECT DISTINCT ON (member_id, label)
        found.*, listed_as, counts_as, bool_or(label = listed_as) OVER (PARTITION BY member_id, counts_as) AS is_named
    FROM (
        SELECT member_id, label, 'diagnoses' AS source, 1 AS rank, first_on, last_on, claims FROM diagnosed
        UNION ALL
        SELECT member_id, label, 'enrollment file', 2, NULL, NULL, ARRAY['enrollment file'] FROM flagged
        UNION ALL
        SELECT member_id, label, 'drugs', 3, first_on, last_on, claims FROM proxied
    ) found
    JOIN (SELECT DISTINCT label, listed_as, counts_as FROM listed) grouped USING (label)
    ORDER BY member_id, label, rank
    ) best
    -- What completes a core disease that the list names in part counts where no part that is named is met.
    WHERE label = listed_as OR NOT is_named
),
conditions AS (
    SELECT
        member_id, count(*) AS on_list, count(DISTINCT counts_as) AS core,
        jsonb_agg(
            jsonb_build_object(
                'label', label, 'source', source, 'first_on', first_on, 'last_on', last_on, 'claims', claims
            ) ORDER BY label
        ) AS list
    FROM condition
    GROUP BY member_id
),
-- How many more conditions drugs that nobody knows could stand for: each of them for one.
possible AS (
    SELECT member_id, least(kinds, products) AS conditions
    FROM (
        SELECT
            member_id, count(DISTINCT CASE WHEN %(counting)s = 'core' THEN counts_as ELSE listed_as END) AS kinds
        FROM dispensed
        WHERE NOT sure AND NOT EXISTS (
            SELECT 1 FROM condition met
            WHERE met.member_id = dispensed.member_id
              AND CASE WHEN %(counting)s = 'core' THEN met.counts_as = dispensed.counts_as
                  ELSE met.listed_as = dispensed.listed_as END
        )
        GROUP BY member_id
    ) open
    JOIN (
        SELECT f.member_id, count(DISTINCT left(f.ndc, 9)) AS products
        FROM fill f
        JOIN product p ON p.ndc = f.ndc AND p.unmapped AND %(drug_proxies)s
        GROUP BY f.member_id
    ) unknown USING (member_id)
),
spent AS (
    SELECT
        member_id,
        coalesce(sum(cost) FILTER (WHERE filled_on >= %(year_starts)s), 0) AS to_date,
        coalesce(sum(cost) FILTER (WHERE filled_on > %(rolling_after)s), 0) AS rolling,
        coalesce(sum(cost) FILTER (WHERE filled_on > %(quarter_after)s), 0) AS quarter
    FROM fill
    GROUP BY member_id
),
found AS (
    SELECT
        member.id AS member_id, feeds.*,
        coalesce(conditions.list, '[]') AS conditions,
        coalesce(conditions.on_list, 0) AS conditions_on_list, coalesce(conditions.core, 0) AS conditions_core,
        CASE WHEN %(counting)s = 'core' THEN coalesce(conditions.core, 0) ELSE coalesce(conditions.on_list, 0) END
            AS condition_count,
        coalesce(drugs.list, '[]') AS drugs, coalesce(drugs.found, 0) AS drug_count,
        coalesce(drugs.unknown, 0) AS unknown_drugs,
        coalesce(drugs.lacks_directory, false) AS lacks_directory, coalesce(drugs.lacks_supply, false) AS lacks_supply,
        coalesce(possible.conditions, 0) AS possible_conditions,
        coalesce(spent.to_date, 0) AS to_date, coalesce(spent.rolling, 0) AS rolling,
        coalesce(spent.quarter, 0) AS quarter,
        CASE %(method)s
            WHEN 'to_date' THEN coalesce(spent.to_date, 0)
            WHEN 'rolling' THEN coalesce(spent.rolling, 0)
            WHEN 'quarter' THEN 4 * coalesce(spent.quarter, 0)
            WHEN 'annualised' THEN coalesce(spent.to_date, 0) * %(days_in_year)s / member.days
            ELSE greatest(coalesce(spent.to_date, 0), 4 * coalesce(spent.quarter, 0))
        END AS yearly,
        EXISTS (
            SELECT 1 FROM members_atriskspell spell
            WHERE spell.member_id = member.id AND spell.period @> %(as_of)s
              -- One who is only potentially at risk is not yet (42 CFR 423.100).
              AND spell.status = 'at_risk'
        ) AS at_risk,
        spent.member_id IS NOT NULL OR EXISTS (
            SELECT 1 FROM claims_diagnosis d
            WHERE d.member_id = member.id AND d.diagnosed_on > %(diagnoses_after)s AND d.diagnosed_on <= %(as_of)s
        ) AS has_claims
    FROM member
    CROSS JOIN feeds
    LEFT JOIN conditions ON conditions.member_id = member.id
    LEFT JOIN drugs ON drugs.member_id = member.id
    LEFT JOIN possible ON possible.member_id = member.id
    LEFT JOIN spent ON spent.member_id = member.id
),
tested AS (
    SELECT
        found.*,
        condition_count >= %(minimum_conditions)s AS conditions_met,
        drug_count >= %(minimum_drugs)s AS drugs_met,
        CASE WHEN %(operator)s = 'ge' THEN yearly >= %(threshold)s ELSE yearly > %(threshold)s END AS cost_met,
        -- What CMS requires whatever is printed: the amount itself is enough (42 CFR 423.153(d)(2)(i)(C)).
        coalesce(yearly >= %(cms_threshold)s, false) AS cms_cost_met,
        at_risk AND %(prints_at_risk)s AS at_risk_met,
        at_risk AND %(cms_at_risk)s AS cms_at_risk_met
    FROM found
),
judged AS (
    SELECT
        tested.*,
        conditions_met AND drugs_met AND cost_met AS criteria,
        conditions_met AND drugs_met AND cms_cost_met AS cms_criteria,
        (
            conditions_met OR NOT has_diagnoses OR %(drug_proxies)s AND NOT has_fills
            OR condition_count + possible_conditions >= %(minimum_conditions)s
        ) AND (drug_count + unknown_drugs >= %(minimum_drugs)s OR NOT has_fills)
            AND (cost_met OR (%(floor)s AND cms_cost_met) OR NOT has_fills) AS could_be
    FROM tested
),
decided AS (
    SELECT
        judged.*,
        -- Parts of a cent are left out, but for a cost that is more than the amount by nothing else.
        trunc(yearly, 2)
            + CASE WHEN cost_met AND %(operator)s = 'gt' AND trunc(yearly, 2) <= %(threshold)s THEN 0.01 ELSE 0 END AS shown,
        criteria OR at_risk_met AS by_print,
        %(floor)s AND (cms_criteria OR cms_at_risk_met) AS by_floor,
        criteria OR (%(floor)s AND cms_criteria) AS any_criteria,
        at_risk_met OR (%(floor)s AND cms_at_risk_met) AS any_at_risk
    FROM judged
)
SELECT
    member_id, conditions, drugs, drug_count, shown AS drug_cost, at_risk,
    CASE
        WHEN by_print OR by_floor THEN 'eligible'
        WHEN could_be OR NOT has_claims THEN 'insufficient_data'
        ELSE 'not_eligible'
    END AS outcome,
    CASE
        WHEN NOT by_print AND by_floor THEN 'floor'
        WHEN NOT by_print THEN 'none'
        WHEN any_criteria AND any_at_risk THEN 'both'
        WHEN any_at_risk THEN 'at_risk'
        ELSE 'conditions_drugs_cost'
    END AS path,
    jsonb_build_array(
        jsonb_build_object(
            'test', 'conditions', 'met', conditions_met, 'found', condition_count, 'needed', %(minimum_conditions)s::int,
            'on_list', conditions_on_list, 'core', conditions_core, 'known', has_diagnoses
        ),
        jsonb_build_object(
            'test', 'drugs', 'met', drugs_met, 'found', drug_count, 'needed', %(minimum_drugs)s::int,
            'unmapped', unknown_drugs
        ),
        jsonb_build_object(
            'test', 'cost', 'met', cost_met, 'found', to_char(shown, 'FM999999990.00'),
            'needed', to_char(%(threshold)s::numeric, 'FM999999990.00'), 'operator', %(operator)s,
            'method', %(method)s, 'to_date', to_char(to_date, 'FM999999990.00'),
            'rolling', to_char(rolling, 'FM999999990.00'), 'quarter', to_char(quarter, 'FM999999990.00'),
            'cms_met', cms_cost_met, 'cms_needed', to_char(%(cms_threshold)s::numeric, 'FM999999990.00')
        ),
        jsonb_build_object(
            'test', 'at_risk', 'met', any_at_risk, 'found', at_risk, 'needed', %(prints_at_risk)s OR %(floor)s AND %(cms_at_risk)s,
            'printed', %(prints_at_risk)s
        )
    ) AS reasons,
    CASE
        WHEN by_print OR by_floor THEN '[]'
        ELSE to_jsonb(array_remove(ARRAY[
            CASE WHEN NOT has_claims THEN 'claims' END,
            CASE WHEN could_be AND NOT conditions_met AND NOT has_diagnoses THEN 'diagnoses' END,
            CASE WHEN could_be AND NOT drugs_met AND NOT has_fills THEN 'fills' END,
            CASE WHEN could_be AND has_fills AND (
                NOT drugs_met AND lacks_directory OR NOT conditions_met AND has_diagnoses
            ) THEN 'drugs' END,
            CASE WHEN could_be AND has_fills AND NOT drugs_met AND lacks_supply THEN 'supply' END
        ], NULL))
    END AS missing,
    CASE
        WHEN NOT (by_print OR by_floor) THEN ''
        WHEN cms_criteria AND cms_at_risk_met THEN '03'
        WHEN cms_criteria THEN '01'
        WHEN cms_at_risk_met THEN '02'
        ELSE '04'
    END AS cms_reason
FROM decided
