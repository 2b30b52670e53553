"""What is wrong with a file, where, and so what to correct."""


class FileError(ValueError):
    """A file cannot be read as it is; the text names file, line and column."""

    def __init__(
        self, name: str, problem: str, line: int | None = None, column: str = ""
    ) -> None:
        where = name if line is None else f"{name}, line {line}"
        where = f"{where}, column {column}" if column else where
        super().__init__(f"{where}: {problem}")
