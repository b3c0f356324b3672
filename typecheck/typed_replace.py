"""A mypy plugin: a changed copy of a value takes that value's fields, by name and by type."""

from collections.abc import Callable
from typing import cast

from mypy.checker import TypeChecker
from mypy.nodes import ARG_NAMED_OPT
from mypy.plugin import AttributeContext, Plugin
from mypy.types import CallableType, Instance, Type, TypeVarType, get_proper_type
from pydantic.mypy import METADATA_KEY

METHOD = "domain.engine.value.Value.replace"


def plugin(_version: str) -> type[Plugin]:
    """Return the plugin, as mypy asks for it."""
    return TypedReplace


class TypedReplace(Plugin):
    """Gives the method that changes a value the fields of each value that inherits it.

    The method must be `@final`. mypy asks plugins about a decorated method as about an attribute:
    whatever it is read from, also Self and type variables. With a plain one it asks at calls only,
    and not at those.
    """

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        """Return what types the method; mypy names it by the class that defines it."""
        return _typed if fullname == METHOD else None


def _typed(context: AttributeContext) -> Type:
    """Return the method with its value's fields as optional keywords; any other type as it is."""
    method = get_proper_type(context.default_attr_type)
    value = _value_behind(method.ret_type) if isinstance(method, CallableType) else None
    if not isinstance(method, CallableType) or value is None:
        return method
    fields = list(value.type.metadata[METADATA_KEY]["fields"])
    return method.copy_modified(
        arg_types=[_type_of(field, value, context) for field in fields],
        arg_kinds=[ARG_NAMED_OPT] * len(fields),
        arg_names=fields,
        name=f"{METHOD.rpartition('.')[2]} of {value.type.name}",
    )


def _value_behind(returned: Type) -> Instance | None:
    """Return the model that the method returns, which is its own; of a type variable, the bound."""
    value = get_proper_type(returned)
    if isinstance(value, TypeVarType):
        value = get_proper_type(value.upper_bound)
    return value if isinstance(value, Instance) and METADATA_KEY in value.type.metadata else None


def _type_of(field: str, value: Instance, context: AttributeContext) -> Type:
    """Return the type that a field of a value has when it is read."""
    checker = cast(TypeChecker, context.api).expr_checker
    return checker.analyze_external_member_access(field, value, context.context)
