"""Google's partial answers: the `fields` parameter, such as `files(id,owners/emailAddress)`."""

from typing import Any

from simulator.errors import google_error
from simulator.store import JSON

_Mask = dict[str, "_Mask"]


def masked(answer: JSON, fields: str | None) -> JSON:
    """Return what the mask asks for; without a mask, everything."""
    if not fields:
        return answer
    mask, rest = _read(fields.replace(" ", ""))
    if rest:
        raise _invalid(fields)
    return dict(_keep(answer, mask))


def _keep(value: Any, mask: _Mask) -> Any:  # noqa: ANN401 - any JSON value goes through here
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [_keep(item, mask) for item in value]
    if isinstance(value, dict):
        return {name: _keep(value[name], inner) for name, inner in mask.items() if name in value}
    return value


def _read(text: str) -> tuple[_Mask, str]:
    mask: _Mask = {}
    while text and not text.startswith(")"):
        text = _read_one(text.removeprefix(","), mask)
    return mask, text


def _read_one(text: str, mask: _Mask) -> str:
    end = next((at for at, sign in enumerate(text) if sign in ",/()"), len(text))
    name, rest = text[:end], text[end:]
    if not name:
        raise _invalid(text)
    inner = mask.setdefault(name, {})
    if rest.startswith("/"):
        return _read_one(rest[1:], inner)
    if rest.startswith("("):
        found, rest = _read(rest[1:])
        if not rest.startswith(")"):
            raise _invalid(text)
        inner.update(found)
        return rest[1:]
    return rest


def _invalid(fields: str) -> Exception:
    return google_error(
        400, "invalidParameter", f"Invalid field selection {fields}", ("parameter", "fields")
    )
