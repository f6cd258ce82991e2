"""Settings of odd names and values: what is told, what mends it, and that botocore does as the rules say."""

import time
from pathlib import Path

import botocore.session
import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding, RuleContext, Severity
from rolecall.doctor.registry import CHAPTERS, examine, rules_of
from rolecall.doctor.rules import headers
from tests.homes import make_home

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYPLANTEDKEY"
_BASE = f"[base]\naws_access_key_id = AKIAQQQQQQQQQQQQ3KEY\naws_secret_access_key = {SECRET}\n"


def _found(place: Path, config: str = "", credentials: str = "") -> list[Finding]:
    host = make_home(place, config=config, credentials=credentials)
    return list(examine(Snapshot.take(host), rules=CHAPTERS["Settings"]).all)


def _codes(found: list[Finding]) -> list[str]:
    return [each.code for each in found]


@pytest.mark.parametrize(
    "line",
    [
        "aws_secret_acess_key = {secret}",
        "aws_sercet_access_key = {secret}",
        "secret_key = {secret}",
        'aws_secret_access_key = "{secret}"',
        "aws_secret_access_key = {secret} # mine",
        "aws_secret_access_key {secret}: x",
        "aws_session_token = \u201c{secret}\u201d",
        "region = eu-west-1\n  aws_secret_access_key = {secret}",
        "output = {secret}",
        "max_attempts = {secret}",
        "s3 = {secret}",
    ],
)
def test_a_secret_is_in_no_finding_and_on_no_command_line(tmp_path: Path, line: str) -> None:
    # GIVEN
    host = make_home(tmp_path, credentials=f"[base]\n{line.format(secret=SECRET)}\n")
    rules = (*CHAPTERS["Settings"], *CHAPTERS["Files"], *CHAPTERS["Structure"])
    # WHEN
    found = examine(Snapshot.take(host), rules=rules).all
    # THEN
    assert found
    for each in found:
        said = "\n".join(
            (each.message, each.consequence, *each.evidence, each.fix.words, str(each.fix.run()))
        )
        assert SECRET not in said
        assert SECRET.lower() not in said


def test_a_secret_under_a_wrong_name_is_mended_by_a_line_without_it(tmp_path: Path) -> None:
    host = make_home(tmp_path, credentials=f"[base]\naws_secret_key = {SECRET}\n")
    rules = (*CHAPTERS["Settings"], *CHAPTERS["Structure"])
    [found] = examine(Snapshot.take(host), rules=rules).all
    assert found.code == "no-credentials"
    assert found.fix.run() == "rolecall rewrite --yes credentials 2"


def test_a_misspelt_setting_is_unset_where_the_right_one_is_there_too(tmp_path: Path) -> None:
    [found] = _found(tmp_path, "[profile dev]\nregion = eu-west-1\nregoin = eu-west-2\n")
    assert found.fix.changes == {"regoin": None}
    assert found.fix.words == "unset regoin, because region is set as well"


def test_settings_of_other_tools_and_notes_are_left_alone(tmp_path: Path) -> None:
    lines = "mfa_process = x\nx_security_token_expires = 2030-01-01T00:00:00Z\ncolor = ff0000\nteam = blue\n"
    assert _found(tmp_path, f"[profile dev]\n{lines}", f"[dev]\n{lines}") == []


def test_what_default_leaks_into_every_section_is_not_told_of_each(tmp_path: Path) -> None:
    leaked = '[DEFAULT]\nregoin = a\nretry_mode = "standard"\n'
    [found] = _found(tmp_path, f"{leaked}[profile a]\n[profile b]\n")
    assert (found.code, found.severity, found.profiles) == ("refused-setting", Severity.ERROR, ("a", "b"))


def test_a_value_that_is_wrong_in_a_hundred_profiles_is_told_of_each(tmp_path: Path) -> None:
    found = _found(tmp_path, "".join(f"[profile p{n}]\nregion = eu-west1\n" for n in range(100)))
    assert _codes(found) == ["odd-region"] * 100
    assert len({each.subject.name for each in found}) == 100


@pytest.mark.parametrize(
    ("region", "right"),
    [
        ("eu-west-1a", "eu-west-1"),
        ("eu-west1", "eu-west-1"),
        ("EU-WEST-1", "eu-west-1"),
        ("eu_west_1", "eu-west-1"),
        ("us gov west 1", "us-gov-west-1"),
        ("euwest1", "eu-west-1"),
        ("local", None),
        ("aws-global", None),
        ("us-gov-west-1", None),
        ("us-iso-east-1", None),
    ],
)
def test_a_region_is_corrected_where_it_is_plain_what_was_meant(
    tmp_path: Path, region: str, right: str | None
) -> None:
    found = _found(tmp_path, f"[profile dev]\nregion = {region}\n")
    assert [each.fix.changes for each in found] == ([] if right is None else [{"region": right}])


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        ('region = "eu-west-1"', {"region": "eu-west-1"}),
        ("region = 'eu-west-1", {"region": "eu-west-1"}),
        ("region = # none yet", {"region": None}),
        ("output = Json", {"output": "json"}),
        ("output = jsn", {"output": "json"}),
        ("retry_mode = 7", {"retry_mode": None}),
        ("tcp_keepalive = ON", {"tcp_keepalive": "true"}),
        ("max_attempts =", {"max_attempts": None}),
        ("request_min_compression_size_bytes = 1048577", {"request_min_compression_size_bytes": None}),
        ("credential_process = keys --at $HOME/keys", None),
        ("s3 =", {"s3": None}),
    ],
)
def test_the_value_that_was_meant_is_what_the_fix_writes(
    tmp_path: Path, line: str, changes: dict[str, str | None] | None
) -> None:
    [found] = _found(tmp_path, f"[profile dev]\n{line}\n")
    if changes is None:
        changes = {"credential_process": f"keys --at {tmp_path}/keys"}
    assert found.fix.changes == changes


@pytest.mark.parametrize(
    "line",
    [
        "sso_start_url = https://x.awsapps.com/start#/",
        'credential_process = "/opt/my tools/keys" --note "# 1"',
        "cli_pager = less -R # always",
        "endpoint_url = http://localhost:4566/;x",
        "use_fips_endpoint = FALSE",
        "output = off",
        "role_session_name = o'neill",
    ],
)
def test_a_value_that_is_meant_so_is_nothing_to_tell_of(tmp_path: Path, line: str) -> None:
    assert _found(tmp_path, f"[profile dev]\n{line}\n") == []


def test_a_name_in_quotes_is_right_where_the_profile_is_named_so(tmp_path: Path) -> None:
    role = '[profile a]\nrole_arn = arn:aws:iam::210987654321:role/A\nsource_profile = "base"\n'
    assert _codes(_found(tmp_path / "1", role, _BASE)) == ["quoted-value"]
    assert _found(tmp_path / "2", role, _BASE.replace("[base]", '["base"]')) == []


def _client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> object:
    """Make a client of the real botocore over one line of config."""
    keys_ = "aws_access_key_id = a\naws_secret_access_key = b\n"
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    for name in (
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "AWS_DEFAULT_REGION",
        "AWS_MAX_ATTEMPTS",
        "AWS_RETRY_MODE",
    ):
        monkeypatch.delenv(name, raising=False)
    region = "" if line.startswith("region") else "region = eu-west-1\n"
    (tmp_path / "config").write_text(f"[default]\n{keys_}{region}{line}\n")
    session = botocore.session.Session()
    session.create_client("s3")
    return session


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('region = "eu-west-1"', "quoted-value"),
        ("region = eu-west-1 # c", "inline-comment"),
        ("region =\n  output = json", "block-for-text"),
        ("region = eu-west-1\n  output = json", "swallowed-line"),
        ("region = eu\u2011west\u20111", "unseen-character"),
        ("api_versions = x", "text-for-block"),
        ("retry_mode = Standard", "bad-value"),
        ("max_attempts = 0", "bad-number"),
        ("request_min_compression_size_bytes = 0", "bad-number"),
    ],
)
def test_botocore_fails_where_the_rules_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, code: str
) -> None:
    # GIVEN a config that the rules find fault with, and one that they do not
    host = make_home(tmp_path / "home", config=f"[default]\n{line}\n")
    assert code in _codes(
        list(examine(Snapshot.take(host), rules=(*CHAPTERS["Settings"], *CHAPTERS["Files"])).all)
    )
    _client(tmp_path, monkeypatch, "region = eu-west-1")
    # THEN the real library fails over it, and over nothing else in that file
    with pytest.raises(Exception) as raised:  # noqa: PT011 - whatever it is: the point is that it fails
        _client(tmp_path, monkeypatch, line)
    assert not isinstance(raised.value, AssertionError)


@pytest.mark.parametrize(("value", "is_on"), [("yes", False), ("1", False), ("True", True)])
def test_botocore_takes_nothing_but_true_for_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, *, is_on: bool
) -> None:
    session = _client(tmp_path, monkeypatch, f"use_fips_endpoint = {value}")
    assert isinstance(session, botocore.session.Session)
    assert session.get_config_variable("use_fips_endpoint") is is_on


def test_a_thousand_profiles_take_a_few_milliseconds(tmp_path: Path) -> None:
    # GIVEN
    role = "role_arn = arn:aws:iam::210987654321:role/R\nsource_profile = base\nregion = eu-west-1\n"
    config = "".join(f"[profile p{n}]\n{role}" for n in range(1_000))
    snapshot = Snapshot.take(make_home(tmp_path, config=config, credentials=_BASE))
    rules = (*CHAPTERS["Files"], *rules_of(headers), *CHAPTERS["Settings"])

    def seconds() -> float:
        context = RuleContext(snapshot)
        _ = context.root_causes  # which other rules have asked for
        start = time.process_time()
        assert [finding for rule in rules for finding in rule.findings(context)] == []
        return time.process_time() - start

    # THEN the best of a few runs; each takes 4 ms where nothing else runs
    assert min(seconds() for _ in range(5)) < 0.03


def test_of_a_portal_s_id_its_address_is_offered(tmp_path: Path) -> None:
    config = "[profile a]\nsso_start_url = d-90677f2a1c\nsso_region = eu-west-1\n"
    findings = examine(Snapshot.take(make_home(tmp_path, config=config))).all
    (finding,) = [each for each in findings if each.code == "malformed-value"]
    assert finding.fix.words == "write https://d-90677f2a1c.awsapps.com/start, which is probably meant"


def test_what_an_sso_session_lacks_is_added_there_and_not_in_the_profile(tmp_path: Path) -> None:
    config = (
        "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\n"
        "[profile a]\nsso_session = corp\nsso_account_id = 210987654321\nsso_role_name = R\n"
    )
    findings = examine(Snapshot.take(make_home(tmp_path, config=config))).all
    (finding,) = [each for each in findings if each.severity is Severity.ERROR]
    assert finding.message == "the sso-session corp has no sso_region"
    assert finding.fix.words == "add the sso_region below its header (in the editor)"
