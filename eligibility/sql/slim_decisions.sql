SELECT
    member_id, outcome, path,
    (reasons -> 0 ->> 'met')::boolean AS conditions_met, (reasons -> 0 ->> 'found')::int AS conditions,
    (reasons -> 1 ->> 'met')::boolean AS drugs_met, drug_count AS drugs,
    (reasons -> 2 ->> 'met')::boolean AS cost_met, drug_cost AS cost
FROM ({inner}) decision
