"""Finding the profile that was asked for, and saying why it is not there."""

from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.snapshot import Snapshot
from rolecall.cli.failures import ExitCode, Failure
from rolecall.cli.listing import file_name, remarks
from rolecall.text import elide, mask

LONGEST_NAME = 80
"""Characters up to which a name is put into a message, and compared with others."""


def as_asked(name: str) -> str:
    """Return a name that is not there as a message has it: masked first, for half a secret is one too."""
    return elide(mask(name), LONGEST_NAME)


def profile(snapshot: Snapshot, name: str) -> ProfileReport:
    """Return the report of the profile that was asked for.

    Raises:
        Failure: there is none of this name (wrong usage), or a file does not parse, so that there is none at
            all (it failed).
    """
    report = snapshot.profiles.get(name)
    if report is not None:
        return report
    if snapshot.merged.broken_file is not None:
        raise Failure("ConfigParseError", "; ".join(remarks(snapshot)))
    message = f"there is no profile {as_asked(name)!r}; {_hint(snapshot, name)}"
    raise Failure("ProfileNotFound", message, ExitCode.USAGE)


def _hint(snapshot: Snapshot, name: str) -> str:
    headers = snapshot.files[0].headers
    if name in headers.other:
        where = _header(snapshot, name)
        return f"{where} is there, but AWS tools take only [profile {name}] for a profile"
    if f"profile {name}" in headers.dropped:
        return f"{_header(snapshot, f'profile {name}')} is there, but AWS tools drop it: quote the name"
    import difflib  # noqa: PLC0415 - only a name that is not there needs it

    names = [known for known in snapshot.profiles if len(known) <= LONGEST_NAME]
    nearest = difflib.get_close_matches(name[:LONGEST_NAME], names, n=1, cutoff=0.5)
    if nearest:
        return f"did you mean {nearest[0]!r}?"
    return f"`{snapshot.host.command('list')}` lists those that are there"


def _header(snapshot: Snapshot, header: str) -> str:
    config = snapshot.files[0]
    place = config.located.sections.get(header)
    where = file_name(config, snapshot)
    return f"[{header}] in {where}:{place.line}" if place is not None else f"[{header}] in {where}"
