"""The chain of a profile, drawn: root first, loops as loops, what is missing as a hole."""

from datetime import timedelta

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.registry import examine
from rolecall.tui.findings_state import flags_of
from rolecall.tui.render.chain import View, draw
from rolecall.tui.render.flags import Flag, Flags
from rolecall.tui.render.lines import Line, width_of
from rolecall.tui.tones import Tone
from tests.homes import soon
from tests.tui.worlds import NOW, World, keys, role

AMPLE, SCANT = 100, 34
ARROW = "──▶"
UNFLAGGED = Flags()


def drawn(snapshot: Snapshot, name: str, width: int = AMPLE, flags: Flags = UNFLAGGED) -> list[str]:
    lines = draw(View(snapshot, NOW, flags), snapshot.profiles[name], width)
    return ["".join(span.text for span in line).rstrip() for line in lines]


def in_order(text: str, *parts: str) -> bool:
    """Whether the parts stand in the text one after the other."""
    places = [text.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


# Across


def test_across_the_root_stands_first_and_the_profile_last(demo_snapshot: Snapshot) -> None:
    titles, notes, *_ = drawn(demo_snapshot, "logs")
    assert titles.split() == ["base", ARROW, "prod-admin", ARROW, "prod-deploy", ARROW, "logs"]
    assert in_order(notes, "keys ∞", "◐ 11m", "● 43m", "○ idle")


def test_each_hop_has_its_notes_right_below_it(demo_snapshot: Snapshot) -> None:
    titles, notes, *_ = drawn(demo_snapshot, "prod-deploy")
    for title, glyph in (("prod-admin", "◐"), ("prod-deploy", "●")):
        assert titles.index(title) == notes.index(glyph)


def test_a_hop_that_asks_for_a_code_has_its_badge(demo_snapshot: Snapshot) -> None:
    notes = drawn(demo_snapshot, "prod-admin")[1]
    assert in_order(notes, "keys ∞", "◐ 11m", "MFA")
    assert "MFA" not in drawn(demo_snapshot, "staging")[1]


def test_a_chained_role_says_that_an_hour_is_the_most(demo_snapshot: Snapshot) -> None:
    # whatever duration_seconds says: STS gives no more with another role's credentials
    notes = drawn(demo_snapshot, "prod-deploy")[1]
    assert in_order(notes, "● 43m", "max 1h")
    assert "max" not in drawn(demo_snapshot, "prod-admin")[1]


def test_keys_alone_are_one_box_and_no_arrow(demo_snapshot: Snapshot) -> None:
    titles, notes, *_ = drawn(demo_snapshot, "base")
    assert (titles, notes) == ("base", "keys ∞")


def test_an_sso_profile_draws_on_its_session(demo_snapshot: Snapshot) -> None:
    titles, notes, *_ = drawn(demo_snapshot, "dev")
    assert titles.split() == ["corp", ARROW, "dev"]
    assert in_order(notes, "● 6h 02m", "● 51m")


def test_what_is_no_profile_is_named_for_what_it_is(demo_snapshot: Snapshot) -> None:
    assert drawn(demo_snapshot, "bastion")[0].split(f" {ARROW} ") == ["instance metadata", "bastion"]


# Down, where there is no room


def test_down_the_root_stands_first_and_each_hop_deeper(demo_snapshot: Snapshot) -> None:
    lines = drawn(demo_snapshot, "logs", SCANT)[:4]
    for line, name in zip(lines, ("base", "prod-admin", "prod-deploy", "logs"), strict=True):
        assert name[:4] in line
    indents = [line.index(name) for line, name in zip(lines, ("base", "prod", "prod", "logs"), strict=True)]
    assert indents == sorted(set(indents))


def test_down_every_hop_after_the_first_hangs_on_an_arrow(demo_snapshot: Snapshot) -> None:
    first, *others = drawn(demo_snapshot, "logs", SCANT)[:4]
    assert "▶" not in first
    assert all("▶" in line for line in others)


@pytest.mark.parametrize("width", [14, 18, 24])
def test_down_the_name_wins_over_what_is_said_of_it(demo_snapshot: Snapshot, width: int) -> None:
    # GIVEN so little room that the notes and the name do not go side by side
    text = "\n".join(drawn(demo_snapshot, "prod-deploy", width)[:3])
    # THEN each hop can still be told from the others
    assert in_order(text, "base", "prod-admin", "ploy")


def test_a_long_chain_does_not_run_out_of_the_pane(empty: World) -> None:
    names = [f"hop{i}" for i in range(60)]
    sections = (role(name, source) for source, name in zip(["base", *names], names, strict=False))
    snapshot = empty.write("".join(sections), keys("base")).snapshot()
    lines = draw(View(snapshot, NOW), snapshot.profiles["hop59"], SCANT)
    for line, name in zip(lines, ["base", *names], strict=False):
        assert width_of(line) <= SCANT
        assert name[:3] in "".join(span.text for span in line)


# What is wrong


@pytest.mark.parametrize("width", [AMPLE, SCANT, 20])
@pytest.mark.parametrize("name", ["blue", "ops"])
def test_a_loop_leads_back_to_where_it_began(demo_snapshot: Snapshot, name: str, width: int) -> None:
    text = "\n".join(drawn(demo_snapshot, name, width))
    drawing, _, said = text.partition("\n\n")
    assert name in drawing
    # something that leads back, not only a line of hops that happens to end with the first name
    assert set("╭╰↺⟲↩◀◂←") & set(drawing)
    assert in_order(" ".join(said.split()).replace(" ", ""), "Infiniteloop", "InfiniteLoopConfigError")


def test_the_frame_of_a_loop_is_closed(demo_snapshot: Snapshot) -> None:
    lines = [line for line in drawn(demo_snapshot, "blue") if set(line) & set("╮╯")]
    corners = [(line.rindex("╮"), "top") for line in lines if "╮" in line]
    corners += [(line.rindex("╯"), "bottom") for line in lines if "╯" in line]
    assert {kind for _, kind in corners} == {"top", "bottom"}
    assert len({column for column, _ in corners}) == 1


@pytest.mark.parametrize("width", range(8, 40))
def test_the_frame_of_a_loop_is_whole_or_not_there(demo_snapshot: Snapshot, width: int) -> None:
    text = "\n".join(drawn(demo_snapshot, "ops", width)).partition("\n\n")[0]
    assert text.count("╮") == text.count("╯")


@pytest.mark.parametrize("width", [AMPLE, SCANT])
def test_a_missing_source_is_a_hole(demo_snapshot: Snapshot, width: int) -> None:
    text = "\n".join(drawn(demo_snapshot, "intern", width))
    assert in_order(text, "┄ bsae ┄", "intern", "InvalidConfigError")
    assert "no such" in text


def test_a_broken_profile_says_why(demo_snapshot: Snapshot) -> None:
    text = "\n".join(drawn(demo_snapshot, "backup"))
    assert in_order(text, "backup", "PartialCredentialsError")


def test_a_secret_in_a_source_is_not_drawn(empty: World) -> None:
    # GIVEN a key that is indented by mistake, so that it belongs to the value above it
    config = (
        "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/A\nsource_profile = base\n"
        "    aws_secret_access_key = CANARYcanary\n"
    )
    snapshot = empty.write(config, keys("base")).snapshot()
    assert "CANARY" not in "\n".join(drawn(snapshot, "a"))


@pytest.mark.parametrize("width", [AMPLE, SCANT])
def test_a_hop_is_flagged_where_something_is_wrong_with_it(demo_snapshot: Snapshot, width: int) -> None:
    flags = Flags(profiles={"prod-admin": Flag.WARNING, "logs": Flag.ERROR, "base": Flag.ERROR})
    lines = drawn(demo_snapshot, "logs", width, flags)
    text = lines[1] if width == AMPLE else "\n".join(lines[:4])
    assert in_order(text, "▲", "△ ◐", "●", "▲ ○")
    assert sum(line.count("▲") + line.count("△") for line in lines) == 3


def test_a_flag_stands_right_below_the_name(demo_snapshot: Snapshot) -> None:
    titles, notes, *_ = drawn(demo_snapshot, "logs", flags=Flags(profiles={"prod-deploy": Flag.WARNING}))
    assert titles.index("prod-deploy") == notes.index("△")


@pytest.mark.parametrize("width", [AMPLE, 20])
def test_a_loop_has_its_flags(demo_snapshot: Snapshot, width: int) -> None:
    drawing = drawn(demo_snapshot, "blue", width, Flags(profiles={"green": Flag.ERROR}))[:3]
    assert [line.count("▲") for line in drawing if "green" in line] == [1]


def test_a_login_has_its_flag(demo_snapshot: Snapshot) -> None:
    notes = drawn(demo_snapshot, "dev", flags=Flags(sessions={"corp": Flag.WARNING}))[1]
    assert in_order(notes, "△ ● 6h 02m", "● 51m")


def test_dependants_are_flagged(demo_snapshot: Snapshot) -> None:
    lines = drawn(demo_snapshot, "base", flags=Flags(profiles={"staging": Flag.ERROR}))
    assert [line.split()[1] for line in lines if "▲ ↻" in line] == ["staging"]


def test_what_happens_then_is_said(demo_snapshot: Snapshot) -> None:
    assert "The next use asks for an MFA code" in drawn(demo_snapshot, "prod-admin")
    assert any("fails" in line or "login" in line for line in drawn(demo_snapshot, "partner-audit"))


# What draws on it


def test_dependants_stand_below_with_how_they_stand(demo_snapshot: Snapshot) -> None:
    lines = drawn(demo_snapshot, "base")
    below = lines[lines.index("Used by") + 1 :]
    assert [line.split()[1] for line in below] == ["prod-admin", "staging", "release"]
    assert [line.split("▶ ")[0] for line in below] == ["├─", "├─", "└─"]
    assert in_order("\n".join(below), "◐ code due", "↻ renewable", "● 27m")


def test_nothing_is_said_where_nobody_draws_on_it(demo_snapshot: Snapshot) -> None:
    assert "Used by" not in drawn(demo_snapshot, "logs")


def test_many_dependants_are_counted_not_listed(empty: World) -> None:
    sections = "".join(role(f"r{i}", "base") for i in range(50))
    snapshot = empty.write(sections, keys("base")).snapshot()
    lines = drawn(snapshot, "base")
    shown = sum("▶" in line for line in lines)
    assert 5 <= shown < 50
    assert lines[-1].strip() == f"and {50 - shown} more"


# Always


@pytest.mark.parametrize("minutes", [0, 12, 600])
@pytest.mark.parametrize("widths", [range(5, 40), range(40, 201, 7)], ids=["narrow", "wide"])
def test_no_line_is_wider_than_the_pane(demo_snapshot: Snapshot, widths: range, minutes: int) -> None:
    now = NOW + timedelta(minutes=minutes)
    flags = flags_of(examine(demo_snapshot), demo_snapshot)
    for name, report in demo_snapshot.profiles.items():
        for width in widths:
            with soon():
                lines = draw(View(demo_snapshot, now, flags), report, width)
            assert lines
            assert max(width_of(line) for line in lines) <= width, (name, width)


def test_no_width_is_no_crash(demo_snapshot: Snapshot) -> None:
    for report in demo_snapshot.profiles.values():
        for width in range(5):
            with soon():
                draw(View(demo_snapshot, NOW), report, width)


def test_the_name_of_a_file_is_not_taken_for_a_secret(demo_snapshot: Snapshot) -> None:
    # a sentence may begin with a file's name: 40 characters, as a secret key has
    assert "is cut off" in "\n".join(drawn(demo_snapshot, "bastion"))
    assert "••••" not in "\n".join(drawn(demo_snapshot, "bastion"))


def test_a_loop_is_no_wider_than_its_names(demo_snapshot: Snapshot) -> None:
    drawing = drawn(demo_snapshot, "blue")[0]
    assert "  " not in drawing


def test_what_depends_on_a_login_that_is_missing_is_dimmed_and_says_so(empty: World) -> None:
    # GIVEN a role over a profile to whose session nobody has logged in
    member = "sso_session = acme\nsso_account_id = 111122223333\nsso_role_name = x\nregion = eu-west-1\n"
    session = "[sso-session acme]\nsso_start_url = https://acme.example/start\nsso_region = eu-west-1\n"
    snapshot = empty.write(f"{session}[profile a]\n{member}" + role("over", "a")).snapshot()
    lines = draw(View(snapshot, NOW, flags_of(examine(snapshot), snapshot)), snapshot.profiles["a"], 60)
    # THEN the flag is the session's, and what uses the profile waits for the login too
    assert "▲" in text_of(lines[1])
    (used,) = [line for line in lines if "over" in text_of(line)]
    assert text_of(used).split() == ["└─▶", "over", "✗", "login"]
    assert {each.tone for each in used if each.text.strip()} == {Tone.DIM}


def text_of(line: Line) -> str:
    return "".join(each.text for each in line)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("[default]\nregion = eu-west-1\noutput = json\n", "All that default sets is region, output."),
        ("[default]\n", "default sets nothing."),
    ],
)
def test_where_there_are_no_credentials_it_says_what_there_is(empty: World, config: str, said: str) -> None:
    lines = drawn(empty.write(config).snapshot(), "default")
    assert in_order("\n".join(lines), "Unable to locate credentials", said, "NoCredentialsError")
