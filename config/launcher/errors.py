"""What a person reads when a command can't go on."""


class CannotContinueError(Exception):
    """Holds the sentence that says why, and what helps."""
