"""p: credentials are written into a profile of the credentials file, all of them together, after a diff."""

import pytest

from rolecall.aws.config_file import FileKind, read_file
from rolecall.tui.screens.dialogs import IntoScreen
from rolecall.tui.screens.diff import DiffScreen
from tests.tui.actions.stage import Stage, acting
from tests.tui.worlds import World

pytestmark = pytest.mark.long


def section(stage: Stage, name: str) -> dict[str, object]:
    return dict(read_file(stage.aws / "credentials", FileKind.CREDENTIALS, "utf-8").sections[name])


async def go_to_diff(stage: Stage, name: str) -> str:
    await stage.press("I")
    await stage.opens(IntoScreen)
    await stage.press(*name, "enter")
    return await stage.opens(DiffScreen)


async def test_stale_tokens_are_replaced_together_and_comments_stay(meadow: World) -> None:
    async with acting(meadow) as stage:
        # GIVEN a profile with expired keys, two names for its token, a comment above, and aligned values
        file = stage.aws / "credentials"
        before = file.read_text()
        old = section(stage, "legacy")
        await stage.choose("prod-deploy")
        # WHEN another profile's credentials are put into it
        await stage.press("I")
        await stage.opens(IntoScreen)
        await stage.press(*"legacy")
        assert "legacy exists: its keys will be replaced." in stage.words
        await stage.press("enter")
        shown = await stage.opens(DiffScreen)
        # THEN the diff is shown first, nothing secret in it, and Cancel under the cursor
        assert "x_security_token_expires" in shown
        assert str(old["aws_session_token"])[:20] not in stage.seen()
        await stage.press("enter")
        await stage.done()
        assert file.read_text() == before
        # AND once it is written, all of them are new, and no other line is
        await go_to_diff(stage, "legacy")
        await stage.press("right", "enter")
        await stage.says("u undoes it.")
        new = section(stage, "legacy")
        assert new["aws_access_key_id"] != old["aws_access_key_id"]
        assert new["x_security_token_expires"] != old["x_security_token_expires"]
        assert new.get("aws_security_token") in (None, new["aws_session_token"])
        assert new["x_principal_arn"] == old["x_principal_arn"]
        assert "# written by saml2aws, Acme's login\n[legacy]" in file.read_text()
        assert [line for line in before.splitlines() if line.startswith("#")] == [
            line for line in file.read_text().splitlines() if line.startswith("#")
        ]
        assert file.stat().st_mode & 0o777 == 0o600
        await stage.choose("legacy")
        assert stage.line(stage.tree, "legacy").endswith(("42m", "43m"))


async def test_a_new_profile_is_added_and_undo_takes_it_back(meadow: World) -> None:
    async with acting(meadow) as stage:
        file = stage.aws / "credentials"
        before = file.read_bytes()
        await stage.choose("prod-deploy")
        await go_to_diff(stage, "handed-on")
        await stage.press("right", "enter")
        await stage.says("u undoes it.")
        assert "handed-on" in stage.profiles()
        await stage.press("u")
        await stage.opens(DiffScreen)
        await stage.press("right", "enter")
        await stage.says("undone.")
        assert file.read_bytes() == before
        assert "handed-on" not in stage.profiles()
