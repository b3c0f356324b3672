"""Which secrets a program holds, and which it was given for nothing."""

from collections.abc import Mapping

from settings import Common, Settings, given_to, variable

SECRETS = frozenset(
    name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)
)
"""The settings that must not be seen."""


def values(settings: Common) -> frozenset[str]:
    """Return the values of all secrets, for what must hide them."""
    held = [getattr(settings, name) for name in SECRETS & type(settings).model_fields.keys()]
    lists = (each if isinstance(each, tuple) else (each,) for each in held if each)
    return frozenset(secret.get_secret_value() for secrets in lists for secret in secrets)


def needless(environ: Mapping[str, str], kind: type[Common]) -> tuple[str, ...]:
    """Return the variables that hold secrets of the other program."""
    of_others = SECRETS - kind.model_fields.keys()
    return tuple(sorted(variable(name) for name in given_to(environ).keys() & of_others))
