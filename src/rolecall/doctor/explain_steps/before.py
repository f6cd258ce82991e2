"""The first steps: the tools, the variables, which profile is chosen and why, the two files."""

from collections.abc import Iterator

from rolecall.aws.config_file import ConfigFile, FileStatus
from rolecall.aws.providers import Tool
from rolecall.aws.variables import Variable
from rolecall.aws.variables import VariableStatus as Effect
from rolecall.doctor.asked import CHOOSERS, QuestionSubject
from rolecall.doctor.diagnosis import HEADERS
from rolecall.doctor.evidence import Quoted
from rolecall.doctor.explain_steps.draft import DraftStep
from rolecall.doctor.finding import Finding, SubjectKind
from rolecall.doctor.quoting import quote, quote_setting
from rolecall.steps import Step, StepStatus
from rolecall.text import mask_name

TOOLS = "Tools"
VARIABLES = "Variables"
PROFILE = "Profile"
FILES = "Files"
_PLAIN = (Effect.IGNORED,)


def tools() -> DraftStep:
    """Draw up the step that only looking outside can answer."""
    words = "which AWS CLI and boto3 are here is not asked offline"
    return DraftStep(Step(TOOLS, StepStatus.UNKNOWN, words))


def variables(asked: QuestionSubject) -> DraftStep:
    """Draw up what the environment says, before any file is read."""
    here = [each for each in asked.snapshot.variables if each.verdict not in _PLAIN]
    evidence = tuple(f"{each.name}={each.shown}  {_effect(asked, each)}" for each in here)
    if not here:
        words, verdict = "no AWS variable is set here", StepStatus.FINE
    else:
        words, verdict = f"{_many(len(here), 'AWS variable')} set here", StepStatus.NOTE
    return DraftStep(Step(VARIABLES, verdict, words, evidence), _about_variables)


def _many(number: int, what: str) -> str:
    return f"1 {what} is" if number == 1 else f"{number} {what}s are"


def _effect(asked: QuestionSubject, variable: Variable) -> str:
    if asked.profile is not None and variable.name in CHOOSERS:
        return "counts for nothing where --profile is given"
    return variable.effect


def _about_variables(finding: Finding) -> bool:
    return finding.subject.kind in (SubjectKind.VARIABLE, SubjectKind.SHELL)


def choice(asked: QuestionSubject) -> DraftStep:
    """Draw up which profile is chosen, and why."""
    return DraftStep(Step(PROFILE, *_choice(asked)))


def _choice(asked: QuestionSubject) -> tuple[StepStatus, str, tuple[str, ...]]:
    if asked.profile is not None:
        return _named(asked)
    chosen = {tool: asked.snapshot.default_session[tool] for tool in Tool}
    lines = tuple(
        f"{tool.label}: {here.profile or 'none'}" + (f" by {here.variable}" if here.variable else "")
        for tool, here in chosen.items()
    )
    differ = len({here.profile for here in chosen.values()}) > 1
    if differ:
        return StepStatus.SUSPECT, "the tools choose different profiles here", lines
    here = asked.default_session
    if here.variable is not None:
        return StepStatus.FINE, f"{here.variable} chooses {here.profile}", ()
    if here.profile is not None:
        return StepStatus.FINE, f"nothing chooses a profile, so {here.profile} is taken", ()
    return StepStatus.NOTE, "nothing chooses a profile, and there is no default", ()


def _named(asked: QuestionSubject) -> tuple[StepStatus, str, tuple[str, ...]]:
    name = str(asked.profile)
    if asked.report is None:
        return StepStatus.SUSPECT, f"there is no profile {name}", ()
    here = asked.default_session
    if asked.profile == here.profile and not asked.here_by_keys:
        by = f" by {here.variable}" if here.variable else ""
        return StepStatus.FINE, f"{name}, which a command that names no profile takes here as well{by}", ()
    if asked.here_by_keys:
        other = "the keys in the environment"
    else:
        other = str(here.profile) if here.profile is not None else "no profile"
    return StepStatus.NOTE, f"{name}, as with --profile {name}; without it this shell uses {other}", ()


def files(asked: QuestionSubject) -> DraftStep:
    """Draw up what the two files say of the profile, with its lines."""
    read = tuple(_read(asked, file) for file in asked.snapshot.files)
    is_bad = any(
        file.status in (FileStatus.UNREADABLE, FileStatus.UNPARSEABLE) for file in asked.snapshot.files
    )
    verdict = StepStatus.SUSPECT if is_bad else StepStatus.FINE
    words = "; ".join(read)
    return DraftStep(Step(FILES, verdict, words, tuple(_lines(asked))), _about_files)


def _about_files(finding: Finding) -> bool:
    return finding.subject.kind in (SubjectKind.FILE, SubjectKind.SECTION) or finding.code in HEADERS


def _read(asked: QuestionSubject, file: ConfigFile) -> str:
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


def _lines(asked: QuestionSubject) -> Iterator[str]:
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
