"""Whom a question is about: a profile, or a command in this shell that names none."""

from dataclasses import dataclass
from functools import cached_property

from rolecall.aws.cache import CacheFile
from rolecall.aws.expiry import After, Expiry, State
from rolecall.aws.providers import Fault, Hop, Provider, Resolution, Tool
from rolecall.aws.report import Ambient, ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.aws.standing import Standings
from rolecall.findings.examine import Findings
from rolecall.findings.finding import About, Finding, Severity
from rolecall.findings.inquest import Inquest

SHELL = "this shell"
_HERE = (About.VARIABLE, About.SHELL)


@dataclass(frozen=True)
class Asked:
    """Whom it is about.

    Attributes:
        snapshot: the world.
        profile: the profile's name, be there one or not; None for a command in this shell that names none.
    """

    snapshot: Snapshot
    profile: str | None

    @property
    def label(self) -> str:
        """Whom, in words."""
        return self.profile if self.profile is not None else SHELL

    @property
    def ambient(self) -> Ambient:
        """What a command without ``--profile`` would use."""
        return self.snapshot.ambient[Tool.BOTO3]

    @property
    def uses(self) -> str | None:
        """The profile whose settings count: the one asked for, or the one that this shell chooses."""
        return self.profile if self.profile is not None else self.ambient.profile

    @property
    def report(self) -> ProfileReport | None:
        """What is known of that profile."""
        return self.snapshot.profiles.get(self.uses) if self.uses is not None else None

    @property
    def is_here(self) -> bool:
        """Whether a command in this shell that names no profile comes to the same."""
        if self.profile is None:
            return True
        return self.ambient.profile == self.profile and not self.uses_environment(self.ambient.resolution)

    @staticmethod
    def uses_environment(resolution: Resolution) -> bool:
        """Whether the keys come straight from the environment."""
        return bool(resolution.chain) and resolution.chain[0].provider == Provider.ENV

    @property
    def resolution(self) -> Resolution | None:
        """What comes of it; None where there is no such profile."""
        if self.profile is None:
            return self.ambient.resolution
        return self.report.telling if self.report is not None else None

    @property
    def chain(self) -> tuple[Hop, ...]:
        """The hops to where the credentials start."""
        return self.resolution.chain if self.resolution is not None else ()

    @property
    def expiry(self) -> Expiry | None:
        """How it stands."""
        if self.profile is None:
            return self.ambient.expiry
        return self.report.expiry if self.report is not None else None

    @cached_property
    def standings(self) -> Standings:
        """What looks up its cache files."""
        snapshot = self.snapshot
        files = {str(entry.path): entry.file for entry in snapshot.entries}
        return Standings(snapshot.host, snapshot.where, files, snapshot.taken_at)

    @cached_property
    def expiries(self) -> tuple[Expiry, ...]:
        """How each hop stands."""
        return tuple(self.standings.of_chain(self.chain))

    @property
    def faults(self) -> tuple[tuple[Tool, Fault], ...]:
        """What each tool raises offline, where it raises anything."""
        of = self.snapshot.ambient if self.profile is None else None
        found = []
        for tool in Tool:
            if of is not None:
                resolution = of[tool].resolution
            elif self.report is not None:
                resolution = self.report.resolutions[tool]
            else:
                continue
            if resolution.fault is not None:
                found.append((tool, resolution.fault))
        return tuple(found)

    @property
    def fails(self) -> bool:
        """Whether a command fails for certain now, in one of the tools."""
        expiry = self.expiry
        if self.faults or expiry is None or expiry.state is State.BROKEN:
            return True
        dead = expiry.state in (State.EXPIRED, State.IDLE, State.RENEWING)
        return dead and expiry.after in (After.MANUAL, After.LOGIN, After.FAILS, After.NEVER)

    def role_file(self, hop: Hop, index: int) -> CacheFile | None:
        """Return the cache file that serves a hop; what a role draws on is kept only if a role."""
        if index and hop.provider != Provider.ASSUME_ROLE:
            return None
        return self.standings.role_file(hop)

    # What is found about it.

    def findings(self, findings: Findings) -> tuple[Finding, ...]:
        """Return all that is found about it, the worst first; what is silenced is not left out."""
        every = sorted((*findings.all, *findings.silenced), key=lambda each: each.severity.rank)
        names = {self.uses, *(hop.profile for hop in self.chain)} - {None}
        return tuple(each for each in every if self._concerns(each, names))

    def _concerns(self, finding: Finding, names: set[str | None]) -> bool:
        kind, name = finding.subject.kind, finding.subject.name
        if self.uses is not None and self.uses in finding.profiles:
            return True
        if kind is About.PROFILE:
            return name in names and (finding.severity is not Severity.ERROR or name == self.uses)
        if kind is About.CACHE:
            return finding.seen.path in {
                file.path for at, hop in enumerate(self.chain) if (file := self.role_file(hop, at))
            }
        if kind in _HERE:
            return True
        return kind is About.FILE

    def culprit(self, findings: Findings) -> Finding | None:
        """Return what is to blame where it fails for certain: the first thing in AWS's own order."""
        if not self.fails:
            return None
        errors = [each for each in self.findings(findings) if each.severity is Severity.ERROR]
        errors = [each for each in errors if self._stops(each)]
        for code in self._blamed():
            for each in errors:
                if each.code == code:
                    return each
        return next(iter(errors), None)

    def _stops(self, finding: Finding) -> bool:
        """Whether an error stops this, and not only somebody else."""
        if self.uses is not None and self.uses in finding.profiles:
            return True
        if finding.subject.kind is About.FILE:
            return self.snapshot.merged.broken_file is not None or self.report is None
        return self.profile is None and finding.subject.kind in _HERE

    def _blamed(self) -> tuple[str, ...]:
        """Return the codes of what is to blame, the first thing first."""
        if self.report is None or (self.profile is None and self.uses_environment(self.ambient.resolution)):
            return ()
        return tuple(cause.code for cause in Inquest(self.snapshot).causes(self.report))
