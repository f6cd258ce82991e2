"""``rolecall doctor`` for a person: what is wrong, and the line that mends it."""

import codecs
import hashlib
import json
import re
import shlex
import stat
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.homes import make_home

WELL = {
    "config": "[default]\nregion = eu-west-1\n[profile admin]\nrole_arn = arn:aws:iam::112233445566:role/A\n"
    "source_profile = base\nregion = eu-west-1\n",
    "credentials": "[default]\naws_access_key_id = AKIAQWERTYUIOPASDFGH\naws_secret_access_key = CANARY\n"
    "[base]\naws_access_key_id = AKIAZXCVBNMASDFGHJKL\naws_secret_access_key = CANARYtoo\n"
    "region = eu-west-1\n",
}
ILL = WELL["config"].replace("source_profile = base", "source_profile = bse")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
CURE = "rolecall set admin source_profile base"
HEADS = ("error: ", "warning: ", "info: ", f"    {CURE}")
MISSPELT = WELL["config"] + "duration_secnds = 7200\n"
"""A home with a warning."""


@pytest.fixture
def well(bare: Program) -> Program:
    """Return the program over a home in which nothing is wrong."""
    for name, text in WELL.items():
        bare.write(name, text).chmod(stat.S_IRUSR | stat.S_IWUSR)
    bare.aws.chmod(stat.S_IRWXU)
    bare.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    return bare


@pytest.fixture
def ill(well: Program) -> Program:
    """Return the program over a home in which one profile's source is misspelt."""
    well.config(ILL)
    return well


def test_all_well_takes_one_line(well: Program) -> None:
    outcome = well("doctor")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "Nothing is wrong: 3 profiles, 1 variable.\n"


@pytest.mark.parametrize("options", [("-q",), ("--quiet",)])
def test_quietly_all_well_takes_none(well: Program, options: tuple[str, ...]) -> None:
    outcome = well("doctor", *options)
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")


def test_an_empty_home_is_well(bare: Program) -> None:
    assert bare("doctor").code == 0


def test_an_error_is_told_with_its_place_its_consequence_and_its_cure(ill: Program) -> None:
    outcome = ill("doctor")
    assert outcome.code == 1
    assert outcome.err == ""
    assert outcome.lines[0] == "error: missing-source: ~/.aws/config:5"
    assert "admin names source_profile 'bse', but there is no such profile. Every command" in outcome.lines[1]
    assert outcome.lines[2].startswith("  Cure: ")
    assert outcome.lines[3] == f"    {CURE}"
    assert outcome.lines[-1].startswith("1 error")


def test_its_cure_is_a_line_that_cures_it(ill: Program) -> None:
    line = ill("doctor").lines[3]
    assert ill(*shlex.split(line)[1:]).code == 0
    assert ill("doctor").code == 0


def test_its_cure_is_for_the_home_that_was_named(ill: Program, well: Program) -> None:
    elsewhere = Program(well.home.parent / "other home", ill.environ)
    for name, text in (WELL | {"config": ILL}).items():
        elsewhere.write(name, text).chmod(0o600)
    line = Program(well.home)("doctor", "--home", str(elsewhere.home)).lines[3]
    assert shlex.split(line)[:3] == ["rolecall", "--home", str(elsewhere.home)]


def test_a_warning_does_not_count_as_an_error(well: Program) -> None:
    well.config(MISSPELT)
    outcome = well("doctor")
    assert outcome.code == 0
    assert outcome.lines[0].startswith("warning: misspelt-key: ~/.aws/config:7")
    assert outcome.lines[-1] == "1 warning."


def test_quietly_only_errors_are_told(ill: Program) -> None:
    ill.config(ILL + "duration_secnds = 7200\n")
    assert "warning: " in ill("doctor").out
    outcome = ill("doctor", "-q")
    assert outcome.code == 1
    assert "error: missing-source" in outcome.out
    assert "warning: " not in outcome.out


def test_the_worst_comes_first(ill: Program) -> None:
    ill.config("[profile zero]\nduration_secnds = 7200\n" + ILL)
    severities = [line.partition(":")[0] for line in ill("doctor").lines if line[:1].isalpha()]
    order = ["error", "warning", "info"]
    found = [each for each in severities if each in order]
    assert found == sorted(found, key=order.index)
    assert set(found) >= {"error", "warning"}


@pytest.mark.parametrize("width", [20, 40, 80, 200])
@pytest.mark.parametrize("arguments", [(), ("admin",)])
def test_it_fits_the_terminal_but_for_what_is_copied_or_looked_for(
    ill: Program, arguments: tuple[str, ...], width: int
) -> None:
    outcome = ill("doctor", *arguments, width=width)
    plain = [COLOUR.sub("", line) for line in outcome.lines]
    assert f"    {CURE}" in plain
    widest = [line for line in plain if len(line) > width and not line.startswith(HEADS)]
    assert widest == []


def test_a_file_that_does_not_parse_is_told_whoever_is_asked_about(well: Program) -> None:
    well.config("nonsense\n")
    for arguments in ((), ("admin",)):
        outcome = well("doctor", *arguments)
        assert outcome.code == 1
        assert "~/.aws/config:1" in outcome.out
    assert "admin cannot be explained until the file parses" in outcome.err


# Why.


def test_a_profile_is_answered_for_with_the_culprit_first_and_every_step(ill: Program) -> None:
    outcome = ill("doctor", "admin")
    assert outcome.code == 1
    assert outcome.lines[0] == "admin names source_profile 'bse', but there is no such profile."
    assert outcome.lines[2] == f"    {CURE}"
    assert "unknown  Tools" in outcome.out
    assert "\nculprit  " in outcome.out
    assert "~/.aws/config:5  source_profile = bse" in outcome.out


def test_a_profile_that_is_well_is_told_so(ill: Program) -> None:
    outcome = ill("doctor", "base")
    assert outcome.code == 0
    assert "culprit" not in outcome.out


def test_a_profile_that_is_not_there_is_told_as_elsewhere(ill: Program) -> None:
    outcome = ill("doctor", "admn")
    assert (outcome.code, outcome.out) == (2, "")
    assert "did you mean 'admin'?" in outcome.err
    assert outcome.err == ill("show", "admn").err


EXPIRED = (
    "An error occurred (ExpiredToken) when calling the ListBuckets operation: The provided token has expired."
)
NOT_FOUND = 'The source_profile "bse" referenced in the profile "admin" does not exist.'


@pytest.mark.parametrize("is_piped", [True, False])
def test_an_error_message_leads_to_its_profile(ill: Program, is_piped: bool) -> None:  # noqa: FBT001 - a parameter
    given = ("doctor", "--error", "-") if is_piped else ("doctor", "--error", NOT_FOUND)
    outcome = ill.fed(NOT_FOUND + "\n", *given) if is_piped else ill(*given)
    assert outcome.code == 1
    assert "admin names source_profile 'bse', but there is no such profile." in outcome.lines[:3]
    assert f"    {CURE}" in outcome.lines


@pytest.mark.parametrize(
    "piped",
    [
        codecs.BOM_UTF8 + NOT_FOUND.encode(),
        NOT_FOUND.encode("utf-16"),  # as Windows PowerShell redirects
        NOT_FOUND.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + NOT_FOUND.encode("utf-16-be"),
        NOT_FOUND.encode("utf-32"),
        b"caf\xe9 \xff\xfe\n" + NOT_FOUND.encode(),
        b"\0\0" + NOT_FOUND.encode() + b"\0",
        b"\x1b]0;title\x07\x1b[1;31m" + NOT_FOUND.replace(" ", "\x1b[0m \x1b[31m").encode() + b"\x1b(B\x1b[m",
        b"50%\r\x1b[K100%\r\x1b[K" + NOT_FOUND.encode() + b"\r\r\n",
        b"me@here:~$ aws s3 ls\n\n" + NOT_FOUND.encode() + b"\nme@here:~$ ",
        b"aws : " + NOT_FOUND.encode() + b"\r\nAt line:1 char:1\r\n+ aws s3 ls\r\n+ ~~~~~~~~~\r\n",
        NOT_FOUND.replace(" ", "\u00a0").replace("source", "sou\u200brce").encode(),
        b"\n" * 20_000 + NOT_FOUND.encode() + b" " * 20_000,
        b"a log \n" * 100_000 + NOT_FOUND.encode(),
        NOT_FOUND.encode() + b"\nand on" * 100_000,
    ],
    ids=lambda piped: repr(piped[:24]),
)
def test_an_error_message_is_read_however_it_comes(ill: Program, piped: bytes) -> None:
    outcome = ill.fed(piped, "doctor", "--error", "-")
    assert "admin names source_profile 'bse', but there is no such profile." in outcome.lines[:3]


def test_of_a_long_message_it_is_said_that_not_all_was_read(ill: Program) -> None:
    said = "only its beginning and its end were read, 64 KiB in all"
    long = ("a log \n" * 20_000).encode()
    assert said in ill.fed(long + NOT_FOUND.encode(), "doctor", "--error", "-").out
    assert any(
        said in each
        for each in ill.fed(long + NOT_FOUND.encode(), "doctor", "--error", "-", "--json").json["asks"]
    )
    # AND where nothing is found in what was read
    assert said in ill.fed(long, "doctor", "--error", "-").err
    assert said not in ill.fed(NOT_FOUND, "doctor", "--error", "-").out


def test_a_message_that_names_nobody_is_honestly_not_tied_to_one(ill: Program) -> None:
    outcome = ill("doctor", "--error", EXPIRED)
    assert "it cannot be tied to one" in outcome.lines[0]
    # AND whoever ran it may say
    assert "ExpiredToken" in ill("doctor", "base", "--error", EXPIRED).out


def test_what_is_no_message_is_told_and_the_rest_is_said_without_it(ill: Program) -> None:
    outcome = ill("doctor", "--error", "hello")
    assert "this error message is not known" in outcome.err
    assert "unknown  Tools" in outcome.out


# Silence.


def test_what_is_silenced_is_not_told_any_more(well: Program) -> None:
    # GIVEN
    well.config(MISSPELT)
    # WHEN
    outcome = well("doctor", "--silence", "misspelt-key")
    # THEN
    assert outcome.code == 0
    assert '+silence = ["misspelt-key"]' in outcome.lines
    assert well("doctor").out == "Nothing is wrong: 3 profiles, 1 variable; 1 silenced.\n"


def test_only_one_subject_may_be_silenced(well: Program) -> None:
    well.config(MISSPELT + "[profile other]\ncredential_process = x\nrgion = y\n")
    before = well("doctor").out.count("misspelt-key")
    assert well("doctor", "--silence", "misspelt-key:admin", "--yes").code == 0
    assert well("doctor").out.count("misspelt-key") == before - 1


def test_at_a_terminal_it_is_asked_first(well: Program) -> None:
    outcome = well.on_screen("doctor", "--silence", "misspelt-key", typed="n\n")
    assert outcome.code == 1
    assert "Write this? [y/N]" in outcome.err
    assert not (well.home / ".config").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("--silence", "mispelt-key"),
        ("--silence", ""),
        ("--silence", "orphan", "--online"),
        ("--silence", "orphan", "admin"),
        ("--silence", "orphan", "--error", "x"),
    ],
)
def test_what_cannot_be_silenced_is_wrong_usage(well: Program, arguments: tuple[str, ...]) -> None:
    outcome = well("doctor", *arguments)
    assert outcome.code == 2
    assert not (well.home / ".config").exists()


def test_what_is_wrong_with_the_settings_is_told_and_the_rest_holds(ill: Program) -> None:
    path = ill.home / ".config" / "rolecall" / "settings.toml"
    path.parent.mkdir(parents=True)
    path.write_text('[findings]\nsilence = ["no-such-code"]\n')
    outcome = ill("doctor")
    assert outcome.code == 1
    assert "settings.toml:2: there is no finding 'no-such-code'" in outcome.err


# What it must not do.


@pytest.mark.parametrize("arguments", [("--online",), ("--silence", "orphan")])
def test_read_only_it_neither_goes_out_nor_writes(ill: Program, arguments: tuple[str, ...]) -> None:
    outcome = ill("--read-only", "doctor", *arguments)
    assert (outcome.code, outcome.out) == (1, "")
    assert f"`{arguments[0]}` is refused: rolecall is read-only" in outcome.err


@pytest.mark.parametrize("arguments", [(), ("admin",), ("--json",), ("admin", "--json"), ("-q",)])
def test_no_secret_and_nothing_hostile_is_told(ill: Program, arguments: tuple[str, ...]) -> None:
    ill.config(ILL + "[profile \x1b[31mred\u202e]\nsource_profile = \x1b]0;x\x07\nrole_arn = x\n")
    ill.environ |= {"AWS_SECRET_ACCESS_KEY": "CANARYhere", "AWS_SESSION_TOKEN": "CANARYtoken"}
    outcome = ill("doctor", *arguments)
    assert "CANARY" not in outcome.out + outcome.err
    assert not set("\x1b\x07\u202e") & set(outcome.out + outcome.err)


def test_a_login_is_answered_for_where_no_profile_has_that_name(bare: Program) -> None:
    session = "[sso-session corp]\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\n"
    dev = "[profile dev]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = admin\n"
    bare.config(session + dev)
    done = bare("doctor", "corp")
    assert done.code == 1
    assert done.lines[0] == "not logged in to corp."
    assert "rolecall login corp" in done.out
    assert bare("doctor", "corp", "--json").json["subject"] == "corp (sso-session)"
    # AND AWS is asked with a profile's credentials only
    assert bare("doctor", "corp", "--online").code == 2


@pytest.mark.parametrize(
    ("config", "code"),
    [
        ("[profile dev]\nregion = eu-west-1[profile prod]\noutput = json\n", "glued-line"),
        ("[profile dev]\nregion = eu-west-1\n  [profile prod]\n  output = json\n", "swallowed-header"),
        ("[prod]\nregion = eu-west-1\n", "not-a-profile"),
        ("[profile \u200bprod]\nregion = eu-west-1\n", "unseen-in-header"),
    ],
)
def test_a_profile_whose_header_is_none_is_answered_by_what_is_wrong_with_it(
    tmp_path: Path, config: str, code: str
) -> None:
    make_home(tmp_path, config=config)
    outcome = Program(tmp_path, {})("doctor", "prod")
    assert "there is no profile 'prod'" in outcome.err
    assert outcome.lines[0].startswith(("error: ", "warning: "))
    assert code in outcome.lines[0]
    # and the message of the AWS CLI leads there as well
    message = "The config profile (prod) could not be found"
    assert "rolecall rewrite --yes config" in Program(tmp_path, {})("doctor", "--error", message).out


def _sha1(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def test_of_a_refused_token_it_is_said_why_the_cli_still_works(tmp_path: Path) -> None:
    # GIVEN an SSO token that boto3 could not refresh, and its role in the cache of CLI v2
    role = {"accountId": "111122223333", "roleName": "Dev", "sessionName": "corp"}
    key = _sha1(json.dumps(role, sort_keys=True, separators=(",", ":")))
    token = {
        "startUrl": "https://corp.awsapps.com/start",
        "region": "eu-west-1",
        "accessToken": "CANARY",
        "expiresAt": "2026-03-01T10:00:00Z",
        "clientId": "c",
        "clientSecret": "CANARY",
        "registrationExpiresAt": "2026-05-01T10:00:00Z",
        "refreshToken": "CANARY",
    }
    keys = {
        "AccessKeyId": "ASIAQWERTYUIOPASDFGH",
        "SecretAccessKey": "CANARY",
        "SessionToken": "CANARY",
        "Expiration": "2026-03-01T12:40:00Z",
    }
    make_home(
        tmp_path,
        config="[default]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Dev\n"
        "region = eu-west-1\n[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\n"
        "sso_region = eu-west-1\n",
        caches={
            f"sso/{_sha1('corp')}.json": token,
            f"cli/{key}.json": {"ProviderType": "sso", "Credentials": keys},
        },
    )
    # WHEN somebody asks what boto3 means
    message = "Error when retrieving token from sso: Token has expired and refresh failed"
    outcome = Program(tmp_path, {})("doctor", "default", "--error", message)
    # THEN both are true
    assert "AWS CLI v2 has its role cached until 2026-03-01T12:40:00Z, and boto3 reads no" in outcome.lines[1]
