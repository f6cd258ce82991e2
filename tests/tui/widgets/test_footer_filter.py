"""The filter under the tree: it filters while it is typed; enter keeps, esc clears."""

import pytest

from rolecall.tui.panes.tree import ProfileTree
from rolecall.tui.render.filtering import HINT
from rolecall.tui.render.tree import Grouping
from rolecall.tui.tones import Tone
from rolecall.tui.widgets.footer import FilterInput
from tests.tui.driving import running
from tests.tui.worlds import World, keys, role


async def test_what_is_typed_after_a_slash_filters_at_once(demo: World) -> None:
    async with running(demo) as app:
        await app.press("slash", "r", "e", "l")
        await app.settle()
        assert set(app.profiles()) == {"base", "release", "ci", "release-ci"}


@pytest.mark.long
async def test_the_cursor_goes_to_what_matches_past_what_leads_there(demo: World) -> None:
    async with running(demo) as app:
        await app.type_filter("partner")
        assert app.tree.profile is not None
        assert app.tree.profile.name == "partner"
        # AND stays on it where it matches still
        await app.type_filter("-audit")
        assert app.tree.profile.name == "partner-audit"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_both_of_its_keys_are_in_the_footer_and_its_hint_is_not_cut(
    demo: World, size: tuple[int, int]
) -> None:
    async with running(demo, size) as app:
        await app.press("slash")
        await app.settle()
        assert "enter Keep esc Clear filter" in app.seen()
        line = app.main.query_one("#filter", FilterInput)
        assert HINT.endswith(str(line.placeholder))
        assert str(line.placeholder) in app.seen()


BEST = {
    "prod": "prod",
    "PROD": "prod",
    "prod-": "prod-eu",
    "eu": "eu",
    "od-e": "aa-prod-eu",
    "v": "v",
}
"""What the cursor goes to, by what is typed."""


@pytest.mark.long
@pytest.mark.parametrize("grouping", Grouping)
async def test_the_cursor_goes_to_the_name_itself_then_to_what_begins_so_then_to_the_rest(
    empty: World, grouping: Grouping
) -> None:
    # GIVEN profiles of which those that only contain the words come first, whatever they are grouped by
    names = ("aa-prod-eu", "aa-prod", "prod-eu", "prod", "a-eu", "eu", "v", "vv")
    empty.write("".join(role(name, "base") for name in names), keys("base"))
    async with running(empty) as app:
        app.tree.regroup(grouping)
        found = {}
        for words in BEST:
            await app.choose("aa-prod-eu")
            # WHEN one types
            await app.type_filter(words)
            # THEN the cursor stands on what matches best
            assert app.tree.profile is not None
            found[words] = app.tree.profile.name
            await app.press("escape")
        assert found == BEST


async def test_it_comes_back_from_a_worse_match_while_one_types_on(empty: World) -> None:
    empty.write("".join(role(name, "base") for name in ("dev", "dev-eu", "dev-eu-ro")), keys("base"))
    async with running(empty) as app:
        seen = []
        for part in ("dev", "dev-eu", "dev-eu-r"):
            await app.type_filter(part)
            assert app.tree.profile is not None
            seen.append(app.tree.profile.name)
        assert seen == ["dev", "dev-eu", "dev-eu-ro"]


async def test_enter_keeps_the_filter_and_gives_the_focus_back(demo: World) -> None:
    async with running(demo) as app:
        await app.type_filter("prod-r")
        await app.press("enter")
        assert app.tree.has_focus
        assert app.profiles() == ["base", "prod-admin", "prod-read"]
        assert "/prod-r" in str(app.tree.border_subtitle)


@pytest.mark.long
async def test_esc_clears_the_filter_while_it_is_typed(demo: World) -> None:
    async with running(demo) as app:
        before = app.names()
        await app.type_filter("prod")
        await app.press("escape")
        await app.settle()
        assert app.names() == before
        assert app.tree.has_focus


async def test_esc_clears_the_filter_that_was_kept(demo: World) -> None:
    async with running(demo) as app:
        before = app.names()
        await app.type_filter("prod")
        await app.press("enter", "escape")
        await app.settle()
        assert app.names() == before


async def test_the_keys_of_commands_are_letters_in_the_filter(demo: World) -> None:
    async with running(demo) as app:
        await app.press("slash", "q", "o", "space", "1", "question_mark")
        assert app.app.is_running
        assert len(app.app.screen_stack) == 1
        assert app.tree.words == "qo 1?"
        assert app.tree.grouping is Grouping.SOURCE


@pytest.mark.long
async def test_a_filter_that_is_opened_again_is_still_there(demo: World) -> None:
    async with running(demo) as app:
        await app.type_filter("dev")
        await app.press("enter", "slash")
        assert app.tree.words == "dev"
        assert "dev" in app.seen().splitlines()[-2]


@pytest.mark.long
async def test_the_filter_stays_over_a_reread(demo: World) -> None:
    async with running(demo) as app:
        await app.type_filter("lake")
        await app.press("enter")
        await app.app.action_reread()
        assert app.profiles() == ["lake"]


async def test_what_is_folded_is_found_by_the_filter(demo: World) -> None:
    async with running(demo) as app:
        await app.act_on(app.tree, "fold")
        await app.type_filter("logs")
        assert "logs" in app.profiles()


@pytest.mark.long
async def test_where_nothing_matches_the_way_back_is_said(demo: World) -> None:
    async with running(demo) as app:
        await app.type_filter("zzz")
        await app.press("enter")
        assert app.profiles() == []
        assert "esc" in app.seen_in(app.tree)


@pytest.mark.long
async def test_the_cursor_stays_on_a_profile_that_matches(demo: World) -> None:
    async with running(demo) as app:
        await app.choose("staging")
        await app.type_filter("sta")
        assert app.names()[app.tree.cursor] == "staging"
        await app.press("escape")
        assert app.names()[app.tree.cursor] == "staging"


async def test_the_empty_field_says_what_can_be_typed_and_hits_are_marked(demo: World) -> None:
    async with running(demo) as app:
        await app.press("slash")
        for field in ("state:", "account:", "region:", "role:", "kind:"):
            assert field in app.main.query_one("#filter", FilterInput).placeholder
        await app.type_filter("state:expired")
        assert set(app.profiles()) == {"legacy", "partner"}
        await app.type_filter("prdep")
        assert app.tree.profile is not None
        assert app.tree.profile.name == "prod-deploy"
        assert hits(app.tree, "prod-deploy") == ["pr", "dep"]


def hits(tree: ProfileTree, name: str) -> list[str]:
    """Return what is marked in a profile's line."""
    item = next(line for line in tree.items if line.node.title == name)
    return [each.text for each in tree.lay_out(item, 38) if each.tone is Tone.HIT]
