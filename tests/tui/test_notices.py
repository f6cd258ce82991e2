"""Before an end: said once at each of the last minutes, of what is in use or marked and needs somebody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from textual.app import App
from textual.widgets._toast import Toast

from rolecall import user_settings
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.notices import Notice, Notices, announce, signals
from tests.aws.cases import SESSION, SSO_ROLE, environment_keys, keys, role
from tests.aws.entries import MINUTE, in_, role_entry, role_file, sso_file, sso_token
from tests.homes import NOW, Content, make_home, put

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DEVICE = "arn:aws:iam::123456789012:mfa/me"
BASE = f"[base]\n{keys('BASE')}"
WITH_MFA = f"[profile prod]\n{role('prod', 'base')}mfa_serial = {DEVICE}\n"
PLAIN = f"[profile prod]\n{role('prod', 'base')}"
PASTED = (
    "[base]\naws_access_key_id = ASIABASEEXAMPLE\naws_secret_access_key = CANARY\n"
    "aws_session_token = CANARY\nexpiration = {}\n"
)
CORP = f"{SESSION}[profile dev]\nsso_session = corp\n{SSO_ROLE}"
USED = {"AWS_PROFILE": "prod"}
ASKS = "renews it (MFA code)"


def role_with_mfa(end: timedelta, name: str = "prod") -> dict[str, Content]:
    return {role_file(name, SerialNumber=DEVICE): role_entry(in_(end), name=name)}


@dataclass
class Watch:
    """Notices over a home, at one moment after another."""

    place: Path
    wanted: user_settings.NoticeSettings = field(default_factory=user_settings.NoticeSettings)
    marked: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.notices = Notices(self.wanted)

    def over(
        self,
        config: str = WITH_MFA,
        credentials: str = BASE,
        caches: Mapping[str, Content] | None = None,
        environ: Mapping[str, str] = USED,
    ) -> "Watch":
        home = make_home(
            self.place, config=config, credentials=credentials, caches=caches or {}, environ=environ
        )
        self.snapshot = Snapshot.take(home)
        return self

    def due(self, after: timedelta = timedelta(0)) -> tuple[Notice, ...]:
        return self.notices.due(self.snapshot, NOW + after, self.marked)

    def words(self, after: timedelta = timedelta(0)) -> list[str]:
        return [notice.words for notice in self.due(after)]


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(tmp_path)


def test_it_is_said_once_at_15_5_and_1_minutes_with_the_key_that_renews_it(watch: Watch) -> None:
    # GIVEN a role in use that asks for a code, with an hour left
    watch.over(caches=role_with_mfa(HOUR))
    # WHEN every second of that hour passes
    said = {
        left: words
        for left in range(3600, -120, -1)
        if (words := watch.words(HOUR - timedelta(seconds=left)))
    }
    # THEN three of them have something to say
    assert said == {
        900: [f"prod expires in 15m 00s: v {ASKS}"],
        300: [f"prod expires in 5m 00s: v {ASKS}"],
        60: [f"prod expires in 1m 00s: v {ASKS}"],
    }


def test_the_notice_names_the_command_and_the_profile(watch: Watch) -> None:
    watch.over(caches=role_with_mfa(10 * MINUTE))
    (notice,) = watch.due()
    assert (notice.command, notice.profile) == ("assume", "prod")


@pytest.mark.parametrize(
    ("left", "words"),
    [(10 * MINUTE, "10m 00s"), (3 * MINUTE, "3m 00s"), (59 * SECOND, "59s"), (20 * SECOND, "20s")],
)
def test_a_start_inside_says_the_smallest_alone(watch: Watch, left: timedelta, words: str) -> None:
    watch.over(caches=role_with_mfa(left))
    assert watch.words() == [f"prod expires in {words}: v {ASKS}"]
    assert watch.words(SECOND) == []


def test_a_suspend_over_several_of_them_says_the_smallest_alone(watch: Watch) -> None:
    # GIVEN an end that was announced at 15 minutes
    watch.over(caches=role_with_mfa(15 * MINUTE))
    assert len(watch.due()) == 1
    # WHEN the machine sleeps until half a minute before it
    assert watch.words(14.5 * MINUTE) == [f"prod expires in 30s: v {ASKS}"]
    # THEN nothing of 5 minutes comes after, not even where the clock is put back
    assert watch.words(14.6 * MINUTE) == []
    assert watch.words(10 * MINUTE) == []


def test_an_end_that_is_past_is_none_to_come(watch: Watch) -> None:
    watch.over(caches=role_with_mfa(2 * MINUTE))
    assert watch.words(2 * MINUTE) == []


def test_an_end_that_has_moved_counts_anew(watch: Watch) -> None:
    # GIVEN an end that was announced
    watch.over(caches=role_with_mfa(MINUTE))
    assert len(watch.due()) == 1
    # WHEN the role is assumed anew, for an hour
    watch.over(caches=role_with_mfa(HOUR))
    assert watch.due() == ()
    # THEN that hour's end is announced as well
    assert watch.words(45 * MINUTE) == [f"prod expires in 15m 00s: v {ASKS}"]


def test_the_same_end_read_again_is_not_said_again(watch: Watch) -> None:
    watch.over(caches=role_with_mfa(4 * MINUTE))
    assert len(watch.due()) == 1
    watch.over(caches=role_with_mfa(4 * MINUTE))
    assert watch.due(SECOND) == ()


def test_what_renews_itself_is_not_spoken_of(watch: Watch) -> None:
    watch.over(PLAIN, caches={role_file("prod"): role_entry(in_(MINUTE), name="prod")})
    assert watch.due() == ()
    refreshing = {sso_file(): sso_token(MINUTE, registration=24 * HOUR)}
    watch.over(CORP, caches=refreshing, environ={"AWS_PROFILE": "dev"})
    assert watch.due() == ()


def test_what_is_neither_in_use_nor_marked_is_not_spoken_of(watch: Watch) -> None:
    # GIVEN a role that nobody uses here
    watch.over(caches=role_with_mfa(MINUTE), environ={})
    assert watch.due() == ()
    # WHEN it is marked
    watch.marked = ("prod",)
    # THEN it matters
    assert watch.words() == [f"prod expires in 1m 00s: v {ASKS}"]


@pytest.mark.parametrize("variable", ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
def test_in_use_is_what_any_of_the_tools_would_use_here(watch: Watch, variable: str) -> None:
    watch.over(caches=role_with_mfa(MINUTE), environ={variable: "prod"})
    assert len(watch.due()) == 1


def test_with_no_variable_the_default_profile_is_in_use(watch: Watch) -> None:
    config = f"[default]\n{role('prod', 'base')}mfa_serial = {DEVICE}\n"
    watch.over(config, caches=role_with_mfa(MINUTE), environ={})
    assert watch.words() == [f"default expires in 1m 00s: v {ASKS}"]


def test_the_profiles_on_the_way_are_in_use_as_well(watch: Watch) -> None:
    # GIVEN a role over a role over pasted keys, each with an end of its own
    config = f"{WITH_MFA}[profile top]\n{role('top', 'prod')}"
    watch.over(
        config,
        PASTED.format(in_(14 * MINUTE)),
        role_with_mfa(4 * MINUTE) | {role_file("top"): role_entry(in_(50 * MINUTE), name="top")},
        {"AWS_PROFILE": "top"},
    )
    # THEN those that end are named, what a key can renew last
    said = watch.due()
    assert [(each.words.split(" expires")[0], each.command) for each in said] == [
        ("base", None),
        ("prod", "assume"),
    ]
    assert said[0].words == "base expires in 14m 00s, then new keys must be pasted"


def test_a_login_is_announced_once_however_many_draw_on_it(watch: Watch) -> None:
    more = f"[profile ops]\nsso_session = corp\n{SSO_ROLE}"
    watch.marked = ("dev", "ops")
    watch.over(CORP + more, caches={sso_file(): sso_token(5 * MINUTE)}, environ={})
    (notice,) = watch.due()
    assert notice.words == "corp (SSO) expires in 5m 00s: v logs in again"
    assert notice.command == "login"
    assert notice.profile in watch.marked


def test_a_login_below_a_role_is_announced_too(watch: Watch) -> None:
    config = f"{CORP}[profile prod]\n{role('prod', 'dev')}"
    watch.over(config, caches={sso_file(): sso_token(5 * MINUTE)})
    assert [(notice.command, notice.profile) for notice in watch.due()] == [("login", "dev")]


def test_a_role_that_fails_at_its_end_says_why(watch: Watch) -> None:
    watch.over(
        PLAIN,
        PASTED.format(in_(-HOUR)),
        {role_file("prod"): role_entry(in_(10 * MINUTE), name="prod")},
    )
    assert watch.words() == ["prod expires in 10m 00s, then fails: its source has expired"]
    assert [notice.command for notice in watch.due(6 * MINUTE)] == [None]
    assert watch.notices.offer(watch.snapshot, NOW) is None


def test_the_keys_of_the_shell_are_announced_and_hide_the_profile_that_is_chosen(watch: Watch) -> None:
    # GIVEN temporary keys in the variables, which win over AWS_PROFILE
    shell = environment_keys("SHELL") | {
        "AWS_ACCESS_KEY_ID": "ASIASHELLEXAMPLE",
        "AWS_SESSION_TOKEN": "CANARY",
        "AWS_CREDENTIAL_EXPIRATION": in_(5 * MINUTE),
    }
    watch.over(caches=role_with_mfa(MINUTE), environ=USED | shell)
    # THEN it is their end that matters here
    (notice,) = watch.due()
    assert notice == Notice(
        "The session in this shell's variables expires in 5m 00s, then new keys must be pasted"
    )


def test_of_several_at_once_the_most_urgent_comes_last_and_alone_names_the_key(watch: Watch) -> None:
    config = WITH_MFA + WITH_MFA.replace("prod", "test")
    watch.marked = ("test", "prod")
    watch.over(config, caches=role_with_mfa(2 * MINUTE) | role_with_mfa(12 * MINUTE, "test"), environ={})
    assert watch.words() == [
        "test expires in 12m 00s, then asks for an MFA code",
        f"prod expires in 2m 00s: v {ASKS}",
    ]


def test_many_at_once_are_counted(watch: Watch) -> None:
    names = [f"p{index}" for index in range(50)]
    config = "".join(WITH_MFA.replace("prod", name) for name in names)
    caches: dict[str, Content] = {}
    for index, name in enumerate(names):
        caches |= role_with_mfa(2 * MINUTE + index * SECOND, name)
    watch.marked = tuple(names)
    watch.over(config, caches=caches, environ={})
    said = watch.words()
    assert said[0] == "47 more expire within 2m 49s"
    assert [words.split()[0] for words in said[1:]] == ["p2", "p1", "p0"]
    assert watch.words(SECOND) == []


def test_the_minutes_are_the_users_and_none_is_silence(watch: Watch) -> None:
    watch.notices.wanted = user_settings.NoticeSettings(minutes=(30, 2))
    watch.over(caches=role_with_mfa(HOUR))
    said = [left for left in range(60, 0, -1) if watch.words(HOUR - left * MINUTE)]
    assert said == [30, 2]
    watch.notices.wanted = user_settings.NoticeSettings(minutes=())
    watch.over(caches=role_with_mfa(MINUTE))
    assert watch.due() == ()


def test_what_is_broken_or_has_no_end_says_nothing(watch: Watch) -> None:
    watch.marked = ("prod", "base", "gone")
    watch.over(caches={role_file("prod", SerialNumber=DEVICE): "{"})
    assert watch.due() == ()


SEVERAL = "".join(WITH_MFA.replace("prod", name) for name in ("prod", "test", "demo"))


def ending(**minutes: int) -> dict[str, Content]:
    return {
        name: text
        for who, left in minutes.items()
        for name, text in role_with_mfa(left * MINUTE, who).items()
    }


def test_the_key_renews_what_expires_next_and_pressed_again_soon_the_next_of_them(watch: Watch) -> None:
    # GIVEN notices of three roles
    watch.marked = ("prod", "test", "demo")
    watch.over(SEVERAL, caches=ending(prod=9, test=4, demo=13))
    watch.due()

    def press(after: timedelta) -> str | None:
        offer = watch.notices.offer(watch.snapshot, NOW + after)
        assert offer is not None
        watch.notices.note_tried(offer, NOW + after)
        return offer.profile

    # WHEN the key is pressed again and again, THEN it goes from one to the next, and round
    assert [press(second * SECOND) for second in range(4)] == ["test", "prod", "demo", "test"]
    # WHEN it is pressed after a while, THEN it begins with the next to expire
    assert press(MINUTE) == "test"


def test_what_was_renewed_or_is_gone_is_passed_over(watch: Watch) -> None:
    watch.marked = ("prod", "test", "demo")
    watch.over(SEVERAL, caches=ending(prod=9, test=4, demo=13))
    watch.due()
    watch.over(SEVERAL, caches=ending(prod=9, test=59, demo=13))
    offer = watch.notices.offer(watch.snapshot, NOW)
    assert offer is not None
    assert offer.profile == "prod"
    watch.over(SEVERAL.replace("[profile prod]", "[profile other]"), caches=ending(test=59, demo=13))
    offer = watch.notices.offer(watch.snapshot, NOW)
    assert offer is not None
    assert offer.profile == "demo"


def test_what_has_expired_meanwhile_comes_last(watch: Watch) -> None:
    watch.marked = ("prod", "test")
    watch.over(SEVERAL, caches=ending(prod=9, test=4))
    watch.due()
    offer = watch.notices.offer(watch.snapshot, NOW + 5 * MINUTE)
    assert offer is not None
    assert offer.profile == "prod"


# The bell, the desktop


def test_nothing_goes_to_the_terminal_unless_it_is_wanted() -> None:
    assert signals(user_settings.NoticeSettings(), "prod ends") == ""


def test_the_bell_rings_where_it_is_wanted() -> None:
    assert signals(user_settings.NoticeSettings(bell=True), "prod ends") == "\a"


def test_the_desktop_is_told_in_both_ways() -> None:
    assert signals(user_settings.NoticeSettings(desktop=True), "prod ends") == (
        "\x1b]9;rolecall: prod ends\x1b\\\x1b]777;notify;rolecall;rolecall: prod ends\x1b\\"
    )


@pytest.mark.parametrize("hostile", ["\x1b]0;owned\a", "a\x9c\x1b\\b", "4;1;99", "x" * 5000, "\n\r\0"])
def test_no_name_steers_the_terminal(hostile: str) -> None:
    said = signals(user_settings.NoticeSettings(desktop=True), hostile)
    first, second, rest = said.split("\x1b\\")
    assert rest == ""
    for part, begins in ((first, "\x1b]9;rolecall: "), (second, "\x1b]777;notify;rolecall;rolecall: ")):
        assert part.startswith(begins)
        words = part.removeprefix(begins)
        assert words.isprintable()
        assert ";" not in words
        assert len(words) < 250


class Wired(App[None]):
    """An app that takes down what is written to its terminal."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []

    @property
    def is_headless(self) -> bool:
        return False

    def on_mount(self) -> None:
        assert self._driver is not None
        self._driver.write = self.written.append  # type: ignore[assignment, method-assign]


async def test_a_toast_says_it_inert_and_the_terminal_rings_once() -> None:
    app = Wired()
    due = (Notice("[red]a[/] ends"), Notice("b ends: v renews it", "assume", "b"))
    async with app.run_test(notifications=True) as pilot:
        announce(app, due, user_settings.NoticeSettings(bell=True))
        await pilot.pause()
        said = [str(toast.render()) for toast in app.screen.query(Toast)]
        assert said == ["[red]a[/] ends.", "b ends: v renews it (and 1 more: H)."]
        assert app.written.count("\a") == 1
        # AND with nothing due there is no bell
        announce(app, (), user_settings.NoticeSettings(bell=True))
        assert app.written.count("\a") == 1


def test_where_rolecall_serves_the_profile_in_use_what_it_serves_is_renewed(watch: Watch) -> None:
    served = WITH_MFA.replace("[profile prod]", "[profile prod-source]")
    config = f"{served}[profile prod]\ncredential_process = /bin/rolecall process prod-source\n"
    (watch.place / "bin").mkdir()
    watch.over(config.replace("/bin", str(watch.place / "bin")), caches=role_with_mfa(4 * MINUTE))
    put(watch.place / "bin" / "rolecall", "#!/bin/sh\n").chmod(0o755)
    watch.snapshot = Snapshot.take(watch.snapshot.host)
    (notice,) = watch.due()
    assert notice.profile == "prod-source"
    assert ASKS in notice.words
