"""The question behind the Why screen: whom it is about, what was heard, how that stands on top."""

from dataclasses import replace
from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.demo import callers
from rolecall.doctor.explain import WhyAnswer
from rolecall.doctor.registry import Findings, examine
from rolecall.doctor.sessions import LoginTopic
from rolecall.doctor.topics import HeadingTopic, SectionTopic, Topic
from rolecall.steps import Step, StepStatus
from rolecall.tui.render.first_run import LAST_GOOD
from rolecall.tui.why.question import ASSUMES, MOST_SENTENCES, Inquiry, headline, paragraphs, programs
from rolecall.tui.why.view import headline_lines, step_lines
from tests.aws.cases import SESSION, SSO_ROLE, keys, role
from tests.homes import make_home
from tests.tui.driving import text_of

CLOCK = Step("Clock", StepStatus.CULPRIT, "it is 7 minutes behind")
FINE = Step("Clock", StepStatus.FINE, "it agrees")
MISSING = "The config profile (gone) could not be found"
BASE = f"[base]\n{keys('BASE')}"


def inquiry_of(home: Path, profile: str | None = "base", config: str = "") -> Inquiry:
    snapshot = Snapshot.take(make_home(home, config=config, credentials=BASE))
    return Inquiry(snapshot, examine(snapshot), profile)


def answer(*steps: Step, asks: tuple[str, ...] = ()) -> WhyAnswer:
    return WhyAnswer("base", steps, None, "so it is", None, asks)


def test_what_is_heard_twice_counts_as_it_was_heard_last(tmp_path: Path) -> None:
    inquiry = inquiry_of(tmp_path).with_check(CLOCK).with_check(FINE)
    assert inquiry.online == (FINE,)
    assert inquiry.offline().online == ()


def test_no_message_no_other_question(tmp_path: Path) -> None:
    assert inquiry_of(tmp_path).about("make: *** [all] Error 2") is None


def test_a_message_that_is_not_known_asks_about_what_it_names(tmp_path: Path) -> None:
    # GIVEN
    inquiry = inquiry_of(tmp_path, profile=None, config="[profile team-a]\nregion = eu-west-1\n")
    # WHEN
    asked = inquiry.about("frobnicate: no luck with team-a")
    # THEN
    assert asked is not None
    assert asked.profile == "team-a"
    assert "No error that rolecall knows" in headline(asked, asked.answer).before[0]
    assert asked.answer.steps[0].verdict is StepStatus.UNKNOWN


def test_a_message_about_a_name_that_is_no_profile_asks_about_that_name(tmp_path: Path) -> None:
    asked = inquiry_of(tmp_path).with_check(FINE).about(MISSING)
    assert asked is not None
    assert (asked.profile, asked.online) == ("gone", ())


@pytest.mark.parametrize(
    ("steps", "verdict"),
    [
        ((FINE,), StepStatus.FINE),
        ((FINE, Step("x", StepStatus.SUSPECT, "so")), StepStatus.SUSPECT),
        ((Step("x", StepStatus.SUSPECT, "so"), CLOCK), StepStatus.CULPRIT),
        ((Step("x", StepStatus.UNKNOWN, "so"),), StepStatus.FINE),
    ],
)
def test_the_worst_step_says_what_the_answer_amounts_to(
    tmp_path: Path, steps: tuple[Step, ...], verdict: StepStatus
) -> None:
    assert headline(inquiry_of(tmp_path), answer(*steps)).verdict is verdict


def test_on_top_all_are_sentences_and_not_too_many(tmp_path: Path) -> None:
    said = headline(inquiry_of(tmp_path), answer(FINE, asks=("one is", "two is", "three is", "four is", "")))
    assert said.words == "So it is."
    assert said.after[:MOST_SENTENCES] == ("One is.", "Two is.", "Three is.")


@pytest.mark.parametrize(
    ("profile", "name"),
    [
        ("prod", "rolecall-prod.md"),
        (None, "rolecall-this-shell.md"),
        ("../../etc/passwd", "rolecall--..-etc-passwd.md"),
        ("a b\x1b/\0", "rolecall-a-b---.md"),
        ("..", "rolecall-profile.md"),
        ("L" * 10_000, f"rolecall-{'L' * 80}.md"),
        ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYzNobodyKEY", "rolecall-----.md"),
        ("prod\u3164", "rolecall-prod-.md"),
    ],
)
def test_a_file_is_named_by_the_profile_and_lies_beside_nothing_else(
    tmp_path: Path, profile: str | None, name: str
) -> None:
    assert inquiry_of(tmp_path, profile).file_name == name


def test_no_answer_and_no_report_holds_a_secret(demo_snapshot: Snapshot) -> None:
    findings = examine(demo_snapshot)
    for profile in (None, *demo_snapshot.profiles):
        inquiry = Inquiry(demo_snapshot, findings, profile)
        found = inquiry.answer
        lines = [*headline_lines(headline(inquiry, found), 100), *step_lines(found.steps, 100)]
        said = "\n".join([*map(text_of, lines), inquiry.markdown(found)])
        assert len(said) > 100
        for secret in callers.SECRETS:
            assert secret not in said, profile


# What goes out


def words(inquiry: Inquiry) -> str:
    return "\n".join(text for text, _ in paragraphs(inquiry.snapshot, inquiry.profile))


def test_each_thing_that_goes_out_is_named(tmp_path: Path) -> None:
    said = words(inquiry_of(tmp_path))
    for part in (
        "unsigned request to STS",
        "GetCallerIdentity with the credentials of base",
        "aws --version",
    ):
        assert part in said
    assert "SSO" not in said
    assert ASSUMES not in said


def test_a_role_over_sso_says_that_it_is_assumed_and_that_sso_is_asked(tmp_path: Path) -> None:
    config = f"{SESSION}[profile dev]\nsso_session = corp\n{SSO_ROLE}[profile top]\n{role('top', 'dev')}"
    said = words(inquiry_of(tmp_path, "top", config))
    assert "SSO portal" in said
    assert ASSUMES in said


def test_the_programs_of_a_chain_are_named(tmp_path: Path) -> None:
    config = f"[profile tools]\ncredential_process = /bin/tool --go\n[profile top]\n{role('top', 'tools')}"
    inquiry = inquiry_of(tmp_path, "top", config)
    shown = programs(inquiry.snapshot, "top")
    assert shown == ("/bin/tool --go",)
    assert shown[0] in words(inquiry)


def test_a_profile_that_is_not_there_has_no_programs(tmp_path: Path) -> None:
    assert programs(inquiry_of(tmp_path).snapshot, "gone") == ()


@pytest.mark.parametrize(
    "topic",
    [
        "base",
        LoginTopic("corp"),
        HeadingTopic("broken", ("base",)),
        SectionTopic("profil x"),
    ],
)
@pytest.mark.parametrize("is_behind", [False, True])
def test_once_a_file_is_broken_it_is_the_answer_and_not_that_there_is_no_profile(
    tmp_path: Path, topic: Topic, *, is_behind: bool
) -> None:
    # GIVEN a question about what is there
    inquiry = replace(inquiry_of(tmp_path, config=SESSION), topic=topic)
    # WHEN a line of config is torn; it may not have been looked for findings yet
    snapshot = Snapshot.take(make_home(tmp_path, config=f"{SESSION}regoin eu-west-1\n", credentials=BASE))
    line = snapshot.files[0].line
    asked = inquiry.over(snapshot, Findings() if is_behind else examine(snapshot))
    # THEN it is said where, that the editor opens there, and that what is shown is from before
    top = headline(asked, asked.answer)
    assert "~/.aws/config" in top.words
    assert f"line {line}" in top.words
    assert top.fix is not None
    assert (top.fix.path, top.fix.line) == (snapshot.files[0].path, line)
    assert top.after[-1] == LAST_GOOD
    assert "there is no profile" not in asked.markdown(asked.answer)
    # AND where nothing was shown before, nothing is said of it
    alone = replace(inquiry_of(tmp_path, config=f"{SESSION}oops\n"), topic=topic)
    assert LAST_GOOD not in headline(alone, alone.answer).after


def test_a_message_that_names_a_profile_is_about_the_file_while_that_is_broken(tmp_path: Path) -> None:
    asked = inquiry_of(tmp_path, config="oops\n").about("The config profile (base) could not be found")
    assert asked is not None
    assert "~/.aws/config" in asked.answer.sentence
    assert not [words for words in asked.answer.asks if words.startswith("Besides")]
    assert "there is no profile" not in asked.markdown(asked.answer)
