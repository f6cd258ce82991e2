"""What is said of what is wrong, and why, holds no secret: findings, answers, reports, doctor, notices."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from rolecall import user_settings
from rolecall.actions.errors import ActionFailed
from rolecall.actions.silence_finding import silence
from rolecall.aws import cache_files
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding
from rolecall.doctor.registry import BY_CODE, Findings, examine
from rolecall.host import Host
from rolecall.tui.notices import Notices, signals
from rolecall.tui.render.findings import Columns, finding_lines, line_of, list_line, listed
from rolecall.tui.render.lines import Line
from rolecall.tui.why.question import Inquiry, headline
from rolecall.tui.why.view import headline_lines, step_lines
from rolecall.user_settings import Silence
from tests.cli.program import Program
from tests.differential import EXAMPLES
from tests.differential.homes import Home
from tests.doctor.aged_homes import Drawn, aged_homes, caches, fill
from tests.homes import NOW, make_home
from tests.promises.canaries import Canaries
from tests.promises.messages import QUOTING, messages
from tests.promises.planted import LAST_FOUR, MISPLACED, plant

WIDTHS = (20, 76, 196)
"""How wide lines are laid out: where one is cut, a secret must not come apart into what looks harmless."""
_CANARY = re.compile(r"CANARY|A[KS]IA[A-Z]{5}", re.IGNORECASE)
"""What the secrets of the random homes begin with, and whole access key ids."""


@dataclass(frozen=True)
class World:
    """A home that is full of secrets, and what is found there."""

    host: Host
    canaries: Canaries

    @cached_property
    def snapshot(self) -> Snapshot:
        return Snapshot.take(self.host)

    @cached_property
    def findings(self) -> Findings:
        return examine(self.snapshot)

    @property
    def inquiries(self) -> Iterator[Inquiry]:
        """Yield every question that can be asked without a message."""
        for name in (None, *self.snapshot.profiles):
            yield Inquiry(self.snapshot, self.findings, name)

    def leaks(self, texts: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return which secrets are in texts, and in which."""
        return sorted({(secret, where) for where, text in texts for secret in self.canaries.leaks(text)})


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(*plant(tmp_path_factory.mktemp("planted") / "home"))


def text_of(lines: Iterable[Line]) -> str:
    return "\n".join("".join(span.text for span in line) for line in lines)


# What the rules say


def raw(finding: Finding) -> str:
    """Return all that a rule has written."""
    parts = (finding.message, finding.consequence, finding.fix.words, *finding.evidence)
    return "\n".join((*parts, *runs(finding)))


def runs(finding: Finding) -> Iterator[str]:
    """Yield what somebody may run to mend it."""
    yield from filter(None, (finding.fix.run(), finding.fix.shell))


def test_a_rule_masks_what_it_quotes(world: World) -> None:
    # GIVEN that a secret which stands where a name or an ARN belongs is masked where the name is drawn
    said = {each.code: world.canaries.leaks(raw(each)) - MISPLACED - ADDRESSES for each in world.findings.all}

    assert len(said) > 20
    assert {code: secrets for code, secrets in said.items() if secrets} == {}


ADDRESSES = {"sso_start_url"}
"""Secrets in an address that names a login."""


def test_no_line_that_mends_something_holds_a_secret(world: World) -> None:
    lines = [(each.code, run) for each in world.findings.all for run in runs(each)]

    assert len(lines) > 20
    assert world.leaks(lines) == []


def findings_shown(world: World) -> Iterator[tuple[str, str]]:
    """Yield the list of findings and each finding told whole."""
    for width in WIDTHS:
        columns = Columns.of(world.findings.all)
        yield "list", text_of(list_line(item, columns, width) for item in listed(world.findings))
        for each in world.findings.all:
            yield each.code, text_of(finding_lines(world.snapshot, each, width))
            yield each.code, line_of(world.host, each) or ""


def test_no_finding_shows_a_secret_at_any_width(world: World) -> None:
    shown = list(findings_shown(world))

    assert world.leaks(shown) == []
    # THEN it has looked at what there was to hide
    text = "\n".join(text for _, text in shown)
    assert [words for words in ("--password ••••", "https://••••@", "SECRET=••••") if words not in text] == []


_FEW = max(EXAMPLES // 20, 1)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@settings(max_examples=_FEW, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
@given(home=aged_homes(), drawn=caches())
def test_no_finding_in_random_homes_holds_a_secret(place: Path, home: Home, drawn: Drawn) -> None:
    host = Host.of(place, home.write(place), clock=lambda: NOW, has_crt=home.has_crt)
    fill(host, drawn)
    snapshot = Snapshot.take(host)
    findings = examine(snapshot)
    # WHEN everything is told, and why of everybody
    texts = [raw(each) + repr(each.seen) for each in findings.all]
    for name in (None, *snapshot.profiles):
        inquiry = Inquiry(snapshot, findings, name)
        texts.append(repr(inquiry.answer) + inquiry.markdown(inquiry.answer))
    # THEN no secret is in it: the key that a rule's own page quotes is that of AWS's documentation
    plain = [text.replace("AKIAIOSFODNN7EXAMPLE", "") for text in texts]
    assert {match[0] for text in plain for match in _CANARY.finditer(text)} == set()


# Why, and the report


def answered(inquiry: Inquiry) -> Iterator[str]:
    """Yield all that becomes of an answer: on the screen, in the report, and how the file is called."""
    answer = inquiry.answer
    for width in WIDTHS:
        yield text_of(headline_lines(headline(inquiry, answer), width))
        yield text_of(step_lines(answer.steps, width))
    yield inquiry.markdown(answer)
    yield inquiry.file_name


def test_no_answer_and_no_report_shows_a_secret(world: World) -> None:
    shown = [(each.subject, text) for each in world.inquiries for text in answered(each)]

    assert len(shown) > 8 * 20
    assert world.leaks(shown) == []
    # THEN it has quoted the lines in which they stand
    text = "".join(text for _, text in shown)
    assert [words for words in ("= ••••", f"…{LAST_FOUR[3]}", "--token=••••") if words not in text] == []


@pytest.mark.long
def test_no_secret_that_a_pasted_message_quotes_is_shown(world: World) -> None:
    shown, known = [], set()
    for quoted, message in messages(world.canaries):
        for whom in (None, "keys"):
            inquiry = Inquiry(world.snapshot, world.findings, whom).about(message)
            if inquiry is not None:
                known.add(quoted)
                shown += [(quoted, text) for text in answered(inquiry)]

    assert set(QUOTING) - known == {"no error at all"}
    assert world.leaks(shown) == []


# The command line


def printed(world: World, *arguments: str) -> Iterator[tuple[str, str]]:
    """Run a command through a pipe, on a terminal and with JSON; yield all that it prints."""
    program = Program(world.host.home, dict(world.host.environ))
    for more, width in (((), None), ((), 60), (("--json",), None)):
        outcome = program(*arguments, *more, width=width)
        assert "bug" not in outcome.err
        yield " ".join((*arguments[:2], *more)), outcome.out + outcome.err


@pytest.mark.long
def test_the_doctor_prints_no_secret(world: World) -> None:
    asked = [(), ("--quiet",), *((name,) for name in world.snapshot.profiles)]
    runs = [shown for each in asked for shown in printed(world, "doctor", *each)]

    assert len(runs) > 3 * 25
    assert world.leaks(runs) == []
    # THEN it has said something of each, and of the settings, in which somebody else's secrets stand
    assert min(len(text) for _, text in runs) > 500
    assert "settings.toml:6: there is no finding '••••' to silence" in runs[0][1]


@pytest.mark.long
def test_the_doctor_repeats_no_secret_of_a_message_or_an_argument(world: World) -> None:
    arguments = [("--error", message) for _, message in messages(world.canaries)]
    for secret in (world.canaries.key("an argument"), world.canaries.token("an argument")):
        arguments += [("--silence", secret), ("--silence", f"orphan:{secret}")]
    runs = [shown for each in arguments for shown in printed(world, "doctor", *each)]

    assert world.leaks(runs) == []


# The settings, and the notices


SETTINGS = (
    '[findings]\nsilence = ["{0}"]\n',
    '[findings]\n"{0}" = 1\n',
    '"{0}" = 1\n',
    '["{0}"]\nx = 1\n',
    '["{0}"]\n["{0}"]\n',
    '"{0}" = 1\n"{0}" = 2\n',
    'x = "{0}\n',
    "{0}\n",
    '[notices]\nminutes = ["{0}"]\n',
    '[notices]\nbell = "{0}"\n',
    '[[findings]]\nsilence = "{0}"\n',
)
"""Settings with a secret in a wrong place."""


@pytest.mark.parametrize("written", SETTINGS)
def test_no_problem_with_the_settings_quotes_a_secret(tmp_path: Path, written: str) -> None:
    canaries = Canaries()
    for secret in (canaries.key("pasted"), canaries.token("pasted")):
        host = make_home(tmp_path, files={".config/rolecall/settings.toml": written.format(secret)})

        problem = user_settings.read_settings(host, BY_CODE).problem

        assert problem is not None
        assert canaries.leaks(problem) == set()


def test_silencing_shows_no_secret_and_writes_none(world: World) -> None:
    told, refused = [], 0
    for each in world.findings.all:
        what = Silence(each.code, each.subject.name)
        try:
            plan = silence(world.host, what.code, what.subject)
        except ActionFailed as failure:
            refused += 1
            told.append((each.code, f"{failure} {failure.cure}"))
            continue
        before = world.host.settings_file.read_text()
        told += [(each.code, f"{plan.title} {plan.remarks} {plan!r}")]
        after = "".join(change.after.decode() for change in plan.changes if change.after is not None)
        assert world.canaries.leaks(after) <= world.canaries.leaks(before)

    assert refused < len(told) / 3
    assert world.leaks(told) == []


def test_no_notice_tells_a_secret(tmp_path: Path) -> None:
    # GIVEN a login at an address with a password, and a profile that is called like a key, which end
    canaries = Canaries()
    address = f"https://me:{canaries.word('address')}@corp.example/start"
    end = (NOW + timedelta(minutes=14)).strftime("%Y-%m-%dT%H:%M:%SZ")
    temporary = canaries.access_key("id", "ENDS").replace("AKIA", "ASIA")
    host = make_home(
        tmp_path,
        config=f"[profile sso]\nsso_start_url = {address}\nsso_region = eu-west-1\n"
        "sso_account_id = 111122223333\nsso_role_name = Developer\n",
        credentials=f"[{canaries.key('name')}]\naws_access_key_id = {temporary}\n"
        f"aws_secret_access_key = {canaries.key('key')}\naws_session_token = {canaries.token('token')}\n"
        f"x_security_token_expires = {end}\n",
        caches={
            f"sso/{cache_files.sso_token(address)}.json": {
                "startUrl": address,
                "region": "eu-west-1",
                "accessToken": canaries.token("access"),
                "expiresAt": end,
            }
        },
    )
    # WHEN their last minutes come
    notices = Notices(user_settings.NoticeSettings(minutes=(15, 5, 1), bell=True, desktop=True))
    snapshot = Snapshot.take(host)
    due = [notices.due(snapshot, NOW + timedelta(minutes=past), snapshot.profiles) for past in (1, 10, 13.5)]
    # THEN what is said of both, to the user and to the desktop, has none of it
    said = "".join(notice.words + signals(notices.wanted, notice.words) for each in due for notice in each)
    assert [len(each) for each in due] == [2, 2, 2]
    assert "\x1b]777;notify;" in said
    assert canaries.leaks(said) == set()
