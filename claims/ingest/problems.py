class FileProblem(Exception):
    """A file that cannot be loaded at all: one sentence that names file, line and column and says what to do."""

    def __init__(self, file: str, text: str, *, line: int | None = None, column: int | None = None) -> None:
        place = file
        if line is not None:
            place += f", line {line}"
        if column is not None:
            place += f", column {column}"
        super().__init__(f"{place}: {text}")
