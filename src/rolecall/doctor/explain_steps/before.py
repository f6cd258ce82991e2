"""The first steps: the tools, the variables, which profile is chosen and why, the two files."""

from collections.abc import Iterator

from rolecall.aws.config_file import ConfigFile, FileStatus
from rolecall.aws.providers import Tool
from rolecall.aws.variables import Variable
from rolecall.aws.variables import Verdict as Effect
from rolecall.doctor.asked import CHOOSERS, Asked
from rolecall.doctor.diagnosis import HEADERS
from rolecall.doctor.evidence import Quoted
from rolecall.doctor.explain_steps.draft import Draft
from rolecall.doctor.finding import About, Finding
from rolecall.doctor.quoting import quote, quote_setting
from rolecall.steps import Step, Verdict
from rolecall.text import mask_name

TOOLS = "Tools"
VARIABLES = "Variables"
PROFILE = "Profile"
FILES = "Files"
_PLAIN = (Effect.IGNORED,)


def tools() -> Draft:
    """Draw up the step that only looking outside can answer."""
    words = "which AWS CLI and boto3 are here is not asked offline"
    return Draft(Step(TOOLS, Verdict.UNKNOWN, words))


def variables(asked: Asked) -> Draft:
    """Draw up what the environment says, before any file is read."""
    here = [each for each in asked.snapshot.variables if each.verdict not in _PLAIN]
    evidence = tuple(f"{each.name}={each.shown}  {_effect(asked, each)}" for each in here)
    if not here:
        words, verdict = "no AWS variable is set here", Verdict.FINE
    else:
        words, verdict = f"{_many(len(here), 'AWS variable')} set here", Verdict.NOTE
    return Draft(Step(VARIABLES, verdict, words, evidence), _about_variables)


def _many(number: int, what: str) -> str:
    return f"1 {what} is" if number == 1 else f"{number} {what}s are"


def _effect(asked: Asked, variable: Variable) -> str:
    if asked.profile is not None and variable.name in CHOOSERS:
        return "counts for nothing where --profile is given"
    return variable.effect


def _about_variables(finding: Finding) -> bool:
    return finding.subject.kind in (About.VARIABLE, About.SHELL)


def choice(asked: Asked) -> Draft:
    """Draw up which profile is chosen, and why."""
    return Draft(Step(PROFILE, *_choice(asked)))


def _choice(asked: Asked) -> tuple[Verdict, str, tuple[str, ...]]:
    if asked.profile is not None:
        return _named(asked)
    chosen = {tool: asked.snapshot.ambient[tool] for tool in Tool}
    lines = tuple(
        f"{tool.label}: {here.profile or 'none'}" + (f" by {here.variable}" if here.variable else "")
        for tool, here in chosen.items()
    )
    differ = len({here.profile for here in chosen.values()}) > 1
    if differ:
        return Verdict.SUSPECT, "the tools choose different profiles here", lines
    here = asked.ambient
    if here.variable is not None:
        return Verdict.FINE, f"{here.variable} chooses {here.profile}", ()
    if here.profile is not None:
        return Verdict.FINE, f"nothing chooses a profile, so {here.profile} is taken", ()
    return Verdict.NOTE, "nothing chooses a profile, and there is no default", ()


def _named(asked: Asked) -> tuple[Verdict, str, tuple[str, ...]]:
    name = str(asked.profile)
    if asked.report is None:
        return Verdict.SUSPECT, f"there is no profile {name}", ()
    here = asked.ambient
    if asked.profile == here.profile and not asked.here_by_keys:
        by = f" by {here.variable}" if here.variable else ""
        return Verdict.FINE, f"{name}, which a command that names no profile takes here as well{by}", ()
    if asked.here_by_keys:
        other = "the keys in the environment"
    else:
        other = str(here.profile) if here.profile is not None else "no profile"
    return Verdict.NOTE, f"{name}, as with --profile {name}; without it this shell uses {other}", ()


def files(asked: Asked) -> Draft:
    """Draw up what the two files say of the profile, with its lines."""
    read = tuple(_read(asked, file) for file in asked.snapshot.files)
    is_bad = any(
        file.status in (FileStatus.UNREADABLE, FileStatus.UNPARSEABLE) for file in asked.snapshot.files
    )
    verdict = Verdict.SUSPECT if is_bad else Verdict.FINE
    words = "; ".join(read)
    return Draft(Step(FILES, verdict, words, tuple(_lines(asked))), _about_files)


def _about_files(finding: Finding) -> bool:
    return finding.subject.kind in (About.FILE, About.SECTION) or finding.code in HEADERS


def _read(asked: Asked, file: ConfigFile) -> str:
    name = asked.snapshot.host.display(file.path) if file.path is not None else f"no {file.role}"
    match file.status:
        case FileStatus.OK:
            return f"{name} is read"
        case FileStatus.MISSING:
            return f"{name} is missing" if file.path is not None else str(file.error)
        case FileStatus.UNREADABLE:
            return f"{name} {file.error}"
        case _:
            line = f", line {file.line}" if file.line is not None else ""
            return f"{name} cannot be parsed{line}: {file.error}"


def _lines(asked: Asked) -> Iterator[str]:
    """Yield where the profile stands, and the settings that lose to others of the same name."""
    if asked.uses is None or asked.report is None:
        return
    host, quoted = asked.snapshot.host, Quoted(asked.snapshot, asked.uses)
    header = quoted.header
    if header is not None:
        yield quote(host, header.path, header.line, f"the section of {mask_name(asked.uses)}")
    for setting in quoted.settings.values():
        for loser in setting.shadowed:
            winner = quote(host, setting.origin.path, setting.origin.line, "").rstrip()
            yield f"{quote_setting(host, loser)}  (overruled by {winner})"
