INSERT INTO claims_plandrugflag AS known (plan_id, ndc, maintenance, source, set_on)
SELECT DISTINCT ON (j.ndc)
    %(plan)s, j.ndc, j.maintenance, (SELECT feed FROM claims_loadfile WHERE id = %(file)s), j.as_of
FROM judged_drug_flags j
WHERE j.reason IS NULL
ORDER BY j.ndc, j.as_of DESC, j.maintenance DESC
ON CONFLICT (plan_id, ndc) DO UPDATE SET
    maintenance = excluded.maintenance, source = excluded.source, set_on = excluded.set_on
WHERE (excluded.set_on, excluded.maintenance) > (known.set_on, known.maintenance);
