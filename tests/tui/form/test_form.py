"""Which fields a form has, what stands in them at first, and what changes come of what is typed."""

from pathlib import Path

import pytest

from rolecall.aws.settings import Kind, fields_of
from rolecall.aws.snapshot import Snapshot
from rolecall.text import MASK
from rolecall.tui.form import form
from rolecall.tui.form.form import EMPTY, NAME, Field, FilledForm, ProfileForm
from tests.homes import make_home

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzCANARY01"
CONFIG = """\
[profile dev]
role_arn = arn:aws:iam::111122223333:role/Dev
source_profile = base
region = eu-west-1
s3 =
  max_concurrent_requests = 20
  addressing_style = path
favourite = blue

[profile base]
region = eu-west-1
output =

[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1

[profile sso]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Dev
"""
CREDENTIALS = f"""\
[base]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = {SECRET}
region = us-east-1
"""


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    return Snapshot.take(make_home(tmp_path, config=CONFIG, credentials=CREDENTIALS))


def of(home: Path, config: str, credentials: str = "", name: str = "p") -> ProfileForm:
    return form.profile_form(Snapshot.take(make_home(home, config=config, credentials=credentials)), name)


def field(opened: ProfileForm, key: str) -> Field:
    return next(each for each in opened.fields if each.key == key)


# Which fields there are.


def test_the_fields_of_its_kind_come_first_and_then_what_else_it_has(snapshot: Snapshot) -> None:
    keys = [each.key for each in form.profile_form(snapshot, "dev").fields]
    assert keys == [NAME, *fields_of(Kind.ROLE), "s3", "favourite"]


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ("role_arn = r\nsource_profile = p", Kind.ROLE),
        ("sso_session = s\nsso_account_id = 1\nsso_role_name = r", Kind.SSO),
        ("aws_access_key_id = A\naws_secret_access_key = s", Kind.KEYS),
        ("credential_process = helper", Kind.PROCESS),
        ("role_arn = r\nweb_identity_token_file = f", Kind.WEB_IDENTITY),
        ("login_session = l", Kind.LOGIN),
        ("region = eu-west-1", Kind.NONE),
    ],
)
def test_the_kind_is_that_of_the_profile(tmp_path: Path, settings: str, kind: Kind | None) -> None:
    opened = of(tmp_path, f"[profile p]\n{settings}\n")
    assert opened.kind is kind
    assert [each.key for each in opened.fields][1 : len(fields_of(kind)) + 1] == [*fields_of(kind)]


@pytest.mark.parametrize("kind", Kind)
def test_a_new_one_has_a_name_and_the_fields_of_its_kind_all_empty(
    snapshot: Snapshot, kind: Kind | None
) -> None:
    opened = form.new(snapshot, kind)
    assert [each.key for each in opened.fields] == [NAME, *fields_of(kind)]
    assert not any(each.text or each.shown or each.is_hidden for each in opened.fields)


# What stands in them.


def test_what_stands_in_a_file_is_there_with_its_place(snapshot: Snapshot) -> None:
    found = field(form.profile_form(snapshot, "dev"), "source_profile")
    assert (found.text, found.origin) == ("base", "~/.aws/config:3")


def test_what_it_shadows_is_said(snapshot: Snapshot) -> None:
    found = field(form.profile_form(snapshot, "base"), "region")
    assert (found.text, found.origin) == ("us-east-1", "~/.aws/credentials:4")
    assert found.shadows == ("eu-west-1 in ~/.aws/config:11",)


def test_a_nested_block_is_text_without_its_indentation(snapshot: Snapshot) -> None:
    found = field(form.profile_form(snapshot, "dev"), "s3")
    assert found.is_block
    assert found.text == "max_concurrent_requests = 20\naddressing_style = path"


def test_a_setting_without_a_value_stands_there_all_the_same(snapshot: Snapshot) -> None:
    found = field(form.profile_form(snapshot, "base"), "output")
    assert (found.text, found.shown, found.is_hidden) == ("", EMPTY, True)


def test_what_a_session_gives_is_shown_but_is_not_the_profiles_own(snapshot: Snapshot) -> None:
    assert all(each.key != "sso_start_url" for each in form.profile_form(snapshot, "sso").fields)


def test_what_default_leaks_is_shown_but_stands_elsewhere(tmp_path: Path) -> None:
    opened = of(tmp_path, "[DEFAULT]\nregion = eu-west-1\n[profile p]\noutput = json\n")
    found = field(opened, "region")
    assert (found.text, found.shown, found.is_hidden) == ("", "eu-west-1", False)
    assert found.origin == "given by [DEFAULT], ~/.aws/config:2"
    assert FilledForm(opened, {"region": ""}).changes() == {}


def test_an_sso_session_has_its_own_form(snapshot: Snapshot) -> None:
    opened = form.session_form(snapshot, "corp")
    assert [each.key for each in opened.fields] == [*fields_of(None)]
    assert field(opened, "sso_region").text == "eu-west-1"
    assert field(opened, "sso_region").origin == "~/.aws/config:16"


# Secrets.


def test_no_secret_is_in_a_form(snapshot: Snapshot) -> None:
    opened = form.profile_form(snapshot, "base")
    found = field(opened, "aws_secret_access_key")
    assert (found.text, found.shown, found.is_secret, found.is_hidden) == ("", MASK, True, True)
    assert field(opened, "aws_access_key_id").shown == "…MPLE"
    for each in opened.fields:
        assert "CANARY" not in each.text + each.shown + each.origin + "".join(each.shadows)


@pytest.mark.parametrize(
    "setting",
    [
        f"credential_process = helper --secret {SECRET}",
        "ca_bundle = https://user:CANARYword1@host/",
        f"region = eu-west-1\n    aws_secret_access_key = {SECRET}",
        f"s3 =\n  secret_thing = {SECRET}",
        f"favourite = {SECRET}",
    ],
)
def test_a_value_with_a_secret_in_it_can_only_be_replaced(tmp_path: Path, setting: str) -> None:
    opened = of(tmp_path, f"[profile p]\n{setting}\n")
    found = field(opened, setting.split(" =", maxsplit=1)[0])
    assert found.is_hidden
    assert found.text == ""
    assert MASK in found.shown
    assert "CANARY" not in found.shown


@pytest.mark.parametrize("hostile", ["a\x1b[2Jb", "a\u202eb", "a\u200bb"])
def test_what_could_steer_a_terminal_can_only_be_replaced(tmp_path: Path, hostile: str) -> None:
    found = field(of(tmp_path, f"[profile p]\nfavourite = {hostile}\n"), "favourite")
    assert (found.is_hidden, found.text) == (True, "")
    assert found.shown.isprintable()


def test_a_repr_shows_nothing_that_was_typed(snapshot: Snapshot) -> None:
    filled = FilledForm(form.profile_form(snapshot, "base"), {"aws_secret_access_key": SECRET})
    assert "CANARY" not in repr(filled)


# What comes of what is typed.


def test_untouched_it_changes_nothing(snapshot: Snapshot) -> None:
    for name in snapshot.profiles:
        opened = form.profile_form(snapshot, name)
        untouched = FilledForm(opened, {each.key: each.text for each in opened.fields})
        assert untouched.changes() == {}
        assert not untouched.is_changed


def test_what_is_typed_is_set_and_what_is_emptied_goes(snapshot: Snapshot) -> None:
    opened = form.profile_form(snapshot, "dev")
    filled = FilledForm(
        opened, {"region": " us-east-1 ", "source_profile": "", "output": "json", "external_id": ""}
    )
    assert filled.changes() == {"region": "us-east-1", "source_profile": None, "output": "json"}


def test_an_empty_field_leaves_a_secret_as_it_is(snapshot: Snapshot) -> None:
    opened = form.profile_form(snapshot, "base")
    assert FilledForm(opened, {"aws_secret_access_key": ""}).changes() == {}
    assert FilledForm(opened, {"aws_secret_access_key": "new"}).changes() == {"aws_secret_access_key": "new"}


def test_a_secret_goes_when_that_is_asked_for(snapshot: Snapshot) -> None:
    opened = form.profile_form(snapshot, "base")
    filled = FilledForm(opened, {}, frozenset({"aws_secret_access_key"}))
    assert filled.changes() == {"aws_secret_access_key": None}


def test_an_edited_block_is_written_as_one(snapshot: Snapshot) -> None:
    opened = form.profile_form(snapshot, "dev")
    filled = FilledForm(opened, {"s3": "max_queue_size = 5\n\naddressing_style = auto\n"})
    assert filled.changes() == {"s3": "\n  max_queue_size = 5\n  addressing_style = auto"}
    assert FilledForm(opened, {"s3": " \n"}).changes() == {"s3": None}


def test_a_line_can_be_added_for_any_setting(snapshot: Snapshot) -> None:
    opened = form.profile_form(snapshot, "dev").with_field("my_api_key")
    assert opened.fields[-1].is_secret
    assert FilledForm(opened, {"my_api_key": "x"}).changes() == {"my_api_key": "x"}


def test_another_name_is_a_change_and_no_setting(snapshot: Snapshot) -> None:
    filled = FilledForm(form.profile_form(snapshot, "dev"), {NAME: " dev2 "})
    assert (filled.name, filled.changes(), filled.is_changed) == ("dev2", {}, True)


def test_those_who_refer_to_a_profile_are_found_in_both_files(tmp_path: Path) -> None:
    config = "[profile a]\nsource_profile = base\n[profile b]\nregion = base\n"
    credentials = "[c]\nsource_profile = base\n"
    taken = Snapshot.take(make_home(tmp_path, config=config, credentials=credentials))
    assert form.referring(taken, "base") == ("a", "c")
