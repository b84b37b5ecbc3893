"""Lists of words written as text."""


def words(text: str, separator: str | None = None) -> tuple[str, ...]:
    return tuple(text.split(separator))
