"""What migrate says when it cannot go on."""


class MigrateError(Exception):
    """A message for the person at the terminal: what is wrong, in which file and line, and what to do."""


def line_of(text: str, offset: int) -> int:
    """The 1-based line of a 0-based offset."""
    return text.count("\n", 0, offset) + 1
