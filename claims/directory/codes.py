"""National Drug Codes: labeler, product and package."""

# As labels print them; each part is filled up with a zero where it is one short of 5-4-2.
PRINTED = {(4, 4, 2), (5, 3, 2), (5, 4, 1), (5, 4, 2)}


def eleven_digits(code: str) -> str:
    """The 11 digits of a code with hyphens, or of one that has 11 already; empty for anything else.

    Ten digits without hyphens could be three different codes, so they are none.
    """
    parts = code.split("-")
    if not all(part.isascii() and part.isdigit() for part in parts):
        return ""
    if tuple(map(len, parts)) in PRINTED:
        labeler, product, package = parts
        return f"{labeler:0>5}{product:0>4}{package:0>2}"
    return code if len(code) == 11 and len(parts) == 1 else ""
