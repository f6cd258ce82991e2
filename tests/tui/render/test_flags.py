"""Which lines are flagged: errors and warnings beside what they are about, and notes beside nothing."""

from pathlib import Path

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Severity, SubjectKind
from rolecall.tui.findings_state import flags_of
from rolecall.tui.render.expiry import expiry_flag, expiry_items
from rolecall.tui.render.flags import Flag, Flags, beside, column
from rolecall.tui.render.lines import width_of
from rolecall.tui.render.tree import Grouping, flatten, node_flag, outline
from tests.tui.worlds import NOW, World, keys
from tests.tui.wrong import finding, found

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


def test_a_profile_has_the_worst_of_its_own_and_of_what_it_suffers_from() -> None:
    flags = flags_of(
        found(
            finding("a", WARNING, "dev"),
            finding("b", ERROR, "corp", kind=SubjectKind.SESSION, profiles=("dev", "ops")),
            finding("c", WARNING, "ops"),
            finding("d", WARNING, "ci"),
        )
    )
    assert flags.profiles == {"dev": Flag.ERROR, "ops": Flag.ERROR, "ci": Flag.WARNING}


def test_what_is_merely_worth_knowing_is_no_flag_and_not_counted() -> None:
    flags = flags_of(found(finding("a", INFO, "dev"), finding("b", WARNING, "ops")))
    assert flags.profiles == {"ops": Flag.WARNING}
    assert flags.counts == {Flag.ERROR: 0, Flag.WARNING: 1}


def test_one_culprit_counts_once_however_many_suffer_from_it() -> None:
    everyone = tuple(f"p{index}" for index in range(40))
    flags = flags_of(found(finding("a", ERROR, "corp", kind=SubjectKind.SESSION, profiles=everyone)))
    assert flags.counts[Flag.ERROR] == 1
    assert set(flags.profiles) == set(everyone)


def test_variables_files_sessions_and_sections_have_their_own() -> None:
    path = Path("/home/me/.aws/cli/cache/a.json")
    flags = flags_of(
        found(
            finding("a", WARNING, "AWS_REGION", kind=SubjectKind.VARIABLE),
            finding("b", ERROR, "a.json", kind=SubjectKind.CACHE, path=path),
            finding("c", ERROR, "corp", kind=SubjectKind.SESSION),
            finding("d", WARNING, "dev", kind=SubjectKind.SECTION),
        )
    )
    assert flags.variables == {"AWS_REGION": Flag.WARNING}
    assert flags.files == {path: Flag.ERROR}
    assert flags.sessions == {"corp": Flag.ERROR}
    assert flags.sections == {"dev": Flag.WARNING}
    # AND a section, a session and a profile of one name are told apart
    assert flags.profiles == {}


def test_headings_have_none_and_a_section_that_is_no_profile_has_its_own(demo_snapshot: Snapshot) -> None:
    names = dict.fromkeys(demo_snapshot.profiles, Flag.ERROR)
    flags = Flags(profiles=names, sections={"sandbox": Flag.WARNING}, sessions={"acme": Flag.ERROR})
    lines = flatten(outline(demo_snapshot, Grouping.SOURCE), set())
    by_title = {line.node.title: node_flag(flags, line.node) for line in lines}
    assert by_title["[sandbox]"] is Flag.WARNING
    assert by_title["[profile data science]"] is None
    assert by_title["broken"] is by_title["acme (sso-session)"] is by_title["aws login"] is None
    assert all(by_title[name] is Flag.ERROR for name in names)


def test_an_end_is_a_sessions_a_profiles_or_this_shells(empty: World) -> None:
    pair = {"AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "CANARYcanary"}
    end = {"AWS_SESSION_TOKEN": "CANARY", "AWS_CREDENTIAL_EXPIRATION": "2026-03-10T10:00:00Z"}
    world = World(empty.home, pair | end).write(credentials=keys("a"))
    (shells,) = expiry_items(world.snapshot(), NOW)
    assert expiry_flag(Flags(variables={"AWS_SESSION_TOKEN": Flag.WARNING}), shells) is Flag.WARNING
    assert expiry_flag(Flags(variables={"AWS_REGION": Flag.ERROR}), shells) is None


def test_the_ends_of_a_session_and_of_a_profile_are_not_mixed_up(demo_snapshot: Snapshot) -> None:
    by_title = {end.title: end for end in expiry_items(demo_snapshot, NOW)}
    flags = Flags(sessions={"acme": Flag.ERROR}, profiles={"okta": Flag.WARNING, "partner": Flag.WARNING})
    assert expiry_flag(flags, by_title["acme (SSO)"]) is Flag.ERROR
    assert expiry_flag(flags, by_title["okta"]) is Flag.WARNING
    assert expiry_flag(flags, by_title["corp (SSO)"]) is None


def test_a_flag_takes_two_cells_and_is_told_from_the_other_without_colour() -> None:
    assert {width_of([column(flag)]) for flag in (*Flag, None)} == {2}
    assert {width_of(beside(flag)) for flag in Flag} == {2}
    assert beside(None) == ()
    assert len({flag.glyph for flag in Flag}) == len(Flag)
