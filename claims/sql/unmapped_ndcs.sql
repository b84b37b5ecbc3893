-- How the codes of a plan's fills are known, and a page of those whose ingredients nobody knows, most fills first. Money
-- is text, for JSON has no exact numbers.
WITH filled AS MATERIALIZED (
    SELECT ndc::text AS ndc, count(*) AS fills, sum(cost) AS cost, max(filled_on) AS last_on
    FROM claims_fill
    WHERE plan_id = %(plan)s
    GROUP BY ndc
),
known AS MATERIALIZED (
    SELECT filled.*, drug.how, drug.label
    FROM filled
    JOIN claims_drugs_of_ndcs(%(plan)s, ARRAY(SELECT ndc FROM filled)) drug ON drug.ndc = filled.ndc
),
total AS (
    SELECT how, count(*) AS ndcs, sum(fills)::bigint AS fills, sum(cost)::text AS cost FROM known GROUP BY how
),
after AS (SELECT fills, ndc FROM filled WHERE ndc = %(after)s),
listed AS MATERIALIZED (
    SELECT ndc, fills, cost, last_on, label
    FROM known
    WHERE how = 'unmapped' AND ndc LIKE '%%' || %(digits)s || '%%'
      AND (
          NOT EXISTS (SELECT 1 FROM after)
          OR fills < (SELECT fills FROM after)
          OR fills = (SELECT fills FROM after) AND ndc > (SELECT ndc FROM after)
      )
    ORDER BY fills DESC, ndc
    LIMIT %(size)s
),
taken_by AS (
    SELECT listed.ndc, count(DISTINCT fill.member_id) AS members
    FROM listed
    JOIN claims_fill fill ON fill.ndc = listed.ndc AND fill.plan_id = %(plan)s
    GROUP BY listed.ndc
)
SELECT
    (SELECT coalesce(jsonb_agg(total), '[]') FROM total) AS totals,
    (SELECT count(*) FROM known WHERE how = 'unmapped' AND ndc LIKE '%%' || %(digits)s || '%%') AS matching,
    (
        SELECT coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'ndc', listed.ndc, 'label', listed.label, 'fills', listed.fills, 'members', taken_by.members,
                    'cost', listed.cost::text, 'last_filled_on', listed.last_on
                )
                ORDER BY listed.fills DESC, listed.ndc
            ),
            '[]'
        )
        FROM listed
        JOIN taken_by ON taken_by.ndc = listed.ndc
    ) AS rows
