"""Whether a template speaks only of facts that there are: its names against the facts' types."""

import types
from collections.abc import Mapping
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from jinja2 import Environment, Template, TemplateError, meta, nodes

from domain.engine.value import Value
from wording.errors import WordingError

Scope = Mapping[str, Any]
"""The names that a template may use, with their types; None where the type is not known."""


def facts_of(kind: type[Value]) -> Scope:
    """Return the fields of a value by name, with their types."""
    return {name: field.annotation for name, field in kind.model_fields.items()}


class Checked(NamedTuple):
    """A template that speaks only of its facts, and the files that it includes."""

    template: Template
    included: frozenset[str]


def checked(language: Environment, name: str, source: str, facts: Scope) -> Checked:
    """Return a template that was held against its facts.

    Raises:
        WordingError: it cannot be read, or names a fact that is not there.
    """
    try:
        code = language.compile(source, name)
    except TemplateError as error:
        raise _unreadable(name, error) from error
    template = Template.from_code(language, code, language.globals)
    return Checked(template, _held(language, name, source, facts))


def _held(language: Environment, name: str, source: str, facts: Scope) -> frozenset[str]:
    """Hold a template against its facts, and return what it includes."""
    try:
        tree = language.parse(source, name)
    except TemplateError as error:
        raise _unreadable(name, error) from error
    for unknown in sorted(meta.find_undeclared_variables(tree) - facts.keys()):
        known = ", ".join(sorted(facts))
        raise WordingError(f"{name}: there is no fact '{unknown}'; there are {known}.")
    return _Walk(language, name).through(tree, facts)


def _unreadable(name: str, error: TemplateError) -> WordingError:
    line = getattr(error, "lineno", None)
    at = f", line {line}" if line else ""
    return WordingError(f"{name}{at}: {error.message}")


class _Walk:
    """One way through a template, with the types of the names that stand at each place."""

    def __init__(self, language: Environment, name: str) -> None:
        self._language, self._name = language, name

    def through(self, node: nodes.Node, scope: Scope) -> frozenset[str]:
        """Check what stands below a node, and return what it includes."""
        match node:
            case nodes.For(target=target, iter=each):
                inside = {
                    **scope,
                    "loop": None,
                    **_bound(target, _element(self._type(each, scope))),
                }
                return self._all(node.iter_child_nodes(), inside)
            case nodes.Include(template=nodes.Const(value=str(included))):
                return self._included(included, scope) | {included}
            case nodes.Getattr():
                self._type(node, scope)
        return self._all(node.iter_child_nodes(), scope)

    def _all(self, children: Any, scope: Scope) -> frozenset[str]:  # noqa: ANN401 - of nodes
        return frozenset().union(*(self.through(each, scope) for each in children))

    def _included(self, name: str, scope: Scope) -> frozenset[str]:
        if self._language.loader is None:
            raise WordingError(f"{self._name}: nothing can be included here.")
        try:
            source, _, _ = self._language.loader.get_source(self._language, name)
        except TemplateError as error:
            raise WordingError(f"{self._name}: there is no {name} to include.") from error
        return _held(self._language, name, source, scope)

    def _type(self, node: nodes.Node, scope: Scope) -> Any:  # noqa: ANN401 - a type, or None
        """Return the type of an expression as far as it is known."""
        match node:
            case nodes.Name(name=name):
                return scope.get(name)
            case nodes.Getattr(node=whole, attr=attribute):
                return self._attribute(_plain(self._type(whole, scope)), attribute)
        return None

    def _attribute(self, whole: Any, attribute: str) -> Any:  # noqa: ANN401 - types
        if not isinstance(whole, type) or not issubclass(whole, Value):
            return None
        if attribute in whole.model_fields:
            return whole.model_fields[attribute].annotation
        derived = getattr(whole, attribute, None)
        if isinstance(derived, property) and derived.fget is not None:
            return get_type_hints(derived.fget).get("return")
        known = ", ".join(sorted(whole.model_fields))
        raise WordingError(
            f"{self._name}: there is no fact '{attribute}' in {whole.__name__}; there are {known}."
        )


def _bound(target: nodes.Node, kind: Any) -> dict[str, Any]:  # noqa: ANN401 - types
    """Return the names that a loop binds."""
    if isinstance(target, nodes.Name):
        return {target.name: kind}
    parts = get_args(kind)
    names = [each.name for each in target.find_all(nodes.Name)]
    return dict(zip(names, parts if len(parts) == len(names) else [None] * len(names), strict=True))


def _plain(kind: Any) -> Any:  # noqa: ANN401 - types
    """Return the type behind one that may also be None."""
    if get_origin(kind) in (Union, types.UnionType):
        there = [each for each in get_args(kind) if each is not type(None)]
        return there[0] if len(there) == 1 else None
    return kind


def _element(kind: Any) -> Any:  # noqa: ANN401 - types
    """Return the type of what is in a sequence."""
    match get_args(_plain(kind)):
        case (each, last) if last is Ellipsis:
            return each
    return None
