"""Which lines are flagged: errors and warnings beside what they are about, and notes beside nothing."""

import json
from hashlib import sha1
from pathlib import Path

from rolecall.aws.expiry import State
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Severity, SubjectKind
from rolecall.doctor.registry import examine
from rolecall.tui.findings_state import flags_of
from rolecall.tui.render.expiry import expiry_flag, expiry_items
from rolecall.tui.render.flags import Flag, Flags, beside, column
from rolecall.tui.render.lines import width_of
from rolecall.tui.render.status_bar import Counts
from rolecall.tui.render.tree import (
    LOGINS,
    Grouping,
    flatten,
    logins_of,
    node_flag,
    outline,
    waiting_groups,
)
from tests.homes import put, soon
from tests.tui.worlds import NOW, World, keys, role
from tests.tui.wrong import finding, found

CORP = "[sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = eu-west-1\n"
ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


def test_a_profile_has_the_worst_of_its_own_flags_and_waits_for_what_it_suffers_from(empty: World) -> None:
    flags = flags_of(
        found(
            finding("a", WARNING, "dev"),
            finding("b", ERROR, "corp", kind=SubjectKind.SESSION, profiles=("dev", "ops")),
            finding("c", WARNING, "ops"),
            finding("d", WARNING, "ci"),
        ),
        empty.write(CORP).snapshot(),
    )
    assert flags.profiles == {"dev": Flag.WARNING, "ops": Flag.WARNING, "ci": Flag.WARNING}
    assert flags.sessions == {"corp": Flag.ERROR}
    assert flags.waits == {"dev": "corp", "ops": "corp"}


def waits_of(world: World) -> tuple[Flags, Snapshot]:
    snapshot = world.snapshot()
    return flags_of(examine(snapshot), snapshot), snapshot


SESSION = "[sso-session acme]\nsso_start_url = https://acme.example/start\nsso_region = eu-west-1\n"


def member(name: str) -> str:
    keys = "sso_account_id = 111122223333\nsso_role_name = x\nregion = eu-west-1\n"
    return f"[profile {name}]\nsso_session = acme\n{keys}"


def test_the_login_has_the_flag_and_all_that_need_it_wait(empty: World) -> None:
    # GIVEN profiles of a session to which nobody has logged in, a role over one of them, and one beside
    names = ("a", "b", "c", "d")
    config = SESSION + "".join(map(member, names)) + role("over", "a") + role("beside", "base")
    flags, snapshot = waits_of(empty.write(config, keys("base").replace("CANARYcanary", "wJalr" * 8)))
    # THEN there is one error, its flag is the session's, and each of them waits for the login
    assert flags.counts[Flag.ERROR] == 1
    assert flags.sessions == {"acme": Flag.ERROR}
    assert flags.waits == dict.fromkeys((*names, "over"), "login")
    assert Flag.ERROR not in flags.profiles.values()
    # AND the top line counts none of them
    counts = Counts.of(snapshot, NOW, flags)
    assert set(+counts.states) == {State.PERMANENT, State.IDLE}
    # AND the heading folds by itself, for all under it waits for the same
    roots = outline(snapshot, Grouping.SOURCE)
    assert waiting_groups(roots, flags, NOW) == {"session:acme"}
    # AND that is so before the findings are there
    assert waiting_groups(roots, Flags(), NOW) == {"session:acme"}


def test_an_ended_login_is_counted_once_and_not_what_waits_for_it(empty: World) -> None:
    put(
        empty.aws / "sso" / "cache" / f"{sha1(b'acme', usedforsecurity=False).hexdigest()}.json",
        json.dumps({"startUrl": "https://acme.example/start", "region": "eu-west-1", "accessToken": "CANARY",
                    "expiresAt": "2026-03-09T09:30:00Z"}),
    )  # fmt: skip
    flags, snapshot = waits_of(empty.write(SESSION + "".join(map(member, "abcde"))))
    assert flags.waits == dict.fromkeys("abcde", "login")
    assert +Counts.of(snapshot, NOW, flags).states == {State.EXPIRED: 1}


def test_a_login_that_has_no_line_of_its_own_leaves_the_flags_with_the_profiles(empty: World) -> None:
    # GIVEN a session that is named and does not exist, a login by `aws login` that is missing, a role over it
    config = member("a") + member("b") + "[profile c]\nlogin_session = arn:aws:iam::111122223333:user/ana\n"
    flags, snapshot = waits_of(empty.write(config + "region = eu-west-1\n" + role("over", "c")))
    # THEN each is flagged, for there is nowhere else to look
    assert {name for name, flag in flags.profiles.items() if flag is Flag.ERROR} == set("abc")
    assert flags.waits == {"over": "login"}
    titles = {line.node.title for line in flatten(outline(snapshot, Grouping.SOURCE), set())}
    assert "acme (sso-session)" not in titles


def test_a_start_url_has_its_heading_as_a_session_has(empty: World) -> None:
    url = "https://old.example/start"
    old = f"sso_start_url = {url}\nsso_region = eu-west-1\nsso_account_id = 111122223333\nsso_role_name = x\n"
    config = "".join(f"[profile {name}]\n{old}region = eu-west-1\n" for name in "abcd")
    flags, snapshot = waits_of(empty.write(config))
    assert flags.sessions == {url: Flag.ERROR}
    assert flags.waits == dict.fromkeys("abcd", "login")
    assert waiting_groups(outline(snapshot, Grouping.SOURCE), flags, NOW) == {f"session:{url}"}


def test_roles_wait_for_the_source_that_is_broken(empty: World) -> None:
    # GIVEN a role whose source does not exist, and roles over it
    names = ("a", "b", "c", "d")
    config = role("hub", "gone") + "".join(role(name, "hub") for name in names)
    flags, snapshot = waits_of(empty.write(config))
    # THEN the role has the flag, and those over it wait for it
    assert flags.profiles["hub"] is Flag.ERROR
    assert flags.waits == dict.fromkeys(names, "hub")
    assert +Counts.of(snapshot, NOW, flags).states == {State.BROKEN: 1}


def test_two_that_name_the_same_missing_source_are_both_to_be_mended(empty: World) -> None:
    flags, _ = waits_of(empty.write(role("a", "gone") + role("b", "gone")))
    assert flags.profiles == {"a": Flag.ERROR, "b": Flag.ERROR}
    assert flags.waits == {}


def test_what_goes_round_in_a_loop_is_flagged_and_what_leads_into_it_waits(empty: World) -> None:
    flags, _ = waits_of(empty.write(role("a", "b") + role("b", "a") + role("c", "a")))
    assert flags.profiles == {"a": Flag.ERROR, "b": Flag.ERROR}
    assert flags.waits == {"c": "a"}


def test_few_that_wait_and_those_of_a_group_in_which_one_does_not_are_not_folded(empty: World) -> None:
    few = empty.write(SESSION + "".join(map(member, "abc"))).snapshot()
    assert waiting_groups(outline(few, Grouping.SOURCE), Flags(), NOW) == set()
    mixed = empty.write(SESSION + "".join(map(member, "abcd")) + role("e", "a")).snapshot()
    flags = Flags(profiles={"e": Flag.ERROR}, waits=dict.fromkeys("abcd", "login"))
    assert waiting_groups(outline(mixed, Grouping.SOURCE), flags, NOW) == set()


def test_what_is_merely_worth_knowing_is_no_flag_and_not_counted(empty: World) -> None:
    flags = flags_of(found(finding("a", INFO, "dev"), finding("b", WARNING, "ops")), empty.snapshot())
    assert flags.profiles == {"ops": Flag.WARNING}
    assert flags.counts == {Flag.ERROR: 0, Flag.WARNING: 1}


def test_one_culprit_counts_once_however_many_suffer_from_it(empty: World) -> None:
    everyone = tuple(f"p{index}" for index in range(40))
    flags = flags_of(
        found(finding("a", ERROR, "corp", kind=SubjectKind.SESSION, profiles=everyone)),
        empty.write(CORP).snapshot(),
    )
    assert flags.counts[Flag.ERROR] == 1
    assert flags.profiles == {}
    assert set(flags.waits) == set(everyone)


def test_however_many_depend_on_one_it_takes_no_time(empty: World) -> None:
    everyone = tuple(f"p{index}" for index in range(20_000))
    with soon():
        for kind in SubjectKind:
            flags_of(found(finding("a", ERROR, "corp", kind=kind, profiles=everyone)), empty.snapshot())


def test_variables_files_sessions_and_sections_have_their_own(empty: World) -> None:
    path = Path("/home/me/.aws/cli/cache/a.json")
    flags = flags_of(
        found(
            finding("a", WARNING, "AWS_REGION", kind=SubjectKind.VARIABLE),
            finding("b", ERROR, "a.json", kind=SubjectKind.CACHE, path=path),
            finding("c", ERROR, "corp", kind=SubjectKind.SESSION),
            finding("d", WARNING, "dev", kind=SubjectKind.SECTION),
        ),
        empty.snapshot(),
    )
    assert flags.variables == {"AWS_REGION": Flag.WARNING}
    assert flags.files == {path: Flag.ERROR}
    assert flags.sessions == {"corp": Flag.ERROR}
    assert flags.sections == {"dev": Flag.WARNING}
    # AND a section, a session and a profile of one name are told apart
    assert flags.profiles == {}


def test_of_the_headings_logins_have_a_flag_and_a_section_that_is_no_profile_has_its_own(
    demo_snapshot: Snapshot,
) -> None:
    names = dict.fromkeys(demo_snapshot.profiles, Flag.ERROR)
    flags = Flags(profiles=names, sections={"sandbox": Flag.WARNING}, sessions={"acme": Flag.ERROR})
    lines = flatten(outline(demo_snapshot, Grouping.SOURCE), set())
    by_title = {line.node.title: node_flag(flags, line.node) for line in lines}
    assert by_title["[sandbox]"] is Flag.WARNING
    assert by_title["[profile data science]"] is None
    assert by_title["broken"] is by_title["corp (sso-session)"] is by_title["aws login"] is None
    assert by_title["acme (sso-session)"] is Flag.ERROR
    login = next(line.node for line in lines if line.node.key == LOGINS)
    (session,) = logins_of(login)
    assert node_flag(Flags(sessions={session: Flag.WARNING}), login) is Flag.WARNING
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
