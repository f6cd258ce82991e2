"""What is said of one profile besides its settings and its standing."""

import pytest

from rolecall.aws.expiry import LONGEST_CHAINED, State
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.providers import Tool
from rolecall.aws.settings import Kind
from rolecall.aws.snapshot import Snapshot
from tests.aws.cases import LEGACY_SSO, SESSION, SSO_ROLE, URL, drawn, keys, outcome, role
from tests.aws.entries import (
    HOUR,
    login_file,
    login_token,
    role_entry,
    role_file,
    sso_file,
    sso_role_file,
    sso_token,
)
from tests.aws.real import botocore_says
from tests.conftest import HomeMaker, Taker

BASE = f"[base]\n{keys('BASE')}"
IN_SESSION = f"{SESSION}[profile x]\nsso_session = corp\n{SSO_ROLE}"
WEB = f"{role()}web_identity_token_file = {{HOME}}/token\n"


def x(snapshot: Snapshot) -> ProfileReport:
    return snapshot.profiles["x"]


def test_kinds_have_the_names_of_the_contract() -> None:
    assert [str(kind) for kind in Kind] == [
        "keys",
        "role",
        "web-identity",
        "sso",
        "login",
        "process",
        "none",
    ]


# The kind: by the setting that would decide, whether or not it works


@pytest.mark.parametrize(
    ("config", "credentials", "kind"),
    [
        ("[profile x]\n", "", Kind.NONE),
        ("[profile x]\nregion = eu-west-1\n", "", Kind.NONE),
        (f"[profile x]\n{keys('X')}", "", Kind.KEYS),
        ("", f"[x]\n{keys('X')}", Kind.KEYS),
        ("", "[x]\naws_access_key_id = A\n", Kind.KEYS),
        ("", "[x]\naws_secret_access_key = A\n", Kind.KEYS),
        (f"[profile x]\n{role('x', 'base')}", BASE, Kind.ROLE),
        (f"[profile x]\n{role()}", "", Kind.ROLE),
        (f"[profile x]\n{role('x', 'gone')}{keys('X')}", "", Kind.ROLE),
        (f"[profile x]\n{WEB}source_profile = base\n", "", Kind.WEB_IDENTITY),
        ("[profile x]\nweb_identity_token_file = /nowhere\n", "", Kind.WEB_IDENTITY),
        (f"[profile x]\n{LEGACY_SSO}{keys('X')}", "", Kind.SSO),
        ("[profile x]\nsso_role_name = admin\n", "", Kind.SSO),
        (f"{SESSION}[profile x]\nsso_session = corp\n", "", Kind.SSO),
        (f"[profile x]\nlogin_session = me\n{keys('X')}", "", Kind.LOGIN),
        ("[profile x]\nlogin_session = me\n", f"[x]\n{keys('X')}", Kind.KEYS),
        (f"[profile x]\ncredential_process = false\n{keys('X')}", "", Kind.PROCESS),
        ("[profile x]\ncredential_process = false\n", f"[x]\n{keys('X')}", Kind.KEYS),
    ],
)
def test_its_kind(take: Taker, config: str, credentials: str, kind: Kind) -> None:
    assert x(take(config=config, credentials=credentials)).kind is kind


# The region


@pytest.mark.parametrize(
    ("environ", "others", "cli_v2"),
    [
        ({}, "eu-west-1", "eu-west-1"),
        ({"AWS_REGION": "b"}, "eu-west-1", "b"),
        ({"AWS_DEFAULT_REGION": "a"}, "a", "a"),
        ({"AWS_REGION": "b", "AWS_DEFAULT_REGION": "a"}, "a", "b"),
        ({"AWS_DEFAULT_REGION": ""}, "", ""),
    ],
)
def test_its_region(take: Taker, environ: dict[str, str], others: str, cli_v2: str) -> None:
    report = x(take(config="[profile x]\nregion = eu-west-1\n", environ=environ))
    assert report.regions == {Tool.BOTO3: others, Tool.CLI_V1: others, Tool.CLI_V2: cli_v2}
    assert report.region == others


@pytest.mark.parametrize("config", ["[profile x]\n", "[profile x]\nregion =\n  a = 1\n"])
def test_no_region(take: Taker, config: str) -> None:
    assert x(take(config=config)).region is None


def test_the_region_of_credentials_wins(take: Taker) -> None:
    snapshot = take(config="[profile x]\nregion = a\n", credentials="[x]\nregion = b\n")
    assert x(snapshot).region == "b"


def test_a_role_s_region_is_its_own(take: Taker) -> None:
    snapshot = take(config=f"[profile x]\n{role('x', 'base')}", credentials=f"{BASE}region = b\n")
    assert x(snapshot).region is None


# The account


@pytest.mark.parametrize(
    ("config", "credentials", "account"),
    [
        (f"[profile x]\n{role('x', 'base')}", BASE, "123456789012"),
        ("[profile x]\nrole_arn = deploy\nsource_profile = base\n", BASE, None),
        (IN_SESSION, "", "123456789012"),
        ("", "[x]\naws_access_key_id = AKIAQAAAAAAAAAAAAAAA\naws_secret_access_key = C\n", "000000000000"),
        ("", "[x]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = C\n", None),
        ("[profile x]\naws_account_id = 210987654321\n", f"[x]\n{keys('X')}", "210987654321"),
        ("[profile x]\ncredential_process = false\n", "", None),
        ("[profile x]\n", "", None),
    ],
)
def test_its_account(take: Taker, config: str, credentials: str, account: str | None) -> None:
    assert x(take(config=config, credentials=credentials)).account == account


# The file in the cache


@pytest.mark.parametrize(
    ("config", "file"),
    [
        (f"[profile x]\n{role('x', 'base')}", role_file()),
        (
            f"[profile x]\n{role('x', 'base')}role_session_name = me\nduration_seconds = 900\n",
            role_file(RoleSessionName="me", DurationSeconds=900),
        ),
        (f"[profile x]\n{role('x', 'gone')}", role_file()),
        (f"[profile x]\n{role()}credential_source = Environment\n", role_file()),
        (f"[profile x]\n{WEB}", role_file()),
        (IN_SESSION, sso_role_file(sessionName="corp")),
        (f"[profile x]\n{LEGACY_SSO}", sso_role_file(startUrl=URL)),
        ("[profile x]\nlogin_session = me\n", login_file()),
    ],
)
def test_its_cache_file_is_predicted(take: Taker, config: str, file: str) -> None:
    assert x(take(config=config, credentials=BASE)).cache_file == file.partition("/")[2]


@pytest.mark.parametrize(
    "config",
    [
        "[profile x]\n",
        f"[profile x]\n{keys('X')}",
        "[profile x]\ncredential_process = false\n",
        f"[profile x]\nsso_account_id = 1\nsso_start_url = {URL}\n",
        f"[profile x]\nsso_role_name = admin\nsso_start_url = {URL}\n",
        f"[profile x]\n{SSO_ROLE}",
        "[profile x]\nweb_identity_token_file = /nowhere\n",
    ],
)
def test_what_is_not_cached_has_none(take: Taker, config: str) -> None:
    assert x(take(config=config)).cache_file is None


@pytest.mark.parametrize(
    ("config", "file"),
    [
        (f"[profile x]\n{LEGACY_SSO}", sso_role_file(startUrl=URL)),
        (f"[profile x]\n{WEB}", role_file()),
        (f"[profile x]\n{role('x', 'base')}", role_file()),
    ],
)
def test_it_is_so_of_a_profile_that_is_broken_elsewhere(take: Taker, config: str, file: str) -> None:
    report = x(take(config=f"{config}metadata_service_timeout = soon\n", credentials=BASE))
    assert report.resolution.error == "ValueError"
    assert report.cache_file == file.removeprefix("cli/")


def test_a_profile_without_a_name_is_the_default_one_to_botocore(make_home: HomeMaker) -> None:
    host = make_home(
        config=f'[profile ""]\n{role("y", "base")}[default]\n{role("x", "base")}', credentials=BASE
    )
    nameless = Snapshot.take(host).profiles[""]
    assert nameless.cache_file == role_file().removeprefix("cli/")
    assert outcome(nameless.resolution) == botocore_says(host, "") == ("assume-role", None, None)


def test_of_two_names_cli_v2_s_is_told_whatever_cli_v1_has_cached(take: Taker) -> None:
    home = {"config": f"[profile x]\n{WEB}", "files": {"token": "CANARY"}}
    by_token = role_file(WebIdentityToken="CANARY")
    assert x(take(**home)).cache_file == role_file().removeprefix("cli/")
    of_v1 = x(take(**home, caches={by_token: role_entry()}))
    assert (of_v1.cache_file, of_v1.expiry.state) == (role_file().removeprefix("cli/"), State.IDLE)


@pytest.mark.parametrize(
    ("name", "dies"),
    [(role_file(), Tool.CLI_V2), (role_file(WebIdentityToken="CANARY"), Tool.CLI_V1)],
)
def test_each_cli_dies_of_its_own_file_of_a_web_identity_alone(take: Taker, name: str, dies: Tool) -> None:
    # BaseAssumeRoleCredentialFetcher._create_cache_key; CLI v1 adds the token's text
    home = {"config": f"[profile x]\n{WEB}", "files": {"token": "CANARY"}}
    found = x(take(**home, caches={name: b"{"})).resolutions
    assert [tool for tool in Tool if found[tool].on_use is not None] == [dies]


# The chain and who draws on whom


def test_who_draws_on_whom(take: Taker) -> None:
    snapshot = take(
        config=(
            f"[profile x]\n{role('x', 'm')}[profile m]\n{role('m', 'base')}[profile n]\n{role('n', 'base')}"
            f"[profile self]\n{role('s', 'self')}{keys('SELF')}"
            f"[profile e]\n{role()}credential_source = Environment\n"
        ),
        credentials=BASE,
    )
    sources = {name: report.source for name, report in snapshot.profiles.items()}
    assert sources == {"x": "m", "m": "base", "n": "base", "self": None, "e": None, "base": None}
    assert snapshot.dependants == {"m": ("x",), "base": ("m", "n")}


def test_a_broken_role_draws_on_what_it_names(take: Taker) -> None:
    snapshot = take(config=f"[profile x]\n{role('x', 'y')}[profile y]\n{role('y', 'x')}")
    assert (x(snapshot).source, snapshot.profiles["y"].source) == ("y", "x")
    assert x(take(config=f"[profile x]\n{role('x', 'gone')}")).source == "gone"


def test_without_crt_the_chain_is_cli_v2_s(take: Taker) -> None:
    config = f"[profile x]\n{role('x', 'l')}[profile l]\nlogin_session = me\n"
    report = x(take(config=config, caches={login_file(): login_token()}))
    assert report.resolution.error == "MissingDependencyException"
    assert drawn(report.chain) == "x assume-role < l login"
    assert report.effective == report.resolutions[Tool.CLI_V2]


@pytest.mark.parametrize(
    ("config", "maximum"),
    [
        (f"[profile x]\n{role('x', 'base')}", None),
        (f"[profile x]\n{role('x', 'm')}[profile m]\n{role('m', 'base')}", LONGEST_CHAINED),
        (f"[profile x]\n{role('x', 'm')}[profile m]\n{LEGACY_SSO}", LONGEST_CHAINED),
        (f"[profile x]\n{role('x', 'm')}[profile m]\n{WEB}", LONGEST_CHAINED),
        (f"[profile x]\n{role('x', 'm')}[profile m]\ncredential_process = false\n", None),
        (f"[profile x]\n{role()}credential_source = Ec2InstanceMetadata\n", None),
        (f"[profile x]\n{keys('X')}", None),
    ],
)
def test_a_chained_role_lasts_an_hour_at_most(take: Taker, config: str, maximum: int | None) -> None:
    assert x(take(config=config, credentials=BASE)).maximum_duration == maximum


@pytest.mark.parametrize(
    ("config", "asks"),
    [
        (f"[profile x]\n{role('x', 'base')}", False),
        (f"[profile x]\n{role('x', 'base')}mfa_serial = GAHT\n", True),
        (f"[profile x]\n{keys('X')}mfa_serial = GAHT\n", False),
        (f"[profile x]\n{WEB}mfa_serial = GAHT\n", False),
    ],
)
def test_only_a_role_asks_for_a_code(take: Taker, config: str, *, asks: bool) -> None:
    assert x(take(config=config, credentials=BASE)).asks_mfa is asks


# The token that it draws on


def test_the_token_of_its_session(take: Taker) -> None:
    report = x(take(config=IN_SESSION, caches={sso_file(): sso_token()}))
    assert report.token == report.expiry
    assert x(take(config=f"[profile x]\n{keys('X')}")).token is None


def test_only_a_session_s_token_is_refreshed(take: Taker) -> None:
    past = sso_token(-HOUR, 24 * HOUR)
    of_session = x(take(config=IN_SESSION, caches={sso_file(): past})).token
    of_old_form = x(take(config=f"[profile x]\n{LEGACY_SSO}", caches={sso_file(URL): past})).token
    assert of_session is not None
    assert of_old_form is not None
    assert (of_session.state, of_old_form.state) == (State.RENEWABLE, State.EXPIRED)


def test_its_settings_are_to_be_had(take: Taker) -> None:
    report = x(take(config=f"{IN_SESSION}region = eu-west-1\n"))
    assert report.values["region"] == "eu-west-1"
    assert set(report.settings) == {*report.values, "sso_start_url", "sso_region"}
    assert report.lost == []
