"""Joined, indented and broken lines: what each would be, and that the edit of it loses nothing."""

import configparser
from dataclasses import dataclass
from pathlib import Path

import pytest

from rolecall.aws import config_file
from rolecall.aws.config_file import FileKind, FileStatus
from rolecall.aws.line_edits import header_meant, setting_meant
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding, Severity
from rolecall.doctor.fixes import FixAction
from rolecall.doctor.registry import examine
from tests.cli.program import Program
from tests.homes import make_home

INFO = Severity.INFO
SECRET = "CANARYabcdEFGHijklMNOPqrstUVWXyz01234567"
PAIR = f"aws_access_key_id = AKIAQ3EGRIDLONGTERMA\naws_secret_access_key = {SECRET}"
OTHER = f"aws_access_key_id = AKIAQ3EGRIDLONGTERMB\naws_secret_access_key = {SECRET}"
ROLE = "arn:aws:iam::210987654321:role/Deploy"
RUN = "credential_process = /bin/true\n"


@dataclass(frozen=True)
class Case:
    """A file with such a line, the rule that tells of it, and the sections that it has afterwards."""

    name: str
    code: str
    text: str
    after: str
    file: str = "config"


CASES = (
    Case(
        "a header at a value",
        "glued-line",
        f"[profile dev]\n{RUN}region = eu-west-1[profile prod]\n{RUN}region = us-east-1\n",
        f"[profile dev]\n{RUN}region = eu-west-1\n[profile prod]\n{RUN}region = us-east-1\n",
    ),
    Case(
        "a header with a comment",
        "glued-line",
        f"[profile dev]\n{RUN}region = eu-west-1[profile prod] # mine\n{RUN}",
        f"[profile dev]\n{RUN}region = eu-west-1\n[profile prod] # mine\n{RUN}",
    ),
    Case(
        "a header at a comment",
        "glued-line",
        f"[profile dev]\n{RUN}# made by hand[profile prod]\n{RUN}",
        f"[profile dev]\n{RUN}# made by hand\n[profile prod]\n{RUN}",
    ),
    Case(
        "a header at a secret",
        "glued-line",
        f"[dev]\n{PAIR}[prod]\n{OTHER}\n",
        f"[dev]\n{PAIR}\n[prod]\n{OTHER}\n",
        "credentials",
    ),
    Case(
        "[default] at a token",
        "glued-line",
        f"[dev]\n{PAIR}\naws_session_token = {SECRET}[default]\n{OTHER}\n",
        f"[dev]\n{PAIR}\naws_session_token = {SECRET}\n[default]\n{OTHER}\n",
        "credentials",
    ),
    Case(
        "a header at the note of an expiry",
        "glued-line",
        f"[dev]\n{PAIR}\nx_security_token_expires = 2031-01-01T00:00:00Z[prod]\n{OTHER}\n",
        f"[dev]\n{PAIR}\nx_security_token_expires = 2031-01-01T00:00:00Z\n[prod]\n{OTHER}\n",
        "credentials",
    ),
    Case(
        "a header at a header",
        "glued-line",
        f"[a][b]\n{PAIR}\n",
        f"[a]\n[b]\n{PAIR}\n",
        "credentials",
    ),
    Case(
        "a setting at a header",
        "glued-line",
        f"[profile a] region = eu-west-1\n{RUN}",
        f"[profile a]\nregion = eu-west-1\n{RUN}",
    ),
    Case(
        "two settings",
        "glued-line",
        f"[profile dev]\n{RUN}region=eu-west-1output=json\n",
        f"[profile dev]\n{RUN}region=eu-west-1\noutput=json\n",
    ),
    Case(
        "three settings",
        "glued-line",
        f"[profile dev]\n{RUN}region = eu-west-1output = jsonretry_mode = standard\n",
        f"[profile dev]\n{RUN}region = eu-west-1\noutput = json\nretry_mode = standard\n",
    ),
    Case(
        "a role and its source",
        "glued-line",
        f"[default]\n{RUN}[profile a]\nregion = eu-west-1\nrole_arn = {ROLE}source_profile = default\n",
        f"[default]\n{RUN}[profile a]\nregion = eu-west-1\nrole_arn = {ROLE}\nsource_profile = default\n",
    ),
    Case(
        "a key and its secret",
        "glued-line",
        f"[dev]\naws_access_key_id=AKIAQ3EGRIDLONGTERMAaws_secret_access_key={SECRET}\n",
        f"[dev]\naws_access_key_id=AKIAQ3EGRIDLONGTERMA\naws_secret_access_key={SECRET}\n",
        "credentials",
    ),
    Case(
        "an indented section",
        "swallowed-header",
        f"[profile a]\n{RUN}region = eu-west-1\n  [profile b]\n  {RUN}",
        f"[profile a]\n{RUN}region = eu-west-1\n[profile b]\n{RUN}",
    ),
    Case(
        "an indented section with a block",
        "swallowed-header",
        f"[profile a]\n{RUN}region = eu-west-1\n  [profile b]\n  s3 =\n    max_queue_size = 5\n  {RUN}",
        f"[profile a]\n{RUN}region = eu-west-1\n[profile b]\ns3 =\n    max_queue_size = 5\n{RUN}",
    ),
    Case(
        "indented settings",
        "swallowed-line",
        f"[profile a]\nregion = eu-west-1\n  output = json\n\t{RUN}",
        f"[profile a]\nregion = eu-west-1\noutput = json\n{RUN}",
    ),
    Case(
        "an indented secret",
        "swallowed-line",
        f"[a]\naws_access_key_id = AKIAQ3EGRIDLONGTERMA\n\taws_secret_access_key = {SECRET}\n",
        f"[a]\naws_access_key_id = AKIAQ3EGRIDLONGTERMA\naws_secret_access_key = {SECRET}\n",
        "credentials",
    ),
    Case(
        "a setting in a block",
        "swallowed-line",
        f"[profile a]\n{RUN}s3 =\n  region = eu-west-1\n  max_queue_size = 5\n",
        f"[profile a]\n{RUN}region = eu-west-1\ns3 =\n  max_queue_size = 5\n",
    ),
    Case(
        "a comment after a value",
        "inline-comment",
        f"[profile dev]\n  region = eu-west-1\t; in Dublin\n  {RUN}",
        f"[profile dev]\n  ; in Dublin\n  region = eu-west-1\n  {RUN}",
    ),
    Case(
        "a comment after a secret",
        "bad-keys",
        f"[dev]\n{PAIR} # CANARY of mine\n",
        f"[dev]\n{PAIR}\n".replace("\naws_secret", "\n# CANARY of mine\naws_secret"),
        "credentials",
    ),
    Case(
        "a secret in quotes",
        "bad-keys",
        f"[dev]\naws_access_key_id = 'AKIAQ3EGRIDLONGTERMA'\naws_secret_access_key = '{SECRET}'\n",
        f"[dev]\n{PAIR}\n",
        "credentials",
    ),
    Case(
        "a key and its secret the wrong way round",
        "bad-keys",
        f"[dev]\naws_access_key_id={SECRET}\nregion = x\naws_secret_access_key=AKIAQ3EGRIDLONGTERMA\n",
        f"[dev]\naws_access_key_id=AKIAQ3EGRIDLONGTERMA\nregion = x\naws_secret_access_key={SECRET}\n",
        "credentials",
    ),
    Case("no bracket at the end", "parse-error", f"[profile a\n{RUN}", f"[profile a]\n{RUN}"),
    Case(
        "no bracket at the beginning",
        "parse-error",
        f"[profile z]\nregion = eu-west-1\nprofile a]\n{RUN}",
        f"[profile z]\nregion = eu-west-1\n[profile a]\n{RUN}",
    ),
    Case(
        "no brackets",
        "parse-error",
        f"[profile z]\nregion = eu-west-1\nprofile a\n{RUN}",
        f"[profile z]\nregion = eu-west-1\n[profile a]\n{RUN}",
    ),
    Case(
        "a name without its bracket over settings of the section before",
        "parse-error",
        f"[a]\n{PAIR}\ndev]\n{OTHER}\n",
        f"[a]\n{PAIR}\n[dev]\n{OTHER}\n",
        "credentials",
    ),
    Case("full-width brackets", "parse-error", f"\uff3bprofile a\uff3d\n{RUN}", f"[profile a]\n{RUN}"),
    Case("round brackets", "parse-error", f"(profile a)\n{RUN}", f"[profile a]\n{RUN}"),
    Case(
        "a zero-width space before a header",
        "parse-error",
        f"[profile z]\n{RUN}\u200b[profile a]\n{RUN}",
        f"[profile z]\n{RUN}[profile a]\n{RUN}",
    ),
    Case(
        "no equals sign",
        "parse-error",
        f"[profile dev]\n{RUN}region eu-west-1\n",
        f"[profile dev]\n{RUN}region = eu-west-1\n",
    ),
    Case(
        "a full-width equals sign",
        "parse-error",
        f"[profile dev]\n{RUN}region \uff1d eu-west-1\n",
        f"[profile dev]\n{RUN}region = eu-west-1\n",
    ),
    Case(
        "a secret without an equals sign",
        "parse-error",
        f"[dev]\naws_access_key_id = AKIAQ3EGRIDLONGTERMA\naws_secret_access_key {SECRET}\n",
        f"[dev]\naws_access_key_id = AKIAQ3EGRIDLONGTERMA\naws_secret_access_key = {SECRET}\n",
        "credentials",
    ),
    Case("a byte order mark", "byte-order-mark", f"\ufeff[profile a]\n{RUN}", f"[profile a]\n{RUN}"),
    Case(
        "an unseen character in a name",
        "unseen-in-header",
        f"[\u200bdev]\n{PAIR}\n",
        f"[dev]\n{PAIR}\n",
        "credentials",
    ),
    Case(
        "an unseen character in a setting",
        "misspelt-key",
        f"[profile a]\n{RUN}\u200bregion = eu-west-1\n",
        f"[profile a]\n{RUN}region = eu-west-1\n",
    ),
    Case("no word profile", "not-a-profile", f"[a]\n{RUN}", f"[profile a]\n{RUN}"),
    Case(
        "a comment with a bracket",
        "dropped-header",
        f"[profile a] # see [b]\n{RUN}",
        f"[profile a]\n# see [b]\n{RUN}",
    ),
)
ENDS = {"LF": "\n", "CRLF": "\r\n", "CR": "\r"}


def find(home: Path, case: Case, text: str) -> Finding:
    files = {case.file: text.encode()}
    host = make_home(home, config=files.get("config"), credentials=files.get("credentials"))
    found = [each for each in examine(Snapshot.take(host)).all if each.code == case.code]
    assert found, case.code
    return found[0]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_line_that_is_offered_puts_it_right_and_changes_nothing_else(
    tmp_path: Path, case: Case, end: str
) -> None:
    # GIVEN a file with such a line, and a rule that tells of it
    text, after = (each.replace("\n", ENDS[end]) for each in (case.text, case.after))
    found = find(tmp_path, case, text)
    assert found.fix.doing is FixAction.REWRITE
    told = f"{found.message} {found.evidence} {found.fix.words} {found.fix.run()} {found.fix!r}"
    # WHEN the line is run
    words = str(found.fix.run()).split()[1:]
    outcome = Program(tmp_path, {})(*words)
    assert outcome.code == 0, outcome.err
    # THEN the file is what was meant, byte by byte, it parses, and the rule is silent
    assert (tmp_path / ".aws" / case.file).read_bytes().decode() == after
    configparser.RawConfigParser().read_string(case.after)
    host = make_home(tmp_path)
    assert case.code not in {each.code for each in examine(Snapshot.take(host)).all}
    # and no secret has been on the way
    assert "CANARY" not in told + outcome.out + outcome.err
    # and it is not done twice
    assert Program(tmp_path, {})(*words).code == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            f"[profile prod]\n{RUN}[profile dev]\nregion = eu-west-1[profile prod]\n",
            "[profile prod] is there twice",
        ),
        (
            f"[profile dev]\n{RUN}region = eu-west-1output = json\noutput = text\n",
            "output is twice in [profile dev]",
        ),
        (f"[profile dev]\ncli_history = enabled[profile prod]\n{RUN}", "dev would fail"),
    ],
)
def test_what_would_stop_a_profile_or_the_whole_file_is_left_to_the_editor(
    tmp_path: Path, text: str, why: str
) -> None:
    found = find(tmp_path, Case("", "glued-line", "", ""), text)
    assert found.fix.doing is FixAction.EDITOR
    assert why in found.fix.words


@pytest.mark.parametrize(
    "line",
    [
        "role_session_name = dependabot[bot]",
        "sso_account_name = Payments [prod]",
        "display_name = Payments[prod]",
        "description = a copy of [profile base]",
        "credential_process = jq -r .[0] --output = x",
        "endpoint_url = http://localhost/?region=eu-west-1",
        "mfa_serial = arn:aws:iam::123456789012:mfa/me",
        "#[profile old]",
        "region = eu-west-1 # see [x]",
        "region = eu-west-1 ; [profile x] has another",
        "# [profile old]",
        "; see [profile base]",
        "ca_bundle = /etc/[x]/ca.pem",
    ],
)
def test_brackets_and_equals_signs_that_are_meant_are_left_alone(tmp_path: Path, line: str) -> None:
    for file, header in (("config", "[profile a]"), ("credentials", "[a]")):
        text = f"{header}\n{line}\n"
        host = make_home(tmp_path, **{file: text})  # type: ignore[arg-type]  # as it takes them
        codes = {each.code for each in examine(Snapshot.take(host)).all}
        assert codes.isdisjoint({"glued-line", "swallowed-header", "parse-error"})


def test_a_header_with_a_comment_and_the_colon_are_as_botocore_reads_them(tmp_path: Path) -> None:
    host = make_home(tmp_path, config=f"[profile a] # mine\nregion: eu-west-1\n{RUN}")
    assert {each.code for each in examine(Snapshot.take(host)).all} <= {"readable-config"}
    assert Snapshot.take(host).profiles["a"].region == "eu-west-1"


@pytest.mark.parametrize("line", ["region", "= x", "hello", "aws configure list", "]", "[]", "key: value"])
def test_of_a_line_that_could_be_anything_nothing_is_guessed(line: str) -> None:
    assert header_meant(line, FileKind.CONFIG) is None
    assert header_meant(line, FileKind.CREDENTIALS) is None
    assert setting_meant(line) is None


def test_lines_that_have_changed_meanwhile_are_not_written(tmp_path: Path) -> None:
    case = CASES[0]
    edit = find(tmp_path, case, case.text).fix.edit
    assert edit is not None
    assert edit.applied(case.text) == case.after
    assert edit.applied(f"# new\n{case.text}") is None
    text = edit.applied(case.text)
    assert text is not None
    file = config_file.read_file(tmp_path / ".aws/config", FileKind.CONFIG, "utf-8")
    assert config_file.with_contents(file, text.encode(), "utf-8").status is FileStatus.OK


@pytest.mark.parametrize("text", ["[profile a]\nregion = x", "[profile a]\nregion = x\n", "[profile a]", ""])
@pytest.mark.parametrize("key", ["output", "s3.max_queue_size"])
def test_what_is_set_and_unset_again_at_the_end_of_a_file_leaves_every_byte(
    tmp_path: Path, text: str, key: str
) -> None:
    make_home(tmp_path, config=text)
    program, before = Program(tmp_path, {}), text.encode()
    if not text:
        return
    assert program("set", "a", key, "5" if "." in key else "json").code == 0
    assert program("unset", "a", key, "--yes").code == 0
    assert (tmp_path / ".aws/config").read_bytes() == before


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_comes_of_the_line_is_told_with_it_and_not_by_itself(tmp_path: Path, case: Case) -> None:
    make_home(tmp_path, **{case.file: case.text})  # type: ignore[arg-type]  # as it takes them
    (tmp_path / ".aws" / case.file).chmod(0o600)
    told = [each for each in examine(Snapshot.take(make_home(tmp_path))).all if each.severity is not INFO]
    assert {each.code for each in told} == {case.code}


def test_the_profile_with_the_wrong_value_is_told_of_the_line(tmp_path: Path) -> None:
    make_home(tmp_path, config=f"[profile dev]\n{RUN}cli_history = enabled[profile prod]\n{RUN}")
    assert (
        "[profile prod] is joined to the value of cli_history" in Program(tmp_path, {})("doctor", "dev").out
    )
