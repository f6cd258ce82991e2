"""A cure is offered to be carried out only where it can be: by the very line, over random homes."""

import json
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from rolecall.actions.assume import obstacle as obstacle_to_assuming
from rolecall.actions.login import target
from rolecall.aws import cache_files
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import fixes
from rolecall.doctor.error_text import attribute, parse
from rolecall.doctor.error_text.attribute import Match
from rolecall.doctor.explain import WhyAnswer
from rolecall.doctor.fixes import Fix, FixAction, applies, offered
from rolecall.doctor.registry import examine
from rolecall.doctor.sessions import LoginTopic
from rolecall.doctor.topics import topic_answer as answer_of
from tests.cli.program import Program
from tests.differential.homes import Home
from tests.doctor.aged_homes import FEW, Drawn, aged_homes, caches, look
from tests.homes import NOW, make_home

MESSAGES = (
    "Error when retrieving token from sso: Token has expired and refresh failed",
    "Error loading SSO Token: Token for corp does not exist",
    "The SSO session associated with this profile has expired or is otherwise invalid.",
    "Your session has expired. Please reauthenticate using 'aws login'.",
    "Cannot refresh credentials: MFA token required.",
    "Unable to locate credentials",
    "Error when retrieving credentials from custom-process: boom",
    *(
        f"An error occurred ({code}) when calling the {operation} operation: no"
        for code, operation in (
            *(("ExpiredToken", "ListBuckets"), ("InvalidClientTokenId", "GetCallerIdentity")),
            *(("UnauthorizedException", "GetRoleCredentials"), ("ForbiddenException", "GetRoleCredentials")),
            *(("AccessDenied", "AssumeRole"), ("TokenRefreshRequired", "GetObject")),
            ("SignatureDoesNotMatch", "GetCallerIdentity"),
        )
    ),
)


def every_offer(snapshot: Snapshot) -> Iterator[Fix]:
    """Yield every cure that is offered: of the findings, of why, of error messages about anybody."""
    findings = examine(snapshot)
    yield from (finding.fix for finding in findings.all)
    read = [message for text in MESSAGES if (message := parse.parse_error_text(text)) is not None]
    assert len(read) == len(MESSAGES)
    for name in (*snapshot.profiles, None):
        answers = [answer_of(snapshot, findings, name)]
        answers += [answer_of(snapshot, findings, name, pasted=message) for message in read]
        yield from (answer.fix for answer in answers if answer.fix is not None)
    for message in read:
        match = attribute.match(snapshot, findings, message)
        answer = answer_of(snapshot, findings, match.login or match.profile, pasted=message)
        if answer.fix is not None:
            yield answer.fix


def refusals(snapshot: Snapshot) -> Iterator[str]:
    """Yield the lines that are offered and refused, with what is said."""
    program = Program(snapshot.host.home, dict(snapshot.host.environ), clock=lambda: NOW)
    seen: set[str] = set()
    for fix in every_offer(snapshot):
        line = fix.run()
        if line is not None and line not in seen:
            seen.add(line)
            yield from (f"{line}: {said}" for said in _refused(snapshot, program, fix, line))


def _refused(snapshot: Snapshot, program: Program, fix: Fix, line: str) -> Iterator[str]:
    match fix.doing:
        case FixAction.LOGIN:
            target(snapshot, str(fix.profile))
        case FixAction.ASSUME:
            said = obstacle_to_assuming(snapshot.profiles[str(fix.profile)])
            if said is not None:
                yield said
        case FixAction.EDIT | FixAction.RENAME | FixAction.REMOVE | FixAction.CLEAR:
            # each by itself: the second may build on the first
            first = shlex.split(line.split(" && ", 1)[0])[1:]
            at = first.index("--") if "--" in first else len(first)
            outcome = program.fed("CANARY\n", *first[:at], "--dry-run", *first[at:])
            if outcome.code != 0:
                yield outcome.err


@settings(max_examples=FEW // 4 + 1, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
@given(home=aged_homes(), drawn=caches())
def test_every_line_that_is_offered_can_be_carried_out(place: Path, home: Home, drawn: Drawn) -> None:
    snapshot, _ = look(place, home, drawn)
    assert list(refusals(snapshot)) == []


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


# One by one.

NO_CACHES: Mapping[str, str] = {}
PORTAL = "https://corp.awsapps.com/start"
CORP = f"[sso-session corp]\nsso_start_url = {PORTAL}\nsso_region = eu-west-1\n"
MANY = "".join(
    f"[profile p{number}]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = R{number}\n"
    for number in range(31)
)
OLD = (
    f"[profile old]\nsso_start_url = {PORTAL}\nsso_region = us-east-1\n"
    "sso_account_id = 111122223333\nsso_role_name = R\n"
)
CONSOLE = "[profile console]\nlogin_session = arn:aws:iam::111122223333:user/me\n"
HERE = "[default]\naws_access_key_id = AKIAQWERTYUIOPASDFGH\naws_secret_access_key = CANARY\n"
OVER_HERE = "[profile top]\nrole_arn = arn:aws:iam::111122223333:role/T\nsource_profile = default\n"
REFRESH_FAILED, EXPIRED = MESSAGES[0], MESSAGES[7]


REFRESHED = {
    f"sso/{cache_files.sso_token(each)}.json": json.dumps(
        {
            "startUrl": PORTAL,
            "region": "eu-west-1",
            "accessToken": "CANARY",
            "refreshToken": "CANARY",
            "clientId": "a",
            "clientSecret": "CANARY",
            "expiresAt": "2029-01-01T00:00:00Z",
            "registrationExpiresAt": "2031-01-01T00:00:00Z",
        }
    )
    for each in ("corp", "other")
}
"""Tokens of which nobody knows before that they are not refreshed any more."""


def asked(
    place: Path, text: str, config: str, name: str | None = None, caches: Mapping[str, str] = NO_CACHES
) -> tuple[Match, WhyAnswer]:
    snapshot = Snapshot.take(make_home(place, config=config, credentials=HERE, caches=dict(caches)))
    findings = examine(snapshot)
    message = parse.parse_error_text(text)
    assert message is not None
    match = attribute.match(snapshot, findings, message)
    return match, answer_of(snapshot, findings, name or match.login or match.profile, pasted=message)


each_of_caches = pytest.mark.parametrize("caches", [NO_CACHES, REFRESHED], ids=("no token", "a token"))


@each_of_caches
def test_where_all_that_can_fail_so_hang_on_one_login_that_is_the_answer(
    tmp_path: Path, caches: Mapping[str, str]
) -> None:
    match, answer = asked(tmp_path, REFRESH_FAILED, CORP + MANY, caches=caches)
    assert "use one login, corp" in match.sentence
    assert (match.is_certain, len(match.candidates)) == (False, 31)
    assert answer.fix is not None
    assert (answer.fix.run(), answer.fix.words) == ("rolecall login corp", "log in to corp")


@each_of_caches
def test_where_they_hang_on_two_nobody_is_named_and_no_line_offered(
    tmp_path: Path, caches: Mapping[str, str]
) -> None:
    other = (
        (CORP + MANY)
        .replace("corp]", "other]")
        .replace("= corp", "= other")
        .replace("profile p", "profile q")
    )
    match, answer = asked(tmp_path, REFRESH_FAILED, CORP + MANY + other, caches=caches)
    assert (match.profile, match.login, len(match.candidates)) == (None, None, 62)
    assert answer.fix is None or answer.fix.run() is None


def test_expired_credentials_are_of_the_login_that_is_over_where_none_else_can_expire(tmp_path: Path) -> None:
    over = {name: text.replace("2031", "2028") for name, text in REFRESHED.items()}
    match, answer = asked(tmp_path / "over", EXPIRED, CORP + MANY, caches=over)
    assert match.login == LoginTopic("corp")
    assert answer.fix is not None
    assert answer.fix.run() == "rolecall login corp"
    # AND nobody's where the login is good
    match, answer = asked(tmp_path / "good", EXPIRED, CORP + MANY, caches=REFRESHED)
    assert (match.login, match.profile) == (None, None)
    assert answer.fix is None or answer.fix.run() is None


@pytest.mark.parametrize("text", [REFRESH_FAILED, *MESSAGES[1:4]])
def test_who_has_no_login_is_told_so_and_not_to_log_in(tmp_path: Path, text: str) -> None:
    _, answer = asked(tmp_path, text, "", "default")
    assert "another profile made the call" in answer.sentence
    assert answer.fix is not None
    assert answer.fix.run() is None


def test_what_only_another_kind_of_profile_can_say_is_about_that(tmp_path: Path) -> None:
    config = CORP + OLD + CONSOLE
    assert asked(tmp_path / "sso", REFRESH_FAILED, config)[0].profile == "old"
    assert asked(tmp_path / "login", MESSAGES[3], config)[0].profile == "console"


def test_long_term_keys_do_not_expire_but_a_role_over_them_does(tmp_path: Path) -> None:
    _, alone = asked(tmp_path / "alone", EXPIRED, "", "default")
    assert "long-term" in alone.sentence
    assert alone.fix is not None
    assert alone.fix.run() is None
    _, over = asked(tmp_path / "over", EXPIRED, OVER_HERE, "top")
    assert over.fix is not None
    assert over.fix.run() == "rolecall assume top"


@pytest.mark.parametrize(
    "fix",
    [
        fixes.log_in("default"),
        fixes.log_in("gone"),
        fixes.assume("default"),
        fixes.assume("gone"),
        fixes.assume("broken"),
        fixes.change("unset it", "default", {"region": None}),
        fixes.change("set it", "gone", {"region": "x"}),
        fixes.edit("edit it", "gone"),
        fixes.rename("rename it", "default", "top"),
        fixes.rename("rename it", "default", "a]"),
        fixes.remove("remove it", "gone"),
        fixes.clear(Path("/nowhere.json")),
    ],
    ids=lambda fix: f"{fix.doing} {fix.profile}",
)
def test_what_cannot_be_done_is_offered_in_words_only(tmp_path: Path, fix: Fix) -> None:
    broken = "[profile broken]\nrole_arn = arn:aws:iam::111122223333:role/T\nsource_profile = nobody\n"
    snapshot = Snapshot.take(make_home(tmp_path, config=OVER_HERE + broken, credentials=HERE))
    assert not applies(snapshot, fix)
    left = offered(snapshot, fix)
    assert (left.doing, left.words, left.run()) == (FixAction.NOTHING, fix.words, None)
