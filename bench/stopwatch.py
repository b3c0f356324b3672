"""How long questions take in CPU time, measured one round at a time for whoever asks by a line."""

import gc
import json
import sys
from collections.abc import Callable, Mapping
from time import process_time_ns
from typing import TypeVar

T = TypeVar("T")

Times = Mapping[str, float]
"""Milliseconds of CPU time, by what was asked."""


def serve(questions: Mapping[str, Callable[[T], object]], fresh: Callable[[], T]) -> None:
    """For each line that comes in, print the times of one round as a line of JSON."""
    for _ in sys.stdin:
        print(json.dumps(times(questions, fresh)), flush=True)


def times(questions: Mapping[str, Callable[[T], object]], fresh: Callable[[], T]) -> Times:
    """Ask each question once about a fresh value, so that nothing kept about the last one helps.

    What the garbage collector does is nobody's.
    """
    gc.collect()
    gc.disable()
    try:
        return {name: _milliseconds(question, fresh()) for name, question in questions.items()}
    finally:
        gc.enable()


def _milliseconds(question: Callable[[T], object], about: T) -> float:
    began = process_time_ns()
    question(about)
    return (process_time_ns() - began) / 1e6
