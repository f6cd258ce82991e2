"""The user's own settings: what the file may say, and that nothing in it does harm."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rolecall import user_settings
from rolecall.host import Host
from rolecall.user_settings import NoticeSettings, Preferences, Silence
from tests.homes import put, soon

CODES = ("orphan", "no-credentials")
WHERE = "~/.config/rolecall/settings.toml"


def written(home: Path, text: str | bytes) -> Preferences:
    host = Host.of(home)
    put(host.settings_file, text)
    return user_settings.read_settings(host, CODES)


def test_no_file_is_fine(tmp_path: Path) -> None:
    host = Host.of(tmp_path)
    assert user_settings.read_settings(host) == Preferences(host.settings_file)
    assert NoticeSettings() == NoticeSettings((15, 5, 1), bell=False, desktop=False)


def test_all_that_can_be_set(tmp_path: Path) -> None:
    # GIVEN
    text = """
# mine
[findings]
silence = ["orphan", "no-credentials:default", "orphan:a:b", "orphan:"]
[notices]
minutes = [1, 30, 5, 5]
bell = true
desktop = true
[accounts]
111122223333 = "payments-prod"
"012345678901" = " identity "
"""
    # WHEN
    found = written(tmp_path, text)
    # THEN
    assert found.problem is None
    assert found.silences == (
        Silence("orphan"),
        Silence("no-credentials", "default"),
        Silence("orphan", "a:b"),
        Silence("orphan", ""),
    )
    assert found.notices == NoticeSettings((30, 5, 1), bell=True, desktop=True)
    assert found.accounts == {"111122223333": "payments-prod", "012345678901": "identity"}


@pytest.mark.parametrize("text", ["", "\ufeff", "# nothing\n", "[findings]\n[notices]\n"])
def test_a_file_that_sets_nothing_is_fine(tmp_path: Path, text: str) -> None:
    found = written(tmp_path, text.removeprefix("\ufeff"))
    assert (found.silences, found.notices, found.problem) == ((), NoticeSettings(), None)


@pytest.mark.parametrize("silence", [Silence("orphan"), Silence("orphan", "a:b"), Silence("orphan", "")])
def test_what_is_silenced_is_written_as_it_is_read(silence: Silence) -> None:
    assert Silence.parse(silence.written) == silence


def test_a_rule_is_silenced_everywhere_or_for_one_subject() -> None:
    assert Silence("orphan") in Silence.covering("orphan", "a")
    assert Silence("orphan", "a") in Silence.covering("orphan", "a")
    assert Silence("orphan", "a") not in Silence.covering("orphan", "b")
    assert Silence("orphan") not in Silence.covering("loop", "a")


def test_no_notice_is_wanted_where_the_list_is_empty(tmp_path: Path) -> None:
    found = written(tmp_path, "[notices]\nminutes = []\n")
    assert (found.notices.minutes, found.problem) == ((), None)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[findings]\nsilence = ['orphn']\n", f"{WHERE}:2: there is no finding 'orphn' to silence"),
        (
            "[findings]\n# orphn\nsilence = [\n 'orphn:x',\n]\n",
            f"{WHERE}:4: there is no finding 'orphn' to silence",
        ),
        (
            "[findings]\nsilence = 'orphan'\n",
            f'{WHERE}:2: \'silence\' is a list: ["orphan", "orphan:subject"]',
        ),
        (
            "[findings]\nsilence = [1]\n",
            f'{WHERE}:2: \'silence\' is a list of texts: "code" or "code:subject"',
        ),
        ("[findings]\nsilenced = []\n", f"{WHERE}:2: there is no setting 'silenced' in [findings]"),
        ("\n[finding]\n", f"{WHERE}:2: there is no setting 'finding'"),
        ("findings = 1\n", f"{WHERE}:1: 'findings' is a section: [findings]"),
        ("[notices]\nminutes = 5\n", f"{WHERE}:2: 'minutes' is a list of whole numbers from 1 to 1440"),
        ("[notices]\nminutes = [5, 0]\n", f"{WHERE}:2: 'minutes' is a list of whole numbers from 1 to 1440"),
        ("[notices]\nminutes = [true]\n", f"{WHERE}:2: 'minutes' is a list of whole numbers from 1 to 1440"),
        ("[notices]\nminutes = [1.5]\n", f"{WHERE}:2: 'minutes' is a list of whole numbers from 1 to 1440"),
        ("[notices]\nbell = 'no'\n", f"{WHERE}:2: 'bell' is true or false"),
        (
            "[accounts]\n1111-2222-3333 = 'a'\n",
            f"{WHERE}:2: '1111-2222-3333' is not an account id: that has 12 digits",
        ),
        (
            "[accounts]\nprod = '111122223333'\n",
            f"{WHERE}:2: 'prod' is not an account id: that has 12 digits",
        ),
        (
            "[accounts]\n111122223333 = 1\n",
            f'{WHERE}:2: the name of an account is a text: 111122223333 = "payments-prod"',
        ),
        (
            "[accounts]\n111122223333 = ' '\n",
            f'{WHERE}:2: the name of an account is a text: 111122223333 = "payments-prod"',
        ),
        (
            f"[accounts]\n111122223333 = '{'x' * 51}'\n",
            f"{WHERE}:2: the name of account 111122223333 has more than 50 characters",
        ),
        (
            "[accounts]\n111122223333 = 'a'\n444455556666 = 'a'\n",
            f"{WHERE}:3: two accounts have the name 'a'",
        ),
        ("accounts = 'a'\n", f"{WHERE}:1: 'accounts' is a section: [accounts]"),
        ("[notices]\nbell = \n", f"{WHERE}:2: not TOML: Invalid value"),
        ("[notices", f"{WHERE} is not TOML: "),
        (b"# \xff\n", f"{WHERE} is not UTF-8"),
        ("a = " + "[" * 9000, f"{WHERE}:1: not TOML: Nested too deeply"),
        ("a = " + "[\n" * 9000, f"{WHERE} is nested too deeply"),
        (b"#" * (user_settings.LARGEST + 1), f"{WHERE} cannot be read: it has more than 1 MiB"),
        ("\n[" + ".".join("a" * 50_000) + "]\n", f"{WHERE}:2: not TOML: Nested too deeply"),
        (".".join("a" * 50_000) + " = 1\n", f"{WHERE}:1: not TOML: Nested too deeply"),
        ("a = " + "{a=" * 9000, f"{WHERE}:1: not TOML: Nested too deeply"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str | bytes, problem: str) -> None:
    found = written(tmp_path, text)
    assert found.problem is not None
    assert found.problem.startswith(problem)
    assert found.notices == NoticeSettings()


def test_what_is_right_holds_beside_what_is_wrong(tmp_path: Path) -> None:
    found = written(
        tmp_path, "[findings]\nsilence = ['orphan', 'nonsense']\n[notices]\nbell = 1\ndesktop = true\n"
    )
    assert Silence("orphan") in found.silences
    assert found.notices == NoticeSettings(desktop=True)
    assert found.problem is not None


def test_any_code_is_taken_where_nobody_knows_them(tmp_path: Path) -> None:
    host = Host.of(tmp_path)
    put(host.settings_file, "[findings]\nsilence = ['anything']\n")
    found = user_settings.read_settings(host)
    assert (found.silences, found.problem) == ((Silence("anything"),), None)


def test_what_is_no_file_is_told_and_does_not_hang(tmp_path: Path) -> None:
    # GIVEN
    host = Host.of(tmp_path)
    host.settings_file.parent.mkdir(parents=True)
    os.mkfifo(host.settings_file)
    # THEN
    with soon():
        assert (
            user_settings.read_settings(host).problem == f"{WHERE} cannot be read: it is not a regular file"
        )


def test_a_directory_that_is_a_file_has_no_settings(tmp_path: Path) -> None:
    (tmp_path / ".config").write_text("")
    assert user_settings.read_settings(Host.of(tmp_path)).problem is None


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=60) | st.text(alphabet="[]finds lecnotm=\"'1,\n#", max_size=60).map(str.encode)
)
def test_no_content_raises(tmp_path: Path, data: bytes) -> None:
    assert written(tmp_path, data).path.read_bytes() == data


def test_the_commands_that_open_the_console(tmp_path: Path) -> None:
    found = written(
        tmp_path,
        """
[console]
browser = "firefox -P {account}"
[console.profiles]
prod = "firefox 'ext+container:name={profile}&url={url}'"
[console.accounts]
111122223333 = "chromium"
""",
    )
    assert found.problem is None
    settings = found.console
    assert settings.command("prod", "111122223333") == "firefox 'ext+container:name={profile}&url={url}'"
    assert settings.command("dev", "111122223333") == "chromium"
    assert settings.command("dev", None) == "firefox -P {account}"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("browser = 1", "is a text"),
        ("browser = ''", "is a text"),
        ('browser = "firefox \'x"', "is a text"),
        ("profiles = 'x'", "is a section: [console.profiles]"),
        ("colour = 'x'", "there is no setting 'colour'"),
    ],
)
def test_a_command_that_is_none_is_told_and_left_out(tmp_path: Path, line: str, words: str) -> None:
    found = written(tmp_path, f"[console]\n{line}\n")
    assert words in (found.problem or "")
    assert found.console.command("prod", None) is None
