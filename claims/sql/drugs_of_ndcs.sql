SELECT ndc, how, label, oral, ingredients, maintenance
FROM claims_drugs_of_ndcs(%(plan)s, %(ndcs)s)
