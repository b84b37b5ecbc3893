"""Files of a synthetic Medicare Part D plan in the layout of CCW Research Identifiable Files, calibrated to published figures.

Nothing in them describes a person: names, addresses, NPIs, NDC labelers and Medicare numbers are such as cannot exist.
"""

from mtm.generator.run import generate

__all__ = ["generate"]
