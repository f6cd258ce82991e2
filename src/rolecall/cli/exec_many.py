"""``rolecall exec`` for several profiles: side by side, each line with its profile, and a summary."""

import json
from collections.abc import Sequence
from dataclasses import field
from datetime import timedelta

from rolecall.actions import command_environment, export, run_many
from rolecall.actions.batch import Ended as Fetched
from rolecall.actions.command_environment import CommandEnvironment
from rolecall.actions.errors import ActionFailed
from rolecall.actions.prompts import Cancel, Prompts
from rolecall.actions.run_command import Program
from rolecall.actions.run_many import Ended, Line, Stream
from rolecall.aws.snapshot import Snapshot
from rolecall.cells import cell_width, cut_middle, pad
from rolecall.cli import output
from rolecall.cli.output import ExitCode
from rolecall.cli.prompts import TerminalPrompts, perform
from rolecall.masking import MASK
from rolecall.signals import ending_by_exception
from rolecall.text import inert, several
from rolecall.values import dataclass

_WIDEST = 32
_TOLD = 10
"""Failures that are explained, at most: each takes a look at everything."""
_SECRETS = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


@dataclass(frozen=True, slots=True)
class How:
    """How a command is run for several profiles.

    Attributes:
        at_least: how long the credentials are to be valid.
        is_demand: whether nothing is run with credentials that expire before.
        renews: whether anything may be fetched.
        at_once: how many run at the same time.
        explains: whether failures are explained.
        as_json: whether each line is a JSON object.
    """

    at_least: timedelta
    is_demand: bool
    renews: bool
    at_once: int
    explains: bool
    as_json: bool


class Explainer:
    """Says what the words of failed commands mean for their profiles."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def line(self, given: CommandEnvironment, said: bytes) -> str | None:
        """Return it, in one line; None where they are no error of AWS."""
        from rolecall.cli.doctor import look_for_findings  # noqa: PLC0415 - only a failure needs the rules
        from rolecall.doctor import after_failure  # noqa: PLC0415

        name, snapshot = given.profile, self._snapshot
        region = export.own_region(snapshot.profiles[name])
        environ = export.applied(export.variables_of(name, given.environ, region), given.environ)
        later = Snapshot.take(snapshot.host, snapshot).in_environment(environ)
        if name not in later.profiles:
            return None
        return after_failure.cause_and_cure(later, look_for_findings(later), name, said, given.expires_at)


def run(snapshot: Snapshot, names: Sequence[str], program: Program, person: TerminalPrompts, how: How) -> int:
    """Run a command for several profiles, and return the highest exit code."""
    fetched = _fetch(snapshot, names, person, how)
    ready = [ended.result for ended in fetched.values() if ended.result is not None]
    printer = _Printer(names, ready, how)
    for name in names:
        ended = fetched[name]
        if ended.result is None:
            printer.refused(name, _why(snapshot, ended))
    with ending_by_exception():
        run_many.run(program, ready, how.at_once, printer.printed, printer.ended)
    printer.explain(snapshot)
    printer.sum_up()
    return printer.worst


def _fetch(
    snapshot: Snapshot, names: Sequence[str], person: TerminalPrompts, how: How
) -> dict[str, Fetched[CommandEnvironment]]:
    def work(name: str, prompts: Prompts, cancel: Cancel) -> CommandEnvironment:
        given = command_environment.prepare(
            snapshot, name, prompts, cancel, at_least=how.at_least, renews=how.renews
        )
        if given.shortfall is not None and how.is_demand:
            raise ActionFailed("TooShort", f"{given.shortfall}; nothing was run")
        return given

    def job(prompts: Prompts, cancel: Cancel) -> dict[str, Fetched[CommandEnvironment]]:
        return run_many.prepare(snapshot, names, prompts, cancel, work=work, at_once=how.at_once)

    return perform(job, person)


def _why(snapshot: Snapshot, ended: Fetched[CommandEnvironment]) -> str:
    return "cancelled" if ended.failure is None else output.of_action(ended.failure, snapshot.host).message


@dataclass(slots=True)
class _Results:
    """What has come of it, by profile.

    Attributes:
        codes: the exit codes; 1 where the command was not run.
        causes: why, where that is known.
        failed: what was said by those that failed.
    """

    codes: dict[str, int] = field(default_factory=dict)
    causes: dict[str, str] = field(default_factory=dict)
    failed: dict[str, bytes] = field(default_factory=dict)


class _Printer:
    """Prints what the commands print, and what has come of them."""

    def __init__(self, names: Sequence[str], ready: Sequence[CommandEnvironment], how: How) -> None:
        self._how = how
        self._names = names
        self._given = {each.profile: each for each in ready}
        width = min(max(map(cell_width, names)), _WIDEST)
        self._prefixes = {name: f"{pad(cut_middle(inert(name), width), width)} | ".encode() for name in names}
        self._results = _Results()

    @property
    def worst(self) -> int:
        """The highest exit code."""
        return max(self._results.codes.values(), default=0)

    def printed(self, line: Line) -> None:
        """Pass a line on."""
        if self._how.as_json:
            text = self._without_keys(line.profile, line.text.decode("utf-8", "replace"))
            _write_object({"profile": line.profile, "stream": line.stream.value, "line": text})
            return
        data = self._prefixes[line.profile] + line.text + b"\n"
        if line.stream is Stream.OUT:
            output.write_bytes(data)
        else:
            output.tell_bytes(data)

    def _without_keys(self, name: str, text: str) -> str:
        """Return a line without the credentials that the command was given, which it may have printed."""
        for variable in _SECRETS:
            secret = self._given[name].environ.get(variable)
            if secret:
                text = text.replace(secret, MASK)
        return text

    def refused(self, name: str, why: str) -> None:
        """Note a profile for which the command was not run."""
        self._results.codes[name], self._results.causes[name] = ExitCode.FAILED, why

    def ended(self, ended: Ended) -> None:
        """Note how the command has ended for a profile."""
        self._results.codes[ended.profile] = ended.code
        if ended.code != 0:
            self._results.failed[ended.profile] = ended.said

    def explain(self, snapshot: Snapshot) -> None:
        """Find out why commands have failed, for the first of them."""
        if not self._how.explains:
            return
        explainer = Explainer(snapshot)
        for name, said in list(self._results.failed.items())[:_TOLD]:
            told = explainer.line(self._given[name], said)
            if told is not None:
                self._results.causes[name] = told

    def sum_up(self) -> None:
        """Print how it ended for each, and for how many."""
        codes, causes = self._results.codes, self._results.causes
        if self._how.as_json:
            results = [
                {"profile": name, "exit_code": int(codes[name]), "cause": _inert(causes.get(name))}
                for name in self._names
            ]
            _write_object({"results": results})
            return
        for name in self._names:
            if codes[name] != 0:
                why = f": {causes[name]}" if name in causes else ""
                ran = f"exit code {codes[name]}" if name in self._given else "not run"
                output.complain(f"{name}: {ran}{why}")
        bad = sum(1 for code in codes.values() if code != 0)
        output.complain(f"{several(len(codes), 'profile')}: {len(codes) - bad} fine, {bad} failed")


def _inert(text: str | None) -> str | None:
    return None if text is None else output.inert(text)


def _write_object(content: dict[str, object]) -> None:
    output.write(json.dumps({"schema": output.SCHEMA, **content}) + "\n")
    output.flush()
