"""Variables with more in them than their value: quotes, line ends, characters that nobody sees."""

from collections.abc import Iterator
from pathlib import Path

from rolecall.aws import timestamps, value_shapes
from rolecall.aws.client_checks import OF_VARIABLES, port_fault, variable_refused_by
from rolecall.aws.settings import SETTINGS, Type
from rolecall.aws.variables import CATALOGUE, Variable, VariableStatus
from rolecall.doctor import fixes
from rolecall.doctor.finding import Occurrence, RuleContext, Severity, rule
from rolecall.doctor.rules.build import KEY_VARIABLES, set_variable, variable, variable_lines
from rolecall.doctor.rules.environment import CHOOSERS
from rolecall.doctor.rules.environment_values import complaint
from rolecall.host import Host
from rolecall.text import is_secret_name

_FREE = frozenset(
    (
        *("AWS_PAGER", "AWS_EXECUTION_ENV", "AWS_SDK_UA_APP_ID", "AWS_CSM_CLIENT_ID", "NO_PROXY", "no_proxy"),
        *(*KEY_VARIABLES, *CHOOSERS, "AWS_CONTAINER_AUTHORIZATION_TOKEN"),
    )
)
"""Variables in which anything may be meant, and those of which other rules tell this."""
_UNUSED = (VariableStatus.IGNORED, VariableStatus.SHADOWED)


@rule(
    "env-surplus",
    Severity.WARNING,
    "A variable with more in it than its value",
    cause='Quotes that no shell has taken away (`docker run --env-file`, `set NAME="…"` of cmd), a carriage '
    "return of a file from Windows, a line end or a blank, or a character that nobody sees.",
    consequence="AWS tools take it for a part of the value",
    cure="Set the variable again without it.",
)
def surplus(context: RuleContext) -> Iterator[Occurrence]:
    """Whatever fails because of it is told with this, and not by itself."""
    for found in context.snapshot.variables:
        words = value_shapes.surplus(found.value) if _is_plain(found) else None
        bare = value_shapes.bare(found.value) if words is not None else ""
        if (
            words is None
            or not bare
            or bare == found.value
            or _is_as_good(context.snapshot.host, found, bare)
        ):
            continue
        again = f"export {found.name} again without it"
        yield Occurrence(
            variable(found.name),
            f"{found.name} {words}",
            fixes.manual(again)
            if "\n" in found.value.strip()
            else set_variable(context, again, found.name, bare),
            evidence=variable_lines(context, found.name),
        )


def _is_plain(found: Variable) -> bool:
    """Whether a variable has a value of one kind, which AWS tools use."""
    is_known = found.name in CATALOGUE or found.name.startswith("AWS_ENDPOINT_URL_")
    if not is_known or found.name in _FREE or is_secret_name(found.name):
        return False
    return bool(found.value) and found.verdict not in _UNUSED


def _is_as_good(host: Host, found: Variable, bare: str) -> bool:
    """Whether AWS tools do with a value what they would do without its surplus."""
    name, text = found.name, found.value
    about = SETTINGS.get(OF_VARIABLES.get(name, name.removeprefix("AWS_").lower()))
    if name == "AWS_EC2_METADATA_DISABLED" or (about is not None and about.type is Type.BOOLEAN):
        return bare.lower() != "true"
    if name in timestamps.END_VARIABLES:
        return timestamps.variable_expiry(host, name) is not None
    if name.startswith("AWS_ENDPOINT_URL"):
        return complaint(name, text) is None and port_fault(text) is None
    if bare.isdigit() and not variable_refused_by(name, text):
        return _is_number(text)
    return text.startswith(("/", "~")) and Path(host.expand(text)).exists()


def _is_number(text: str) -> bool:
    try:
        int(text)
    except ValueError:
        return False
    return True
