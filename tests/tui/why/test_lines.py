"""The lines of the Why screen: the answer and its cure, then the steps, at every width."""

from pathlib import Path

import pytest

from rolecall.doctor.fixes import Fix, log_in, manual, run
from rolecall.steps import Step, StepStatus
from rolecall.tui.render.lines import Line, width_of
from rolecall.tui.tones import Tone
from rolecall.tui.why.view import (
    EVIDENCE_OF_CULPRIT,
    EVIDENCE_OF_SUSPECT,
    Headline,
    brief,
    headline_lines,
    looked_at,
    step_lines,
    worst_first,
)
from tests.tui.driving import text_of

EXPIRED = Step(
    "SSO token",
    StepStatus.CULPRIT,
    "it ended 3h ago",
    ("~/.aws/sso/cache/ab.json  expiresAt = 2030-01-01T09:00:00Z",),
)
CHOSEN = Step("Profile", StepStatus.FINE, "prod, chosen by AWS_PROFILE")
UNASKED = Step("Clock", StepStatus.UNKNOWN, "not asked yet")
STEPS = (CHOSEN, EXPIRED, UNASKED)
SAID = Headline(StepStatus.CULPRIT, "The SSO token of corp has expired.", log_in("prod", "log in (corp)"))


def texts(lines: list[Line]) -> list[str]:
    return [text_of(line).rstrip() for line in lines]


# The answer


def test_the_answer_stands_in_its_tone_above_the_key_that_mends_it() -> None:
    lines = headline_lines(SAID, 60)
    assert texts(lines) == ["✗ The SSO token of corp has expired.", "  enter  Log in (corp)"]
    assert {span.tone for span in lines[0]} == {Tone.BAD}
    assert lines[1][0].tone is Tone.ACCENT


@pytest.mark.parametrize(
    ("verdict", "begins", "tone"),
    [
        (StepStatus.CULPRIT, "✗ ", Tone.BAD),
        (StepStatus.SUSPECT, "△ ", Tone.WARN),
        (StepStatus.FINE, "✓ ", Tone.GOOD),
    ],
)
def test_no_answer_is_told_by_its_colour_alone(verdict: StepStatus, begins: str, tone: Tone) -> None:
    (line,) = headline_lines(Headline(verdict, "So it is."), 40)
    assert text_of(line).startswith(begins)
    assert line[0].tone is tone


def test_what_only_a_person_can_do_has_no_key() -> None:
    lines = texts(headline_lines(Headline(StepStatus.CULPRIT, "So.", manual("ask the account's owner")), 60))
    assert lines[1] == "  cure   Ask the account's owner"


def test_a_line_for_the_shell_is_shown_as_it_is_to_be_typed() -> None:
    line = "unset AWS_ACCESS_KEY_ID; unset AWS_SECRET_ACCESS_KEY"
    said = Headline(StepStatus.CULPRIT, "So.", run("unset both", line), line=line)
    assert texts(headline_lines(said, 70))[1:] == [
        "  enter  Unset both",
        "         unset AWS_ACCESS_KEY_ID; unset AWS_SECRET_ACCESS_KEY",
    ]


def test_a_line_that_the_words_are_already_is_not_said_twice() -> None:
    fix = run("unset AWS_PROFILE", "unset AWS_PROFILE")
    assert len(headline_lines(Headline(StepStatus.CULPRIT, "So.", fix, line=fix.shell), 70)) == 2


def test_the_question_stands_before_and_the_rest_after() -> None:
    said = Headline(StepStatus.FINE, "So.", None, ("ExpiredToken from ListBuckets.",), ("o asks AWS.",))
    assert texts(headline_lines(said, 60)) == ["ExpiredToken from ListBuckets.", "✓ So.", "o asks AWS."]


def test_a_long_answer_hangs_from_its_glyph() -> None:
    said = Headline(StepStatus.CULPRIT, "One two three four five.")
    assert texts(headline_lines(said, 14)) == ["✗ One two", "  three four", "  five."]


# The steps


def test_where_there_is_room_everything_stands_in_columns() -> None:
    assert texts(step_lines(STEPS, 72)) == [
        "✓ fine     Profile    prod, chosen by AWS_PROFILE",
        "✗ culprit  SSO token  it ended 3h ago",
        "           ~/.aws/sso/cache/ab.json  expiresAt = 2030-01-01T09:00:00Z",
        "? unknown  Clock      not asked yet",
    ]


def test_where_there_is_none_the_words_stand_under_the_title() -> None:
    assert texts(step_lines((CHOSEN, EXPIRED), 30)) == [
        "✓ fine     Profile",
        "  prod, chosen by AWS_PROFILE",
        "✗ culprit  SSO token",
        "  it ended 3h ago",
        "  ~/.aws/sso/cache/ab.json",
        "    expiresAt =",
        "    2030-01-01T09:00:00Z",
    ]


@pytest.mark.parametrize("verdict", StepStatus)
def test_every_verdict_is_a_glyph_and_a_word(verdict: StepStatus) -> None:
    (line,) = step_lines((Step("Clock", verdict, "so"),), 72)
    assert text_of(line).startswith(f"{verdict.glyph} {verdict}")


def test_what_nobody_asked_is_dimmed_and_the_culprit_stands_out() -> None:
    _, culprit, evidence, unknown = step_lines(STEPS, 72)
    assert [span.tone for span in culprit] == [Tone.BAD, Tone.STRONG, Tone.PLAIN]
    assert [span.tone for span in unknown] == [Tone.DIM, Tone.PLAIN, Tone.DIM]
    assert evidence[-1].tone is Tone.DIM


def test_evidence_is_no_wider_than_the_view_and_goes_on_further_in() -> None:
    long = Step("Files", StepStatus.NOTE, "so", ("word " * 20,))
    _, first, second = texts(step_lines((long,), 72))
    assert first.startswith(" " * 11 + "word")
    assert second.startswith(" " * 13 + "word")


def test_the_culprit_comes_first_then_suspects_and_what_is_fine_is_folded() -> None:
    steps = tuple(Step(str(verdict), verdict, "so") for verdict in StepStatus)
    assert [step.title for step in worst_first(steps)] == ["culprit", "suspect", "note", "unknown"]


def test_where_nothing_is_wrong_all_that_is_fine_is_shown_in_its_order() -> None:
    steps = tuple(Step(str(each), each, "so") for each in (StepStatus.FINE, StepStatus.NOTE, StepStatus.FINE))
    assert worst_first(steps) == steps


def test_what_nobody_looked_at_is_left_out() -> None:
    skipped = Step("AWS", StepStatus.UNKNOWN, "has not been asked", is_skipped=True)
    assert looked_at((CHOSEN, skipped, UNASKED)) == (CHOSEN, UNASKED)


MUCH = tuple(f"line {number}" for number in range(9))


def test_in_brief_the_culprit_alone_has_evidence() -> None:
    steps = tuple(Step(str(verdict), verdict, "so", MUCH) for verdict in StepStatus)
    assert {step.title: len(step.evidence) for step in brief(steps)} == {
        "fine": 0,
        "note": 0,
        "suspect": 0,
        "culprit": EVIDENCE_OF_CULPRIT,
        "unknown": 0,
    }


def test_in_brief_and_without_a_culprit_each_suspect_has_a_little() -> None:
    steps = tuple(
        Step("x", verdict, "so", MUCH)
        for verdict in (StepStatus.FINE, StepStatus.SUSPECT, StepStatus.SUSPECT)
    )
    assert [len(step.evidence) for step in brief(steps)] == [0, EVIDENCE_OF_SUSPECT, EVIDENCE_OF_SUSPECT]


def test_in_brief_all_else_stays() -> None:
    assert [(step.title, step.verdict, step.words) for step in brief(STEPS)] == [
        (step.title, step.verdict, step.words) for step in STEPS
    ]


def test_no_steps_no_lines() -> None:
    assert step_lines((), 72) == []


HOSTILE = "\x1b]0;owned\a[red]日本語" * 20
FIXES = (log_in("a", HOSTILE), manual(HOSTILE), run(HOSTILE, HOSTILE), None)


@pytest.mark.parametrize("width", [1, 2, 5, 12, 20, 40, 59, 60, 72, 106, 190])
@pytest.mark.parametrize("fix", FIXES)
def test_no_line_steers_the_terminal_or_leaves_the_view(width: int, fix: Fix | None) -> None:
    step = Step(HOSTILE, StepStatus.CULPRIT, HOSTILE, (HOSTILE, "x" * 300))
    said = Headline(StepStatus.CULPRIT, HOSTILE, fix, (HOSTILE,), (HOSTILE,), HOSTILE)
    lines = [*step_lines((step, *STEPS), width), *headline_lines(said, width)]
    # below a verdict's own width lines are cut where they are drawn
    assert all(width_of(line) <= max(width, 14) for line in lines)
    assert all(text_of(line).isprintable() for line in lines)


def test_a_secret_in_what_others_wrote_is_masked(tmp_path: Path) -> None:
    key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"[:40]
    step = Step("File", StepStatus.CULPRIT, f"a line holds {key}", (f"{tmp_path}:1  {key}",))
    line = f"export X={key}"
    said = Headline(StepStatus.CULPRIT, f"A line holds {key}.", run("do", line), (key,), (key,), line)
    seen = "".join(texts([*step_lines((step,), 200), *headline_lines(said, 200)]))
    assert key not in seen
