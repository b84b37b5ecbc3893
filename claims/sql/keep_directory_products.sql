-- Label and brand come with the ingredients; what only some directories give stays where the better one does not give it.
INSERT INTO claims_drugproduct AS known (
    ndc, label, is_brand, systemic, oral, strength, form, route, package, package_size, epc, marketed_until, source
)
SELECT
    ndc, label, is_brand, claims_is_systemic(acts), claims_is_oral(acts), strength, form, route, package, package_size, epc,
    claims_to_date(marketed_until), %(source)s
FROM judged_directory
WHERE NOT outranked
ON CONFLICT (ndc) DO UPDATE
SET label = excluded.label, is_brand = excluded.is_brand, systemic = excluded.systemic, oral = excluded.oral,
    source = excluded.source,
    strength = coalesce(nullif(excluded.strength, ''), known.strength),
    form = coalesce(nullif(excluded.form, ''), known.form),
    route = coalesce(nullif(excluded.route, ''), known.route),
    package = coalesce(nullif(excluded.package, ''), known.package),
    package_size = coalesce(excluded.package_size, known.package_size),
    epc = coalesce(nullif(excluded.epc, ''), known.epc),
    marketed_until = coalesce(excluded.marketed_until, known.marketed_until);
-- Of a product that another source knows better, only what that one does not say is added.
UPDATE claims_drugproduct known
SET route = coalesce(nullif(known.route, ''), said.route),
    strength = coalesce(nullif(known.strength, ''), said.strength),
    form = coalesce(nullif(known.form, ''), said.form),
    package = coalesce(nullif(known.package, ''), said.package),
    package_size = coalesce(known.package_size, said.package_size),
    epc = coalesce(nullif(known.epc, ''), said.epc),
    marketed_until = coalesce(known.marketed_until, claims_to_date(said.marketed_until))
FROM judged_directory said
WHERE said.outranked AND known.ndc = said.ndc;
