"""Keys and secrets: how settings hold them, and whether others could guess them."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

MAKE_ONE = "make one with python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
_KEY_LENGTH = 32
_SHORTEST = 16
_TOO_LITTLE = f"needs one key or more, each of {_KEY_LENGTH} characters at least; {MAKE_ONE}"
_FEWEST_LETTERS = 8
_WORDS = ("aftermath", "changeme", "everybody", "example", "password", "secret", "simulator")
"""What people type and our own examples hold; by chance, one key in a million has one of them."""


def apart(text: str) -> tuple[str, ...]:
    """Return the parts of a list that is written with commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _listed(given: object) -> object:
    return apart(given) if isinstance(given, str) else given


def _long(keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    if any(len(key.get_secret_value()) < _KEY_LENGTH for key in keys):
        raise ValueError(_TOO_LITTLE)
    return keys


def _some(keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    if not keys:
        raise ValueError(_TOO_LITTLE)
    return keys


Secret = Annotated[SecretStr, Field(min_length=1)]
Secrets = Annotated[tuple[SecretStr, ...], BeforeValidator(_listed)]
OptionalKeys = Annotated[Secrets, AfterValidator(_long)]
Keys = Annotated[OptionalKeys, AfterValidator(_some)]


def held(secrets: Iterable[SecretStr]) -> list[str]:
    """Return secrets as those take them who use them."""
    return [each.get_secret_value() for each in secrets]


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
