"""Lines for a shell, or of JSON, that were pasted into a file: one cure makes settings of all of them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rolecall.aws.providers import Tool
from rolecall.doctor.finding import Finding, Severity
from rolecall.doctor.fixes import FixAction
from tests.doctor.harm import World, carried_out, harm
from tests.homes import make_home

KEY, SECRET = "ASIAQQQQQQQQQQQQ3KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEY1"
TOKEN = "IQoJb3JpZ2luX2VjEAAaCXVzLWVhc3QtMSJHMEUCIQDexample=="
VALUES = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": TOKEN}
NAMES = {"AccessKeyId": KEY, "SecretAccessKey": SECRET, "SessionToken": TOKEN}
RIGHT = "".join(f"{name.lower()} = {value}\n" for name, value in VALUES.items())


def written(form: str) -> str:
    return "".join(f"{form.format(name=name, value=value)}\n" for name, value in VALUES.items())


WHOLE = {
    "a POSIX shell's": written('export {name}="{value}"'),
    "a POSIX shell's, without quotes": written("export {name}={value}"),
    "cmd's": written("set {name}={value}"),
    "cmd's, in capitals": written("SET {name}={value}"),
    "PowerShell's": written('$Env:{name}="{value}"'),
    "PowerShell's, spaced": written("$env:{name} = '{value}'"),
    "JSON": "".join(f'"{name}": "{value}",\n' for name, value in NAMES.items()),
    "YAML's": "".join(f"{name}: {value}\n" for name, value in NAMES.items()),
    "misspelt": RIGHT.replace("access", "acces"),
}


def world(place: Path, credentials: str = "", config: str = "") -> World:
    return World.of(make_home(place, credentials=credentials, config=config))


def errors(world: World) -> list[Finding]:
    return [each for each in world.findings.all if each.severity is Severity.ERROR]


@pytest.mark.parametrize("lines", WHOLE.values(), ids=WHOLE)
@pytest.mark.parametrize("around", ["{}", "{}[other]\n" + RIGHT, "# mine\n{}region = eu-west-1\n"])
def test_one_cure_makes_settings_of_all_lines(tmp_path: Path, lines: str, around: str) -> None:
    # GIVEN
    before = world(tmp_path, credentials="[dev]\n" + around.format(lines))
    (error,) = errors(before)
    # WHEN it is carried out
    assert error.fix.doing is FixAction.REWRITE, error.fix
    after = carried_out(before, error.fix)
    # THEN the profile works in every tool, with the very values
    assert list(harm(before, after, error)) == []
    assert (
        after.snapshot.files[1].sections["dev"].items()
        >= dict(line.split(" = ") for line in RIGHT.splitlines()).items()
    )
    assert [after.snapshot.profiles["dev"].resolutions[tool].fault for tool in Tool] == [None] * 3
    assert errors(after) == []


PAIR = f"aws_access_key_id = AKIAQQQQQQQQQQQQ3KEY\naws_secret_access_key = {SECRET}\n"
ONE: dict[str, Callable[[str, str], str]] = {
    "export": lambda name, value: f"export {name}={value}\n",
    "set": lambda name, value: f"set {name}={value}\n",
    "$Env": lambda name, value: f'$Env:{name}="{value}"\n',
}
one_line = pytest.mark.parametrize("line", ONE.values(), ids=ONE)


@one_line
def test_a_single_line_for_a_setting_is_written_as_one(
    tmp_path: Path, line: Callable[[str, str], str]
) -> None:
    before = world(tmp_path, config=f"[profile dev]\n{line('AWS_DEFAULT_REGION', 'eu-west-1')}{PAIR}")
    (finding,) = [each for each in before.findings.all if each.code == "misspelt-key"]
    after = carried_out(before, finding.fix)
    assert list(harm(before, after, finding)) == []
    assert after.snapshot.profiles["dev"].region == "eu-west-1"


@one_line
def test_half_of_a_pair_in_a_single_line_is_told_with_what_it_causes(
    tmp_path: Path, line: Callable[[str, str], str]
) -> None:
    text = f"[dev]\naws_access_key_id = AKIAQQQQQQQQQQQQ3KEY\n{line('AWS_SECRET_ACCESS_KEY', SECRET)}"
    before = world(tmp_path, credentials=text)
    (error,) = errors(before)
    assert error.code == "half-a-pair"
    after = carried_out(before, error.fix)
    assert list(harm(before, after, error)) == []
    assert errors(after) == []


@one_line
def test_another_secret_beside_a_pair_is_kept(tmp_path: Path, line: Callable[[str, str], str]) -> None:
    other = SECRET.replace("z", "y")
    before = world(tmp_path, credentials=f"[dev]\n{PAIR}{line('AWS_SECRET_ACCESS_KEY', other)}")
    (finding,) = [each for each in before.findings.all if each.code == "misspelt-key"]
    assert (finding.severity, finding.fix.doing) == (Severity.WARNING, FixAction.EDITOR)
    assert "keep one of the two" in finding.fix.words
    # the same one once more is superfluous
    same = world(tmp_path / "b", credentials=f"[dev]\n{PAIR}{line('AWS_SECRET_ACCESS_KEY', SECRET)}")
    (finding,) = [each for each in same.findings.all if each.code == "misspelt-key"]
    assert list(harm(same, carried_out(same, finding.fix), finding)) == []


@one_line
def test_a_token_alone_gives_no_credentials_under_any_name(
    tmp_path: Path, line: Callable[[str, str], str]
) -> None:
    (error,) = errors(world(tmp_path, credentials=f"[dev]\n{line('AWS_SESSION_TOKEN', TOKEN)}"))
    assert (error.code, error.fix.doing) == ("no-credentials", FixAction.EDITOR)
