"""The program of a ``credential_process``: what AWS tools raise over it is known without running it."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest import mock

import boto3
import pytest

from rolecall.aws import credential_process
from rolecall.aws.credential_process import KEY, Asks, Unread, unread
from rolecall.aws.expiry import State
from rolecall.aws.providers import Cause, PredictedError, Tool
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from tests.homes import make_home

ROLE = "role_arn = arn:aws:iam::210987654321:role/Deploy\n"
KEYS = '{"Version": 1, "AccessKeyId": "AKIAQQQQQQQQQQQQ3KEY", "SecretAccessKey": "planted"}'
GOOD = f"#!/bin/sh\necho '{KEYS}'\n"


def home_with(place: Path, config: str, **environ: str) -> Host:
    """Return a home with programs of every kind in its ``bin``, which is first on the PATH."""
    programs = {
        "good": (GOOD, 0o755),
        "two words": (GOOD, 0o755),
        "plain": (GOOD, 0o644),
        "bare": (f"echo '{KEYS}'\n", 0o755),
        "empty": ("", 0o755),
        "crlf": (GOOD.replace("\n", "\r\n"), 0o755),
        "lost": ("#!/nowhere/sh\n", 0o755),
        "nobody": ("#!{HOME}/bin/plain\n", 0o755),
        "blank": ("#! \n", 0o755),
        "later/plain": (GOOD, 0o755),
    }
    files = {f"bin/{name}": text for name, (text, _) in programs.items()} | {"bin/folder/": ""}
    path = "{HOME}/bin:{HOME}/bin/plain:/usr/bin:/bin"
    host = make_home(place, config=config, files=files, environ={"PATH": path} | environ)
    for name, (_, mode) in programs.items():
        (place / "bin" / name).chmod(mode)
    return host


def boto3_raises(host: Host, profile: str) -> PredictedError | None:
    with mock.patch.dict(os.environ, host.environ, clear=True):
        try:
            boto3.Session(profile_name=profile).get_credentials()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
            return PredictedError(type(error).__name__, str(error))
    return None


STARTED = [
    "good",
    "good --json",
    "{HOME}/bin/good",
    "'{HOME}/bin/two words'",
    "sh -c 'exec good'",
    "./bin/good",
]
NOT_STARTED = {
    "absent": Cause.PROCESS_PROGRAM,
    "absent --json 'a b'": Cause.PROCESS_PROGRAM,
    "{HOME}/bin/absent": Cause.PROCESS_PROGRAM,
    "{HOME}/bin/two words": Cause.PROCESS_PROGRAM,
    "bin/absent": Cause.PROCESS_PROGRAM,
    "{HOME}/bin/good/": Cause.PROCESS_PROGRAM,
    "{HOME}/bin/good/x": Cause.PROCESS_PROGRAM,
    "{HOME}/bin/folder": Cause.PROCESS_PROGRAM,
    "folder": Cause.PROCESS_PROGRAM,
    "plain": Cause.PROCESS_PROGRAM,
    "{HOME}/bin/plain": Cause.PROCESS_PROGRAM,
    "bare": Cause.PROCESS_PROGRAM,
    "empty": Cause.PROCESS_PROGRAM,
    "crlf": Cause.PROCESS_PROGRAM,
    "lost": Cause.PROCESS_PROGRAM,
    "nobody": Cause.PROCESS_PROGRAM,
    "blank": Cause.PROCESS_PROGRAM,
    "~/bin/good": Cause.PROCESS_PROGRAM,
    "$HOME/bin/good": Cause.PROCESS_PROGRAM,
    '"good --json"': Cause.PROCESS_PROGRAM,
    "PATH=/x good": Cause.PROCESS_PROGRAM,
    "export A=b; good": Cause.PROCESS_PROGRAM,
    "C:\\tools\\good.exe --json": Cause.PROCESS_PROGRAM,
    '"C:\\tools\\good.exe" --json': Cause.PROCESS_PROGRAM,
    "good\0": Cause.BAD_PROCESS,
    "": Cause.BAD_PROCESS,
    "''": Cause.BAD_PROCESS,
    "good 'x": Cause.BAD_PROCESS,
}


@pytest.mark.parametrize("command", STARTED)
def test_a_program_that_starts_is_not_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    # GIVEN
    monkeypatch.chdir(home_with(tmp_path, f"[profile x]\n{KEY} = {command}\n").home)
    host = home_with(tmp_path, f"[profile x]\n{KEY} = {command}\n")
    # WHEN
    report = Snapshot.take(host).profiles["x"]
    # THEN
    assert report.resolution.fault is None
    assert report.expiry.state is State.UNKNOWN
    assert boto3_raises(host, "x") is None


@pytest.mark.parametrize(("command", "cause"), NOT_STARTED.items())
def test_a_program_that_cannot_be_started_raises_what_is_predicted(
    tmp_path: Path, command: str, cause: Cause
) -> None:
    # GIVEN
    host = home_with(tmp_path, f"[profile x]\n{KEY} = {command}\n")
    # WHEN
    report = Snapshot.take(host).profiles["x"]
    # THEN
    fault = report.resolution.on_use
    assert fault is not None
    assert fault == boto3_raises(host, "x")
    assert (fault.cause, fault.profile) == (cause, "x")
    assert report.expiry.state is State.BROKEN
    assert {report.resolutions[tool].on_use for tool in Tool} == {fault}


def test_a_file_that_may_not_be_executed_does_not_hide_the_program_after_it(tmp_path: Path) -> None:
    host = home_with(tmp_path, f"[profile x]\n{KEY} = plain\n")
    later = make_home(tmp_path, environ={"PATH": f"{tmp_path}/bin:{tmp_path}/bin/later"})
    (tmp_path / "bin" / "later" / "plain").chmod(0o755)
    assert credential_process.fault(host, "plain") is not None
    assert credential_process.fault(later, "plain") is None


def test_a_source_is_run_even_where_its_role_is_cached(tmp_path: Path) -> None:
    config = f"[profile r]\n{ROLE}source_profile = p\n[profile p]\n{KEY} = absent\n"
    report = Snapshot.take(home_with(tmp_path, config)).profiles["r"]
    assert report.resolution.on_use == PredictedError(
        "FileNotFoundError", "[Errno 2] No such file or directory: 'absent'"
    )
    assert report.expiry.state is State.BROKEN


def without_path(host: Host) -> Host:
    return Host.of(host.home, {})


def copied(host: Host) -> Host:
    return replace(host, own_environ=host.environ)


@pytest.mark.parametrize("elsewhere", [without_path, copied])
def test_programs_are_not_looked_for_where_the_home_is_not_in_use(
    tmp_path: Path, elsewhere: Callable[[Host], Host]
) -> None:
    host = elsewhere(home_with(tmp_path, ""))
    assert credential_process.fault(host, "absent") is None
    assert credential_process.fault(host, "/nowhere/absent") is None
    # what no system can start is certain everywhere
    assert credential_process.fault(host, "~/bin/good") is not None
    assert credential_process.fault(host, "") is not None


def _windows(place: Path, path: str) -> Host:
    return make_home(place, environ={"PATH": path}, platform="win32")


def test_windows_finds_programs_by_their_ending(tmp_path: Path) -> None:
    (tmp_path / "helper.exe").touch()
    (tmp_path / "script.cmd").touch()
    host = _windows(tmp_path, str(tmp_path))
    assert credential_process.fault(host, "helper --x C:\\a") is None
    assert credential_process.fault(host, "script.cmd") is None
    fault = credential_process.fault(host, "script")
    assert fault is not None
    assert fault.message == "[WinError 2] The system cannot find the file specified"
    assert credential_process.fault(host, "aws configure export-credentials") is None


# What only a shell would read


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("aws-vault exec a --mfa-token=$(ykman code) --json", Unread((), ("$(…)",))),
        ("helper --mfa=`code`", Unread((), ("`…`",))),
        ('helper "--mfa=$(code x)"', Unread((), ("$(…)",))),
        ("helper | jq .", Unread((), ("|",))),
        ("helper && other", Unread((), ("&&",))),
        ("helper ; other", Unread((), (";",))),
        ("helper 2>/dev/null", Unread((), ("2>/dev/null",))),
        ("helper > /tmp/x", Unread((), (">",))),
        ("helper --cert ~/cert.pem", Unread(("~",))),
        ("helper --cert=~/cert.pem", Unread(("~",))),
        ("helper --cert $HOME/cert.pem", Unread(("$HOME",))),
        ('helper --cert "${HOME}/a b.pem"', Unread(("${HOME}",))),
        ("bash $HOME/helper.sh", Unread(("$HOME",))),
        ("sh -c 'helper' | jq .", Unread((), ("|",))),
        # near misses
        ("helper --cert /home/me/cert.pem", Unread()),
        ("sh -c 'helper $(code) --cert ~/c.pem | jq .'", Unread()),
        ('bash -lc "helper $HOME/x | jq ."', Unread()),
        ("env A=b sh -c 'helper | jq .'", Unread()),
        ("helper --filter '.a | .b' --price '$HOME'", Unread()),
        ("helper --url https://x.example.net/?a=1&b=2", Unread()),
        ("ssh host helper --cert ~/c.pem | jq .", Unread()),
        ("wsl helper $HOME", Unread()),
        ("helper pa$sword a~b ~bob", Unread()),
        ("helper \\$HOME", Unread()),
        ("helper 'unclosed $HOME", Unread()),
    ],
)
def test_what_only_a_shell_would_read_is_found(command: str, expected: Unread) -> None:
    assert unread(command, "linux") == expected


def test_a_command_is_written_out_as_a_shell_would(tmp_path: Path) -> None:
    host = make_home(tmp_path, environ={"CERTS": "/c"})
    command = "helper --cert=~/a.pem  \"$CERTS/b\" '$CERTS' $NONE"
    assert credential_process.expanded(host, command) == (
        f"helper --cert={tmp_path}/a.pem  \"/c/b\" '$CERTS' $NONE"
    )


# Which profile it asks for


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("aws configure export-credentials --profile b", Asks("aws", "b")),
        ("/usr/local/bin/aws --profile=b sts get-session-token", Asks("aws", "b")),
        ("aws configure export-credentials", Asks("aws", None)),
        ("env AWS_PROFILE=b aws sts get-session-token", Asks("aws", "b")),
        ("sh -c 'aws configure export-credentials --profile b'", Asks("aws", "b")),
        ("bash -lc 'exec aws configure export-credentials --profile b'", Asks("aws", "b")),
        ("rolecall export b --shell json", Asks("rolecall", "b")),
        ("/opt/a/rolecall process b-source", Asks("rolecall", "b-source")),
        ("rolecall process -- -b", Asks("rolecall", "-b")),
        ("rolecall process --install b", None),
        ("rolecall process b --home /x", None),
        ("/usr/bin/env bash -c 'aws configure export-credentials --profile b'", Asks("aws", "b")),
        ("bash -o pipefail -c 'AWS_PROFILE=b aws sts get-session-token 2>/dev/null'", Asks("aws", "b")),
        ("sh -c 'exec aws sts get-session-token --profile \"$AWS_PROFILE\"'", Asks("aws", "chosen")),
        ("sh -c 'aws sts get-session-token --profile ${AWS_PROFILE:-b}'", Asks("aws", "chosen")),
        ("sh -c 'aws sts get-session-token --profile ${OTHER:-b}'", Asks("aws", "b")),
        ("env AWS_PROFILE=b sh -c 'aws sts get-session-token --profile $AWS_PROFILE'", Asks("aws", "b")),
        ("sh -c 'aws sts get-session-token --profile $OTHER --output json'", Asks("aws", "")),
        ("timeout 10 aws2 sts get-session-token --profile b", Asks("aws2", "b")),
        ("nice -n 5 /opt/aws.exe sts get-session-token --profile=b", Asks("aws", "b")),
        ("cmd /c aws configure export-credentials --profile b", Asks("aws", "b")),
        ("aws sts get-session-token --profile $AWS_PROFILE", Asks("aws", "$AWS_PROFILE")),
        ("sh -c 'aws sts get-session-token --profile b | jq .'", None),
        ("sh -c 'aws sts get-session-token --profile $(whoami)'", None),
        ("sh -c 'HOME=/x aws sts get-session-token'", None),
        ("sh script.sh aws", None),
        ("aws sso login --profile b", None),
        ("aws --region eu-west-1 configure get x --profile b", None),
        ("aws sts assume-role-with-saml --no-sign-request --profile b", None),
        ("env -i aws sts get-session-token", None),
        ("env AWS_CONFIG_FILE=/x aws sts get-session-token", None),
        ("aws-vault export --format=json b", None),
        ("granted credential-process --profile b", None),
        ("saml2aws script --profile b", None),
    ],
)
def test_who_is_asked_is_read_from_the_command(tmp_path: Path, command: str, expected: Asks | None) -> None:
    host = make_home(tmp_path, environ={"AWS_PROFILE": "chosen"})
    assert credential_process.asks(host, command) == expected


_X = {"AWS_PROFILE": "x"}
AWS = f"{KEY} = aws configure export-credentials --format process"


@pytest.mark.parametrize(
    ("config", "environ", "loops"),
    [
        (f"[profile x]\n{AWS} --profile x\n", {}, {"x"}),
        (f"[default]\n{AWS}\n", {}, {"default"}),
        (f"[profile x]\n{AWS}\n", {"AWS_PROFILE": "x"}, {"x"}),
        (f"[profile x]\n{AWS} --profile y\n[profile y]\n{AWS} --profile x\n", {}, {"x", "y"}),
        (
            f"[profile x]\n{AWS} --profile r\n[profile r]\n{ROLE}source_profile = x\n",
            {},
            {"x", "r"},
        ),
        (f"[profile x]\n{KEY} = sh -c 'aws sts get-session-token --profile $AWS_PROFILE'\n", _X, {"x"}),
        (f"[profile x]\n{KEY} = sh -c 'aws sts get-session-token --profile ${{P:-x}}'\n", {}, {"x"}),
        (f"[profile x]\n{KEY} = env bash -c 'aws sts get-session-token'\n", _X, {"x"}),
        (f"[profile x]\n{AWS}\n[profile y]\n{AWS} --profile x\n", _X, {"x", "y"}),
        # near misses
        (f"[profile x]\n{AWS} --profile y\n[profile y]\n{KEY} = helper\n", {}, set()),
        (f"[profile x]\n{AWS}\n[default]\naws_access_key_id = AKIAX\naws_secret_access_key = p\n", {}, set()),
        (f"[profile x]\n{AWS}\n", {"AWS_PROFILE": "x", "AWS_DEFAULT_PROFILE": "y"}, set()),
        (
            f"[profile x]\n{AWS}\n",
            {"AWS_PROFILE": "x", "AWS_ACCESS_KEY_ID": "AKIAX", "AWS_SECRET_ACCESS_KEY": "planted"},
            set(),
        ),
    ],
)
def test_a_process_that_asks_for_itself_is_found(
    tmp_path: Path, config: str, environ: dict[str, str], loops: set[str]
) -> None:
    snapshot = Snapshot.take(make_home(tmp_path, config=config, environ=environ))
    found = {name for name, each in snapshot.profiles.items() if each.resolution.on_use is not None}
    assert found == loops
    for name in loops:
        fault = snapshot.profiles[name].resolution.on_use
        assert fault is not None
        assert fault.cause is Cause.PROCESS_LOOP


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (
            "aws configure export-credentials",
            "(Configuration): Unable to retrieve credentials: no credentials",
        ),
        ("sh -c 'aws configure export-credentials'", "(Configuration): Unable to retrieve credentials: no"),
        ("/usr/bin/env aws2 sts get-session-token", "(NoCredentials): Unable to locate credentials."),
    ],
)
@pytest.mark.parametrize("default", ["", "[default]\nregion = eu-west-1\n"])
def test_a_process_that_names_no_profile_uses_what_this_shell_has(
    tmp_path: Path, command: str, said: str, default: str
) -> None:
    config = f"{default}[profile x]\n{KEY} = {command}\n[profile over]\n{ROLE}source_profile = x\n"
    snapshot = Snapshot.take(make_home(tmp_path, config=config))
    for name in ("x", "over"):
        fault = snapshot.profiles[name].resolution.on_use
        assert fault is not None
        assert (fault.cause, fault.profile) == (Cause.PROCESS_NO_CREDENTIALS, "x")
        assert fault.message.startswith(
            f"Error when retrieving credentials from custom-process: \naws: [ERROR]: An error occurred {said}"
        )


@pytest.mark.parametrize(
    "environ",
    [
        {"AWS_ACCESS_KEY_ID": "AKIAX", "AWS_SECRET_ACCESS_KEY": "planted"},
        {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"},
        {"AWS_PROFILE": "y"},
        {"AWS_PROFILE": "y", "AWS_DEFAULT_PROFILE": "z"},
    ],
)
def test_a_process_that_names_no_profile_may_get_what_this_shell_has(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    config = f"[profile x]\n{AWS}\n[profile y]\naws_access_key_id = AKIAX\naws_secret_access_key = p\n"
    snapshot = Snapshot.take(make_home(tmp_path, config=config, environ=environ))
    assert snapshot.profiles["x"].resolution.on_use is None


def test_a_profile_that_the_process_asks_for_has_to_exist(tmp_path: Path) -> None:
    snapshot = Snapshot.take(make_home(tmp_path, config=f"[profile x]\n{AWS} --profile gone\n"))
    fault = snapshot.profiles["x"].resolution.on_use
    assert fault is not None
    assert fault.cause is Cause.PROCESS_PROFILE_MISSING


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("aws configure export-credentials", "aws: [ERROR]: Unable to retrieve credentials: "),
        ("aws sts get-session-token", "aws: [ERROR]: "),
    ],
)
def test_a_profile_that_is_missing_is_said_in_the_words_of_the_aws_that_is_asked(
    tmp_path: Path, command: str, said: str
) -> None:
    config = f"[profile x]\n{KEY} = {command} --profile gone\n"
    fault = Snapshot.take(make_home(tmp_path, config=config)).profiles["x"].resolution.on_use
    assert fault is not None
    start, end = "Error when retrieving credentials from custom-process: \n", "(gone) could not be found\n"
    assert fault.message == f"{start}{said}The config profile {end}"


@pytest.mark.long
def test_hundreds_of_processes_that_ask_for_one_another_are_followed_in_a_loop(tmp_path: Path) -> None:
    config = "".join(f"[profile p{n}]\n{AWS} --profile p{n + 1}\n" for n in range(400))
    snapshot = Snapshot.take(make_home(tmp_path, config=f"{config}[profile p400]\n{KEY} = helper\n"))
    assert all(each.resolution.on_use is None for each in snapshot.profiles.values())
