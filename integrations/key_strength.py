"""Whether a key that signs could be guessed: by who read our files, knows words, or has time."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

_SHORTEST = 16
_FEWEST_LETTERS = 8
_WORDS = ("aftermath", "changeme", "everybody", "example", "password", "secret", "simulator")
"""What people type and our own examples hold; by chance, one key in a million has one of them."""


def guessable(keys: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the owner of each key that could be guessed, and why; never the key itself."""
    seen: set[str] = set()
    for owner, key in keys:
        why = "stands there twice, or in two places" if key in seen else weakness(key)
        if why is not None:
            yield owner, why
        seen.add(key)


def weakness(key: str) -> str | None:
    """Return what makes a key guessable, as the end of a sentence, or None."""
    if any(word in key.casefold() for word in _WORDS):
        return "holds a word, as keys from examples do"
    if len(set(key)) < _FEWEST_LETTERS:
        return f"has fewer than {_FEWEST_LETTERS} different letters"
    if key in (key + key)[1:-1]:
        return "repeats itself"
    if _counts(key):
        return "counts through the alphabet"
    return None if len(key) >= _SHORTEST else f"has fewer than {_SHORTEST} letters"


def _counts(key: str) -> bool:
    """Tell whether most letters follow the one before them."""
    steps = [ord(after) - ord(before) for before, after in pairwise(key)]
    return 2 * sum(abs(step) == 1 for step in steps) > len(steps)
