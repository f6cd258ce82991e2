"""Edits of profiles: which file they go to, what they say beforehand, and when they are refused."""

import time
from pathlib import Path

import pytest

from rolecall.actions.editing import edits
from rolecall.actions.errors import ActionFailed
from rolecall.aws.config_file import FileKind
from rolecall.aws.snapshot import Snapshot
from tests.actions.editing.edits_here import after, home
from tests.conftest import Taker
from tests.homes import make_home

KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = CANARY\n"
BOTH = ("[profile x]\nregion = r\n", f"[x]\n{KEYS}output = json\n")


@pytest.mark.parametrize(
    ("key", "role"),
    [
        ("region", FileKind.CONFIG),
        ("role_arn", FileKind.CONFIG),
        ("credential_process", FileKind.CONFIG),
        ("aws_access_key_id", FileKind.CREDENTIALS),
        ("aws_secret_access_key", FileKind.CREDENTIALS),
        ("aws_session_token", FileKind.CREDENTIALS),
        ("AWS_SECURITY_TOKEN", FileKind.CREDENTIALS),
        ("x_security_token_expires", FileKind.CREDENTIALS),
        ("aws_expiration", FileKind.CREDENTIALS),
        ("aws_account_id", FileKind.CONFIG),
    ],
)
def test_a_key_goes_where_the_aws_cli_puts_it(tmp_path: Path, key: str, role: FileKind) -> None:
    plan = edits.set_setting(home(tmp_path, "[profile x]\n", "[x]\n"), "x", key, "v")
    assert [change.role for change in plan.changes] == [role]
    assert f"{key.lower()} = v\n" in after(plan, role)


@pytest.mark.parametrize(
    ("config", "credentials", "key", "role"),
    [
        pytest.param("region = r", "region = s", "region", FileKind.CREDENTIALS, id="credentials win"),
        pytest.param("a = 1", "region = s", "region", FileKind.CREDENTIALS, id="where it is"),
        pytest.param(
            KEYS, "region = s", "aws_session_token", FileKind.CONFIG, id="beside the keys, in config"
        ),
        pytest.param(KEYS, KEYS, "aws_session_token", FileKind.CREDENTIALS, id="beside the keys in force"),
        pytest.param(
            "region = r", KEYS, "aws_account_id", FileKind.CREDENTIALS, id="the account of the keys"
        ),
        pytest.param(KEYS, "region = s", "expiration", FileKind.CONFIG, id="the end of the keys"),
        pytest.param(
            "aws_session_token = t", KEYS, "aws_session_token", FileKind.CONFIG, id="where it is in force"
        ),
    ],
)
def test_a_key_goes_where_it_takes_effect(
    tmp_path: Path, config: str, credentials: str, key: str, role: FileKind
) -> None:
    snapshot = home(tmp_path, f"[profile x]\n{config}\n", f"[x]\n{credentials}\n")
    plan = edits.set_setting(snapshot, "x", key, "new")
    assert [change.role for change in plan.changes] == [role]


def test_a_key_that_default_leaks_is_set_where_that_leak_is_in_force(tmp_path: Path) -> None:
    snapshot = home(tmp_path, "[profile x]\nregion = r\n", "[DEFAULT]\nregion = s\n[x]\n")
    plan = edits.set_setting(snapshot, "x", "region", "new")
    assert after(plan, FileKind.CREDENTIALS) == "[DEFAULT]\nregion = s\n[x]\nregion = new\n"


def test_the_file_that_is_asked_for_is_taken_and_a_shadow_is_told(tmp_path: Path) -> None:
    snapshot = home(tmp_path, "[profile x]\na = 1\n", "[x]\nregion = s\n")
    plan = edits.set_setting(snapshot, "x", "region", "new", FileKind.CONFIG)
    assert [change.role for change in plan.changes] == [FileKind.CONFIG]
    assert plan.remarks == ("The credentials file has region = s for x, which wins over the config file.",)


def test_a_value_that_comes_to_be_shadowed_is_told(tmp_path: Path) -> None:
    snapshot = home(tmp_path, "[profile x]\nregion = r\n", "[x]\n")
    plan = edits.set_setting(snapshot, "x", "region", "new", FileKind.CREDENTIALS)
    said = "The config file has region = r for x, which counts only without one in credentials."
    assert plan.remarks == (said,)


def test_a_remark_shows_no_secret(tmp_path: Path) -> None:
    snapshot = home(tmp_path, "[profile x]\n", f"[x]\n{KEYS}")
    plan = edits.set_setting(snapshot, "x", "aws_secret_access_key", "CANARY2", FileKind.CONFIG)
    assert "CANARY" not in repr(plan)
    assert "CANARY" not in " ".join((*plan.remarks, *(line.text for line in plan.changes[0].diff)))


def test_a_profile_that_is_not_there_is_added_and_that_is_told(tmp_path: Path) -> None:
    plan = edits.set_setting(home(tmp_path, "", None), "new", "region", "r")
    assert after(plan, FileKind.CONFIG) == "[profile new]\nregion = r\n"
    assert plan.remarks == ("There is no profile new yet: it is added.",)


def test_a_profile_of_the_other_file_gets_a_section(tmp_path: Path) -> None:
    plan = edits.set_setting(home(tmp_path, None, "[my x]\na = 1\n"), "my x", "region", "r")
    assert [change.before for change in plan.changes] == [None]
    assert after(plan, FileKind.CONFIG) == '[profile "my x"]\nregion = r\n'
    assert plan.remarks == ()


def test_nothing_is_to_be_done_where_all_is_as_asked(tmp_path: Path) -> None:
    snapshot = home(tmp_path, "[profile x]\nRegion :  r\ns3 =\n  a = 1\n", None)
    assert edits.set_setting(snapshot, "x", "region", "r").changes == ()
    assert edits.set_setting(snapshot, "x", "s3", "\n  a = 1").changes == ()
    assert edits.change_profile(snapshot, "x", {"region": "r", "output": None}).changes == ()


def test_what_default_gives_to_a_new_section_is_told(tmp_path: Path) -> None:
    snapshot = home(tmp_path, "[DEFAULT]\nregion = r\noutput = o\n", "[x]\n")
    plan = edits.set_setting(snapshot, "x", "output", "json")
    assert plan.remarks == ("[DEFAULT] in the config file gives [profile x] region as well.",)


def test_the_section_in_force_is_changed_and_the_loser_told(tmp_path: Path) -> None:
    snapshot = home(tmp_path, '[profile x]\na = 1\n[profile "x"]\na = 2\n', None)
    plan = edits.set_setting(snapshot, "x", "a", "3")
    assert after(plan, FileKind.CONFIG) == '[profile x]\na = 1\n[profile "x"]\na = 3\n'
    said = '[profile "x"] is changed: it comes after [profile x] and replaces it.'
    assert plan.remarks == (said,)


@pytest.mark.parametrize("sign", ["#", ";"])
@pytest.mark.parametrize("value", ["one", "several words"])
def test_what_was_meant_as_a_comment_is_one_afterwards(tmp_path: Path, value: str, sign: str) -> None:
    snapshot = home(tmp_path, f"[profile x]\nrole_session_name = {value} {sign} home\n", None)
    plan = edits.set_setting(snapshot, "x", "role_session_name", "n")
    assert after(plan, FileKind.CONFIG) == f"[profile x]\n{sign} home\nrole_session_name = n\n"


def test_what_goes_with_a_value_is_told(tmp_path: Path) -> None:
    text = "[profile x]\nregion = r # home\na = 1\n  b = 2\n# c\nd = 4\n"
    snapshot = home(tmp_path, text, None)
    assert edits.set_setting(snapshot, "x", "region", "n").remarks == (
        ("To AWS tools, the text after it was part of the value of region; it is now a comment above."),
    )
    assert edits.set_setting(snapshot, "x", "a", "n").remarks == (
        "Line 4 is removed too: it is indented, and so was part of the value of a.",
    )
    assert edits.unset_setting(snapshot, "x", "d").remarks == (
        "The comment above d (line 5) stays: it may be about more.",
    )
    assert edits.unset_setting(snapshot, "x", "region").remarks == (
        "The text after the value of region is removed too: it was part of the value.",
    )
    assert edits.unset_setting(snapshot, "x", "a").remarks == (
        "Line 4 is removed too: it is indented, and so was part of the value of a.",
    )


def test_comments_below_a_key_that_goes_are_told_to_stay(tmp_path: Path) -> None:
    text = "[profile x]\nregion = r\n  # one\ns3 =\n  # two\n  a = 1\n  ; three\n  # four\nb = 1\n"
    snapshot = home(tmp_path, text, None)
    assert edits.unset_setting(snapshot, "x", "region").remarks == (
        "The comment below region (line 3) stays: it may be about more.",
    )
    plan = edits.unset_setting(snapshot, "x", "s3")
    assert plan.remarks == (
        "The comment above s3 (line 3) stays: it may be about more.",
        "The comments below s3 (lines 5 and 7 to 8) stay: they may be about more.",
    )
    for comment in ("  # one\n", "  # two\n", "  ; three\n", "  # four\n"):
        assert comment in after(plan, FileKind.CONFIG)


def test_comments_that_go_with_a_profile_are_told(tmp_path: Path) -> None:
    text = "[profile y]\n\n# about x\n[profile x]\n# in x\na = 1\n  ; deep\n\n# mine\n\n[profile z]\n"
    plan = edits.remove_profile(home(tmp_path, text, "# top\n[x]\na = 1\n# below\n"), "x")
    assert "The comments in lines 3, 5 and 7 are removed with it." in plan.remarks
    assert "The comment in line 4 is removed with it." in plan.remarks
    assert "# mine" in after(plan, FileKind.CONFIG)
    assert after(plan, FileKind.CREDENTIALS) == "# top\n"


def test_set_and_unset_again_leaves_the_very_bytes(tmp_path: Path) -> None:
    for text in ("[profile x]\na = 1", "[profile x]\r\na = 1", "[profile x]\na = 1\n  # c", "[profile x]"):
        snapshot = home(tmp_path, text, None)
        there = after(edits.set_setting(snapshot, "x", "region", "r"), FileKind.CONFIG)
        assert there != text
        assert after(edits.unset_setting(home(tmp_path, there, None), "x", "region"), FileKind.CONFIG) == text


@pytest.mark.parametrize("lines", ["  a = 1", "  a = 1\n  b = 2", "\n  a = 1\n"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_a_block_at_the_end_of_a_file_gives_way_to_a_value(tmp_path: Path, lines: str, end: str) -> None:
    snapshot = home(tmp_path, f"[profile x]\nregion =\n{lines}{end}")
    plan = edits.set_setting(snapshot, "x", "region", "eu-west-1")
    assert after(plan, FileKind.CONFIG).rstrip("\n") == "[profile x]\nregion = eu-west-1"


def test_a_comment_that_may_hold_a_secret_is_not_quoted(tmp_path: Path) -> None:
    snapshot = home(tmp_path, "[profile x]\nregion = r # token=CANARY\n", None)
    plan = edits.set_setting(snapshot, "x", "region", "n")
    assert "# token=CANARY\nregion = n" in after(plan, FileKind.CONFIG)
    assert "CANARY" not in " ".join(plan.remarks)


def test_unset_takes_a_key_from_both_files_so_that_it_is_gone(tmp_path: Path) -> None:
    snapshot = home(tmp_path, "[profile x]\nregion = r\n", "[x]\nregion = s\n")
    plan = edits.unset_setting(snapshot, "x", "Region")
    assert (after(plan, FileKind.CONFIG), after(plan, FileKind.CREDENTIALS)) == ("[profile x]\n", "[x]\n")


def test_unset_in_one_file_tells_what_the_other_says(tmp_path: Path) -> None:
    snapshot = home(tmp_path, "[profile x]\nregion = r\n", "[x]\nregion = s\n")
    plan = edits.unset_setting(snapshot, "x", "region", FileKind.CREDENTIALS)
    assert [change.role for change in plan.changes] == [FileKind.CREDENTIALS]
    assert plan.remarks == (
        "The config file has region = r for x, which counts only without one in credentials.",
    )


def test_unset_tells_what_default_still_gives(tmp_path: Path) -> None:
    snapshot = home(tmp_path, "[DEFAULT]\nregion = d\n[profile x]\nregion = r\n", None)
    plan = edits.unset_setting(snapshot, "x", "region")
    assert plan.remarks == ("[profile x] still gets a value for region from [DEFAULT] in the config file.",)


def test_unset_of_what_only_default_gives_is_refused_with_its_line(tmp_path: Path) -> None:
    snapshot = home(tmp_path, "[profile x]\n[DEFAULT]\nregion = d\n", None)
    with pytest.raises(ActionFailed, match="comes from \\[DEFAULT\\]") as refused:
        edits.unset_setting(snapshot, "x", "region")
    assert (refused.value.path, refused.value.line) == (tmp_path / ".aws/config", 3)


@pytest.mark.parametrize("file", [None, FileKind.CONFIG, FileKind.CREDENTIALS])
def test_unset_of_what_is_not_there_is_refused(tmp_path: Path, file: FileKind | None) -> None:
    snapshot = home(tmp_path, "[profile x]\n", None)
    with pytest.raises(ActionFailed, match="x has no region") as refused:
        edits.unset_setting(snapshot, "x", "region", file)
    assert refused.value.kind == "NotApplicable"


def test_many_keys_change_at_once_in_the_files_they_belong_to(tmp_path: Path) -> None:
    # GIVEN a profile in both files, and one that draws on it
    snapshot = home(
        tmp_path, "[profile x]\nregion = r\ns3 =\n  a = 1\n\n[profile y]\nsource_profile = x\n", BOTH[1]
    )
    # WHEN many keys change, and the name
    changes = {
        "region": "new",
        "output": None,
        "s3": "\n  a = 1\n  b = 2",
        "mfa_serial": "m",
        "aws_session_token": "t",
        "duration_seconds": None,
    }
    plan = edits.change_profile(snapshot, "x", changes, "z")
    # THEN each file is written once
    assert after(plan, FileKind.CONFIG) == (
        "[profile z]\nregion = new\ns3 =\n  a = 1\n  b = 2\nmfa_serial = m\n"
        "\n[profile y]\nsource_profile = z\n"
    )
    assert after(plan, FileKind.CREDENTIALS) == f"[z]\n{KEYS}aws_session_token = t\n"


def test_a_profile_that_draws_on_itself_and_gets_a_name_and_a_source_at_once(tmp_path: Path) -> None:
    snapshot = home(tmp_path, "[profile x]\nsource_profile = x\n[profile b]\n", None)
    plan = edits.change_profile(snapshot, "x", {"source_profile": "b"}, "y")
    assert after(plan, FileKind.CONFIG) == "[profile y]\nsource_profile = b\n[profile b]\n"


def test_a_new_section_has_the_new_name(tmp_path: Path) -> None:
    plan = edits.change_profile(home(tmp_path, None, "[x]\na = 1\n"), "x", {"region": "r"}, "y")
    assert after(plan, FileKind.CONFIG) == "[profile y]\nregion = r\n"
    assert after(plan, FileKind.CREDENTIALS) == "[y]\na = 1\n"


def test_the_first_files_are_made(tmp_path: Path) -> None:
    plan = edits.add_profile(home(tmp_path), "default", {"region": "r", "aws_access_key_id": "AKIA"})
    assert [(change.role, change.before, change.path) for change in plan.changes] == [
        (FileKind.CONFIG, None, tmp_path / ".aws/config"),
        (FileKind.CREDENTIALS, None, tmp_path / ".aws/credentials"),
    ]
    assert after(plan, FileKind.CONFIG) == "[default]\nregion = r\n"
    assert after(plan, FileKind.CREDENTIALS) == "[default]\naws_access_key_id = AKIA\n"


def test_a_profile_without_settings_is_a_header(tmp_path: Path) -> None:
    assert after(edits.add_profile(home(tmp_path), "x", {}), FileKind.CONFIG) == "[profile x]\n"


def test_a_copy_is_made_in_each_file(tmp_path: Path) -> None:
    plan = edits.duplicate_profile(home(tmp_path, *BOTH), "x", "y")
    assert after(plan, FileKind.CONFIG) == f"{BOTH[0]}\n[profile y]\nregion = r\n"
    assert after(plan, FileKind.CREDENTIALS) == f"{BOTH[1]}\n[y]\n{KEYS}output = json\n"
    assert "CANARY" not in " ".join(line.text for change in plan.changes for line in change.diff)


def test_a_rename_says_what_follows_and_what_does_not(take: Taker) -> None:
    snapshot = take(config=BOTH[0], credentials=BOTH[1], environ={"AWS_PROFILE": "x"})
    assert edits.rename_profile(snapshot, "x", "y").remarks == (
        "x is in both files, and is renamed in both.",
        "AWS_PROFILE is x here: no profile will have that name.",
        "What is cached stays as it is: the name is no part of it.",
    )


def test_a_removal_says_who_depends_on_it(take: Taker) -> None:
    config = "[profile a]\nrole_arn = r\nsource_profile = x\n[profile b]\nrole_arn = s\nsource_profile = x\n"
    snapshot = take(config=config, credentials=f"[x]\n{KEYS}", environ={"AWS_PROFILE": "x"})
    plan = edits.remove_profile(snapshot, "x")
    assert after(plan, FileKind.CREDENTIALS) == ""
    assert plan.remarks == (
        "a, b use x and will fail without it.",
        "AWS_PROFILE names x here: commands without --profile will fail.",
        "Its cached credentials stay in the cache.",
        "This is the only copy of the secret of the long-term key …MPLE: AWS never shows it again.",
    )
    assert plan.lost == ("…MPLE",)


@pytest.mark.parametrize("is_loop", [False, True])
def test_a_removal_names_those_that_depend_on_it_through_others_too(take: Taker, *, is_loop: bool) -> None:
    # GIVEN a source, a role over it, and ten over that one; in a loop, the source uses one of those
    loop = "role_arn = s\nsource_profile = d0\n" if is_loop else ""
    config = f"[profile x]\nregion = y\n{loop}" + "".join(
        f"[profile {name}]\nrole_arn = r\nsource_profile = {source}\n"
        for name, source in (("hub", "x"), *((f"d{number}", "hub") for number in range(10)))
    )
    said = edits.remove_profile(take(config=config, credentials=f"[x]\n{KEYS}"), "x").remarks
    assert said[0] == "hub uses x and will fail without it."
    assert said[1] == "So do d0, d1, d2, d3, d4, d5 and 4 more, through hub."


def test_a_rename_tells_of_commands_that_may_mean_the_profile(tmp_path: Path) -> None:
    config = (
        "[profile x]\n[profile a]\ncredential_process = aws-vault exec x --json\n"
        "[profile b]\ncredential_process = other x-ray\n"
    )
    plan = edits.rename_profile(home(tmp_path, config), "x", "y")
    assert "The credential_process of a contains the word x, and is not changed." in plan.remarks
    assert after(plan, FileKind.CONFIG) == config.replace("[profile x]", "[profile y]")


def test_a_removal_tells_of_commands_that_may_mean_the_profile(tmp_path: Path) -> None:
    config = "[profile x]\n[profile a]\ncredential_process = aws-vault exec x --json\n"
    plan = edits.remove_profile(home(tmp_path, config), "x")
    assert "The credential_process of a contains the word x, and may fail without it." in plan.remarks


def test_a_copy_of_keys_is_told_to_be_one(take: Taker) -> None:
    snapshot = take(config="[profile x]\nregion = r\n[profile y]\nregion = r\n", credentials=f"[x]\n{KEYS}")
    assert edits.duplicate_profile(snapshot, "x", "z").remarks == (
        "Its keys are copied too: in plain text twice, and to be changed in both, x and z.",
    )
    assert edits.duplicate_profile(snapshot, "y", "z").remarks == ()


@pytest.mark.ordinary_user
def test_the_other_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    host = make_home(tmp_path, config="[profile x]\n", credentials="[x]\n")
    (tmp_path / ".aws/credentials").chmod(0)
    plan = edits.rename_profile(Snapshot.take(host), "x", "y")
    said = (
        "~/.aws/credentials cannot be read, and AWS tools cannot read it either: its contents are left out."
    )
    assert said in plan.remarks


def test_the_other_file_that_is_a_directory_is_told(tmp_path: Path) -> None:
    snapshot = Snapshot.take(make_home(tmp_path, config="[profile x]\n", files={".aws/credentials/": ""}))
    plan = edits.set_setting(snapshot, "x", "region", "r")
    said = (
        "~/.aws/credentials cannot be read, and AWS tools cannot read it either: its contents are left out."
    )
    assert plan.remarks == (said,)


@pytest.mark.parametrize(
    ("ask", "kind"),
    [
        pytest.param(lambda s: edits.rename_profile(s, "gone", "y"), "ProfileNotFound", id="rename none"),
        pytest.param(lambda s: edits.remove_profile(s, "gone"), "ProfileNotFound", id="remove none"),
        pytest.param(lambda s: edits.duplicate_profile(s, "gone", "y"), "ProfileNotFound", id="copy none"),
        pytest.param(lambda s: edits.change_profile(s, "gone", {}), "ProfileNotFound", id="change none"),
        pytest.param(lambda s: edits.unset_setting(s, "gone", "a"), "ProfileNotFound", id="unset none"),
        pytest.param(
            lambda s: edits.rename_profile(s, "x", "loser"), "NotApplicable", id="a name that is taken"
        ),
        pytest.param(
            lambda s: edits.duplicate_profile(s, "x", "x"), "NotApplicable", id="a copy of one name"
        ),
        pytest.param(lambda s: edits.add_profile(s, "x", {}), "NotApplicable", id="one that is there"),
    ],
)
def test_what_does_not_apply_is_refused(tmp_path: Path, ask: object, kind: str) -> None:
    snapshot = home(tmp_path, BOTH[0] + "[profile loser]\n", BOTH[1])
    with pytest.raises(ActionFailed) as refused:
        ask(snapshot)  # type: ignore[operator]
    assert refused.value.kind == kind


def test_a_file_that_the_environment_rules_out_is_refused(tmp_path: Path) -> None:
    snapshot = Snapshot.take(make_home(tmp_path, environ={"AWS_CONFIG_FILE": ""}))
    with pytest.raises(ActionFailed, match="AWS_CONFIG_FILE names no file"):
        edits.set_setting(snapshot, "x", "region", "r")


@pytest.mark.ordinary_user
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    host = make_home(tmp_path, config="[profile x]\n")
    (tmp_path / ".aws/config").chmod(0)
    with pytest.raises(ActionFailed) as refused:
        edits.set_setting(Snapshot.take(host), "x", "region", "r")
    assert (refused.value.kind, refused.value.path) == ("Unreadable", tmp_path / ".aws/config")


def test_a_directory_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    snapshot = Snapshot.take(make_home(tmp_path, files={".aws/config/": ""}))
    with pytest.raises(ActionFailed, match="is a directory") as refused:
        edits.set_setting(snapshot, "x", "region", "r")
    assert refused.value.kind == "Unreadable"


def test_a_broken_file_stops_edits_of_the_other_too(tmp_path: Path) -> None:
    snapshot = home(tmp_path, "[profile x]\n", "[x]\nno value\n")
    with pytest.raises(ActionFailed, match="cannot read") as refused:
        edits.set_setting(snapshot, "x", "region", "r")
    assert (refused.value.path, refused.value.line) == (tmp_path / ".aws/credentials", 2)


def test_an_edit_begins_with_what_stands_there_now(tmp_path: Path) -> None:
    # GIVEN a file that has changed since the Snapshot
    snapshot = home(tmp_path, "[profile x]\nregion = r\n", None)
    (tmp_path / ".aws/config").write_text("# more\n[profile x]\nregion = s\n")
    # WHEN an edit is planned
    plan = edits.set_setting(snapshot, "x", "region", "new")
    # THEN it starts from the file
    assert plan.changes[0].before == b"# more\n[profile x]\nregion = s\n"
    assert after(plan, FileKind.CONFIG) == "# more\n[profile x]\nregion = new\n"


def test_an_edit_writes_nothing(tmp_path: Path) -> None:
    snapshot = home(tmp_path, *BOTH)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    edits.set_setting(snapshot, "x", "region", "new")
    edits.remove_profile(snapshot, "x")
    edits.add_profile(snapshot, "new", {"region": "r"})
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_an_edit_among_a_thousand_profiles_takes_a_moment(tmp_path: Path) -> None:
    # GIVEN a thousand profiles
    section = (
        "[profile p{0}]\nregion = r{0}\nrole_arn = arn:aws:iam::123456789012:role/{0}\nsource_profile = p0\n"
    )
    snapshot = home(tmp_path, "\n".join(section.format(number) for number in range(1000)), None)
    # WHEN one is edited
    started = time.process_time()
    plan = edits.set_setting(snapshot, "p500", "region", "new")
    taken = time.process_time() - started
    # THEN it takes a fraction of a second of the processor (0.1 s are usual), and its diff is short
    assert taken < 1
    assert len(plan.changes[0].diff) == 9
