"""Dice with a seed: the same run again throws the same."""

from random import Random  # noqa: TID251 - nothing here runs in a workflow

Dice = Random


def dice(*seed: object) -> Dice:
    """Return dice that always throw the same for the same seed."""
    return Random(":".join(map(str, seed)))  # noqa: S311 - they decide nothing secret
