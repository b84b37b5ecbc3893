SELECT ndc, how, label, oral, ingredients
FROM claims_drugs_of_ndcs(%(plan)s, %(ndcs)s)
