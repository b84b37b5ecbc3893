"""Which products act on the whole body, read from the dose form in the RxNorm name; in doubt a product does."""

from django.db import migrations, models

# Packs with a swallowed or injected part, and gels, ointments and sprays that are made to reach the blood, stay systemic.
FUNCTION = r"""
CREATE FUNCTION claims_is_systemic(label text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT label !~* '\m(Topical|Ophthalmic|Otic|Vaginal (?!System|Ring)|Nasal\M|Rectal Foam|Shampoo|Mouthwash|Medicated Patch)'
        OR label ~* '\m(Oral|Injection|Injectable|Transdermal)\M'
        OR label ~* '\m(testosterone|estradiol|nitroglycerin|oxybutynin)\M.*\mTopical\M'
        OR label ~* ('\m(butorphanol|calcitonin|cyanocobalamin|desmopressin|diazepam|dihydroergotamine|epinephrine'
            '|esketamine|fentanyl|glucagon|ketorolac|metoclopramide|midazolam|nalmefene|naloxone|nicotine|sumatriptan'
            '|testosterone|varenicline|zavegepant|zolmitriptan)\M.*\mNasal\M')
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_readers")]
    operations = [
        migrations.AddField(
            model_name="drugproduct",
            name="systemic",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION claims_is_systemic(text)"),
        migrations.RunSQL(
            "UPDATE claims_drugproduct SET systemic = false WHERE NOT claims_is_systemic(label)",
            migrations.RunSQL.noop,
        ),
    ]
