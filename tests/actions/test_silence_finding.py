"""What the user does not want to hear of is written into their own settings, and nothing else is touched."""

import os
import stat
from pathlib import Path

import pytest

from rolecall import user_settings
from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import Mark
from rolecall.actions.silence_finding import silence, unsilence
from rolecall.actions.writing.saving import History, save
from rolecall.host import Host
from rolecall.user_settings import Silence
from tests.homes import put


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host.of(tmp_path)


def silenced(host: Host) -> tuple[Silence, ...]:
    found = user_settings.read_settings(host)
    assert found.problem is None
    return found.silences


def test_where_there_are_no_settings_they_are_made_for_their_owner_alone(host: Host) -> None:
    # WHEN
    save(silence(host, "orphan"))
    # THEN
    assert host.settings_file.read_text() == '[findings]\nsilence = ["orphan"]\n'
    assert stat.S_IMODE(host.settings_file.stat().st_mode) == 0o600
    assert silenced(host) == (Silence("orphan"),)


@pytest.mark.parametrize("subject", ["default", "a:b", "", 'quo"te\\', "é\n\x1b", None])
def test_what_is_written_is_what_is_read(host: Host, subject: str | None) -> None:
    save(silence(host, "orphan", subject))
    assert silenced(host) == (Silence("orphan", subject),)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "# mine\n\n[notices]\nbell = true # ring\n",
            '# mine\n\n[notices]\nbell = true # ring\n\n[findings]\nsilence = ["loop:a"]\n',
        ),
        (
            "[findings]\nsilence = ['x'] # why\n[notices]\n",
            "[findings]\nsilence = ['x', \"loop:a\"] # why\n[notices]\n",
        ),
        (
            "[findings]\nsilence = [\n  'x', # one\n  'y', # two\n]\n",
            "[findings]\nsilence = [\n  'x', # one\n  'y', # two\n  \"loop:a\",\n]\n",
        ),
        ("[findings]\r\n# a\r\n", '[findings]\r\n# a\r\nsilence = ["loop:a"]\r\n'),
        ("findings.silence = ['x']", "findings.silence = ['x', \"loop:a\"]"),
        ("[findings]\nmine = 1\n", '[findings]\nmine = 1\nsilence = ["loop:a"]\n'),
    ],
)
def test_all_else_in_the_file_stays(host: Host, before: str, after: str) -> None:
    # GIVEN
    put(host.settings_file, before)
    # WHEN
    save(silence(host, "loop", "a"))
    # THEN
    assert host.settings_file.read_bytes() == after.encode()


def test_it_is_shown_as_a_diff_before(host: Host) -> None:
    put(host.settings_file, "[findings]\nsilence = ['x']\n")
    # WHEN
    plan = silence(host, "loop", "a")
    # THEN
    assert plan.title == "Silence loop for a"
    assert [
        (line.mark, line.text) for line in plan.changes[0].diff if line.mark in (Mark.ADDED, Mark.REMOVED)
    ] == [
        (Mark.REMOVED, "silence = ['x']"),
        (Mark.ADDED, "silence = ['x', \"loop:a\"]"),
    ]
    assert "'loop:a'" in plan.remarks[0]
    assert host.settings_file.read_text() == "[findings]\nsilence = ['x']\n"


def test_it_can_be_taken_back(host: Host) -> None:
    # GIVEN
    history = History()
    plan = silence(host, "orphan")
    save(plan)
    history.saved(plan)
    # WHEN
    save(history.undo())
    # THEN
    assert not host.settings_file.exists()


@pytest.mark.parametrize("already", ["orphan", "orphan:a"])
def test_what_is_silenced_already_needs_no_change(host: Host, already: str) -> None:
    put(host.settings_file, f"[findings]\nsilence = ['{already}']\n")
    assert silence(host, "orphan", "a").changes == ()


def test_a_rule_can_be_silenced_everywhere_after_one_subject(host: Host) -> None:
    save(silence(host, "orphan", "a"))
    save(silence(host, "orphan"))
    assert silenced(host) == (Silence("orphan", "a"), Silence("orphan"))


def test_a_symlink_stays_one(host: Host, tmp_path: Path) -> None:
    # GIVEN settings that are kept with other dotfiles
    real = put(tmp_path / "dotfiles" / "rolecall.toml", "[notices]\nbell = true\n")
    host.settings_file.parent.mkdir(parents=True)
    host.settings_file.symlink_to(real)
    # WHEN
    save(silence(host, "orphan"))
    # THEN
    assert host.settings_file.is_symlink()
    assert "orphan" in real.read_text()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[findings", "Unparseable"),
        (b"\xff", "Unparseable"),
        ("findings = 1", "Refused"),
        ("[findings]\nsilence = 'orphan'\n", "Refused"),
        ("[[findings]]\n", "Refused"),
    ],
)
def test_settings_that_are_not_fit_to_be_added_to_are_left_alone(
    host: Host, text: str | bytes, kind: str
) -> None:
    put(host.settings_file, text)
    with pytest.raises(ActionFailed) as failed:
        silence(host, "loop", "a")
    assert (failed.value.kind, failed.value.path) == (kind, host.settings_file)
    assert failed.value.cure


def test_a_subject_that_looks_like_a_secret_is_not_written(host: Host) -> None:
    # GIVEN a secret that stands where a name belongs
    with pytest.raises(ActionFailed) as caught:
        silence(host, "unknown-sso-session", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzNobodyKEY")
    # THEN it stays in one file
    assert caught.value.kind == "Refused"
    assert "wJalr" not in f"{caught.value} {caught.value.cure}"


def test_what_is_no_file_is_refused_at_once(host: Host) -> None:
    host.settings_file.parent.mkdir(parents=True)
    os.mkfifo(host.settings_file)
    with pytest.raises(ActionFailed, match="not a regular file"):
        silence(host, "loop")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('[findings]\nsilence = ["loop:a"]\n', "[findings]\nsilence = []\n"),
        (
            "# mine\n[findings]\nsilence = [\n  'x', # one\n  'loop:a', # two\n  'loop:b', # three\n]\n",
            None,
        ),
        (
            "[findings]\r\nsilence = ['loop', 'loop:a', 'loop:b']\r\n",
            "[findings]\r\nsilence = ['loop:b']\r\n",
        ),
    ],
)
def test_what_was_silenced_is_reported_again(host: Host, before: str, after: str | None) -> None:
    put(host.settings_file, before)
    plan = unsilence(host, "loop", "a")
    save(plan)
    text = host.settings_file.read_bytes().decode()
    assert text == after or after is None
    assert not {Silence("loop"), Silence("loop", "a")} & {*silenced(host)}
    # AND what else was silenced, and every comment beside it, is still there
    assert len(silenced(host)) == before.count("loop:b") + before.count("'x'")
    assert all(comment in text for comment in ("# mine", "# one", "# three") if comment in before)


def test_who_has_more_reported_again_than_one_subject_is_told(host: Host) -> None:
    put(host.settings_file, "[findings]\nsilence = ['loop']\n")
    assert unsilence(host, "loop", "a").remarks == ("loop will be reported for every subject.",)
    save(silence(host, "orphan", "a"))
    assert unsilence(host, "orphan", "a").remarks == ()


def test_what_is_not_silenced_is_left(host: Host) -> None:
    assert unsilence(host, "loop", "a").changes == ()
    put(host.settings_file, "[findings]\nsilence = ['loop:b']\n")
    assert unsilence(host, "loop", "a").changes == ()
