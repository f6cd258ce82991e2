"""``rolecall doctor --config``: a linter, and its formats."""

import json
import re
import shlex
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.program import Outcome, Program

SCHEMA = json.loads((Path(__file__).parent / "sarif_schema.json").read_text())
ROLE = "role_arn = arn:aws:iam::210987654321:role/Admin\n"
SESSION = "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n"
SSO_ROLE = "sso_account_id = 210987654321\nsso_role_name = A\n"
MISSPELT = "[profile dev]\nregoin = eu-west-1\n"
FIXABLE = {
    "a setting": MISSPELT,
    "a setting with Windows' line ends": MISSPELT.replace("\n", "\r\n"),
    "a setting in the last line": MISSPELT.rstrip(),
    "a header": "[profile a]\nregion = eu-west-1\n\n[dev]\nregion = eu-west-1\n# the end 🙂",
    "a joined line": "[profile dev]\nregion = eu-west-1[profile prod]\noutput = json\n",
    "a name": f"{SESSION}[profile dev]\nsso_session = crop\n{SSO_ROLE}",
    "an indented header": "[profile dev]\nregion = eu-west-1\n  [profile prod]\n  output = json\n",
    "quotes": "[profile dev]\nregion = 'eu-west-1'\n",
}


@pytest.fixture
def lint(bare: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Return the program in a directory of a repository."""
    place = tmp_path / "repository"
    place.mkdir()
    monkeypatch.chdir(place)
    return bare


def sarif(outcome: Outcome) -> dict[str, Any]:
    log = json.loads(outcome.out)
    jsonschema.Draft7Validator(SCHEMA).validate(log)
    (run,) = log["runs"]
    assert [run["tool"]["driver"]["rules"][each["ruleIndex"]]["id"] for each in run["results"]] == [
        each["ruleId"] for each in run["results"]
    ]
    return dict(run)


def changed(text: str, fix: dict[str, Any]) -> str:
    """Apply a fix as an editor does: from the end, each region by its lines and columns."""
    (change,) = fix["artifactChanges"]
    units = text.encode("utf-16-le")
    starts = [0, *(found.end() for found in re.finditer(r"\r\n|\n|\r", text))]

    def offset(line: int, column: int) -> int:
        before = text[: starts[line - 1]] if line <= len(starts) else text
        return len(before.encode("utf-16-le")) + 2 * (column - 1)

    for each in reversed(change["replacements"]):
        region = each["deletedRegion"]
        begin, end = (
            offset(region["startLine"], region["startColumn"]),
            offset(region["endLine"], region["endColumn"]),
        )
        units = units[:begin] + each["insertedContent"]["text"].encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le")


@pytest.mark.parametrize("config", FIXABLE.values(), ids=FIXABLE)
def test_the_fix_in_sarif_is_what_the_line_does_and_the_finding_is_gone(lint: Program, config: str) -> None:
    # GIVEN
    file = Path("team.ini")
    file.write_bytes(config.encode())
    run = sarif(lint("doctor", "--config", "team.ini", "--format", "sarif"))
    (result,) = (each for each in run["results"] if "fixes" in each)
    told = lint("doctor", "--config", "team.ini", "--json").json["findings"]
    (line,) = (each["fix"]["run"] for each in told if each["code"] == result["ruleId"])
    # WHEN the line is run
    for command in line.split(" && "):
        words = shlex.split(command)
        assert words[0] == "env"
        lint.environ |= dict(word.split("=", 1) for word in words[1:3])
        done = lint(*words[4:])
        assert done.code == 0, done.err
    # THEN
    assert changed(config, result["fixes"][0]) == file.read_bytes().decode()
    left = lint("doctor", "--config", "team.ini", "--json").json["findings"]
    assert result["ruleId"] not in [each["code"] for each in left]


def test_sarif_says_where_how_bad_and_what_helps(lint: Program) -> None:
    Path("a dir").mkdir()
    Path("a dir/tëam.ini").write_text(f"{MISSPELT}[profile x]\nsso_session = nobody\n")
    outcome = lint("doctor", "--config", "a dir/tëam.ini", "--format=sarif")
    run = sarif(outcome)
    found = {each["ruleId"]: each for each in run["results"]}
    place = found["misspelt-key"]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "a%20dir/t%C3%ABam.ini"}, "region": {"startLine": 2}}
    assert found["misspelt-key"]["level"] == "warning"
    (helped,) = (each for each in run["tool"]["driver"]["rules"] if each["id"] == "misspelt-key")
    assert "- **Cure**: " in helped["help"]["markdown"]
    # AND all is well is a log without results
    Path("well.ini").write_text("[default]\nregion = eu-west-1\n")
    assert sarif(lint("doctor", "--config", "well.ini", "--format", "sarif"))["results"] == []


@pytest.mark.long
def test_of_very_many_findings_the_first_have_fixes(lint: Program) -> None:
    names = range(60)
    Path("team.ini").write_text("".join(f"[profile p{each}]\nregoin = eu-west-1\n" for each in names))
    results = sarif(lint("doctor", "--config", "team.ini", "--format", "sarif"))["results"]
    assert ["fixes" in each for each in results] == [each < 50 for each in names]


def test_a_finding_is_the_same_wherever_its_line_is(lint: Program) -> None:
    def marks(text: str) -> list[object]:
        Path("team.ini").write_text(text)
        results = sarif(lint("doctor", "--config", "team.ini", "--format", "sarif"))["results"]
        return [each["partialFingerprints"] for each in results]

    assert marks(MISSPELT) == marks("# moved\n\n" + MISSPELT)


SECRET = "CANARYcanaryCANARYcanaryCANARYcanaryCANA"


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "junit"])
def test_no_secret_is_in_any_format(lint: Program, form: str) -> None:
    text = f"[profile dev]\naws_access_key_id = AKIAQ3EGVM6SZUUJ7K4N\naws_secret_acess_key = {SECRET}\n"
    text += f"[profile other]\naws_access_key_id = AKIAQ3EGVM6SZUUJ7K4N\naws_secret_access_key {SECRET}\n"
    Path("team.ini").write_text(text)
    outcome = lint("doctor", "--config", "team.ini", "--format", form)
    assert outcome.out
    assert "CANARY" not in outcome.out + outcome.err
    assert "AKIAQ3EGVM6SZUUJ7K4N" not in outcome.out


def test_github_has_an_annotation_for_each_line(lint: Program) -> None:
    Path("a,b:c.ini").write_text("[profile d%v]\nregoin = eu-west-1\n")
    (line,) = lint("doctor", "--config", "a,b:c.ini", "--format", "github").lines
    assert line.startswith(
        "::warning file=a%2Cb%3Ac.ini,line=2,title=rolecall%3A misspelt-key::d%25v sets regoin"
    )


def test_junit_fails_what_fails_and_passes_the_rest(lint: Program) -> None:
    Path("team.ini").write_text(f'{MISSPELT}[profile "<x&y>"]\nsso_session = nobody\n')
    Path("well.ini").write_text("[default]\nregion = eu-west-1\n")

    def failures(*more: str) -> list[str]:
        out = lint("doctor", "--config", "team.ini", "--config", "well.ini", "--format", "junit", *more).out
        root = ET.fromstring(out)  # noqa: S314 - rolecall's own
        assert [suite.get("name") for suite in root] == ["team.ini", "well.ini"]
        assert int(root.get("failures", "")) == len(list(root.iter("failure")))
        assert int(root.get("tests", "")) == len(list(root.iter("testcase")))
        return [case.get("name", "") for case in root.iter("testcase") if case.find("failure") is not None]

    assert failures() == ["unknown-sso-session: nobody"]
    assert failures("--fail-on", "warning") == ["unknown-sso-session: nobody", "misspelt-key: dev"]


@pytest.mark.parametrize(
    ("config", "codes"),
    [
        ("[default]\nregion = eu-west-1\n", (0, 0, 0)),
        (f"{SESSION}[default]\nregion = eu-west-1\n", (0, 0, 1)),
        (MISSPELT, (0, 1, 1)),
        ("[profile x]\nsso_session = nobody\n", (1, 1, 1)),
    ],
    ids=["well", "info", "warning", "error"],
)
def test_the_exit_code_is_what_is_asked_for(lint: Program, config: str, codes: tuple[int, ...]) -> None:
    Path("team.ini").write_text(config)
    asked = ("error", "warning", "info")
    assert tuple(lint("doctor", "--config", "team.ini", "--fail-on", each).code for each in asked) == codes


def test_several_files_are_summed_up_and_one_credentials_file_is_told_once(lint: Program) -> None:
    for name in ("a.ini", "b.ini"):
        Path(name).write_text(MISSPELT)
    Path("keys").write_text("[dev]\naws_access_key_id = AKIAQ3EGVM6SZUUJ7K4N\n")
    outcome = lint("doctor", "--credentials", "keys", "--config", "a.ini", "b.ini")
    assert [line for line in outcome.lines if line.startswith(("error", "warning"))] == [
        "error: half-a-pair: keys:2",
        "warning: misspelt-key: a.ini:2",
        "warning: misspelt-key: b.ini:2",
    ]
    assert outcome.lines[-1] == "1 error, 2 warnings."
    counts = lint("doctor", "--credentials", "keys", "--config", "a.ini", "b.ini", "--json").json["counts"]
    assert counts == {"error": 1, "warning": 2, "info": 0}


def projects() -> Iterator[object]:
    yield pytest.param(
        'silence = ["misspelt-key"]', "Nothing is wrong: 1 profile; 1 silenced.", id="silenced"
    )
    yield pytest.param('silence = ["misspelt-key:dev"]', "Nothing is wrong: 1 profile; 1 silenced.", id="one")
    yield pytest.param('silence = ["misspelt-key:prod"]', "1 warning.", id="another")
    yield pytest.param('severity = {misspelt-key = "error"}', "1 error.", id="worse")
    yield pytest.param('severity = {misspelt-key = "info"}', "1 info.", id="milder")
    yield pytest.param(
        'severity = {misspelt-key = "off"}', "Nothing is wrong: 1 profile; 1 silenced.", id="off"
    )


@pytest.mark.parametrize(("written", "says"), projects())
def test_a_project_says_what_it_does_not_want(lint: Program, written: str, says: str) -> None:
    Path("team").mkdir()
    Path("team/config").write_text(MISSPELT)
    Path("pyproject.toml").write_text(f"[project]\nname = 'x'\n[tool.rolecall.findings]\n{written}\n")
    outcome = lint("doctor", "--config", "team/config")
    assert (outcome.lines[-1], outcome.err) == (says, "")


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (
            "[tool.rolecall.findings]\nsilence = ['no-such']",
            "pyproject.toml:2: there is no finding 'no-such'",
        ),
        (
            "[tool.rolecall.findings.severity]\nloop = 'bad'",
            "pyproject.toml:2: the severity of 'loop' is one of",
        ),
        ("[tool.rolecall.findings.severity]\nno-such = 'off'", "there is no finding 'no-such'"),
        ("[tool.rolecall.findings.severity]\nno-such = 'info'", "there is no finding 'no-such'"),
        ("[tool.rolecall]\nfindings = 1", "pyproject.toml:2: 'findings' is a section"),
        ("[tool.rolecall.keys]\nquit = 'x'", "there is no setting 'keys'"),
        ("[tool.rolecall", "pyproject.toml"),
        ("[tool]\nrolecall = 1", ""),
    ],
)
def test_what_is_wrong_with_a_project_is_told_and_the_rest_holds(
    lint: Program, written: str, says: str
) -> None:
    Path("team.ini").write_text(MISSPELT)
    Path("pyproject.toml").write_text(written)
    outcome = lint("doctor", "--config", "team.ini")
    assert outcome.lines[-1] == "1 warning."
    assert says in outcome.err
    assert bool(says) == bool(outcome.err)


def test_this_machine_counts_only_where_it_is_asked_for(lint: Program) -> None:
    Path("team.ini").write_text("[profile dev]\ncredential_process = /opt/nobody/has --this\n")
    lint.environ |= {"AWS_PROFILE": "nobody", "PATH": "/usr/bin"}
    assert lint("doctor", "--config", "team.ini").lines == ["Nothing is wrong: 1 profile."]
    here = lint("doctor", "--config", "team.ini", "--this-machine", "--json").json["findings"]
    assert {"process-not-started", "env-profile-missing"} <= {each["code"] for each in here}
    # AND the user's own settings are of their home alone
    settings = lint.home / ".config" / "rolecall" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[findings.severity]\nprocess-not-started = "info"\nmisspelt-key = "off"\n')
    Path("other.ini").write_text(MISSPELT)
    assert lint("doctor", "--config", "other.ini").lines[-1] == "1 warning."
    here = lint("doctor", "--config", "team.ini", "--this-machine", "--json").json["findings"]
    assert "info" in [each["severity"] for each in here if each["code"] == "process-not-started"]


def test_of_a_home_too_a_severity_may_be_set_and_a_format_chosen(lint: Program) -> None:
    lint.config(MISSPELT)
    settings = lint.home / ".config" / "rolecall" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[findings.severity]\nmisspelt-key = "error"\n')
    outcome = lint("doctor", "--format", "sarif")
    assert outcome.code == 1
    assert "error" in [
        each["level"] for each in sarif(outcome)["results"] if each["ruleId"] == "misspelt-key"
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--config", "nobody.ini"),
        ("--config", "team.ini", "nobody.ini"),
        ("--config", "."),
        ("--credentials", "nobody.ini"),
        ("--config", "team.ini", "--online"),
        ("--config", "team.ini", "--error", "x"),
        ("--config", "team.ini", "--silence", "orphan"),
        ("--config", "team.ini", "--format", "xml"),
        ("--config", "team.ini", "--json", "--format", "sarif"),
        ("--config", "team.ini", "--fail-on", "all"),
        ("--this-machine",),
        ("dev", "prod"),
        ("dev", "--format", "sarif"),
        ("--error", "x", "--format", "junit"),
    ],
)
def test_what_goes_together_is_checked(lint: Program, arguments: tuple[str, ...]) -> None:
    Path("team.ini").write_text(MISSPELT)
    outcome = lint("doctor", *arguments)
    assert (outcome.code, outcome.out == "" or "--json" in arguments) == (2, True)
    assert outcome.err.count("\n") == 1


def test_an_error_is_json_where_that_is_the_format(lint: Program) -> None:
    outcome = lint("doctor", "--config", "nobody.ini", "--format", "json")
    assert outcome.json["error"]["type"] == "UsageError"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\0",
        b"no section",
        b"[profile a]\n[profile a]\n",
        b"\xef\xbb\xbf[default]\n",
        b"[\x1b[31m]\n",
    ],
)
@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "junit"])
def test_no_file_makes_it_stumble(lint: Program, content: bytes, form: str) -> None:
    Path("team.ini").write_bytes(content)
    outcome = lint("doctor", "--config", "team.ini", "--format", form)
    assert outcome.code in (0, 1)
    assert "\x1b" not in outcome.out
    assert "bug" not in outcome.err
    if form == "sarif":
        sarif(outcome)
    if form == "junit":
        ET.fromstring(outcome.out)  # noqa: S314 - rolecall's own
