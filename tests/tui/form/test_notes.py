"""What is said beside a field: what is refused, and what the rules find in what the form would write."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.registry import examine
from rolecall.text import sentence
from rolecall.tui.form import form
from rolecall.tui.form.form import NAME, FilledForm, FormKind
from rolecall.tui.form.notes import FormChecker, FormFindings, Note, remarks
from rolecall.tui.render.inspector import SEVERITIES
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
KEYS = {
    "aws_access_key_id": "AKIAQQQQQQQQQQQQ4KEY",
    "aws_secret_access_key": "canary2",
    "region": "eu-west-1",
}


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    return Snapshot.take(make_home(tmp_path, config=CONFIG, credentials=CREDENTIALS))


def new(snapshot: Snapshot, kind: FormKind, typed: Mapping[str, str]) -> FilledForm:
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
    ("kind", "typed", "key", "said"),
    [
        (FormKind.ROLE, ROLE | {"role_arn": "role/x"}, "role_arn", "▲ new has role_arn 'role/x'"),
        (
            FormKind.ROLE,
            {"role_arn": ARN},
            "role_arn",
            "▲ new assumes a role, and has neither",
        ),
        (FormKind.ROLE, ROLE | {"source_profile": "nobody"}, "source_profile", "there is no such profile"),
        (FormKind.ROLE, ROLE | {"source_profile": "kyes"}, "source_profile", "Write keys, which is probably"),
        (FormKind.ROLE, ROLE | {"source_profile": "new"}, "source_profile", "names itself"),
        (FormKind.ROLE, ROLE | {"credential_source": "Environment"}, "credential_source", "has both"),
        (
            FormKind.ROLE,
            {"role_arn": ARN, "credential_source": "environment"},
            "credential_source",
            "Write Environment.",
        ),
        (FormKind.ROLE, ROLE | {"duration_seconds": "1h"}, "duration_seconds", "△ new asks for '1h'"),
        (FormKind.ROLE, ROLE | {"duration_seconds": "899"}, "duration_seconds", "▲ new has duration_seconds"),
        (FormKind.ROLE, ROLE | {"duration_seconds": "43201"}, "duration_seconds", "more than 12 hours"),
        (
            FormKind.ROLE,
            ROLE | {"duration_seconds": "3601", "source_profile": "role"},
            "duration_seconds",
            "allows 1 hour: it is assumed by a role",
        ),
        (
            FormKind.ROLE,
            ROLE | {"region": "eu-west-1a"},
            "region",
            "Write eu-west-1, which is probably",
        ),
        (FormKind.ROLE, ROLE | {"external_id": '"quoted"'}, "external_id", "has quotes around its value"),
        (FormKind.ROLE, ROLE | {"external_id": "id # of theirs"}, "external_id", "has a comment behind"),
        (FormKind.ROLE, ROLE | {"output": "jason"}, "output", "Write json, which is probably meant."),
        (FormKind.ROLE, ROLE | {"regoin": "eu-west-1"}, "regoin", "of new is no setting of AWS tools"),
        (
            FormKind.SSO,
            {"sso_session": "nothing", "sso_account_id": "111122223333", "sso_role_name": "Dev"},
            "sso_session",
            "config has no such section",
        ),
        (
            FormKind.SSO,
            {
                "sso_session": "corp",
                "sso_account_id": "111122223333",
                "sso_role_name": "Dev",
                "sso_start_url": "https://other.awsapps.com/start",
            },
            "sso_start_url",
            "Leave it to the sso-session.",
        ),
        (FormKind.KEYS, {"aws_access_key_id": "AKIAQQQQQQQQQQQQ4KEY"}, "aws_access_key_id", "…4KEY), but no"),
        (FormKind.KEYS, {"aws_secret_access_key": "x"}, "aws_secret_access_key", "but no aws_access_key_id"),
        (
            FormKind.KEYS,
            KEYS | {"aws_access_key_id": "ASIAQQQQQQQQQQQQ4KEY"},
            "aws_access_key_id",
            "without its session token",
        ),
        (FormKind.KEYS, KEYS | {"aws_session_token": "t"}, "aws_session_token", "Take the token out."),
    ],
)
def test_what_is_wrong_with_a_setting_is_said_at_its_field_and_not_forbidden(
    snapshot: Snapshot, kind: FormKind, typed: Mapping[str, str], key: str, said: str
) -> None:
    notes = found(new(snapshot, kind, typed)).by_key[key]
    assert said in words(notes)
    assert not any(note.forbids for note in notes)
    assert all(note.words and note.cure for note in notes)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (FormKind.ROLE, {}),
        (FormKind.ROLE, ROLE | {"duration_seconds": "43200"}),
        (FormKind.ROLE, ROLE | {"source_profile": "role", "duration_seconds": "3600"}),
        (FormKind.ROLE, ROLE | {"role_arn": "arn:aws:iam::111122223333:role/path/Dev"}),
        (FormKind.KEYS, KEYS),
        (FormKind.PROCESS, {"credential_process": '"/opt/a b" --x "y # z"', "region": "eu-west-1"}),
    ],
)
def test_nothing_is_said_of_what_is_fine(
    snapshot: Snapshot, kind: FormKind, typed: Mapping[str, str]
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
    filled = FilledForm(form.of_profile(snapshot, name), typed)
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
    found(FilledForm(form.of_profile(snapshot, "keys"), {"region": "eu"}))
    assert [path.read_bytes() for path in paths] == before
    assert snapshot.merged.by_name["keys"]["region"] == "eu-west-1"


def test_what_was_found_of_others_before_is_not_said(snapshot: Snapshot) -> None:
    assert {finding.code for finding in examine(snapshot).all} >= {"loop", "sso-token-missing"}
    assert found(FilledForm(form.of_profile(snapshot, "keys"), {"output": "json"})) == FormFindings()


def test_what_an_edit_does_to_others_is_said_below_the_fields(snapshot: Snapshot) -> None:
    # WHEN the only profile that uses a session takes another one
    said = found(FilledForm(form.of_profile(snapshot, "sso"), {"sso_session": "other"}))
    # THEN the session that nobody uses any more is named beside what is wrong with the profile itself
    assert "sso_session 'other'" in words(said.by_key["sso_session"])
    assert words(said.others).startswith("· No profile uses the sso-session section corp.")


def test_who_suffers_from_an_edit_is_named(snapshot: Snapshot) -> None:
    opened = form.of_profile(snapshot, "keys")
    gone = frozenset({"aws_access_key_id", "aws_secret_access_key"})
    assert "role draws on it" in words(found(FilledForm(opened, {}, gone)).by_key["region"])


def test_of_an_sso_session_it_is_said_what_its_profiles_come_to(snapshot: Snapshot) -> None:
    filled = FilledForm(form.of_session(snapshot, "corp"), {"sso_region": ""})
    assert "sso uses SSO, but has no sso_region" in words(found(filled).by_key["sso_start_url"])


def test_a_field_that_is_refused_does_not_silence_the_others(snapshot: Snapshot) -> None:
    filled = FilledForm(
        form.of_profile(snapshot, "role"), {NAME: "keys", "region": "a\ud800", "source_profile": "nobody"}
    )
    assert {key for key, note in remarks(filled).items() if note.forbids} == {NAME, "region"}
    assert "role names source_profile 'nobody'" in words(found(filled).by_key["source_profile"])


def test_of_a_new_profile_nothing_is_said_before_it_has_a_name_and_a_setting(snapshot: Snapshot) -> None:
    assert found(new(snapshot, FormKind.ROLE, {NAME: "", "role_arn": ARN})) == FormFindings()
    assert found(new(snapshot, FormKind.ROLE, {})) == FormFindings()


def test_what_is_silenced_is_not_said(tmp_path: Path) -> None:
    host = make_home(tmp_path, config=CONFIG, credentials=CREDENTIALS)
    put(host.settings_file, '[findings]\nsilence = ["missing-source"]\n')
    filled = FilledForm(form.of_profile(Snapshot.take(host), "role"), {"source_profile": "nobody"})
    assert found(filled) == FormFindings()


@pytest.mark.parametrize("key", ["external_id", "aws_session_token", "credential_process", "regoin"])
def test_what_is_said_of_a_secret_that_was_typed_holds_nothing_of_it(snapshot: Snapshot, key: str) -> None:
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzCANARY01"
    said = found(new(snapshot, FormKind.KEYS, KEYS | {key: f'"{secret}"'}))
    assert "CANARY" not in repr(said)
    assert said != FormFindings()


# What is refused, and what is remarked.


@pytest.mark.parametrize(
    ("kind", "typed", "key"),
    [
        (FormKind.ROLE, {NAME: ""}, NAME),
        (FormKind.ROLE, {NAME: "keys"}, NAME),
        (FormKind.ROLE, {NAME: "a]b"}, NAME),
        (FormKind.SESSION, {NAME: "corp"}, NAME),
        (FormKind.FREE, {"s3": "no delimiter here"}, "s3"),
        (FormKind.FREE, {"region": "eu\ud800west"}, "region"),
    ],
)
def test_what_cannot_be_written_has_to_be_mended(
    snapshot: Snapshot, kind: FormKind, typed: Mapping[str, str], key: str
) -> None:
    assert remarks(new(snapshot, kind, typed))[key].forbids


def test_a_profile_and_a_session_may_have_the_same_name(snapshot: Snapshot) -> None:
    assert remarks(new(snapshot, FormKind.SESSION, {NAME: "keys"})) == {}
    assert remarks(new(snapshot, FormKind.FREE, {NAME: "corp"})) == {}


def test_another_name_says_who_follows(snapshot: Snapshot) -> None:
    note = remarks(FilledForm(form.of_profile(snapshot, "keys"), {NAME: "keys2"}))[NAME]
    assert note == Note("The source_profile of role follows.")


def test_what_is_removed_and_what_is_replaced_is_said(snapshot: Snapshot) -> None:
    opened = form.of_profile(snapshot, "keys")
    gone = remarks(FilledForm(opened, {}, frozenset({"aws_secret_access_key"})))
    assert "removed" in gone["aws_secret_access_key"].words
    replaced = remarks(FilledForm(opened, {"aws_secret_access_key": "new"}))
    assert "replaces" in replaced["aws_secret_access_key"].words
