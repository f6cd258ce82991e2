"""The cause is told, with its consequences; what this shell uses comes first, then what stops most."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding, Severity
from rolecall.doctor.registry import examine
from rolecall.doctor.topics import topic_answer
from rolecall.user_settings import Silence
from tests.homes import make_home

PAIR = "aws_access_key_id = AKIAQ3EGRIDLONGTERM1\naws_secret_access_key = CANARY\n"
ROLE = "role_arn = arn:aws:iam::111122223333:role/x\n"
URL = "sso_start_url = https://corp.awsapps.com/start\n"
REGION = "sso_region = eu-west-1\n"
SSO = "sso_account_id = 111122223333\nsso_role_name = R\n"
CORP = f"[sso-session corp]\n{URL}{REGION}"


def snapshot_of(place: Path, config: str, environ: Mapping[str, str], credentials: str) -> Snapshot:
    return Snapshot.take(
        make_home(place / "home", config=config, environ=environ, credentials=credentials or None)
    )


def errors(snapshot: Snapshot) -> list[Finding]:
    return [each for each in examine(snapshot).all if each.severity is Severity.ERROR]


@dataclass(frozen=True)
class Case:
    """A home with something misspelt.

    Attributes:
        cause: the code of what is misspelt.
        error: the code of what is missing for it.
        config: the config file.
        credentials: the credentials file; empty for none.
        chosen: what AWS_PROFILE names; then the question is about this shell, and else about dev.
    """

    cause: str
    error: str
    config: str = ""
    credentials: str = ""
    chosen: str | None = None


DEV = "[profile dev]\n"
OVER = f"{DEV}{ROLE}source_profile = "
IN_CORP = f"{DEV}sso_session = corp\n{SSO}"
CASES = (
    # a header without its word, in another case, of a wrong word, or that AWS tools drop
    *(
        Case("not-a-profile", "missing-source", f"[{header}]\n{PAIR}{OVER}base\n")
        for header in ("base", "Profile base", "profil base")
    ),
    *(
        Case("dropped-header", "missing-source", f"[{header}]\n{PAIR}{OVER}my base\n")
        for header in ("profile my base", 'profile "my base')
    ),
    *(
        Case("not-a-profile", "unknown-sso-session", f"[{header}]\n{URL}{REGION}{IN_CORP}")
        for header in ("sso_session corp", "corp", "SSO-Session corp")
    ),
    Case("dropped-header", "unknown-sso-session", f"[sso-session.corp]\n{URL}{REGION}{IN_CORP}"),
    Case("not-a-profile", "env-profile-missing", "[dev]\nregion = eu-west-1\n", chosen="dev"),
    Case(
        "config-header-in-credentials",
        "env-profile-missing",
        credentials=f"[profile dev]\n{PAIR}",
        chosen="dev",
    ),
    Case("odd-name", "env-profile-missing", credentials=f"[ dev ]\n{PAIR}", chosen="dev"),
    Case("config-header-in-credentials", "missing-source", f"{OVER}base\n", f"[profile base]\n{PAIR}"),
    Case(
        "not-a-profile",
        "unknown-services",
        f"[service ours]\ns3 =\n  endpoint_url = https://x\n{DEV}services = ours\n{PAIR}",
    ),
    # a setting under another name, in either file, of a profile or of its sso-session
    Case("misspelt-key", "no-credentials", f"{DEV}credential_proces = helper\n"),
    Case("misspelt-key", "no-source", f"{DEV}{ROLE}source_profil = base\n[profile base]\n{PAIR}"),
    Case("misspelt-key", "sso-incomplete", f"{DEV}sso_sesion = corp\n{SSO}{CORP}"),
    Case("misspelt-key", "incomplete-sso-session", IN_CORP + CORP.replace("_url", "_ur")),
    Case("misspelt-key", "web-identity-no-role", f"{DEV}web_identity_token_file = /dev/null\nrole-arn = x\n"),
    Case(
        "misspelt-key",
        "token-missing",
        credentials=f"[dev]\n{PAIR.replace('AKIA', 'ASIA')}aws_sesion_token = CANARY\n",
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.cause}, {case.error}")
def test_what_is_misspelt_is_the_error_and_what_is_missing_for_it_is_not_told_again(
    tmp_path: Path, case: Case
) -> None:
    # GIVEN
    environ = {} if case.chosen is None else {"AWS_PROFILE": case.chosen}
    snapshot = snapshot_of(tmp_path, case.config, environ, case.credentials)
    # WHEN
    findings = examine(snapshot)
    (error,) = [each for each in findings.all if each.severity is Severity.ERROR]
    # THEN the cause is an error, which says what comes of it
    assert (error.code, [each.code for each in error.folded]) == (case.cause, [case.error])
    assert error.folded[0].message in error.consequence
    # AND the one who asks about the profile, or about this shell, is told the same
    answer = topic_answer(snapshot, findings, None if case.chosen else "dev")
    assert answer.culprit is error
    # AND where the cause is silenced, the consequence is told
    silenced = examine(snapshot, [Silence(case.cause)])
    assert case.error in {each.code for each in silenced.all}


@pytest.mark.parametrize(
    ("config", "codes"),
    [
        # another setting than the one that is missing, or another profile's
        (f"[profile dev]\nregon = eu-west-1\n{ROLE}", {"no-source", "misspelt-key"}),
        (f"[profile dev]\n{ROLE}[profile other]\nsource_profil = dev\n{PAIR}", {"no-source", "misspelt-key"}),
        # a header that would not be the missing one
        (f"[bse]\n{PAIR}[profile dev]\n{ROLE}source_profile = base\n", {"missing-source", "not-a-profile"}),
        (f"[corp]\n{PAIR}[profile dev]\nsso_session = corp\n{SSO}", {"unknown-sso-session", "not-a-profile"}),
    ],
)
def test_what_has_another_cause_is_told_by_itself(tmp_path: Path, config: str, codes: set[str]) -> None:
    found = examine(snapshot_of(tmp_path, config, {}, "")).all
    assert codes <= {each.code for each in found}
    assert all(each.folded == () for each in found)


def test_the_widest_comes_first_with_its_number_and_some_names(tmp_path: Path) -> None:
    # GIVEN a typo that comes first in the files, and a login that thirty profiles wait for
    many = "".join(f"[profile p{n}]\nsso_session = corp\n{SSO}" for n in range(30))
    config = f"[profile typo]\n{ROLE}source_profile = nobody\n{CORP}{many}"
    first, second = errors(snapshot_of(tmp_path, config, {}, ""))
    # THEN
    assert (first.code, second.code) == ("sso-token-missing", "missing-source")
    assert first.consequence.startswith("it stops 30 profiles: p0, p1, p2, …; every command with these")
    assert first.fix.run() == "rolecall login corp"
    assert second.consequence == "every command with typo fails with InvalidConfigError"


@pytest.mark.parametrize("environ", [{"AWS_PROFILE": "typo"}, {"AWS_DEFAULT_PROFILE": "typo"}])
def test_what_this_shell_uses_comes_before_the_widest(tmp_path: Path, environ: Mapping[str, str]) -> None:
    many = "".join(f"[profile p{n}]\nsso_session = corp\n{SSO}" for n in range(30))
    config = f"{CORP}{many}[profile typo]\n{ROLE}source_profile = nobody\n"
    assert [each.code for each in errors(snapshot_of(tmp_path, config, environ, ""))] == [
        "missing-source",
        "sso-token-missing",
    ]


def test_what_this_shell_would_use_but_for_its_keys_does_not(tmp_path: Path) -> None:
    many = "".join(f"[profile p{n}]\nsso_session = corp\n{SSO}" for n in range(3))
    config = f"{CORP}{many}[default]\n{ROLE}source_profile = nobody\n"
    keys = {"AWS_ACCESS_KEY_ID": "AKIAQ3EGRIDLONGTERM1", "AWS_SECRET_ACCESS_KEY": "CANARY"}
    assert errors(snapshot_of(tmp_path, config, keys, ""))[0].code == "sso-token-missing"


def test_a_profile_of_the_session_s_name_that_logs_in_elsewhere_is_not_what_the_line_means(
    tmp_path: Path,
) -> None:
    others = f"[profile corp]\nsso_session = two\n{SSO}{CORP.replace('corp]', 'two]')}"
    config = f"{CORP}[profile a]\nsso_session = corp\n{SSO}{others}"
    lines = [each.fix.run() for each in errors(snapshot_of(tmp_path, config, {}, ""))]
    assert sorted(map(str, lines)) == ["rolecall login a", "rolecall login two"]
