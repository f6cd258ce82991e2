"""rolecall's dataclasses are those of the standard library in all that can be seen of them."""

import copy
import dataclasses
import pickle
from dataclasses import field, replace
from functools import cached_property
from typing import ClassVar

import pytest

from rolecall.values import dataclass


@dataclass(frozen=True, slots=True)
class Ours:
    """A value."""

    one: int
    two: str = "x"
    three: list[int] = field(default_factory=list, repr=False)
    four: float = field(default=0.0, compare=False)
    of_class: ClassVar[int] = 1


@dataclasses.dataclass(frozen=True, slots=True)
class Theirs:
    """A value."""

    one: int
    two: str = "x"
    three: list[int] = field(default_factory=list, repr=False)
    four: float = field(default=0.0, compare=False)
    of_class: ClassVar[int] = 1


@dataclass(frozen=True, slots=True)
class Longer(Ours):
    """A value with one more field."""

    five: int = 5


@dataclass(frozen=True)
class Kept:
    """A value that works something out once, and says itself what it is equal to."""

    one: int

    @cached_property
    def double(self) -> int:
        """Twice."""
        return 2 * self.one

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kept) and self.one % 10 == other.one % 10

    def __hash__(self) -> int:
        return self.one % 10


@dataclass(frozen=True, slots=True)
class Unhashed:
    """A value with a field that is compared and cannot be hashed."""

    one: int
    two: dict[str, str] = field(default_factory=dict, hash=False)


def test_it_has_the_same_fields_and_the_same_repr() -> None:
    ours, theirs = Ours(1, three=[2]), Theirs(1, three=[2])
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert Ours.__match_args__ == Theirs.__match_args__
    assert Ours.__slots__ == Theirs.__slots__
    assert not hasattr(ours, "__dict__")
    assert Ours(1).three is not Ours(1).three


def test_it_compares_as_the_original_does() -> None:
    assert Ours(1, four=1.0) == Ours(1, four=2.0)
    assert Ours(1) != Ours(2)
    others: list[object] = [Theirs(1), Longer(1)]
    assert Ours(1) not in others
    assert hash(Kept(1)) == hash(Kept(11))
    assert Kept(1) == Kept(11)
    with pytest.raises(TypeError, match="unhashable"):  # a list is in it
        hash(Ours(1))


def test_what_is_left_out_of_the_hash_is_compared_all_the_same() -> None:
    assert hash(Unhashed(1, {"a": "b"})) == hash(Unhashed(1))
    assert Unhashed(1, {"a": "b"}) != Unhashed(1)


def test_it_is_frozen() -> None:
    value = Ours(1)
    for name in ("one", "other"):
        with pytest.raises(dataclasses.FrozenInstanceError, match=f"cannot assign to field '{name}'"):
            setattr(value, name, 2)
        with pytest.raises(dataclasses.FrozenInstanceError, match=f"cannot delete field '{name}'"):
            delattr(value, name)


def test_it_can_be_replaced_copied_pickled_and_inherited_from() -> None:
    value = Longer(1, three=[2], five=6)
    assert replace(value, one=3) == Longer(3, three=[2], five=6)
    assert copy.deepcopy(value) == value == pickle.loads(pickle.dumps(value))  # noqa: S301 - its own
    assert Longer.__dict__["__slots__"] == ("five",)


def test_without_slots_it_keeps_what_it_has_worked_out() -> None:
    value = Kept(2)
    assert (value.double, value.__dict__) == (4, {"one": 2, "double": 4})


def test_arguments_are_checked_by_name_and_number() -> None:
    with pytest.raises(TypeError, match=r"Ours\.__init__\(\) missing 1 required positional argument: 'one'"):
        Ours()  # type: ignore[call-arg]
