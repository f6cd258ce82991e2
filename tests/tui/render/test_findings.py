"""The lines of the list of findings: a line each, and one told whole with its cure above what proves it."""

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import fixes
from rolecall.doctor.finding import Finding, Location, Severity, SubjectKind
from rolecall.doctor.registry import Findings
from rolecall.tui.render.findings import Columns, Heading, finding_lines, line_of, list_line, listed
from rolecall.tui.render.lines import width_of
from rolecall.tui.tones import Tone
from tests.tui.driving import text_of
from tests.tui.wrong import finding, found

LONG = "it names something that is nowhere to be found, however long one looks for it in either file"
WIDTHS = (8, 20, 44, 72, 90, 112, 146)


def whole(snapshot: Snapshot, one: Finding, width: int = 100) -> list[str]:
    return [text_of(line).rstrip() for line in finding_lines(snapshot, one, width)]


def test_they_stand_under_the_headings_of_their_severities() -> None:
    findings = found(finding("c", Severity.INFO), finding("a"), finding("b"), finding("d", Severity.INFO))
    assert [each.code if isinstance(each, Finding) else each for each in listed(findings)] == [
        Heading("Errors", 2), "a", "b", Heading("Notes", 2), "c", "d",
    ]  # fmt: skip


def test_what_is_silenced_comes_last_under_a_heading_of_its_own() -> None:
    findings = Findings((finding("b", Severity.INFO),), (finding("a"),))
    assert [each.code if isinstance(each, Finding) else each for each in listed(findings)] == [
        Heading("Notes", 1), "b", Heading("Silenced", 1), "a",
    ]  # fmt: skip
    assert {span.tone for span in list_line(finding("a"), Columns.of([]), 80, is_silenced=True)[1:]} <= {
        Tone.DIM, Tone.PLAIN,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("", ["a-one", "b-two"]),
        ("A-ONE", ["a-one"]),
        ("prod", ["b-two"]),
        ("error dev", ["a-one"]),
        ("dev prod", []),
        ("staging", ["b-two"]),
    ],
)
def test_a_filter_takes_code_subject_message_severity_and_profiles(words: str, codes: list[str]) -> None:
    both = found(finding("a-one"), finding("b-two", subject="prod", profiles=("prod", "staging")))
    assert [each.code for each in listed(both, words) if isinstance(each, Finding)] == codes


def test_where_nothing_is_wrong_there_is_no_heading() -> None:
    assert listed(found()) == []


def test_columns_come_as_there_is_room() -> None:
    one = finding("missing-source", subject="prod-deploy", message=LONG)
    columns = Columns.of([one])
    narrow, middle, wide = (text_of(list_line(one, columns, width)) for width in (50, 80, 140))
    assert narrow.startswith("  ▲ it names")
    assert middle.startswith("  ▲ prod-deploy  it names")
    assert wide.startswith("  ▲ prod-deploy  missing-source  it names")


def test_a_name_that_has_a_column_is_not_said_twice() -> None:
    one = finding("no-region", subject="dev", message="dev has no region")
    wide, narrow = (text_of(list_line(one, Columns.of([one]), width)) for width in (80, 50))
    assert wide.split() == ["▲", "dev", "has", "no", "region"]
    assert narrow.split() == ["▲", "dev", "has", "no", "region"]


def test_what_is_marked_is_ticked_and_nothing_moves_by_it() -> None:
    one = finding("a")
    plain, marked = (text_of(list_line(one, Columns.of([one]), 80, is_marked=each)) for each in (False, True))
    assert marked == "✓" + plain[1:]


@pytest.mark.parametrize("width", WIDTHS)
def test_each_line_is_exactly_as_wide_as_there_is_room(width: int) -> None:
    one = finding("a" * 40, subject="s" * 60, message=LONG)
    for item in listed(found(one)):
        assert width_of(list_line(item, Columns.of([one]), width)) == width


def test_severities_are_told_apart_without_colour() -> None:
    columns = Columns.of([])
    assert len({text_of(list_line(finding("a", each), columns, 60))[2] for each in Severity}) == len(Severity)


def test_one_is_told_whole_with_its_cure_before_what_proves_it(demo_snapshot: Snapshot) -> None:
    config = demo_snapshot.files[0].path
    assert config is not None
    one = finding(
        "missing-source",
        subject="intern",
        message="intern names source_profile 'bsae', and there is no such profile",
        fix=fixes.change("set source_profile to base", "intern", {"source_profile": "base"}),
        place=Location(config, 187),
        evidence=("source_profile = bsae",),
        profiles=("intern", "trainee"),
    )
    line = f"rolecall --home {demo_snapshot.host.home} set intern source_profile base"
    assert line_of(demo_snapshot.host, one) == line
    assert whole(demo_snapshot, one, 200) == [
        "▲ missing-source  title of missing-source",
        "intern names source_profile 'bsae', and there is no such profile.",
        "It stops 2 profiles: intern, trainee; consequence of missing-source.",
        "",
        "enter  Set source_profile to base",
        f"       {line}",
        "",
        "~/.aws/config:187",
        "source_profile = bsae",
        "Affects intern, trainee.",
    ]


def test_a_place_that_the_evidence_begins_with_is_not_said_twice(demo_snapshot: Snapshot) -> None:
    config = demo_snapshot.files[0].path
    assert config is not None
    one = finding("a", place=Location(config, 7), evidence=("~/.aws/config:7  region = x",))
    assert sum("config:7" in line for line in whole(demo_snapshot, one)) == 1


def test_what_no_key_mends_has_no_key(demo_snapshot: Snapshot) -> None:
    seen = "\n".join(whole(demo_snapshot, finding("a", fix=fixes.manual("ask whoever gave you the role"))))
    assert "Ask whoever gave you the role" in seen
    assert "enter" not in seen


def test_of_many_profiles_some_are_named_and_the_others_counted(demo_snapshot: Snapshot) -> None:
    names = tuple(f"p{index}" for index in range(40))
    one = finding("a", subject="corp", kind=SubjectKind.SESSION, profiles=names)
    assert "Affects p0, p1, p2, p3, p4, p5, p6, p7 and 32 other profiles." in whole(demo_snapshot, one)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_there_is_room_and_no_word_is_lost(demo_snapshot: Snapshot, width: int) -> None:
    one = finding("missing-source", message=LONG, evidence=("x" * 300,), fix=fixes.run("do it", "do " * 90))
    lines = finding_lines(demo_snapshot, one, width)
    assert max(width_of(line) for line in lines) <= max(width, len("▲ missing-source"))
    seen = "".join(text_of(line) for line in lines).replace(" ", "")
    assert LONG[1:].replace(" ", "") in seen
    assert "x" * 300 in seen


def test_hostile_text_is_inert_and_an_example_of_a_secret_is_masked(demo_snapshot: Snapshot) -> None:
    hostile = "dev\x1b[31m\u202e\n has aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    one = finding(
        "a", subject="x\x1b[2J", message=hostile, evidence=(hostile,), fix=fixes.run(hostile, hostile)
    )
    columns = Columns.of([one])
    seen = "".join(
        text_of(line) for line in (list_line(one, columns, 146), *finding_lines(demo_snapshot, one, 80))
    )
    assert not set(seen) & {"\x1b", "\u202e", "\n"}
    assert "wJalrXUtnFEMI" not in seen


def test_a_heading_is_strong_and_its_count_is_not() -> None:
    heading, count, *_ = list_line(Heading("Warnings", 3), Columns.of([]), 40)
    assert (heading.text.strip(), heading.tone) == ("Warnings", Tone.STRONG)
    assert (count.text, count.tone) == ("3", Tone.DIM)
