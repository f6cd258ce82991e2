"""What a deletion costs is what the profiles it serves need afterwards."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from rolecall.actions.clear_cost import Cost
from rolecall.aws.expiry import After, State
from rolecall.aws.settings import Kind
from rolecall.aws.snapshot import Snapshot
from tests.actions.caches import (
    BASE,
    IN_SESSION,
    MFA,
    TEMPORARY,
    X_OVER_BASE,
    X_OVER_M,
    X_OVER_SSO,
    entry,
    path_of,
    plan,
)
from tests.aws.cases import LEGACY_SSO, SESSION, URL, role
from tests.aws.entries import (
    HOUR,
    MINUTE,
    in_,
    login_file,
    login_token,
    registration,
    role_entry,
    role_file,
    sso_file,
    sso_role_entry,
    sso_role_file,
    sso_token,
    without,
)
from tests.aws.test_cache_owners import registration_file
from tests.conftest import Taker
from tests.homes import Content

SERIAL = "arn:aws:iam::123456789012:mfa/me"
OWN = f"boto/{'0' * 40}.json"
X, M = role_file("x"), role_file("m")
X_MFA = role_file("x", SerialNumber=SERIAL)
M_MFA = role_file("m", SerialNumber=SERIAL)
SSO_X = sso_role_file(sessionName="corp")
GOOD = role_entry(in_(HOUR))
PAST = -MINUTE


@dataclass(frozen=True, slots=True)
class Row:
    """A home, the files that are deleted together (the first is asked about), and what that costs."""

    cost: Cost
    says: str
    config: str = ""
    credentials: str = BASE
    caches: dict[str, Content] = field(default_factory=dict)
    deleted: tuple[str, ...] = (X,)


ROWS = {
    # a role
    "a role over keys": Row(
        Cost.AUTOMATIC, "Fetched again automatically at the next use.", X_OVER_BASE, caches={X: GOOD}
    ),
    "a role with MFA": Row(
        Cost.MFA,
        "The next use asks for an MFA code.",
        X_OVER_BASE + MFA,
        caches={X_MFA: GOOD},
        deleted=(X_MFA,),
    ),
    "a role over an uncached hop with MFA": Row(
        Cost.MFA, "The next use asks for an MFA code.", X_OVER_M + MFA, caches={X: GOOD}
    ),
    "a role over an expired hop with MFA": Row(
        Cost.MFA,
        "The next use asks for an MFA code.",
        X_OVER_M + MFA,
        caches={X: GOOD, M_MFA: role_entry(in_(PAST))},
    ),
    "a role over a cached hop with MFA": Row(
        Cost.AUTOMATIC,
        "Fetched again automatically at the next use.",
        X_OVER_M + MFA,
        caches={X: GOOD, M_MFA: GOOD},
    ),
    "the same, the hop's entry being deleted too": Row(
        Cost.MFA,
        "The next use asks for an MFA code.",
        X_OVER_M + MFA,
        caches={X: GOOD, M_MFA: GOOD},
        deleted=(X, M_MFA),
    ),
    "a hop below a good entry": Row(
        Cost.AUTOMATIC,
        "Fetched again automatically at the next use; what is cached for x stays good.",
        X_OVER_M,
        caches={X: GOOD, M: GOOD},
        deleted=(M,),
    ),
    "a hop below an entry that is deleted too": Row(
        Cost.AUTOMATIC,
        "Fetched again automatically at the next use.",
        X_OVER_M,
        caches={X: GOOD, M: GOOD},
        deleted=(M, X),
    ),
    "a hop below an expired entry": Row(
        Cost.AUTOMATIC,
        "Fetched again automatically at the next use.",
        X_OVER_M,
        caches={X: role_entry(in_(PAST)), M: GOOD},
        deleted=(M,),
    ),
    "a role over a good token": Row(
        Cost.AUTOMATIC,
        "Fetched again automatically at the next use.",
        X_OVER_SSO,
        caches={X: GOOD, sso_file(): sso_token(20 * MINUTE)},
    ),
    "a role over a token that renews itself": Row(
        Cost.AUTOMATIC,
        "Fetched again automatically at the next use.",
        X_OVER_SSO,
        caches={X: GOOD, sso_file(): sso_token(PAST, HOUR)},
    ),
    "a role over a token that has ended": Row(
        Cost.LOGIN,
        "The next use needs a login in the browser.",
        X_OVER_SSO,
        caches={X: GOOD, sso_file(): sso_token(PAST)},
    ),
    "a role over a token that is deleted too": Row(
        Cost.LOGIN,
        "The next use needs a login in the browser.",
        X_OVER_SSO,
        caches={X: GOOD, sso_file(): sso_token()},
        deleted=(X, sso_file()),
    ),
    "a role over keys that have ended": Row(
        Cost.MANUAL,
        "Cannot be fetched again before new keys are pasted: its source has expired.",
        X_OVER_BASE,
        credentials=f"{TEMPORARY}expiration = 2030-01-01 11:00:00\n",
        caches={X: GOOD},
    ),
    "a role over keys that end later": Row(
        Cost.AUTOMATIC,
        "Fetched again automatically at the next use.",
        X_OVER_BASE,
        credentials=f"{TEMPORARY}expiration = 2030-01-01 12:30:00\n",
        caches={X: GOOD},
    ),
    "a role whose source has gone": Row(
        Cost.NOTHING,
        "Costs nothing: x cannot use it as things are (InvalidConfigError).",
        X_OVER_BASE,
        credentials="",
        caches={X: GOOD},
    ),
    "a web identity whose token has gone": Row(
        Cost.FAILS,
        "Cannot be fetched again as things are: its web identity token cannot be read.",
        f"[profile x]\n{role()}web_identity_token_file = /nowhere/at/all\n",
        caches={X: GOOD},
    ),
    "two profiles that are alike": Row(
        Cost.AUTOMATIC,
        "Fetched again automatically at the next use.",
        f"{X_OVER_BASE}[profile y]\n{role('x', 'base')}",
        caches={X: GOOD},
    ),
    "two profiles that are not": Row(
        Cost.LOGIN,
        "The next use needs a login in the browser (y).",
        f"{IN_SESSION}{X_OVER_BASE}[profile y]\n{role('x', 'sso')}",
        caches={X: GOOD},
    ),
    "an expired role": Row(
        Cost.NOTHING, "Costs nothing: it has expired.", X_OVER_BASE + MFA,
        caches={X_MFA: role_entry(in_(PAST))}, deleted=(X_MFA,),
    ),
    "a role with 15 minutes left": Row(
        Cost.AUTOMATIC, "Fetched again automatically at the next use.", X_OVER_BASE,
        caches={X: role_entry(in_(15 * MINUTE))},
    ),
    "a role with less": Row(
        Cost.NOTHING, "Costs nothing: it is due to be fetched again anyway.", X_OVER_BASE,
        caches={X: role_entry(in_(15 * MINUTE - timedelta(seconds=1)))},
    ),
    # SSO
    "an SSO role": Row(
        Cost.AUTOMATIC, "Fetched again automatically at the next use.", IN_SESSION,
        caches={SSO_X: sso_role_entry(), sso_file(): sso_token()}, deleted=(SSO_X,),
    ),
    "an SSO role whose token has ended": Row(
        Cost.LOGIN, "The next use needs a login in the browser.", IN_SESSION,
        caches={SSO_X: sso_role_entry(), sso_file(): sso_token(PAST)}, deleted=(SSO_X,),
    ),
    "an SSO role that nobody has logged in for": Row(
        Cost.LOGIN, "The next use needs a login in the browser.", IN_SESSION,
        caches={SSO_X: sso_role_entry()}, deleted=(SSO_X,),
    ),
    "an SSO role whose token is damaged": Row(
        Cost.LOGIN, "The next use needs a login in the browser.", IN_SESSION,
        caches={SSO_X: sso_role_entry(), sso_file(): b"{"}, deleted=(SSO_X,),
    ),
    "a token": Row(
        Cost.LOGIN, "Needs a login in the browser.", IN_SESSION, caches={sso_file(): sso_token()},
        deleted=(sso_file(),),
    ),
    "a token that renews itself": Row(
        Cost.LOGIN, "Needs a login in the browser: the refresh token that would renew it goes with it.",
        IN_SESSION, caches={sso_file(): sso_token(PAST, HOUR)}, deleted=(sso_file(),),
    ),
    "a token that has ended": Row(
        Cost.NOTHING, "Costs nothing: it has expired.", IN_SESSION, caches={sso_file(): sso_token(PAST)},
        deleted=(sso_file(),),
    ),
    "a token whose registration has ended": Row(
        Cost.NOTHING, "Costs nothing: it has expired.", IN_SESSION,
        caches={sso_file(): sso_token(PAST, PAST)}, deleted=(sso_file(),),
    ),
    "a token without an sso-session": Row(
        Cost.LOGIN, "Needs a login in the browser.", f"[profile x]\n{LEGACY_SSO}",
        caches={sso_file(URL): sso_token(HOUR, 2 * HOUR)}, deleted=(sso_file(URL),),
    ),
    "a token that no profile uses": Row(
        Cost.LOGIN, "Needs a login in the browser.", SESSION, caches={sso_file(): sso_token()},
        deleted=(sso_file(),),
    ),
    "a registration": Row(
        Cost.AUTOMATIC, "The next login makes a new one.", IN_SESSION,
        caches={registration_file(): registration()}, deleted=(registration_file(),),
    ),
    "a registration that has ended": Row(
        Cost.NOTHING, "Costs nothing: it has expired.", IN_SESSION,
        caches={registration_file(): registration(PAST)}, deleted=(registration_file(),),
    ),
    # a login
    "a login": Row(
        Cost.LOGIN, "Needs `aws login` in the browser: the refresh token goes with it.",
        "[profile x]\nlogin_session = me\n", caches={login_file(): login_token(PAST)},
        deleted=(login_file(),),
    ),
    # damaged
    "a damaged role": Row(
        Cost.NOTHING, "Costs nothing: commands fail because of it, and work again without it.", X_OVER_BASE,
        caches={X: b"{"},
    ),
    "a damaged role with MFA": Row(
        Cost.NOTHING,
        "Costs nothing: commands fail because of it; without it, the next one asks for an MFA code.",
        X_OVER_BASE + MFA, caches={X_MFA: b"{"}, deleted=(X_MFA,),
    ),
    "a damaged role over SSO": Row(
        Cost.NOTHING,
        "Costs nothing: commands fail because of it; without it, the next one needs a login in the browser.",
        X_OVER_SSO, caches={X: b""},
    ),
    "a damaged role over keys that have ended": Row(
        Cost.NOTHING, "Costs nothing: commands fail because of it; without it, new keys are to be pasted.",
        X_OVER_BASE, credentials=f"{TEMPORARY}expiration = 2030-01-01 11:00:00\n", caches={X: b""},
    ),
    "a damaged role whose source has gone": Row(
        Cost.NOTHING, "Costs nothing: it is damaged.", X_OVER_BASE, credentials="", caches={X: b"{"}
    ),
    "a role that lacks a part": Row(
        Cost.NOTHING, "Costs nothing: commands fail because of it, and work again without it.", X_OVER_BASE,
        caches={X: without(GOOD, "Credentials.SessionToken")},
    ),
    "a damaged token": Row(
        Cost.NOTHING, "Costs nothing: it is damaged, and a login in the browser is due anyway.", IN_SESSION,
        caches={sso_file(): b"{"}, deleted=(sso_file(),),
    ),
    "a damaged registration": Row(
        Cost.NOTHING, "Costs nothing: it is damaged, and the next login makes a new one.", IN_SESSION,
        caches={registration_file(): b"{"}, deleted=(registration_file(),),
    ),
    "a damaged login": Row(
        Cost.NOTHING, "Costs nothing: it is damaged, and a login in the browser is due anyway.",
        "[profile x]\nlogin_session = me\n", caches={login_file(): b"{"}, deleted=(login_file(),),
    ),
    "a damaged file of nobody": Row(Cost.NOTHING, "Costs nothing: it is damaged.", caches={X: b"{"}),
    # nobody's
    "an orphan": Row(
        Cost.NOTHING, "Costs nothing: no profile in ~/.aws/config or ~/.aws/credentials leads to it.",
        caches={X: GOOD},
    ),
    "an orphaned token": Row(
        Cost.NOTHING,
        "Costs nothing: no profile in ~/.aws/config or ~/.aws/credentials leads to it, though another "
        "program may.",
        caches={sso_file("gone"): sso_token()}, deleted=(sso_file("gone"),),
    ),
    "a leftover": Row(
        Cost.NOTHING, "Costs nothing: it was left behind by an interrupted write.",
        caches={"cli/tmp4k2v9q_x.tmp": b"{"}, deleted=("cli/tmp4k2v9q_x.tmp",),
    ),
    "what another program keeps": Row(
        Cost.UNKNOWN, "What it costs is unknown: one of your own programs keeps it there.",
        caches={OWN: GOOD}, deleted=(OWN,),
    ),
    "a role while config does not parse": Row(
        Cost.UNKNOWN, "What it costs is unknown: ~/.aws/config cannot be read.", "[profile", caches={X: GOOD}
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_what_it_costs_is_said(take: Taker, row: Row) -> None:
    snapshot = take(config=row.config, credentials=row.credentials, caches=row.caches)
    first = plan(snapshot, *row.deleted)[0]
    assert (first.words, first.cost) == (row.says, row.cost)


OF_ROLES = [
    name for name, row in ROWS.items() if row.deleted[0].startswith("cli/") and row.cost is not Cost.UNKNOWN
]


@pytest.mark.parametrize("name", OF_ROLES)
def test_what_is_said_comes_true(take: Taker, name: str) -> None:
    # GIVEN what is said of a deletion
    row = ROWS[name]
    before = take(config=row.config, credentials=row.credentials, caches=row.caches)
    asked = entry(before, row.deleted[0])
    # WHEN the files are gone
    for deleted in row.deleted:
        path_of(before, deleted).unlink()
    after = Snapshot.take(before.host)
    # THEN a fresh look says the same of the profiles that it served
    needs = {_needs(after, profile) for profile in asked.profiles}
    if row.cost is not Cost.NOTHING:
        assert row.cost in needs
    elif asked.file.fault is None:
        assert needs == {_needs(before, profile) for profile in asked.profiles}


def _needs(snapshot: Snapshot, profile: str) -> Cost | None:
    """What the next use of a profile needs, by its expiry."""
    report = snapshot.profiles[profile]
    if report.kind is Kind.SSO:
        return Cost.AUTOMATIC if report.expiry.state.is_live else Cost.LOGIN
    if report.expiry.state is State.BROKEN:
        return None
    if report.expiry.after is After.FAILS and report.hop_expiries[-1].after is After.MANUAL:
        return Cost.MANUAL
    return Cost(report.expiry.after.value)


def test_the_environments_own_role_is_fetched_anew(take: Taker) -> None:
    snapshot = take(
        environ={
            "AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/token",
            "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/x",
        },
        files={"token": "CANARY"},
        caches={X: GOOD},
    )
    assert plan(snapshot, X)[0].cost is Cost.AUTOMATIC


def test_files_that_a_variable_names_are_named(take: Taker) -> None:
    snapshot = take(environ={"AWS_CONFIG_FILE": "{HOME}/other"}, caches={X: GOOD})
    assert "no profile in ~/other or ~/.aws/credentials leads" in plan(snapshot, X)[0].words


def test_of_many_profiles_three_are_named(take: Taker) -> None:
    users = "".join(f"[profile {name}]\n{role(name, 'm')}" for name in "abcde")
    caches = {M: GOOD} | {role_file(name): GOOD for name in "abcde"}
    snapshot = take(config=f"{users}[profile m]\n{role('m', 'base')}", credentials=BASE, caches=caches)
    assert plan(snapshot, M)[0].words.endswith("; what is cached for a, b, c and 2 more stays good.")


@pytest.mark.parametrize("cost", Cost)
def test_each_cost_has_its_words(cost: Cost) -> None:
    assert cost.words


def test_what_nobody_has_to_do_anything_for_is_not_dear() -> None:
    assert [cost for cost in Cost if not cost.is_dear] == [Cost.NOTHING, Cost.AUTOMATIC]
