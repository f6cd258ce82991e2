"""What is said beside a field: what is refused, and what the rules find in what the form would write."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from rolecall.aws.settings import Kind
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.registry import examine
from rolecall.text import sentence
from rolecall.tui.form import form
from rolecall.tui.form.form import NAME, FilledForm
from rolecall.tui.form.notes import FormChecker, FormFindings, Note, form_remarks
from rolecall.tui.render.inspector import SEVERITIES
from tests.conftest import Taker
from tests.homes import make_home, put

ARN = "arn:aws:iam::111122223333:role/Dev"
CONFIG = f"""\
[profile keys]
region = eu-west-1
[profile role]
role_arn = {ARN}
source_profile = keys
region = eu-west-1
[profile ring]
role_arn = {ARN}
source_profile = round
[profile round]
role_arn = {ARN}
source_profile = ring
[profile sso]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Dev
region = eu-west-1
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
"""
CREDENTIALS = """\
[keys]
aws_access_key_id = AKIAQQQQQQQQQQQQ3KEY
aws_secret_access_key = CANARYcanary
"""
ROLE = {"role_arn": ARN, "source_profile": "keys", "region": "eu-west-1"}
SSO = {"sso_session": "corp", "sso_account_id": "111122223333", "sso_role_name": "Dev"}
KEYS = {
    "aws_access_key_id": "AKIAQQQQQQQQQQQQ4KEY",
    "aws_secret_access_key": "canary2",
    "region": "eu-west-1",
}


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    return Snapshot.take(make_home(tmp_path, config=CONFIG, credentials=CREDENTIALS))


def new(snapshot: Snapshot, kind: Kind | None, typed: Mapping[str, str]) -> FilledForm:
    opened = form.new(snapshot, kind)
    for key in typed:
        if key not in {each.key for each in opened.fields}:
            opened = opened.with_field(key)
    return FilledForm(opened, {NAME: "new", **typed})


def found(filled: FilledForm) -> FormFindings:
    return FormChecker(filled.form.snapshot).look(filled)


def words(notes: tuple[Note, ...]) -> str:
    return "\n".join(f"{note.glyph} {note.words} {note.cure}" for note in notes)


# What the rules find.


@pytest.mark.parametrize(
    ("kind", "typed", "key", "code"),
    [
        (Kind.ROLE, ROLE | {"role_arn": "role/x"}, "role_arn", "bad-parameter"),
        (Kind.ROLE, ROLE | {"role_arn": "arn:aws:iam::123:role/x"}, "role_arn", "bad-parameter"),
        (Kind.ROLE, {"role_arn": ARN}, "role_arn", "no-source"),
        (Kind.ROLE, ROLE | {"source_profile": "nobody"}, "source_profile", "missing-source"),
        (Kind.ROLE, ROLE | {"source_profile": "new"}, "source_profile", "loop"),
        (
            Kind.ROLE,
            ROLE | {"credential_source": "Environment"},
            "credential_source",
            "source-and-credential-source",
        ),
        (
            Kind.ROLE,
            {"role_arn": ARN, "credential_source": "environment"},
            "credential_source",
            "bad-credential-source",
        ),
        (Kind.ROLE, ROLE | {"duration_seconds": "1h"}, "duration_seconds", "duration-not-a-number"),
        (Kind.ROLE, ROLE | {"duration_seconds": "899"}, "duration_seconds", "bad-parameter"),
        (Kind.ROLE, ROLE | {"duration_seconds": "43201"}, "duration_seconds", "duration-out-of-range"),
        (
            Kind.ROLE,
            ROLE | {"duration_seconds": "3601", "source_profile": "role"},
            "duration_seconds",
            "duration-chained",
        ),
        (Kind.ROLE, ROLE | {"region": "eu-west-1a"}, "region", "odd-region"),
        (Kind.ROLE, ROLE | {"region": "eu-wst-1"}, "region", "unknown-region"),
        (Kind.ROLE, ROLE | {"external_id": '"quoted"'}, "external_id", "bad-parameter"),
        (Kind.ROLE, ROLE | {"external_id": "id # of theirs"}, "external_id", "bad-parameter"),
        (Kind.ROLE, ROLE | {"role_session_name": "a b"}, "role_session_name", "bad-parameter"),
        (Kind.ROLE, ROLE | {"output": "jason"}, "output", "bad-value"),
        (Kind.ROLE, ROLE | {"regoin": "eu-west-1"}, "regoin", "misspelt-key"),
        (Kind.SSO, SSO | {"sso_session": "nothing"}, "sso_session", "unknown-sso-session"),
        (Kind.SSO, SSO | {"sso_start_url": "https://other.example/start"}, "sso_start_url", "sso-conflict"),
        (Kind.SSO, SSO | {"sso_account_id": "11112222333"}, "sso_account_id", "malformed-value"),
        (None, {"sso_start_url": "corp.awsapps.com"}, "sso_start_url", "malformed-value"),
        (Kind.KEYS, {"aws_access_key_id": "AKIAQQQQQQQQQQQQ4KEY"}, "aws_access_key_id", "half-a-pair"),
        (Kind.KEYS, {"aws_secret_access_key": "x"}, "aws_secret_access_key", "half-a-pair"),
        (
            Kind.KEYS,
            KEYS | {"aws_access_key_id": "ASIAQQQQQQQQQQQQ4KEY"},
            "aws_access_key_id",
            "token-missing",
        ),
        (Kind.KEYS, KEYS | {"aws_session_token": "t"}, "aws_session_token", "stale-token-beside-keys"),
    ],
)
def test_what_is_wrong_with_a_setting_is_said_at_its_field_and_not_forbidden(
    snapshot: Snapshot, kind: Kind | None, typed: Mapping[str, str], key: str, code: str
) -> None:
    filled = new(snapshot, kind, typed)
    messages = {
        sentence(each.message, [filled.name])
        for each in examine(FormChecker(snapshot)._edited(filled)).all
        if each.code == code
    }
    notes = found(filled).by_key[key]
    assert messages & {note.words for note in notes}
    assert not any(note.forbids for note in notes)
    assert all(note.words and note.cure for note in notes)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (Kind.ROLE, {}),
        (Kind.ROLE, ROLE | {"duration_seconds": "43200"}),
        (Kind.ROLE, ROLE | {"source_profile": "role", "duration_seconds": "3600"}),
        (Kind.ROLE, ROLE | {"role_arn": "arn:aws:iam::111122223333:role/path/Dev"}),
        (Kind.KEYS, KEYS),
        (Kind.PROCESS, {"credential_process": '"/opt/a b" --x "y # z"', "region": "eu-west-1"}),
    ],
)
def test_nothing_is_said_of_what_is_fine(
    snapshot: Snapshot, kind: Kind | None, typed: Mapping[str, str]
) -> None:
    assert found(new(snapshot, kind, typed)) == FormFindings()


EDITS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("keys", {}),
    ("keys", {"aws_access_key_id": "ASIAQQQQQQQQQQQQ4KEY"}),
    ("role", {"source_profile": "rloe"}),
    ("role", {"source_profile": "role", "external_id": "'x'"}),
    ("role", {"role_arn": "", "duration_seconds": "1h"}),
    ("ring", {"source_profile": "keys"}),
    ("sso", {"sso_account_id": "", "sso_session": "crop"}),
    ("sso", {NAME: "sso2", "region": "eu-west1"}),
)


@pytest.mark.parametrize(("name", "typed"), EDITS)
def test_what_is_said_is_what_the_list_of_findings_says_after_saving(
    snapshot: Snapshot, name: str, typed: Mapping[str, str]
) -> None:
    # GIVEN a form, and what is said of it
    filled = FilledForm(form.profile_form(snapshot, name), typed)
    said = found(filled)
    # WHEN it is saved, and the files are read again
    for change in form.plan_of(filled).changes:
        assert change.after is not None
        change.path.write_bytes(change.after)
    after = Snapshot.take(snapshot.host)
    listed = examine(after)
    before = {(each.code, each.subject) for each in examine(snapshot).all}
    caused = [each for each in listed.all if (each.code, each.subject) not in before]
    # THEN its findings are those, and what is new, in the same words, with the same cure and severity
    expected = {
        (*SEVERITIES[each.severity], sentence(each.message, after.profiles), sentence(each.fix.words))
        for each in (*listed.by_profile.get(filled.name, ()), *caused)
    }
    notes = (*said.others, *(note for notes in said.by_key.values() for note in notes))
    assert {(note.glyph, note.tone, note.words, note.cure) for note in notes} == expected


def test_nothing_is_written_and_nothing_is_read_into_the_snapshot(snapshot: Snapshot) -> None:
    paths = [file.path for file in snapshot.files if file.path is not None]
    before = [path.read_bytes() for path in paths]
    found(FilledForm(form.profile_form(snapshot, "keys"), {"region": "eu"}))
    assert [path.read_bytes() for path in paths] == before
    assert snapshot.merged.by_name["keys"]["region"] == "eu-west-1"


def test_what_was_found_of_others_before_is_not_said(snapshot: Snapshot) -> None:
    assert {finding.code for finding in examine(snapshot).all} >= {"loop", "sso-token-missing"}
    assert found(FilledForm(form.profile_form(snapshot, "keys"), {"output": "json"})) == FormFindings()


def test_what_an_edit_does_to_others_is_said_below_the_fields(snapshot: Snapshot) -> None:
    # WHEN the only profile that uses a session takes another one
    said = found(FilledForm(form.profile_form(snapshot, "sso"), {"sso_session": "other"}))
    # THEN the session that nobody uses any more is named beside what is wrong with the profile itself
    assert "sso_session 'other'" in words(said.by_key["sso_session"])
    assert words(said.others).startswith("· No profile uses the sso-session section corp.")


def test_who_suffers_from_an_edit_is_named(snapshot: Snapshot) -> None:
    opened = form.profile_form(snapshot, "keys")
    gone = frozenset({"aws_access_key_id", "aws_secret_access_key"})
    assert "role" in words(found(FilledForm(opened, {}, gone)).by_key["region"])


def test_of_an_sso_session_it_is_said_what_its_profiles_come_to(snapshot: Snapshot) -> None:
    filled = FilledForm(form.session_form(snapshot, "corp"), {"sso_region": ""})
    assert "The sso-session corp has no sso_region" in words(found(filled).by_key["sso_start_url"])


def test_a_field_that_is_refused_does_not_silence_the_others(snapshot: Snapshot) -> None:
    filled = FilledForm(
        form.profile_form(snapshot, "role"), {NAME: "keys", "region": "a\ud800", "source_profile": "nobody"}
    )
    assert {key for key, note in form_remarks(filled).items() if note.forbids} == {NAME, "region"}
    assert "role names source_profile 'nobody'" in words(found(filled).by_key["source_profile"])


def test_of_a_new_profile_nothing_is_said_before_it_has_a_name_and_a_setting(snapshot: Snapshot) -> None:
    assert found(new(snapshot, Kind.ROLE, {NAME: "", "role_arn": ARN})) == FormFindings()
    assert found(new(snapshot, Kind.ROLE, {})) == FormFindings()


def test_what_is_silenced_is_not_said(tmp_path: Path) -> None:
    host = make_home(tmp_path, config=CONFIG, credentials=CREDENTIALS)
    put(host.settings_file, '[findings]\nsilence = ["missing-source"]\n')
    filled = FilledForm(form.profile_form(Snapshot.take(host), "role"), {"source_profile": "nobody"})
    assert found(filled) == FormFindings()


@pytest.mark.parametrize("key", ["external_id", "aws_session_token", "credential_process", "regoin"])
def test_what_is_said_of_a_secret_that_was_typed_holds_nothing_of_it(snapshot: Snapshot, key: str) -> None:
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzCANARY01"
    said = found(new(snapshot, Kind.KEYS, KEYS | {key: f'"{secret}"'}))
    assert "CANARY" not in repr(said)
    assert said != FormFindings()


# What is refused, and what is remarked.


@pytest.mark.parametrize(
    ("kind", "typed", "key"),
    [
        (Kind.ROLE, {NAME: ""}, NAME),
        (Kind.ROLE, {NAME: "keys"}, NAME),
        (Kind.ROLE, {NAME: "a]b"}, NAME),
        (None, {NAME: "corp"}, NAME),
        (Kind.NONE, {"s3": "no delimiter here"}, "s3"),
        (Kind.NONE, {"region": "eu\ud800west"}, "region"),
    ],
)
def test_what_cannot_be_written_has_to_be_mended(
    snapshot: Snapshot, kind: Kind | None, typed: Mapping[str, str], key: str
) -> None:
    assert form_remarks(new(snapshot, kind, typed))[key].forbids


def test_a_profile_and_a_session_may_have_the_same_name(snapshot: Snapshot) -> None:
    assert form_remarks(new(snapshot, None, {NAME: "keys"})) == {}
    assert form_remarks(new(snapshot, Kind.NONE, {NAME: "corp"})) == {}


def test_another_name_says_who_follows(snapshot: Snapshot) -> None:
    note = form_remarks(FilledForm(form.profile_form(snapshot, "keys"), {NAME: "keys2"}))[NAME]
    assert note == Note("The source_profile of role follows.")


def test_what_is_removed_and_what_is_replaced_is_said(snapshot: Snapshot) -> None:
    opened = form.profile_form(snapshot, "keys")
    gone = form_remarks(FilledForm(opened, {}, frozenset({"aws_secret_access_key"})))
    assert "removed" in gone["aws_secret_access_key"].words
    replaced = form_remarks(FilledForm(opened, {"aws_secret_access_key": "new"}))
    assert "replaces" in replaced["aws_secret_access_key"].words


def test_what_a_fix_would_add_is_said_at_its_empty_field(take: Taker) -> None:
    other = "[profile other]\nregion = eu-west-1\noutput = json\n"
    snapshot = take(config=f"{other}[profile x]\ncredential_process = /bin/true\n")
    said = found(FilledForm(form.profile_form(snapshot, "x")))
    assert "x has no region" in words(said.by_key["region"])
    assert said.others == ()
