"""What people reported, as a table: a home, a question, what has to be named first, and the cure."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Finding
from rolecall.doctor.registry import examine
from rolecall.host import Host
from tests.cli.program import Program
from tests.doctor.mending import mend
from tests.doctor.rows import Row
from tests.homes import make_home

KEY, OTHER_KEY = "AKIAQZ7K2WFM4TXC5HLA", "AKIAQZ7K2WFM4TXC5HLB"
SECRET, OTHER_SECRET = "q7" * 20, "r8" * 20
TEMPORARY = "ASIAQZ7K2WFM4TXC5HLA"
TOKEN = "FwoGZXIvYXdz" + "Qm9yZWQ7" * 12
PAIR = f"aws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n"
OTHER_PAIR = f"aws_access_key_id = {OTHER_KEY}\naws_secret_access_key = {OTHER_SECRET}\n"
SESSION = f"aws_access_key_id = {TEMPORARY}\naws_secret_access_key = {SECRET}\naws_session_token = {TOKEN}\n"
PAIR_SET = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}
ACCOUNT, OTHER_ACCOUNT = "210987654321", "345678901234"
ROLE = f"arn:aws:iam::{ACCOUNT}:role"
TOKEN_FILE = "eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjE5OTk5OTk5OTl9.c2ln"
"""A web identity token that is good until 2033."""
ANY = ""
"""Any finding or none: the words of the answer name the cause."""
_ROW = Row("", "", {}, {})


@dataclass(frozen=True)
class Case:
    """One question in one home.

    Attributes:
        name: what it is about.
        home: as ``tests.homes.make_home`` takes it.
        first: the finding that is named first; None if nothing is certain or likely to fail, ANY if the words
            tell it.
        says: words of the answer and its cure.
        unsaid: words that are nowhere in what is printed.
        absent: findings that there are not.
        subject: of what the first finding tells.
        line: where the first finding is in its file.
        profile: whom the question is about; None for no name.
        error: the message that is pasted.
        states: what the list says of profiles: the state of their expiry.
        cures: whether the cure is a line, which is carried out and makes the finding go away.
        prepare: what else makes the home.
    """

    name: str
    home: Mapping[str, object]
    first: str | None
    says: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    subject: str | None = None
    line: int | None = None
    profile: str | None = None
    error: str | None = None
    states: Mapping[str, str] = field(default_factory=dict)
    cures: bool = False
    prepare: Callable[[Path], None] = field(default=lambda _: None)

    def build(self, place: Path) -> Host:
        """Write the home, with the modes that it should have."""
        host = make_home(place, **self.home)  # type: ignore[arg-type]  # as that function has them
        for path in (place / ".aws").rglob("*"):
            path.chmod(0o700 if path.is_dir() else 0o600)
        self.prepare(place)
        return host

    def asks(self, host: Host) -> dict[str, Any]:
        """Ask ``rolecall doctor``, and return its JSON."""
        program = Program(host.home, dict(host.environ), host.clock)
        name = () if self.profile is None else (self.profile,)
        message = () if self.error is None else ("--error", self.error)
        outcome = program("doctor", *name, *message, "--json")
        assert outcome.code in (0, 1), outcome.err
        answer: dict[str, Any] = outcome.json
        return answer


def named(answer: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return what an answer names first: its culprit, else the worst finding, unless it is a mere note."""
    findings = answer["findings"]
    culprit = answer.get("culprit")
    if culprit is not None:
        return next(each for each in findings if each["code"] == culprit)  # type: ignore[no-any-return]
    return next((each for each in findings if each["severity"] != "info"), None)


def told(answer: Mapping[str, Any]) -> str:
    """Return the words of what is named first, of the sentence, and of the cure."""
    first = named(answer) or {}
    fix = first.get("fix") or {}
    cure = answer.get("cure") or {}
    parts = [
        answer.get("sentence"),
        first.get("message"),
        *first.get("evidence", ()),
        first.get("consequence"),
    ]
    parts += [fix.get("words"), fix.get("run"), cure.get("words"), cure.get("run"), *answer.get("asks", ())]
    parts.append((answer.get("message") or {}).get("sentence"))
    return "\n".join(part for part in parts if part)


def states(host: Host) -> dict[str, str]:
    """Return what the list says of each profile."""
    outcome = Program(host.home, dict(host.environ), host.clock)("list", "--json")
    return {each["name"]: each["expiry"]["state"] for each in json.loads(outcome.out)["profiles"]}


def found(host: Host, first: Mapping[str, Any]) -> Finding | None:
    """Return a finding that was told, as the rules have it."""
    every = examine(Snapshot.take(host)).all
    return next((each for each in every if (each.code, each.subject.name) == _key(first)), None)


def _key(first: Mapping[str, Any]) -> tuple[str, str]:
    return first["code"], first["subject"]


def mended(host: Host, finding: Finding) -> Host:
    """Carry a cure out by its own line."""
    after = mend(host, finding.fix, _ROW)
    return replace(after, clock=host.clock, environ=MappingProxyType(dict(after.environ)))
