"""What shape a body must have before anyone looks inside: a misfit is a refusal, not a crash."""

from typing import Any

from simulator.store import JSON

# A shape is a type, a list with one shape, or names with their shapes; `...` stands for any name.
# What is absent or null fits, and so do names that the shape does not know.
Shape = Any


def misfit(value: Any, shape: Shape, place: str = "") -> str | None:  # noqa: ANN401 - any JSON
    """Return where a value does not have its shape, or nothing."""
    if value is None or shape is Any:
        return None
    if isinstance(shape, list):
        return _in_list(value, shape[0], place)
    if isinstance(shape, dict):
        return _in_object(value, shape, place)
    # To Python, true is a number.
    wrong_bool = isinstance(value, bool) and shape is not bool
    return (place or "body") if wrong_bool or not isinstance(value, shape) else None


def _in_list(value: Any, shape: Shape, place: str) -> str | None:  # noqa: ANN401
    if not isinstance(value, list):
        return place or "body"
    for number, item in enumerate(value):
        # A list has no place for nothing.
        wrong = f"{place}[{number}]" if item is None else misfit(item, shape, f"{place}[{number}]")
        if wrong:
            return wrong
    return None


def _in_object(value: Any, shape: JSON, place: str) -> str | None:  # noqa: ANN401
    if not isinstance(value, dict):
        return place or "body"
    for name, item in value.items():
        inner = shape.get(name, shape.get(..., Any))  # type: ignore[call-overload]
        if wrong := misfit(item, inner, f"{place}.{name}".lstrip(".")):
            return wrong
    return None
