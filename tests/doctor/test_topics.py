"""What Why says of a login, of a section that is no profile, of what stands under a heading, of a file."""

from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.explain import WhyAnswer
from rolecall.doctor.fixes import FixAction
from rolecall.doctor.registry import examine
from rolecall.doctor.sessions import LoginTopic, look_at, of_name
from rolecall.doctor.topics import FileTopic, HeadingTopic, SectionTopic, Topic, label, topic_answer
from rolecall.steps import StepStatus
from tests.aws.cases import LEGACY_SSO, SESSION, SSO_ROLE, URL, keys
from tests.aws.entries import HOUR, sso_file, sso_token
from tests.homes import make_home

DEV = f"[profile dev]\nsso_session = corp\n{SSO_ROLE}"
OLD = f"[profile old]\n{LEGACY_SSO}"
LOGIN = "arn:aws:iam::123456789012:user/rowan"
CONSOLE = f"[profile console]\nlogin_session = {LOGIN}\n"


def asked(home: Path, topic: Topic, **parts: object) -> WhyAnswer:
    snapshot = Snapshot.take(make_home(home, **parts))  # type: ignore[arg-type]  # as make_home has them
    return topic_answer(snapshot, examine(snapshot), topic)


def said(found: WhyAnswer) -> str:
    lines = (line for step in found.steps for line in (step.title, step.words, *step.evidence))
    return "\n".join((found.sentence, *lines, *found.asks))


TOKENS = {
    "nobody": ({}, "not logged in to corp", FixAction.LOGIN),
    "over": ({sso_file(): sso_token(-3 * HOUR)}, "the login to corp expired 3h ago", FixAction.LOGIN),
    "good": ({sso_file(): sso_token(5 * HOUR)}, "logged in to corp: expires in 5h 00m", None),
    "refreshed": (
        {sso_file(): sso_token(-HOUR, 50 * HOUR)},
        "logged in to corp: its access token expired 1h ago",
        None,
    ),
    "damaged": ({sso_file(): "{"}, "the token of corp is cut off", FixAction.LOGIN),
}


@pytest.mark.parametrize(("caches", "sentence", "cure"), TOKENS.values(), ids=TOKENS.keys())
def test_of_a_session_it_says_whether_somebody_is_logged_in(
    tmp_path: Path, caches: dict[str, object], sentence: str, cure: FixAction | None
) -> None:
    found = asked(tmp_path, LoginTopic("corp"), config=SESSION + DEV, caches=caches)
    assert found.subject == "corp (sso-session)"
    assert found.sentence.startswith(sentence)
    if cure is not None:
        assert found.fix is not None
        assert (found.fix.doing, found.fix.profile) == (cure, "corp")
        assert "dev waits for a login" in said(found)
    assert URL in said(found)
    assert "Registration" in said(found)
    assert "dev" in said(found)


def test_whether_it_is_refreshed_and_until_when_is_said(tmp_path: Path) -> None:
    caches = {sso_file(): sso_token(HOUR, 50 * HOUR)}
    found = asked(tmp_path, LoginTopic("corp"), config=SESSION + DEV, caches=caches)
    assert "it is refreshed by itself" in said(found)
    assert "expires in 2d 2h" in next(step.words for step in found.steps if step.title == "Registration")
    # AND a start URL without a session is not
    legacy = asked(tmp_path, LoginTopic(URL), config=OLD, caches={sso_file(URL): sso_token(HOUR, 50 * HOUR)})
    assert "cannot be refreshed" in said(legacy)


def test_a_session_that_no_section_describes_is_said_to_be_missing(tmp_path: Path) -> None:
    found = asked(tmp_path, LoginTopic("corp"), config=DEV)
    assert "there is no [sso-session corp]" in said(found)


def test_an_aws_login_is_one_as_well(tmp_path: Path) -> None:
    found = asked(tmp_path, LoginTopic(LOGIN, is_sso=False), config=CONSOLE)
    assert "aws login" in found.subject
    assert "console" in said(found)
    assert found.fix is not None
    assert found.fix.doing is FixAction.LOGIN


@pytest.mark.parametrize("header", ["profile data science", "dev", "sandbox"])
def test_of_a_section_it_says_what_aws_tools_make_of_it(tmp_path: Path, header: str) -> None:
    found = asked(tmp_path, SectionTopic(header), config=f"[{header}]\nregion = eu-west-1\n")
    assert found.subject == f"[{header}]"
    assert "config:1" in said(found)
    assert "region = eu-west-1" in said(found)
    assert found.culprit is not None
    assert found.fix is not None


def test_a_section_that_is_in_order_is_not_blamed(tmp_path: Path) -> None:
    found = asked(tmp_path, SectionTopic("plugins"), config="[plugins]\ncli_legacy_plugin_path = /x\n")
    assert found.culprit is None
    assert {step.verdict for step in found.steps} == {StepStatus.NOTE}


def test_of_several_it_says_each_cause_once_and_whom_it_stops(tmp_path: Path) -> None:
    roles = "".join(f"[profile r{i}]\nrole_arn = a\nsource_profile = nobody\n" for i in range(3))
    loop = "[profile loop]\nrole_arn = a\nsource_profile = loop\n"
    parts = {"config": roles + loop, "credentials": f"[base]\n{keys('BASE')}"}
    found = asked(tmp_path, HeadingTopic("broken", ("r0", "r1", "r2", "loop", "base")), **parts)
    assert found.sentence.startswith("4 of the 5 profiles under broken cannot work: ")
    assert [step.verdict for step in found.steps] == [StepStatus.CULPRIT, StepStatus.CULPRIT, StepStatus.FINE]
    assert "r0, r1 and r2" in said(found)
    assert found.fix is not None
    # AND where all is well that is said
    well = asked(tmp_path, HeadingTopic("keys", ("base",)), **parts)
    assert well.culprit is None
    assert well.sentence.startswith("nothing stops the 1 profile under keys")


def test_a_group_of_sections_tells_of_each(tmp_path: Path) -> None:
    config = "[dev]\nregion = x\n[profile a b]\nregion = x\n[plugins]\nx = y\n"
    found = asked(
        tmp_path, HeadingTopic("not profiles", (), ("profile a b", "dev", "plugins")), config=config
    )
    assert [step.title for step in found.steps] == ["[profile a b]", "[dev]"]


def test_of_a_file_that_serves_nobody_it_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    name = f"{'0' * 40}.json"
    found = asked(
        tmp_path, FileTopic(tmp_path / ".aws/cli/cache" / name), config=DEV, caches={f"cli/{name}": "{"}
    )
    assert found.subject == name
    assert "cut off" in said(found)


def test_a_name_stands_for_a_login_where_something_uses_it(tmp_path: Path) -> None:
    snapshot = Snapshot.take(make_home(tmp_path, config=SESSION + DEV + OLD + CONSOLE))
    assert of_name(snapshot, "corp") == LoginTopic("corp")
    assert of_name(snapshot, URL) == LoginTopic(URL)
    assert of_name(snapshot, LOGIN) == LoginTopic(LOGIN, is_sso=False)
    assert of_name(snapshot, "nothing") is None
    assert look_at(snapshot, LoginTopic("corp")).users == ("dev",)
    assert look_at(snapshot, LoginTopic(URL)).users == ("old",)


def test_a_secret_in_a_name_is_masked(tmp_path: Path) -> None:
    canary = "CANARYcanary/" * 4
    section = SectionTopic(f"x {canary}")
    found = asked(tmp_path, section, config=f"[{section.header}]\naws_secret_access_key = {canary}\n")
    assert canary not in label(section)
    assert canary not in said(found)
