"""What an NDC means to a plan, in one place, and which products are swallowed."""

from django.db import migrations

# Where a dose form says nothing of the mouth, a tablet or capsule that is not put elsewhere is swallowed.
ORAL = r"""
CREATE FUNCTION claims_is_oral(label text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT label ~* '\m(Oral\M(?! (Gel|Paste|Cream|Ointment|Foam|Spray|Lozenge|Rinse|Mouthwash|Gum)\M)|Chewable\M)'
        OR label ~* '\m(Tablet|Capsule)s?\M'
           AND label !~* '\m(Sublingual|Buccal|Vaginal|Rectal|Topical|Ophthalmic|Inhalation|Implant)'
$$;
"""

# The ingredients of each code: of the product itself; else of the labeler's product in another package, if all of its
# packages hold the same; else what somebody of the plan mapped it to; else nobody knows, and `ingredients` is empty.
# A flag of the plan says how the code counts as maintenance before the flags of its ingredients do.
DRUGS = """
CREATE FUNCTION claims_drugs_of_ndcs(of_plan bigint, codes text[]) RETURNS TABLE (
    ndc text, how text, product_id bigint, label text, is_brand boolean, systemic boolean, oral boolean,
    strength text, form text, generic_unit_cost numeric, ingredients text[], maintenance text
) LANGUAGE sql STABLE PARALLEL SAFE AS $$
WITH seen AS MATERIALIZED (SELECT DISTINCT code AS ndc FROM unnest(codes) code),
exact AS MATERIALIZED (
    SELECT seen.ndc, p.id AS product_id
    FROM seen
    JOIN claims_drugproduct p ON p.ndc = seen.ndc
    WHERE EXISTS (SELECT 1 FROM claims_productingredient part WHERE part.product_id = p.id)
),
other AS MATERIALIZED (SELECT seen.ndc FROM seen WHERE NOT EXISTS (SELECT 1 FROM exact WHERE exact.ndc = seen.ndc)),
sibling AS (
    SELECT other.ndc, p.id AS product_id, array_agg(part.ingredient_id ORDER BY part.ingredient_id) AS parts
    FROM other
    JOIN claims_drugproduct p ON left(p.ndc, 9) = left(other.ndc, 9)
    JOIN claims_productingredient part ON part.product_id = p.id
    GROUP BY other.ndc, p.id
),
known AS MATERIALIZED (
    SELECT exact.ndc, 'exact' AS how, exact.product_id FROM exact
    UNION ALL
    SELECT sibling.ndc, 'product', min(sibling.product_id)
    FROM sibling
    GROUP BY sibling.ndc
    HAVING count(DISTINCT sibling.parts) = 1
),
mapped AS MATERIALIZED (
    SELECT mapping.*
    FROM claims_plandrugmapping mapping
    JOIN other ON other.ndc = mapping.ndc
    WHERE mapping.plan_id = of_plan AND mapping.withdrawn_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM known WHERE known.ndc = mapping.ndc)
),
part AS (
    SELECT known.ndc, part.ingredient_id
    FROM known
    JOIN claims_productingredient part ON part.product_id = known.product_id
    UNION ALL
    SELECT mapped.ndc, part.ingredient_id
    FROM mapped
    JOIN claims_plandrugmappingingredient part ON part.mapping_id = mapped.id
),
held AS (
    SELECT
        part.ndc,
        array_agg(i.name::text ORDER BY i.name) AS ingredients,
        CASE WHEN bool_or(i.maintenance = 'Y') THEN 'Y' WHEN bool_or(i.maintenance = 'S') THEN 'S' ELSE max(i.maintenance) END
            AS maintenance
    FROM part
    JOIN claims_ingredient i ON i.id = part.ingredient_id
    GROUP BY part.ndc
),
described AS (
    SELECT
        held.*,
        mapped.strength, mapped.form,
        concat_ws(' ', array_to_string(held.ingredients, ' / '), nullif(mapped.strength, ''), nullif(mapped.form, '')) AS label
    FROM held
    JOIN mapped ON mapped.ndc = held.ndc
)
SELECT
    seen.ndc,
    coalesce(known.how, CASE WHEN described.ndc IS NULL THEN 'unmapped' ELSE 'by hand' END),
    known.product_id,
    coalesce(product.label, described.label, named.label, 'NDC ' || seen.ndc),
    coalesce(product.is_brand, named.is_brand, false),
    coalesce(product.systemic, claims_is_systemic(described.label), named.systemic, true),
    coalesce(product.oral, claims_is_oral(described.label), named.oral, false),
    coalesce(product.strength, described.strength, named.strength, ''),
    coalesce(product.form, described.form, named.form, ''),
    product.generic_unit_cost,
    coalesce(held.ingredients, '{}'),
    coalesce(flag.maintenance, held.maintenance, '')
FROM seen
LEFT JOIN known ON known.ndc = seen.ndc
LEFT JOIN claims_drugproduct product ON product.id = known.product_id
LEFT JOIN described ON described.ndc = seen.ndc
LEFT JOIN claims_drugproduct named ON named.ndc = seen.ndc AND known.ndc IS NULL
LEFT JOIN held ON held.ndc = seen.ndc
LEFT JOIN claims_plandrugflag flag ON flag.plan_id = of_plan AND flag.ndc = seen.ndc
$$;
"""

# Rows of a mapping say what was meant when: it is withdrawn once, and nothing else about it changes.
HISTORY = """
CREATE FUNCTION claims_mapping_is_only_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.withdrawn_at IS NOT NULL
       OR to_jsonb(NEW) - ARRAY['withdrawn_at', 'withdrawn_by_id'] <> to_jsonb(OLD) - ARRAY['withdrawn_at', 'withdrawn_by_id']
    THEN
        RAISE EXCEPTION 'a mapping is withdrawn once and never changed or removed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_withdrawn BEFORE UPDATE OR DELETE ON claims_plandrugmapping
    FOR EACH ROW EXECUTE FUNCTION claims_mapping_is_only_withdrawn();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON claims_plandrugmappingingredient
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
NO_HISTORY = """
DROP TRIGGER append_only ON claims_plandrugmappingingredient;
DROP TRIGGER only_withdrawn ON claims_plandrugmapping;
DROP FUNCTION claims_mapping_is_only_withdrawn();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0004_drug_history")]
    operations = [
        migrations.RunSQL(ORAL, "DROP FUNCTION claims_is_oral(text)"),
        migrations.RunSQL(
            "UPDATE claims_drugproduct SET oral = true WHERE claims_is_oral(label)", migrations.RunSQL.noop
        ),
        migrations.RunSQL(DRUGS, "DROP FUNCTION claims_drugs_of_ndcs(bigint, text[])"),
        migrations.RunSQL(HISTORY, NO_HISTORY),
    ]
