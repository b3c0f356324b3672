"""What a run prints: a line now and then while it goes on, and the table at its end."""

import sys
from collections.abc import Mapping, Sequence

from chaos.checker import CUSTOMERS, NOTICE, Verdict

_MOST_NAMED = 20


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def table(verdict: Verdict) -> str:
    """Return one line per kind of effect."""
    lines = [
        f"{'effect':<18}{'wanted':>8}{'found':>8}{'lost':>8}{'duplicated':>12}{'repeated':>10}"
    ]
    for kind, row in verdict.rows.items():
        repeated = str(row.repeated) if kind == NOTICE else ""
        lines.append(
            f"{kind:<18}{row.wanted:>8}{row.found:>8}{row.lost:>8}{row.duplicated:>12}{repeated:>10}"
        )
    return "\n".join(lines)


def remarks(spoilt: Mapping[str, int], questions: int, retries: int, forgotten: int) -> str:
    """Return whose answers were spoilt, and what people were needed for."""
    lines = [
        f"answers spoilt: {counted(spoilt)}",
        f"Temporal was put back from a copy that did not know of {forgotten} {CUSTOMERS}s",
        f"{CUSTOMERS}s of unknown fate: the owner was asked {questions} times",
    ]
    if retries:
        lines.append(f"parked effects that operations retried: {retries}")
    return "\n".join(lines)


def findings(verdict: Verdict, unfinished: Sequence[str]) -> str:
    """Name each case and effect that is wrong, the first ones if there are many."""
    named = [*unfinished, *map(str, verdict.findings)]
    rest = len(named) - _MOST_NAMED
    more = [f"… and {rest} more"] if rest > 0 else []
    return "\n".join(f"  {each}" for each in [*named[:_MOST_NAMED], *more])


def counted(things: Mapping[str, int]) -> str:
    """Return counts as words, such as `worker 5, web 2`."""
    return ", ".join(f"{name} {count}" for name, count in things.items() if count) or "none"


def duration(seconds: float) -> str:
    """Return a time as people say it."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
