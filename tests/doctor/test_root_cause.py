"""Who is to blame: one culprit, however many suffer from it and however far away they are."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from rolecall.aws import cache_files
from rolecall.aws.providers import Cause, Provider
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.registry import RULES
from rolecall.doctor.root_cause import RootCause, is_helpless, root_causes
from tests.doctor.rows_logins import PORTAL, SSO, login, role, token
from tests.doctor.rows_roles import BASE, KEYS, ROLE
from tests.homes import make_home

READ = "arn:aws:iam::123456789012:role/read"
OTHER = "role_arn = arn:aws:iam::123456789012:role/other\n"
SESSION = f"[sso-session corp]\nsso_start_url = {PORTAL}\nsso_region = eu-west-1\n"
TEMPORARY = (
    "aws_access_key_id = ASIAIOSFODNN7EXAMPLA\naws_secret_access_key = CANARY\naws_session_token = C\n"
)
ENDED = f"{TEMPORARY}expiration = 2030-01-01 11:00:00\n"
LIVE, DUE = "2030-01-01T13:00:00Z", "2030-01-01T12:10:00Z"


def look(place: Path, config: str, **more: object) -> Snapshot:
    return Snapshot.take(make_home(place, config=config, **more))  # type: ignore[arg-type]  # as it has them


def told(snapshot: Snapshot) -> dict[Cause, dict[str, tuple[str, ...]]]:
    """Return the victims by cause and culprit."""
    found: Mapping[Cause, tuple[RootCause, ...]] = root_causes(snapshot)
    return {cause: {each.culprit: each.profiles for each in culprits} for cause, culprits in found.items()}


def over(source: str, name: str = "top", arn: str = OTHER) -> str:
    return f"[profile {name}]\n{arn}source_profile = {source}\n"


def test_nobody_is_to_blame_where_everything_works(tmp_path: Path) -> None:
    assert told(look(tmp_path, f"{BASE}{over('base')}{over('top', 'higher')}")) == {}


def test_forty_profiles_over_one_login_are_one_culprit(tmp_path: Path) -> None:
    many = "".join(f"[profile p{n}]\nsso_session = corp\n{SSO}" for n in range(40))
    assert told(look(tmp_path, SESSION + many)) == {
        Cause.SSO_TOKEN_MISSING: {"corp": tuple(f"p{n}" for n in range(40))}
    }


def test_the_end_of_a_chain_is_to_blame_for_all_of_it(tmp_path: Path) -> None:
    chain = f"{over('mid')}{over('bottom', 'mid')}[profile bottom]\nregion = eu-west-1\n"
    assert told(look(tmp_path, chain)) == {Cause.NO_CREDENTIALS: {"bottom": ("top", "mid", "bottom")}}


def test_a_culprit_that_works_by_itself_is_none_of_its_victims(tmp_path: Path) -> None:
    # GIVEN a source that has its credentials from the container, which a source may not
    uri = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/x"}
    snapshot = look(tmp_path, f"{over('box')}[profile box]\nregion = eu-west-1\n", environ=uri)
    assert told(snapshot) == {Cause.NO_CREDENTIALS: {"box": ("top",)}}


def test_a_loop_is_not_told_of_the_one_in_it_that_works(tmp_path: Path) -> None:
    # GIVEN keys in b, which make it a source in its own right, but not when it is asked for first
    loop = f"{over('b', 'a')}[profile b]\n{ROLE}source_profile = a\n{KEYS}"
    assert told(look(tmp_path, loop)) == {Cause.CHAIN_LOOP: {"b": ("b",)}}


def test_what_comes_first_on_the_way_is_the_cause_and_not_what_is_wrong_behind_it(tmp_path: Path) -> None:
    # GIVEN a role that AWS refuses over a source that has ended
    both = f"[profile top]\nrole_arn = short\nsource_profile = old\n[profile old]\n{ENDED}"
    assert told(look(tmp_path, both)) == {
        Cause.BAD_PARAMETER: {"top": ("top",)},
        Cause.KEYS_EXPIRED: {"old": ("old",)},
    }


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (LIVE, ("old",)),
        (DUE, ("top", "old")),
        ("2030-01-01T11:30:00Z", ("top", "old")),
    ],
    ids=["live", "due for renewal", "ended"],
)
def test_a_cached_role_over_ended_keys_suffers_once_it_has_to_be_fetched(
    tmp_path: Path, end: str, expected: tuple[str, ...]
) -> None:
    caches = {f"cli/{cache_files.role({'role_arn': READ})}.json": role(Expiration=end)}
    snapshot = look(tmp_path, f"{over('old', arn=ROLE)}[profile old]\n{ENDED}", caches=caches)
    assert told(snapshot) == {Cause.KEYS_EXPIRED: {"old": expected}}


def test_a_login_that_is_over_stops_boto3_although_the_cli_has_the_role_still(tmp_path: Path) -> None:
    caches = {f"cli/{cache_files.role({'role_arn': READ})}.json": role(Expiration=LIVE)}
    config = f"{SESSION}[profile dev]\nsso_session = corp\n{SSO}{over('dev', arn=ROLE)}"
    snapshot = look(tmp_path, config, caches=caches)
    assert snapshot.profiles["top"].expiry.state.is_live
    assert told(snapshot) == {Cause.SSO_TOKEN_MISSING: {"corp": ("dev", "top")}}


def test_a_damaged_file_on_the_way_stops_those_above_it(tmp_path: Path) -> None:
    name = f"cli/{cache_files.role({'role_arn': READ})}.json"
    config = f"{over('mid')}{over('base', 'mid', ROLE)}{BASE}"
    snapshot = look(tmp_path, config, caches={name: "{"})
    path = snapshot.where.cli_cache / name.removeprefix("cli/")
    assert told(snapshot) == {Cause.CACHE_DAMAGED: {str(path): ("top", "mid")}}


def test_a_role_still_cached_above_a_damaged_file_is_not_stopped(tmp_path: Path) -> None:
    stems = [cache_files.role({"role_arn": arn}) for arn in (READ, READ.replace("read", "other"))]
    caches = {f"cli/{stems[0]}.json": "{", f"cli/{stems[1]}.json": role(Expiration=LIVE)}
    snapshot = look(tmp_path, f"{over('mid')}{over('base', 'mid', ROLE)}{BASE}", caches=caches)
    assert [each.profiles for each in root_causes(snapshot)[Cause.CACHE_DAMAGED]] == [("mid",)]


def test_a_damaged_file_stands_beside_the_culprit_that_stops_boto3(tmp_path: Path) -> None:
    # GIVEN a role over a login that nobody has made, with a damaged file of its own
    caches = {f"cli/{cache_files.role({'role_arn': READ})}.json": "{"}
    config = f"{SESSION}[profile dev]\nsso_session = corp\n{SSO}{over('dev', arn=ROLE)}"
    found = told(look(tmp_path, config, caches=caches))
    assert found[Cause.SSO_TOKEN_MISSING] == {"corp": ("dev", "top")}
    assert list(found[Cause.CACHE_DAMAGED].values()) == [("top",)]


def test_a_login_without_the_crt_is_told_beside_the_login_that_is_missing(tmp_path: Path) -> None:
    config = "[profile me]\nlogin_session = arn:aws:iam::123456789012:user/me\n"
    assert set(told(look(tmp_path / "a", config))) == {Cause.LOGIN_MISSING, Cause.CRT_MISSING}
    assert set(told(look(tmp_path / "b", config, caches=login()))) == {Cause.CRT_MISSING}
    assert told(look(tmp_path / "c", config, caches=login(), has_crt=True)) == {}


def test_variables_are_to_blame_where_a_role_draws_on_them(tmp_path: Path) -> None:
    config = f"[profile env]\n{ROLE}credential_source = Environment\n"
    pair = {"AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLA", "AWS_SECRET_ACCESS_KEY": "CANARY"}
    for number, (environ, code, culprit) in enumerate(
        (
            ({"AWS_ACCESS_KEY_ID": "AKIA"}, Cause.ENVIRONMENT_HALF_A_PAIR, "AWS_ACCESS_KEY_ID"),
            (pair, Cause.ENVIRONMENT_TOKEN_MISSING, "AWS_ACCESS_KEY_ID"),
            (
                pair | {"AWS_SESSION_TOKEN": "C", "AWS_CREDENTIAL_EXPIRATION": "2030-01-01T11:00:00Z"},
                Cause.ENVIRONMENT_EXPIRED,
                "AWS_CREDENTIAL_EXPIRATION",
            ),
            (
                pair | {"AWS_SESSION_TOKEN": "C", "AWS_SESSION_EXPIRATION": "2030-01-01T11:00:00Z"},
                Cause.ENVIRONMENT_EXPIRED,
                "AWS_SESSION_EXPIRATION",
            ),
            (
                pair | {"AWS_CREDENTIAL_EXPIRATION": "soon"},
                Cause.ENVIRONMENT_END_UNREADABLE,
                "AWS_CREDENTIAL_EXPIRATION",
            ),
            ({"AWS_METADATA_SERVICE_TIMEOUT": "1s"}, Cause.METADATA_VARIABLE, "AWS_METADATA_SERVICE_TIMEOUT"),
        )
    ):
        snapshot = look(tmp_path / str(number), config, environ=environ)
        assert told(snapshot) == {code: {culprit: ("env",)}}, environ


def test_the_files_of_boto_2_are_to_blame_for_those_who_have_nothing_else(tmp_path: Path) -> None:
    snapshot = look(
        tmp_path,
        f"{BASE}[profile bare]\nregion = eu-west-1\n",
        environ={"AWS_CREDENTIAL_FILE": "{HOME}/gone"},
    )
    assert told(snapshot) == {Cause.OLD_FILE: {"AWS_CREDENTIAL_FILE": ("bare",)}}


def test_a_command_that_cannot_be_split_is_to_blame_although_a_process_counts_as_answering(
    tmp_path: Path,
) -> None:
    snapshot = look(tmp_path, f"[profile tool]\ncredential_process = 'x\n{over('tool')}")
    assert snapshot.profiles["tool"].resolution.provider == Provider.PROCESS
    assert is_helpless(snapshot.profiles["tool"])
    assert told(snapshot) == {Cause.BAD_PROCESS: {"tool": ("tool", "top")}}


def test_a_token_in_the_old_form_is_told_by_its_address(tmp_path: Path) -> None:
    config = f"[profile dev]\nsso_start_url = {PORTAL}\nsso_region = eu-west-1\n{SSO}"
    caches = token(PORTAL, "2030-01-01T09:00:00Z")
    assert told(look(tmp_path, config, caches=caches)) == {Cause.SSO_TOKEN_EXPIRED: {PORTAL: ("dev",)}}


def test_a_profile_without_a_name_is_what_the_default_one_is(tmp_path: Path) -> None:
    # GIVEN [profile ""], which botocore takes for no choice at all
    assert told(look(tmp_path, f'[profile ""]\n{KEYS}')) == {Cause.NO_CREDENTIALS: {"": ("",)}}


def test_no_file_that_can_be_read_blames_nobody(tmp_path: Path) -> None:
    assert told(look(tmp_path / "a", "[profile a]\nno sense\n")) == {}
    assert told(Snapshot.take(make_home(tmp_path / "b"))) == {}


_NEVER_OF_A_PROFILE = frozenset((Cause.PROFILE_MISSING, Cause.FILE_UNPARSEABLE))
_OF_CONTENTS = frozenset(
    (
        *(Cause.NO_TIME, Cause.TIME_WITHOUT_ZONE, Cause.BAD_OFFSET),
        *(Cause.KEY_MISSING, Cause.KEYS_NO_TEXT, Cause.WRONG_SHAPE, Cause.HOLDS_NULL),
    )
)
"""What is wrong with a time or a file, before it is known what it stops."""


_SHARED = {
    Cause.NO_CREDENTIALS: {"no-credentials", "env-role-without-token"},
    Cause.CLIENT_VARIABLE: {"env-bad-setting", "env-odd-region"},
}
"""What two rules tell, each of another subject: of a profile and of the shell; of a value and of a region."""


def test_each_cause_is_told_by_one_rule_and_only_one() -> None:
    tellers = Counter(cause for rule in RULES for cause in rule.explains)
    assert set(tellers) == set(Cause) - _NEVER_OF_A_PROFILE - _OF_CONTENTS
    assert {cause for cause, many in tellers.items() if many > 1} == _SHARED.keys()
    for cause, codes in _SHARED.items():
        assert {rule.code for rule in RULES if cause in rule.explains} == codes
