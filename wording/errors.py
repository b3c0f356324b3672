"""What is wrong with the words themselves."""


class WordingError(Exception):
    """Words are missing, or speak of a fact that is not there: the message names file and fact."""
