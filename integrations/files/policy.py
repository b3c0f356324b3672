"""The policy file, read once and checked whole."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from domain import lifecycle
from domain.policy import Policy


class WrongPolicy(Exception):
    """The policy file cannot be used; the text names everything that is wrong with it."""


def read_policy(path: Path) -> Policy:
    """Read a policy.

    Raises:
        WrongPolicy: the file is missing, is no TOML, or breaks a rule; all rules at once.
    """
    try:
        policy = Policy.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError:
        raise WrongPolicy(f"The policy file {path} cannot be read. Check PM_POLICY_FILE.") from None
    except tomllib.TOMLDecodeError as error:
        raise WrongPolicy(f"{path} is no TOML: {error}.") from None
    except ValidationError as error:
        wrong = [f"  {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise WrongPolicy("\n".join([f"{path} breaks rules of the policy:", *wrong])) from None
    _refuse_strange_ladders(path, policy)
    return policy


def _refuse_strange_ladders(path: Path, policy: Policy) -> None:
    known = lifecycle.waits()
    strange = [each for each in policy.ladders if each not in known]
    if strange:
        raise WrongPolicy(
            f"{path} breaks rules of the policy:\n"
            f"  ladders.{strange[0]}: nothing waits by this name. Known: {', '.join(known)}."
        )
