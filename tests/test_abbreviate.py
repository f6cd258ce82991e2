"""Names that are too long for their place are cut so that two that differ never look the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from rolecall.abbreviate import abbreviate
from rolecall.cli import tables
from rolecall.tui.render.lines import cut_middle

PARTS = st.sampled_from(
    ("prod", "test", "eu", "us", "ro", "core", "network", "admin", "readonly", "日本", "x")
)
NAMES = st.lists(st.lists(PARTS, min_size=1, max_size=6).map("-".join), min_size=1, max_size=25, unique=True)


def in_cells(text: str, room: int) -> str:
    return tables.cut_middle(text, room, "...")


@given(NAMES, st.integers(4, 40))
def test_names_that_differ_never_look_the_same_and_fit(names: list[str], room: int) -> None:
    for cut, mark in ((cut_middle, "…"), (in_cells, "...")):
        shown = abbreviate(names, room, cut, mark)
        assert shown.keys() == set(names)
        assert all(cell_len(text) <= room for text in shown.values())
        assert len(set(shown.values())) == len(names)


@given(NAMES)
def test_a_name_that_fits_is_whole(names: list[str]) -> None:
    assert abbreviate(names, 80, cut_middle, "…") == {name: name for name in names}


@given(NAMES, st.integers(-2, 3))
def test_no_width_is_too_small(names: list[str], room: int) -> None:
    shown = abbreviate(names, room, cut_middle, "…")
    assert all(cell_len(text) <= max(room, 0) for text in shown.values())


@pytest.mark.parametrize(
    ("names", "room", "shown"),
    [
        (["shared-services-readonly", "dev"], 16, ["share…s-readonly", "dev"]),
        (
            ["core-network-prod-admin", "core-network-test-admin"],
            16,
            ["core-…prod-admin", "core-…test-admin"],
        ),
        (["team-payments-eu-west-1", "team-payments-eu-west-2"], 12, ["team…-west-1", "team…-west-2"]),
        (["payments-one", "payments-two"], 4, ["pa…1", "pa…2"]),
    ],
)
def test_both_ends_stay_and_what_differs_between_names(names: list[str], room: int, shown: list[str]) -> None:
    assert list(abbreviate(names, room, cut_middle, "…").values()) == shown
