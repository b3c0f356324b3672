"""How a program that stays tells what it does: one JSON object a line, and nothing secret in it.

Everything that logs comes through here: ours, the libraries', Temporal's core, and what nobody
caught.
"""

import logging
import sys
import threading
from collections.abc import Collection
from functools import cache
from types import TracebackType
from typing import TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, WrappedLogger
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)

from console.redaction import Redaction, failure

_TALKATIVE = ("google", "googleapiclient", "httpcore", "httpx", "urllib3", "uvicorn")
_CORE = "temporalio.core"


def log_as_json(program: str, secrets: Collection[str], to: TextIO | None = None) -> None:
    """Let the process log as JSON, from here to its end; `secrets` are hidden wherever they stand.

    Of a failure its kind and places are told, and its text only where the text is ours.
    """
    formatter = _formatter(program, Redaction(secrets))
    handler = logging.StreamHandler(to or sys.stdout)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    logging.captureWarnings(capture=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[structlog.stdlib.add_log_level, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    sys.excepthook = _uncaught
    threading.excepthook = lambda told: _uncaught(told.exc_type, told.exc_value, told.exc_traceback)


@cache
def runtime() -> Runtime:
    """Return Temporal's runtime for a program that logs as JSON: it prints nothing by itself.

    What its core tells beside a sentence is left out: that may be a whole failure.
    """
    forwarding = LogForwardingConfig(
        logging.getLogger(_CORE),
        append_target_to_name=False,
        prepend_target_on_message=False,
        append_log_fields_to_message=False,
    )
    wanted = TelemetryFilter(core_level="WARN", other_level="ERROR")
    return Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(wanted, forwarding)))


def _formatter(program: str, redaction: Redaction) -> ProcessorFormatter:
    def told(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        record: logging.LogRecord = event["_record"]
        return {"program": program, "logger": record.name, **event}

    def redacted(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return redaction(event)

    return ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_log_level, _first_line],
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            told,
            ProcessorFormatter.remove_processors_meta,
            _with_failure,
            redacted,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def _first_line(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep a library's sentence: below it some print the failure, with its text."""
    event["event"] = next(iter(str(event["event"]).splitlines()), "")
    return event


def _with_failure(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    told = event.pop("exc_info", None)
    event.pop("stack_info", None)
    found = told[1] if isinstance(told, tuple) else sys.exc_info()[1] if told is True else told
    if isinstance(found, BaseException):
        event["failure"] = failure(found)
    return event


def _uncaught(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> None:
    caught = (kind, error or kind(), trace)
    logging.getLogger("uncaught").critical("The program ends here.", exc_info=caught)
