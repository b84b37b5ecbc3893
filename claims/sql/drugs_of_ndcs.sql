SELECT ndc, how, label, ingredients
FROM claims_drugs_of_ndcs(%(plan)s, %(ndcs)s)
