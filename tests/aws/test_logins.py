"""Where a profile logs in."""

from pathlib import Path

import pytest

from rolecall.aws import paths
from rolecall.aws.logins import LoginKind, LoginTarget, NoLoginError, obstacle, target, users
from rolecall.aws.snapshot import Snapshot
from tests.homes import make_home

PORTAL = "https://corp.awsapps.com/start"
ROLE = "role_arn = arn:aws:iam::111122223333:role/Deploy\n"
SSO_ROLE = "sso_account_id = 111122223333\nsso_role_name = Reader\n"
CORP = f"[sso-session corp]\nsso_start_url = {PORTAL}\nsso_region = eu-west-1\n"
DEV = f"[profile dev]\nsso_session = corp\n{SSO_ROLE}"
OLD = f"[profile old]\nsso_start_url = {PORTAL}\nsso_region = us-east-1\n{SSO_ROLE}"
CONSOLE = "[profile console]\nlogin_session = arn:aws:iam::111122223333:user/me\n"
KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = CANARY\n"


def look(place: Path, config: str, credentials: str | None = None) -> Snapshot:
    return Snapshot.take(make_home(place, config=config, credentials=credentials))


def refused(snapshot: Snapshot, profile: str) -> NoLoginError:
    with pytest.raises(NoLoginError) as caught:
        target(snapshot, profile)
    return caught.value


def test_an_sso_session_is_logged_in_to_by_its_name(tmp_path: Path) -> None:
    found = target(look(tmp_path, CORP + DEV), "dev")

    assert found == LoginTarget(LoginKind.SSO_SESSION, "corp", "dev", "dev", PORTAL, "eu-west-1")
    assert found.token_stem == "ee0bfd2552fbd840c02cc48b6e823320543c450f"  # sha1 of "corp"


def test_the_old_form_is_logged_in_to_by_its_start_url(tmp_path: Path) -> None:
    found = target(look(tmp_path, OLD), "old")

    assert found == LoginTarget(LoginKind.SSO_START_URL, PORTAL, "old", "old", PORTAL, "us-east-1")


def test_a_login_session_is_left_to_aws_login(tmp_path: Path) -> None:
    found = target(look(tmp_path, CONSOLE), "console")

    assert (found.kind, found.holder) == (LoginKind.LOGIN_SESSION, "console")


@pytest.mark.parametrize("root", ["dev", "old", "console"])
def test_a_role_logs_in_the_root_of_its_chain(tmp_path: Path, root: str) -> None:
    chain = f"[profile mid]\n{ROLE}source_profile = {root}\n[profile top]\n{ROLE}source_profile = mid\n"
    snapshot = look(tmp_path, CORP + DEV + OLD + CONSOLE + chain)

    found = target(snapshot, "top")

    assert (found.profile, found.holder) == ("top", root)
    assert obstacle(snapshot.profiles["top"], snapshot) is None


@pytest.mark.parametrize(
    ("written", "scopes"),
    [
        ("", None),
        ("sso_registration_scopes =\n", ()),
        ("sso_registration_scopes = sso:account:access\n", ("sso:account:access",)),
        ("sso_registration_scopes = a , b,,\n", ("a", "b")),
    ],
)
def test_scopes_are_read_as_cli_v2_reads_them(
    tmp_path: Path, written: str, scopes: tuple[str, ...] | None
) -> None:
    assert target(look(tmp_path, CORP + written + DEV), "dev").scopes == scopes


@pytest.mark.parametrize("key", ["sso_start_url", "sso_region"])
def test_a_setting_that_a_session_lacks_is_pointed_to(tmp_path: Path, key: str) -> None:
    # GIVEN a session without it; that the profile has it does not count
    kept = [line for line in CORP.splitlines() if not line.startswith(key)]
    snapshot = look(tmp_path, "\n".join(["# mine", *kept, DEV, f"{key} = x"]) + "\n")

    failure = refused(snapshot, "dev")

    assert failure.error == "InvalidConfigError"
    assert str(failure) == f"sso-session corp has no {key}: without it you cannot log in."
    assert (failure.path, failure.line) == (snapshot.where.config, 2)
    assert failure.cure == f"set {key}"


def test_a_setting_that_the_old_form_lacks_is_pointed_to(tmp_path: Path) -> None:
    snapshot = look(tmp_path, OLD.replace("sso_region = us-east-1\n", ""))

    failure = refused(snapshot, "old")

    assert str(failure) == "Profile old has no sso_region: without it you cannot log in."
    assert (failure.path, failure.line) == (snapshot.where.config, 2)


def test_a_role_over_a_root_that_lacks_a_setting_points_to_the_root(tmp_path: Path) -> None:
    session = "[sso-session corp]\nsso_start_url = x\n"
    over = f"[profile top]\n{ROLE}source_profile = dev\n"

    assert "sso-session corp has no sso_region" in str(refused(look(tmp_path, session + DEV + over), "top"))


@pytest.mark.parametrize(
    ("written", "words"),
    [("sso_region =\n", "has an empty sso_region"), ("sso_region =\n  a = b\n", "has a nested block")],
)
def test_a_setting_with_no_text_is_as_good_as_none(tmp_path: Path, written: str, words: str) -> None:
    session = f"[sso-session corp]\nsso_start_url = {PORTAL}\n{written}"

    assert words in str(refused(look(tmp_path, session + DEV), "dev"))


def test_what_is_asked_at_each_move_reads_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = look(tmp_path, CORP + DEV + OLD)

    def read(path: Path) -> bytes:
        raise AssertionError(f"{path} is read")

    monkeypatch.setattr(paths, "read_file", read)

    for name in ("dev", "old"):
        assert target(snapshot, name).profile == name
        assert obstacle(snapshot.profiles[name], snapshot) is None


def test_a_session_that_does_not_exist_is_pointed_to(tmp_path: Path) -> None:
    snapshot = look(tmp_path, DEV)

    failure = refused(snapshot, "dev")

    assert str(failure) == 'The specified sso-session does not exist: "corp"'
    assert (failure.path, failure.line) == (snapshot.where.config, 2)


@pytest.mark.parametrize(
    "config",
    [
        f"[profile p]\n{KEYS}",
        f"[profile base]\n{KEYS}[profile p]\n{ROLE}source_profile = base\n",
        f"[profile p]\n{ROLE}source_profile = gone\n",
        f"[profile p]\n{ROLE}credential_source = Environment\n",
        "[profile p]\ncredential_process = /bin/true\n",
        "[profile p]\nregion = eu-west-1\n",
        f"[profile p]\n{ROLE}source_profile = q\n[profile q]\n{ROLE}source_profile = p\n",
        f"[profile p]\n{ROLE}{SSO_ROLE}sso_session = corp\nsource_profile = p\n",
    ],
)
def test_what_draws_on_no_login_says_so(tmp_path: Path, config: str) -> None:
    snapshot = look(tmp_path, config)

    failure = refused(snapshot, "p")

    assert failure.error == "NotApplicable"
    assert obstacle(snapshot.profiles["p"], snapshot) == str(failure)


def test_keys_in_the_credentials_file_shadow_a_login_session(tmp_path: Path) -> None:
    snapshot = look(tmp_path, CONSOLE, credentials=f"[console]\n{KEYS}")

    assert obstacle(snapshot.profiles["console"], snapshot) is not None


def test_a_profile_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    assert refused(look(tmp_path, DEV), "nobody").error == "ProfileNotFound"


def test_a_login_is_used_by_all_that_draw_on_it_and_by_no_others(tmp_path: Path) -> None:
    other = f"[sso-session other]\nsso_start_url = {PORTAL}\nsso_region = eu-west-1\n"
    more = f"[profile two]\nsso_session = other\n{SSO_ROLE}[profile top]\n{ROLE}source_profile = dev\n"
    snapshot = look(tmp_path, CORP + other + DEV + OLD + more)

    assert users(snapshot, target(snapshot, "dev")) == ("dev", "top")
    assert users(snapshot, target(snapshot, "two")) == ("two",)
    assert users(snapshot, target(snapshot, "old")) == ("old",)


def test_a_session_is_logged_in_to_by_its_own_name_for_the_first_of_its_profiles(tmp_path: Path) -> None:
    over = f"[profile top]\n{ROLE}source_profile = dev\n"

    found = target(look(tmp_path, CORP + over + DEV), "corp")

    assert found == LoginTarget(LoginKind.SSO_SESSION, "corp", "top", "dev", PORTAL, "eu-west-1")


def test_a_session_that_nobody_uses_can_be_logged_in_to(tmp_path: Path) -> None:
    found = target(look(tmp_path, CORP), "corp")

    assert found == LoginTarget(LoginKind.SSO_SESSION, "corp", "", "", PORTAL, "eu-west-1")


OTHER = f"[sso-session other]\nsso_start_url = {PORTAL}\nsso_region = eu-west-1\n"


@pytest.mark.parametrize(
    ("profile", "session"),
    [
        (f"[profile corp]\nsso_session = other\n{SSO_ROLE}", "other"),
        (f"[profile corp]\n{ROLE}source_profile = corp\n{KEYS}", "corp"),
        ("[profile corp]\nregion = eu-west-1\n", "corp"),
    ],
)
def test_a_profile_of_a_sessions_name_comes_first_where_it_logs_in_anywhere(
    tmp_path: Path, profile: str, session: str
) -> None:
    assert target(look(tmp_path, CORP + OTHER + DEV + profile), "corp").name == session


def test_a_session_that_lacks_a_setting_is_refused_by_its_own_name_too(tmp_path: Path) -> None:
    failure = refused(look(tmp_path, "[sso-session corp]\nsso_region = eu-west-1\n"), "corp")

    assert str(failure) == "sso-session corp has no sso_start_url: without it you cannot log in."
