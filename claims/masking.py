"""Raw rows of claim files where people see or open them."""

# A cell that starts with one of these is run by spreadsheet programs, also in their full-width forms.
RUN_BY_SPREADSHEETS = tuple("=+-@\t\r\0＝＋－＠")


def masked(raw: str) -> str:
    """The shape of a row without what it says: digits as 9, letters as x, everything else as it stands."""
    return "".join("9" if letter.isdigit() else "x" if letter.isalpha() else letter for letter in raw)


def neutral(cell: str) -> str:
    """The cell as text that no spreadsheet runs."""
    return f"'{cell}" if cell.startswith(RUN_BY_SPREADSHEETS) else cell
