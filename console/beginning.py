"""How a program that stays begins: its settings are read, its log opened, its files looked at."""

import os
from collections.abc import Callable
from typing import TypeVar

import structlog

from console import held_secrets
from console.logs import log_as_json
from console.running import told
from integrations.errors import Refused
from integrations.files.directory import WrongOrganisation
from integrations.files.policy import WrongPolicy
from settings import Common, WrongSettings, read_settings
from wording.errors import WordingError

Kind = TypeVar("Kind", bound=Common)
Made = TypeVar("Made")


def begun(program: str, kind: type[Kind]) -> Kind:
    """Return a program's settings, and let it log; or say everything that is wrong with them."""
    settings = told(lambda: read_settings(os.environ, kind), WrongSettings)
    log_as_json(program, held_secrets.values(settings))
    log = structlog.stdlib.get_logger(program)
    for variable in held_secrets.needless(os.environ, kind):
        log.warning("this secret is for the other program: take it away here", setting=variable)
    if settings.development:
        log.warning("PM_DEVELOPMENT is true: weak keys and vendors without https are let through")
    return settings


def usable(made: Callable[[], Made]) -> Made:
    """Return what a program makes of its files, or say which of them cannot be used."""
    return told(made, WrongPolicy, WrongOrganisation, WordingError, Refused)
