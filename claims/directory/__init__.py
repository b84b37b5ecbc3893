"""Which ingredients an NDC holds, its strength, form, route and package: RxNorm and the FDA's directory into our tables.

Publicly available data courtesy of the U.S. National Library of Medicine, which does not endorse the product.
"""
