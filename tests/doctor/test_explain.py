"""Why something fails: the steps in AWS's own order, the culprit, the cure, and what stays open."""

from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.error_text import parse
from rolecall.doctor.explain import WhyAnswer, why
from rolecall.doctor.fixes import FixAction
from rolecall.doctor.registry import Findings, examine
from rolecall.steps import Step, StepStatus
from rolecall.user_settings import Silence
from tests.homes import make_home

KEYS = "aws_access_key_id = AKIAIOSFODNN7OTHER01\naws_secret_access_key = CANARY\n"
TEMPORARY = (
    "aws_access_key_id = ASIAIOSFODNN7OTHER02\naws_secret_access_key = CANARY\naws_session_token = CANARY\n"
)
ROLE = "role_arn = arn:aws:iam::111122223333:role/deploy\n"
BASE = f"[profile base]\nregion = eu-west-1\n{KEYS}"
OVER_BASE = f"{BASE}[profile x]\nregion = eu-west-1\n{ROLE}source_profile = base\n"
HERE = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7HERE001", "AWS_SECRET_ACCESS_KEY": "CANARY"}
EXPIRED = (
    "An error occurred (ExpiredToken) when calling the ListBuckets operation: The provided token has expired"
)


def look(place: Path, **home: object) -> tuple[Snapshot, Findings]:
    snapshot = Snapshot.take(make_home(place, **home))  # type: ignore[arg-type]  # as make_home has them
    return snapshot, examine(snapshot)


def ask(place: Path, profile: str | None, error: str | None = None, **home: object) -> WhyAnswer:
    message = parse.parse_error_text(error) if error is not None else None
    return why(*look(place, **home), profile, pasted=message)


def titles(answer: WhyAnswer) -> list[str]:
    return [step.title for step in answer.steps]


def step(answer: WhyAnswer, title: str) -> Step:
    (found,) = (each for each in answer.steps if each.title == title)
    return found


def culprits(answer: WhyAnswer) -> list[str]:
    return [each.title for each in answer.steps if each.verdict is StepStatus.CULPRIT]


def test_the_steps_are_in_the_order_in_which_aws_decides(tmp_path: Path) -> None:
    answer = ask(tmp_path, "x", config=OVER_BASE)
    assert titles(answer) == [
        "Tools",
        "Variables",
        "Profile",
        "Files",
        "Provider",
        "Hop 1",
        "Expiry",
        "Hop 2",
        "Expiry",
        "AWS",
    ]


def test_a_cache_file_stands_between_its_hop_and_its_end(tmp_path: Path) -> None:
    # GIVEN
    snapshot, _ = look(tmp_path / "before", config=OVER_BASE)
    name = snapshot.profiles["x"].cache_file
    role = {
        "Credentials": {
            "AccessKeyId": "ASIAIOSFODNN7OTHER03",
            "SecretAccessKey": "CANARY",
            "SessionToken": "CANARY",
            "Expiration": "2030-01-01T13:00:00Z",
        }
    }
    # WHEN
    answer = ask(tmp_path / "after", "x", config=OVER_BASE, caches={f"cli/{name}": role})
    # THEN
    assert titles(answer)[5:8] == ["Hop 1", "Cache file", "Expiry"]
    assert str(name) in step(answer, "Cache file").words
    assert "x: expires in 1h 00m (2030-01-01T13:00:00Z)" in answer.steps[7].words


def test_nothing_wrong_is_said_with_what_remains_possible(tmp_path: Path) -> None:
    answer = ask(tmp_path, "base", config=BASE)
    assert answer.culprit is None
    assert answer.fix is None
    assert "nothing is wrong with base" in answer.sentence
    assert any("AWS itself has not been asked" in words for words in answer.asks)
    assert {each.verdict for each in answer.steps} <= {StepStatus.FINE, StepStatus.NOTE, StepStatus.UNKNOWN}


def test_an_empty_variable_is_said_to_be_empty(tmp_path: Path) -> None:
    found = step(ask(tmp_path, None, environ={"AWS_SECRET_ACCESS_KEY": ""}), "Variables")
    assert found.evidence == ("AWS_SECRET_ACCESS_KEY (empty)  set but empty, which counts as unset",)


def test_the_culprit_speaks_at_the_step_where_it_is(tmp_path: Path) -> None:
    config = f"{BASE}[profile x]\n{ROLE}source_profile = bse\n"
    answer = ask(tmp_path, "x", config=config)
    assert answer.culprit is not None
    assert answer.culprit.code == "missing-source"
    assert answer.sentence == answer.culprit.message
    assert answer.fix == answer.culprit.fix
    assert culprits(answer) == ["Hop 1"]
    assert any("source_profile = bse" in line for line in step(answer, "Hop 1").evidence)


def test_the_culprit_down_a_chain_is_named_and_not_its_victims(tmp_path: Path) -> None:
    config = f"{OVER_BASE}[profile y]\n{ROLE}source_profile = gone\n[profile z]\n{ROLE}source_profile = y\n"
    answer = ask(tmp_path, "z", config=config)
    assert answer.culprit is not None
    assert answer.culprit.subject.name == "y"
    assert culprits(answer) == ["Hop 2"]


SSO = (
    "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n"
    "[profile x]\nsso_session = corp\nsso_account_id = 444455556666\nsso_role_name = Reader\n"
)
CULPRITS = {
    "a login that nobody has made": ("sso-token-missing", "SSO token", {"config": SSO}, "x"),
    "a login of aws that nobody has made": (
        "login-missing",
        "Credentials",
        {"config": "[profile x]\nlogin_session = arn:aws:iam::111122223333:user/me\n", "has_crt": True},
        "x",
    ),
    "an unknown session": (
        "unknown-sso-session",
        "Credentials",
        {"config": SSO.replace("sso-session corp", "sso-session crop")},
        "x",
    ),
    "a file that does not parse": ("parse-error", "Files", {"config": f"{BASE}junk\n"}, None),
    "variables that are half a pair": (
        "env-half-a-pair",
        "Variables",
        {"config": BASE, "environ": {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7HERE001"}},
        None,
    ),
    "keys that have ended": (
        "expired-keys",
        "Expiry",
        {"credentials": f"[x]\n{TEMPORARY}x_security_token_expires = 2029-12-31T00:00:00Z\n"},
        "x",
    ),
    "a variable that breaks everything": (
        "env-bad-setting",
        "Variables",
        {"config": BASE, "environ": {"AWS_METADATA_SERVICE_TIMEOUT": "soon"}},
        "base",
    ),
}


@pytest.mark.parametrize(("code", "title", "home", "profile"), CULPRITS.values(), ids=CULPRITS)
def test_each_culprit_has_its_step(
    tmp_path: Path, code: str, title: str, home: dict[str, object], profile: str | None
) -> None:
    answer = why(*look(tmp_path, **home), profile)
    assert answer.culprit is not None, answer.sentence
    assert answer.culprit.code == code
    assert culprits(answer) == [title]


def test_a_silenced_culprit_is_still_named_to_who_asks(tmp_path: Path) -> None:
    # GIVEN
    snapshot, _ = look(tmp_path, config=f"[profile x]\n{ROLE}source_profile = bse\n")
    silent = examine(snapshot, [Silence("missing-source")])
    # THEN
    answer = why(snapshot, silent, "x")
    assert answer.culprit is not None
    assert answer.culprit.code == "missing-source"


def test_what_else_stops_it_is_told_too(tmp_path: Path) -> None:
    environ = {"AWS_METADATA_SERVICE_TIMEOUT": "soon", "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7HERE001"}
    answer = ask(tmp_path, None, config=BASE, environ=environ)
    assert answer.culprit is not None
    besides = [words for words in answer.asks if words.startswith("Besides: ")]
    assert len(besides) == 1
    names = {name for name in environ if name in f"{answer.sentence} {besides}"}
    assert names == set(environ)


def test_keys_in_the_environment_are_suspect_to_who_asks_about_a_profile(tmp_path: Path) -> None:
    answer = ask(tmp_path, "base", config=BASE, environ=HERE | {"AWS_PROFILE": "base"})
    assert answer.culprit is None
    assert "nothing stops base" in answer.sentence
    assert step(answer, "Variables").verdict is StepStatus.SUSPECT
    assert "without it this shell uses the keys in the environment" in step(answer, "Profile").words


def test_where_the_tools_differ_in_what_they_use_without_a_profile_each_is_named(tmp_path: Path) -> None:
    # CLI v2 reads AWS_PROFILE first, boto3 and CLI v1 AWS_DEFAULT_PROFILE
    environ = {"AWS_PROFILE": "one", "AWS_DEFAULT_PROFILE": "two"}
    others = BASE.replace("profile base", "profile one") + BASE.replace("profile base", "profile two")
    answer = ask(tmp_path, "base", config=f"{BASE}{others}", environ=environ)
    told = step(answer, "Profile").words
    assert told.endswith("without it boto3 and AWS CLI v1 use two, AWS CLI v2 uses one")


def test_an_output_that_only_cli_v1_does_not_know_stops_nobody(tmp_path: Path) -> None:
    # GIVEN WHEN
    answer = ask(tmp_path, "base", config=f"{BASE}output = yaml\n", environ={})
    # THEN
    assert answer.culprit is None
    assert "nothing is wrong with base" in answer.sentence


def test_what_is_merely_untidy_is_no_answer(tmp_path: Path) -> None:
    # GIVEN
    host = make_home(tmp_path, credentials=f"[x]\nregion = eu-west-1\n{KEYS}")
    (tmp_path / ".aws" / "credentials").chmod(0o644)
    snapshot = Snapshot.take(host)
    findings = examine(snapshot)
    assert "readable-secrets" in {each.code for each in findings.all}
    # THEN
    assert "nothing is wrong with x" in why(snapshot, findings, "x").sentence


def test_this_shell_is_asked_where_no_profile_is_named(tmp_path: Path) -> None:
    answer = ask(tmp_path, None, config=BASE, environ={"AWS_PROFILE": "base"})
    assert answer.subject == "this shell"
    assert step(answer, "Profile").words == "AWS_PROFILE chooses base"


def test_tools_that_choose_differently_are_suspect(tmp_path: Path) -> None:
    config = f"{BASE}[profile other]\nregion = eu-west-1\n{KEYS}"
    answer = ask(
        tmp_path, None, config=config, environ={"AWS_PROFILE": "base", "AWS_DEFAULT_PROFILE": "other"}
    )
    found = step(answer, "Profile")
    assert found.verdict is StepStatus.SUSPECT
    assert any("AWS CLI v2: base by AWS_PROFILE" in line for line in found.evidence)


def test_a_profile_that_is_not_there_has_an_answer_too(tmp_path: Path) -> None:
    answer = ask(tmp_path, "nope", config=BASE)
    assert answer.sentence == "there is no profile nope"
    assert step(answer, "Provider").verdict is StepStatus.UNKNOWN


def test_a_role_that_wants_a_code_can_be_assumed_at_once(tmp_path: Path) -> None:
    answer = ask(tmp_path, "x", config=f"{OVER_BASE}mfa_serial = arn:aws:iam::111122223333:mfa/me\n")
    assert answer.culprit is None
    assert answer.fix is not None
    assert answer.fix.doing is FixAction.ASSUME
    assert "MFA" in answer.sentence


@pytest.mark.parametrize(
    "home",
    [
        {},
        {"config": ""},
        {"config": b"\xff\xfe"},
        {"config": "[default]\n"},
        {"config": "[profile x]\nrole_arn =\n  a = b\nsource_profile =\n  c = d\n"},
        {"config": f"[profile x]\n{ROLE}source_profile = x\n"},
        {"environ": {"AWS_CONFIG_FILE": "", "AWS_SHARED_CREDENTIALS_FILE": ""}},
        {"environ": HERE},
        {"config": '[profile "\x1b[31m`x`"]\nregion = r\n'},
    ],
)
def test_every_home_has_an_answer(tmp_path: Path, home: dict[str, object]) -> None:
    snapshot, findings = look(tmp_path, **home)
    for profile in (*snapshot.profiles, None, "nope"):
        for error in (None, EXPIRED, "Unable to locate credentials", f"'{'77aa' * 10}'"):
            message = parse.parse_error_text(error) if error is not None else None
            answer = why(snapshot, findings, profile, pasted=message)
            assert answer.sentence
            assert all(each.title and each.words for each in answer.steps)


# What is heard from outside.


def heard(place: Path, *online: Step, **home: object) -> WhyAnswer:
    return why(*look(place, **home), "base", online)


IDENTITY = Step("Identity", StepStatus.FINE, "AWS says that this is arn:aws:iam::111122223333:user/me")


def test_a_step_from_outside_takes_the_place_of_that_which_could_not_be_known(tmp_path: Path) -> None:
    answer = heard(tmp_path, Step("Tools", StepStatus.FINE, "aws-cli/2"), IDENTITY, config=BASE)
    assert answer.steps[0].words == "aws-cli/2"
    assert titles(answer)[-1] == "Identity"
    assert "AWS" not in titles(answer)
    assert answer.asks == ()


@pytest.mark.parametrize(
    "steps",
    [(), (Step("Identity", StepStatus.UNKNOWN, "it has not ended after 10 s"),)],
    ids=["cancelled", "unknown"],
)
def test_where_aws_said_nothing_of_the_credentials_that_is_said(
    tmp_path: Path, steps: tuple[Step, ...]
) -> None:
    answer = heard(tmp_path, Step("Tools", StepStatus.FINE, "aws-cli/2"), *steps, config=BASE)
    [remark] = answer.asks
    assert remark.startswith("AWS has not confirmed these credentials")


def test_a_wrong_clock_is_the_culprit_before_what_aws_says_of_it(tmp_path: Path) -> None:
    refused = Step("Identity", StepStatus.CULPRIT, "AWS refuses", ("SignatureDoesNotMatch", "see to it"))
    late = Step("Clock", StepStatus.CULPRIT, "this machine's clock is 20m late")
    answer = heard(tmp_path, refused, late, config=BASE)
    assert answer.sentence == late.words
    assert answer.fix is not None
    assert "clock" in answer.fix.words


def test_a_refusal_is_explained_by_what_was_found_offline(tmp_path: Path) -> None:
    refused = Step(
        "Identity", StepStatus.CULPRIT, "AWS does not know the key", ("InvalidClientTokenId", "see to it")
    )
    config = f"{BASE}aws_session_token = CANARY\n"
    answer = heard(tmp_path, refused, config=config)
    assert answer.culprit is not None
    assert answer.culprit.code == "stale-token-beside-keys"


def test_a_refusal_that_nothing_explains_speaks_for_itself(tmp_path: Path) -> None:
    refused = Step(
        "Identity",
        StepStatus.CULPRIT,
        "AWS does not know the key",
        ("InvalidClientTokenId", "cure: see to it"),
    )
    answer = heard(tmp_path, refused, config=BASE)
    assert (answer.culprit, answer.sentence) == (None, refused.words)
    assert answer.fix is not None
    assert answer.fix.words == "see to it"


def test_what_stops_it_offline_counts_whatever_is_heard(tmp_path: Path) -> None:
    answer = why(*look(tmp_path, config=f"[profile x]\n{ROLE}source_profile = y\n"), "x", [IDENTITY])
    assert answer.culprit is not None
    assert answer.culprit.code == "missing-source"


# A message.


def test_a_message_comes_first_with_what_explains_it(tmp_path: Path) -> None:
    credentials = f"[x]\n{TEMPORARY}x_security_token_expires = 2029-12-31T00:00:00Z\n"
    answer = ask(tmp_path, "x", EXPIRED, credentials=credentials)
    assert titles(answer)[0] == "Message"
    assert step(answer, "Message").words == "ExpiredToken from ListBuckets"
    assert answer.culprit is not None
    assert answer.culprit.code == "expired-keys"


def test_a_message_that_nothing_here_explains_is_told_by_what_aws_means(tmp_path: Path) -> None:
    error = "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: no"
    answer = ask(tmp_path, "base", error, config=BASE)
    assert answer.culprit is None
    assert "AWS does not know the access key of base (…ER01)" in answer.sentence
    assert culprits(answer) == ["Message"]
    assert answer.fix is not None
