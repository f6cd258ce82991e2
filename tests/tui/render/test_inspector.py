"""What the Inspector says: everything, with its place, and never a secret."""

import re
from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.cells import cell_width
from rolecall.demo import callers
from rolecall.doctor.sessions import LoginTopic, look_at
from rolecall.tui.render import inspector
from rolecall.tui.render.inspector import Details, Fact
from rolecall.tui.render.lines import width_of
from tests.homes import soon
from tests.tui.worlds import NOW, World, keys, role

PLACE = re.compile(r"^~/\.aws/(?P<file>config|credentials):(?P<line>\d+)  \[(?P<section>[^\]]+)\]$")
CANARY = "CANARYcanaryCANARYcanaryCANARYcanary0aB/"


def section(shown: Details, title: str) -> list[Fact]:
    """Return the facts under a heading."""
    facts = list(shown.facts)
    begin = next(i for i, fact in enumerate(facts) if fact.is_title and fact.label.startswith(title))
    end = next((i for i in range(begin + 1, len(facts)) if facts[i].is_title), len(facts))
    return facts[begin + 1 : end]


def fact(shown: Details, label: str) -> Fact:
    return next(each for each in shown.facts if each.label == label)


def said(shown: Details) -> str:
    """Return everything that is said, as text."""
    return "\n".join(f"{each.label} {each.text} {each.aside}" for each in shown.facts)


def everything(snapshot: Snapshot) -> list[Details]:
    return [
        *(inspector.profile_details(snapshot, name) for name in snapshot.profiles),
        *(inspector.variable_details(snapshot, variable.name) for variable in snapshot.variables),
        *(inspector.of_entry(snapshot, entry.path) for entry in snapshot.entries),
        *(inspector.of_stray(snapshot, header) for header in snapshot.files[0].headers.dropped),
        *(inspector.of_stray(snapshot, header) for header in snapshot.files[0].headers.other),
    ]


# A profile's settings


def test_every_setting_says_its_file_and_line(demo_snapshot: Snapshot) -> None:
    for name, report in demo_snapshot.profiles.items():
        if not report.settings:
            continue
        facts = section(inspector.profile_details(demo_snapshot, name), "Settings")
        assert {each.label for each in facts} >= set(report.settings), name
        for each in facts:
            assert PLACE.match(each.aside), (name, each)


def test_the_place_is_where_the_setting_stands(demo_snapshot: Snapshot) -> None:
    for name in demo_snapshot.profiles:
        for each in section(inspector.profile_details(demo_snapshot, name), "Settings"):
            place = PLACE.match(each.aside)
            if place is None or not each.label:
                continue
            path = demo_snapshot.host.home / ".aws" / place["file"]
            line = path.read_text().splitlines()[int(place["line"]) - 1]
            assert line.lstrip().startswith(each.label), (name, each)


def test_what_is_shadowed_stands_below_its_winner(demo_snapshot: Snapshot) -> None:
    # GIVEN ci's region in both files: credentials wins
    facts = section(inspector.profile_details(demo_snapshot, "ci"), "Settings")
    index = next(i for i, each in enumerate(facts) if each.label == "region")
    winner, loser = facts[index], facts[index + 1]
    assert winner.text == "us-east-1"
    assert "/credentials:" in winner.aside
    assert loser.text == "shadows eu-west-1"
    assert "/config:" in loser.aside


def test_what_an_earlier_section_of_the_same_profile_says_is_shadowed(demo_snapshot: Snapshot) -> None:
    # GIVEN [profile default], then [default]: for botocore one profile, and the later section wins
    facts = section(inspector.profile_details(demo_snapshot, "default"), "Settings")
    earlier = [each.text for each in facts if each.aside.endswith("[profile default]")]
    assert earlier == ["shadows us-east-1", "shadows table"]


def test_a_key_that_only_the_earlier_section_has_is_lost(empty: World) -> None:
    config = "[profile default]\nregion = us-east-1\noutput = table\n[default]\nregion = eu-west-1\n"
    facts = section(inspector.profile_details(empty.write(config).snapshot(), "default"), "Settings")
    output = next(each for each in facts if each.label == "output")
    assert "lost" in output.text
    assert output.aside == "~/.aws/config:3  [profile default]"


def test_what_the_session_adds_says_its_section(demo_snapshot: Snapshot) -> None:
    facts = section(inspector.profile_details(demo_snapshot, "dev"), "Settings")
    url = next(each for each in facts if each.label == "sso_start_url")
    assert "[sso-session corp]" in url.aside


def test_a_nested_block_is_said_whole(demo_snapshot: Snapshot) -> None:
    s3 = fact(inspector.profile_details(demo_snapshot, "prod-deploy"), "s3")
    assert s3.text == "max_concurrent_requests=20 addressing_style=path"


def test_an_empty_section_says_so(empty: World) -> None:
    facts = section(inspector.profile_details(empty.write("[profile bare]\n").snapshot(), "bare"), "Settings")
    assert [each.text for each in facts] == ["none: the section is empty"]


# How a profile stands


def test_where_the_tools_agree_they_are_one_line(empty: World) -> None:
    snapshot = empty.write(role("ops", "base"), keys("base")).snapshot()
    facts = section(inspector.profile_details(snapshot, "ops"), "Result in each tool")
    assert [(each.label, each.text) for each in facts] == [("all three", "assume-role")]


def test_where_the_tools_differ_they_stand_side_by_side(demo_snapshot: Snapshot) -> None:
    # a login: boto3 and CLI v1 need a library for it that is not there, and say so alike
    facts = section(inspector.profile_details(demo_snapshot, "console"), "Result in each tool")
    assert [each.label for each in facts] == ["boto3 and AWS CLI v1", "AWS CLI v2"]
    assert "MissingDependencyException" in facts[0].aside
    assert facts[1].text == "login"


def test_an_error_is_said_in_botocores_name_and_words(demo_snapshot: Snapshot) -> None:
    result, *_ = section(inspector.profile_details(demo_snapshot, "ops"), "Result in each tool")
    assert result.text.startswith("Infinite loop in credential configuration detected.")
    # the name, by which it can be searched for, is dimmed
    assert result.aside.startswith("InfiniteLoopConfigError, ")


def test_the_end_is_said_in_local_time_and_utc_with_where_it_is_written(demo_snapshot: Snapshot) -> None:
    end = fact(inspector.profile_details(demo_snapshot, "prod-deploy"), "expires")
    assert "2026-03-10 10:13:10 UTC" in end.text
    assert end.aside.startswith("from cli/cache/")


def test_the_chain_is_listed_with_the_roles(demo_snapshot: Snapshot) -> None:
    facts = section(inspector.profile_details(demo_snapshot, "prod-deploy"), "Chain")
    assert [each.label for each in facts] == ["base", "prod-admin", "prod-deploy"]
    assert [each.aside.rpartition("/")[2] for each in facts] == ["", "Admin", "Deploy"]


def test_it_stands_as_at_the_moment_of_the_snapshot(demo_snapshot: Snapshot) -> None:
    for name, report in demo_snapshot.profiles.items():
        state = fact(inspector.profile_details(demo_snapshot, name), "state")
        assert str(report.expiry.as_of(NOW).shown) in state.text


# A variable, a cache file, a section that is no profile


def test_a_variable_says_what_it_does_and_how_to_be_rid_of_it(demo_snapshot: Snapshot) -> None:
    shown = inspector.variable_details(demo_snapshot, "AWS_PROFILE")
    assert fact(shown, "value").text == "dev"
    assert fact(shown, "effect").text
    assert fact(shown, "to remove it (bash)").text == "unset AWS_PROFILE"


def test_a_variable_says_what_each_tool_would_use(demo_snapshot: Snapshot) -> None:
    facts = section(inspector.variable_details(demo_snapshot, "AWS_PROFILE"), "What a command")
    labels = [each.label for each in facts]
    assert labels[0].startswith("boto3")
    assert labels[-1].endswith("v2")
    assert "profile prod-deploy via AWS_DEFAULT_PROFILE" in facts[0].aside
    assert "profile dev via AWS_PROFILE" in facts[-1].aside


def test_an_empty_variable_is_told_from_an_unset_one(demo_snapshot: Snapshot) -> None:
    assert fact(inspector.variable_details(demo_snapshot, "AWS_PAGER"), "value").text == 'set to nothing ("")'


def test_a_cache_file_says_whose_it_is(demo_snapshot: Snapshot) -> None:
    entry = next(each for each in demo_snapshot.entries if each.is_collision)
    shown = inspector.of_entry(demo_snapshot, entry.path)
    assert fact(shown, "used by").text == "release, release-ci"
    assert "collision" in fact(shown, "problem").text
    assert fact(shown, "file").text == f"~/.aws/cli/cache/{entry.path.name}"


def test_a_damaged_cache_file_says_how_the_cli_dies_of_it(demo_snapshot: Snapshot) -> None:
    entry = next(each for each in demo_snapshot.entries if each.profiles == ("bastion",))
    assert "KeyError: 'b8084e" in fact(inspector.of_entry(demo_snapshot, entry.path), "the AWS CLI says").text


@pytest.mark.parametrize(
    ("header", "line", "why"),
    [
        ("sandbox", "[sandbox]", "not as a profile"),
        ("profile data science", "[profile data science]", "quotes around a name with spaces"),
    ],
)
def test_a_stray_section_says_why_it_is_no_profile(
    demo_snapshot: Snapshot, header: str, line: str, why: str
) -> None:
    shown = inspector.of_stray(demo_snapshot, header)
    path, _, number = fact(shown, "place").text.partition(":")
    assert path == "~/.aws/config"
    lines = (demo_snapshot.host.home / ".aws/config").read_text().splitlines()
    assert lines[int(number) - 1] == line
    assert why in fact(shown, "why").text


# Never a secret


def test_nothing_says_a_secret_of_the_demo(demo_snapshot: Snapshot) -> None:
    for shown in everything(demo_snapshot):
        text = shown.title + said(shown)
        for secret in callers.SECRETS:
            assert secret not in text, shown.title


@pytest.mark.parametrize(
    "above",
    ["role_arn = arn:aws:iam::111122223333:role/A", "source_profile = base", "region = eu-west-1",
     "credential_process = /bin/true", "sso_start_url = https://x.awsapps.com/start",
     "login_session = arn:aws:iam::111122223333:user/a", "mfa_serial = arn:aws:iam::111122223333:mfa/a"],
)  # fmt: skip
def test_a_secret_that_was_indented_by_mistake_is_not_said(empty: World, above: str) -> None:
    # GIVEN a secret that configparser takes for the continuation of the value above it
    role_of_it = "" if above.startswith("role_arn") else "role_arn = arn:aws:iam::111122223333:role/A\n"
    config = f"[profile a]\n{role_of_it}{above}\n    aws_secret_access_key = {CANARY}\n"
    snapshot = empty.write(config, keys("base")).snapshot()
    text = said(inspector.profile_details(snapshot, "a"))
    assert CANARY not in text
    assert CANARY[:12] not in text


def test_a_secret_that_stands_where_a_key_should_is_not_said(empty: World) -> None:
    # GIVEN a pasted token on a line of its own: its padding makes it a key with a value
    token = CANARY.lower() * 4
    snapshot = empty.write(f"[profile a]\nregion = eu-west-1\n{token}==\n").snapshot()
    assert token not in said(inspector.profile_details(snapshot, "a"))


# Laid out


@pytest.mark.parametrize("width", [20, 24, 33, 60, 76, 100, 150])
def test_no_line_is_wider_than_the_screen_and_no_word_is_lost(demo_snapshot: Snapshot, width: int) -> None:
    for shown in everything(demo_snapshot):
        with soon(2):
            lines = inspector.detail_lines(shown, width)
        assert max(width_of(line) for line in lines) <= width, shown.title
        seen = "".join("".join(span.text for span in line) for line in lines).replace(" ", "")
        for each in shown.facts:
            if not each.is_title and not each.aside and len(each.label) < width // 3:
                assert all(word in seen for word in each.text.split() if len(word) < width // 2), each


def test_long_texts_are_wrapped_beside_their_label() -> None:
    shown = Details("T", (Fact("why", "one two three four five six"),))
    lines = ["".join(span.text for span in line) for line in inspector.detail_lines(shown, 30)]
    assert [line[:10].strip() for line in lines] == ["why", ""]
    assert " ".join(line[10:].strip() for line in lines) == "one two three four five six"


def test_a_long_place_is_cut_in_its_middle(tmp_path: Path) -> None:
    deep = str(tmp_path / ("d" * 200) / "config:17  [profile a]")
    shown = Details("T", (Fact("region", "eu-west-1", aside=deep),))
    text = ["".join(span.text for span in line) for line in inspector.detail_lines(shown, 80)]
    assert any("…" in line and line.rstrip().endswith("config:17  [profile a]") for line in text)


def test_hostile_text_is_laid_out_inertly(empty: World) -> None:
    config = "[profile x\x1b[31m]\nregion = a\x9b31mb\u202ec\n"
    snapshot = empty.write(config).snapshot()
    for shown in everything(snapshot):
        for line in inspector.detail_lines(shown, 60):
            assert not set("".join(span.text for span in line)) & {"\x1b", "\x9b", "\u202e", "\n"}


SESSION = (
    "[sso-session meridian]\nsso_start_url = https://meridian.awsapps.com/start\nsso_region = eu-west-1\n"
)
SSO = "sso_session = meridian\nsso_account_id = 111122223333\nsso_role_name = Admin\n"
MANY = [f"payments-staging-{number:02}" for number in range(30)]


@pytest.fixture
def meridian(empty: World) -> Snapshot:
    profiles = "".join(f"[profile {name}]\n{SSO}" for name in MANY)
    arn = "arn:aws:iam::111122223333:role/x"
    over = f"[profile over]\nrole_arn = {arn}\nsource_profile = base\n"
    return empty.write(f"{SESSION}{profiles}{over}", keys("base")).snapshot()


def drawn(shown: Details, width: int) -> list[str]:
    return ["".join(each.text for each in line).rstrip() for line in inspector.detail_lines(shown, width)]


def test_a_login_names_its_profiles_once_and_beside_the_tree_only_the_first(meridian: Snapshot) -> None:
    state = look_at(meridian, LoginTopic("meridian"))
    whole = inspector.login_details(state, NOW, meridian)
    assert [said(whole).count(name) for name in MANY] == [1] * 30
    assert fact(whole, "waiting").text == "all of them"
    brief = inspector.login_details(state, NOW)
    assert fact(brief, "used by").text == f"{MANY[0]}, {MANY[1]} and 28 more"


@pytest.mark.parametrize("width", [36, 40, 60, 76, 108])
def test_no_word_is_broken_that_has_room_on_a_line_of_its_own(meridian: Snapshot, width: int) -> None:
    state = look_at(meridian, LoginTopic("meridian"))
    for shown in (inspector.login_details(state, NOW), inspector.login_details(state, NOW, meridian)):
        lines = drawn(shown, width)
        assert all(cell_width(line) <= width for line in lines)
        words = {word for line in lines for word in line.split()}
        for each in shown.facts:
            assert {word for word in each.text.split() if cell_width(word) <= width - 2} <= words


def test_the_labels_take_no_more_than_they_need(meridian: Snapshot) -> None:
    (line,) = (
        each
        for each in drawn(inspector.login_details(look_at(meridian, LoginTopic("meridian")), NOW), 108)
        if each.startswith("region")
    )
    assert line == "region        eu-west-1"


def test_a_cache_file_that_is_not_there_is_said_not_to_be(
    meridian: Snapshot, demo_snapshot: Snapshot
) -> None:
    assert fact(inspector.profile_details(meridian, "over"), "cache file").text.endswith(
        ".json (not there yet)"
    )
    there = {entry.path.name for entry in demo_snapshot.entries}
    for name, report in demo_snapshot.profiles.items():
        if report.cache_file:
            text = fact(inspector.profile_details(demo_snapshot, name), "cache file").text
            assert (text == report.cache_file) is (report.cache_file in there)
