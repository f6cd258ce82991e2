"""Makes classes frozen dataclasses as ``dataclasses.dataclass`` does, in a third of its time.

rolecall has two hundred of them, and making them would take a third of the time until it can read a file: the
original compiles six functions for each. Here only ``__init__`` is compiled; the other methods are shared.
"""

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - to type checkers it is the original
else:

    def dataclass(*, frozen: bool = False, slots: bool = False) -> Callable[[type], type]:
        """Return what makes a class a dataclass."""
        if not frozen:
            return dataclasses.dataclass(slots=slots)
        return _with_slots if slots else _frozen


def _frozen(cls: type) -> type:
    """Give a class the methods of a frozen dataclass."""
    dataclasses.dataclass(init=False, repr=False, eq=False)(cls)
    fields = dataclasses.fields(cls)
    compared, shown = ([each.name for each in fields if getattr(each, of)] for of in ("compare", "repr"))
    hashed = [each.name for each in fields if (each.compare if each.hash is None else each.hash)]
    # those that a class writes itself are its own; a base class's are for other fields
    for name, made in (
        ("__init__", _init(cls, fields)),
        ("__repr__", _repr(shown)),
        ("__eq__", _eq(compared)),
        ("__hash__", _hash(hashed)),
        ("__setattr__", _refuse_to_set),
        ("__delattr__", _refuse_to_delete),
    ):
        if cls.__dict__.get(name) is None:  # with an __eq__ of its own, a class has None for a hash
            setattr(cls, name, made)
    return cls


def _with_slots(cls: type) -> type:
    cls = _frozen(cls)
    names = [each.name for each in dataclasses.fields(cls)]
    inherited = {name for base in cls.__mro__[1:] for name in base.__dict__.get("__slots__", ())}
    own = {
        name: value
        for name, value in cls.__dict__.items()
        if name not in names and name not in ("__dict__", "__weakref__")
    }
    own["__slots__"] = tuple(name for name in names if name not in inherited)
    own["__getstate__"], own["__setstate__"] = _state, _set_state
    made = type(cls)(cls.__name__, cls.__bases__, own)
    made.__qualname__ = cls.__qualname__
    return made


def _init(cls: type, fields: tuple[dataclasses.Field[Any], ...]) -> Callable[..., None]:
    known: dict[str, Any] = {"_set": object.__setattr__, "_none": dataclasses.MISSING}
    parameters, lines = [], []
    for each in fields:
        value = each.name
        if each.default_factory is not dataclasses.MISSING:
            known[f"_make_{value}"] = each.default_factory
            parameters.append(f"{value}=_none")
            value = f"_make_{value}() if {value} is _none else {value}"
        elif each.default is not dataclasses.MISSING:
            known[f"_default_{value}"] = each.default
            parameters.append(f"{value}=_default_{value}")
        else:
            parameters.append(value)
        lines.append(f" _set(self, {each.name!r}, {value})")
    head = f"def __init__({', '.join(('self', *parameters))}):"
    exec("\n".join((head, *(lines or [" pass"]))), known)  # noqa: S102 - names of fields, as in the original
    made: Callable[..., None] = known["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


def _repr(names: list[str]) -> Callable[[object], str]:
    @recursive_repr()
    def __repr__(self: object) -> str:  # noqa: N807
        values = (f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({', '.join(values)})"

    return __repr__


def _values_of(names: list[str]) -> Callable[[object], tuple[object, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda it: tuple(getattr(it, name) for name in names)


def _eq(names: list[str]) -> Callable[[object, object], bool]:
    values = _values_of(names)

    def __eq__(self: object, other: object) -> bool:  # noqa: N807
        return values(self) == values(other) if type(other) is type(self) else NotImplemented

    return __eq__


def _hash(names: list[str]) -> Callable[[object], int]:
    values = _values_of(names)

    def __hash__(self: object) -> int:  # noqa: N807
        return hash(values(self))

    return __hash__


def _refuse_to_set(self: object, name: str, value: object) -> NoReturn:  # noqa: ARG001 - Python's own
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> NoReturn:  # noqa: ARG001 - as above
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: object) -> list[object]:
    return [getattr(self, each.name) for each in dataclasses.fields(self)]  # type: ignore[arg-type]


def _set_state(self: object, state: list[object]) -> None:
    for each, value in zip(dataclasses.fields(self), state, strict=True):  # type: ignore[arg-type]
        object.__setattr__(self, each.name, value)
