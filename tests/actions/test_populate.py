"""Profiles for all permission sets: new, gone or called otherwise, and that a second run does nothing."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from rolecall.actions import populate
from rolecall.actions.errors import ActionFailed, Cancelled
from rolecall.actions.populate import Account, Entry, Status, Wanted
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from tests.actions.login_home import World, login_home
from tests.homes import put

SESSION = """\
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
"""
ONE, TWO = "111111111111", "222222222222"
LISTED = (Account(ONE, "Payments (Prod)", ("Admin", "Read")), Account(TWO, "Sand box", ("Admin",)))


def profile(name: str, account: str, role: str, more: str = "region = eu-west-1\n") -> str:
    return f"[profile {name}]\nsso_session = corp\nsso_account_id = {account}\nsso_role_name = {role}\n{more}"


def look(home: Path, config: str) -> Snapshot:
    put(home / ".aws" / "config", SESSION + config)
    return Snapshot.take(Host.of(home))


def statuses(entries: tuple[Entry, ...]) -> dict[str, Status]:
    return {each.profile: each.status for each in entries}


def run(home: Path, wanted: Wanted, *extra: Status, accounts: tuple[Account, ...] = LISTED) -> list[str]:
    """Carry out what is offered, and some more; return the remarks."""
    snapshot = Snapshot.take(Host.of(home))
    entries = populate.compare(snapshot, "corp", accounts, wanted)
    plan = populate.plan(snapshot, "corp", [e for e in entries if e.is_offered or e.status in extra])
    for change in plan.changes:
        assert change.after is not None
        change.path.write_bytes(change.after)
    return list(plan.remarks)


def test_what_is_missing_is_added_and_a_second_run_changes_nothing(tmp_path: Path) -> None:
    before = SESSION + "# mine\n" + profile("own", ONE, "Admin", "region = us-east-1   ; odd\n")
    put(tmp_path / ".aws" / "config", before)
    assert run(tmp_path, Wanted()) == ["It adds 2 profiles."]
    after = (tmp_path / ".aws" / "config").read_text()
    assert after.startswith(before)  # not a byte of what was there is another
    found = Snapshot.take(Host.of(tmp_path)).profiles
    assert dict(found["payments-prod-Read"].values) == {
        "sso_session": "corp",
        "sso_account_id": ONE,
        "sso_role_name": "Read",
        "region": "us-east-1   ; odd",
    }
    assert found["sand-box-Admin"].account == TWO
    assert run(tmp_path, Wanted()) == []
    assert (tmp_path / ".aws" / "config").read_text() == after


@pytest.mark.parametrize(
    ("config", "wanted", "found"),
    [
        ("", Wanted(), {"payments-prod-Admin": "new", "payments-prod-Read": "new", "sand-box-Admin": "new"}),
        (
            profile("payments-prod-Admin", ONE, "Admin"),
            Wanted(only="*prod*admin"),
            {"payments-prod-Admin": "there"},
        ),
        (profile("mine", ONE, "Admin"), Wanted(only="mine"), {"mine": "renamed"}),
        (
            profile("mine", ONE, "Admin"),
            Wanted(settings={"region": "us-east-1"}, only="mine"),
            {"mine": "different"},
        ),
        (profile("mine", "333333333333", "Admin"), Wanted(only="mine"), {"mine": "gone"}),
        (
            "[profile sand-box-Admin]\nregion = x\n",
            Wanted(only="sand*"),
            {f"sand-box-Admin-{TWO}": "clash"},
        ),
        (
            profile("other", TWO, "Admin").replace("sso_session = corp", "sso_session = elsewhere"),
            Wanted(only="sand*"),
            {"sand-box-Admin": "new"},
        ),
        (
            profile("old", TWO, "Admin").replace(
                "sso_session = corp", "sso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1"
            ),
            Wanted(only=TWO),
            {"old": "renamed"},
        ),
    ],
)
def test_each_permission_set_is_compared_with_the_files(
    tmp_path: Path, config: str, wanted: Wanted, found: Mapping[str, str]
) -> None:
    entries = populate.compare(look(tmp_path, config), "corp", LISTED, wanted)
    assert {name: str(status) for name, status in statuses(entries).items()} == found


def test_accounts_of_one_name_get_names_of_their_own_in_any_order(tmp_path: Path) -> None:
    alike = (Account(ONE, "Sand-Box", ("Admin",)), Account(TWO, "sand box", ("Admin",)))
    snapshot = look(tmp_path, "")
    names = {f"sand-box-Admin-{ONE}", f"sand-box-Admin-{TWO}"}
    for listed in (alike, alike[::-1]):
        assert set(statuses(populate.compare(snapshot, "corp", listed, Wanted()))) == names


def test_a_second_account_of_a_name_leaves_the_first_ones_profile_as_it_is(tmp_path: Path) -> None:
    put(tmp_path / ".aws" / "config", SESSION)
    run(tmp_path, Wanted(), accounts=LISTED[1:])
    both = (*LISTED[1:], Account(ONE, "SAND BOX", ("Admin",)))
    entries = populate.compare(Snapshot.take(Host.of(tmp_path)), "corp", both, Wanted())
    assert statuses(entries) == {"sand-box-Admin": "there", f"sand-box-Admin-{ONE}": "clash"}


def test_what_is_gone_is_removed_only_where_that_is_asked_for(tmp_path: Path) -> None:
    put(tmp_path / ".aws" / "config", SESSION + profile("gone", "333333333333", "X"))
    run(tmp_path, Wanted())
    assert "gone" in Snapshot.take(Host.of(tmp_path)).profiles
    assert run(tmp_path, Wanted(), Status.GONE) == ["It removes 1 profile."]
    assert "gone" not in Snapshot.take(Host.of(tmp_path)).profiles


def test_a_profile_in_the_old_form_is_never_gone_it_may_be_another_users(tmp_path: Path) -> None:
    old = profile("old", "333333333333", "X").replace(
        "sso_session = corp", "sso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1"
    )
    entries = populate.compare(look(tmp_path, old), "corp", LISTED, Wanted())
    assert "old" not in statuses(entries)


def test_a_rename_takes_what_refers_to_it_along(tmp_path: Path) -> None:
    over = "[profile over]\nrole_arn = arn:aws:iam::111111111111:role/x\nsource_profile = mine\n"
    put(tmp_path / ".aws" / "config", SESSION + profile("mine", ONE, "Admin") + over)
    run(tmp_path, Wanted(), Status.RENAMED)
    found = Snapshot.take(Host.of(tmp_path)).profiles
    assert found["over"].values["source_profile"] == "payments-prod-Admin"
    assert "mine" not in found


def test_settings_of_others_are_taken_but_not_where_they_get_credentials(tmp_path: Path) -> None:
    more = "region = eu-west-1\noutput = yaml\naws_session_token = CANARY\ns3 =\n  max_queue_size = 1\n"
    snapshot = look(tmp_path, profile("like", ONE, "Admin", more))
    assert populate.settings_like(snapshot, "like") == {"region": "eu-west-1", "output": "yaml"}


@pytest.mark.parametrize(
    ("account", "role", "name"),
    [
        ("Zürich / Büro", "Admin", "zurich-buro-Admin"),
        ("生产", "Admin", "111111111111-Admin"),
        ("a", "Power User]\n[x", "a-Power-User-x"),
        ('"; rm', "=,@", "rm--@"),
    ],
)
def test_a_name_is_plain_whatever_the_account_is_called(account: str, role: str, name: str) -> None:
    assert populate.name_of(populate.TEMPLATE, Account(ONE, account, ()), role, "corp") == name


@pytest.mark.parametrize(
    "template", ["{role}", "{account_name}", "{x}-{role}", "{role!r}{account_id}", "{", ""]
)
def test_a_template_that_cannot_tell_them_apart_is_refused(template: str) -> None:
    with pytest.raises(ActionFailed):
        populate.check_template(template)


@pytest.mark.long
def test_a_thousand_accounts_are_one_edit(tmp_path: Path) -> None:
    accounts = tuple(Account(f"{n:012}", f"Account {n}", ("A", "B", "C")) for n in range(1000))
    put(tmp_path / ".aws" / "config", SESSION)
    wanted = Wanted(settings={"region": "eu-west-1"})
    assert run(tmp_path, wanted, accounts=accounts) == ["It adds 3000 profiles."]
    assert run(tmp_path, wanted, accounts=accounts) == []
    renamed = Wanted("{account_id}.{role}")
    assert run(tmp_path, renamed, Status.RENAMED, accounts=accounts)[0] == "It renames 3000 profiles."
    assert run(tmp_path, wanted, Status.GONE, accounts=())[0] == "It removes 3000 profiles."
    assert (tmp_path / ".aws" / "config").read_text().strip() == SESSION.strip()


# asking the portal


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with login_home(tmp_path) as made:
        yield made


def ask(world: World) -> tuple[Account, ...]:
    snapshot = world.look()
    return populate.list_accounts(snapshot, populate.target(snapshot, "corp"), world.person, world.cancel)


@pytest.mark.long
def test_all_pages_are_asked_for_and_what_is_throttled_again(world: World) -> None:
    world.keep_token()
    world.stub.answers.accounts = {f"{n:012}": (f"A{n}", ("R1", "R2", "R3")) for n in range(5)}
    world.stub.answers.page = 2
    world.stub.answers.throttles = ["/assignment/accounts", "/assignment/roles"]
    assert ask(world) == tuple(Account(f"{n:012}", f"A{n}", ("R1", "R2", "R3")) for n in range(5))
    assert any("5 of 5 accounts" in step for step in world.person.told)


@pytest.mark.long
def test_a_session_that_no_profile_uses_can_be_asked_whatever_this_shell_chooses(world: World) -> None:
    put(world.home / ".aws" / "config", SESSION.replace("\n", "\r\n"))
    world.keep_token()
    snapshot = Snapshot.take(world.host(AWS_PROFILE="gone", AWS_DEFAULT_PROFILE="gone-too"))
    where = populate.target(snapshot, "corp")
    accounts = populate.list_accounts(snapshot, where, world.person, world.cancel)
    entries = populate.compare(snapshot, "corp", accounts, Wanted())
    (change,) = populate.plan(snapshot, "corp", entries).changes
    assert change.after is not None
    assert change.after.count(b"\n") == change.after.count(b"\r\n")


@pytest.mark.long
def test_without_a_login_it_says_how_to_log_in(world: World) -> None:
    with pytest.raises(ActionFailed) as raised:
        ask(world)
    assert raised.value.command == "login"
    assert "rolecall login corp" in str(raised.value.cure)
    world.keep_token()
    world.stub.tokens.clear()  # ended at AWS
    with pytest.raises(ActionFailed) as raised:
        ask(world)
    assert raised.value.command == "login"


@pytest.mark.long
def test_it_can_be_cancelled(world: World) -> None:
    world.keep_token()
    world.stub.answers.hangs.add("/assignment/roles")
    tell, told = world.person.tell, world.cancel.set

    def listen(step: str) -> None:
        tell(step)
        told()

    world.person.tell = listen  # type: ignore[method-assign]
    with pytest.raises(Cancelled):
        ask(world)


@pytest.mark.parametrize("name", ["nowhere", "dev"])
def test_what_is_no_session_is_refused(world: World, name: str) -> None:
    with pytest.raises(ActionFailed):
        populate.target(world.look(), name)
