"""Where this shell runs, as the environment says: WSL, a container, CI, sudo, ssh, direnv."""

import base64
import json
import zlib
from pathlib import Path

from rolecall.host import Host, read_limited
from rolecall.values import dataclass

_FEW = 1 << 16
"""Bytes up to which a file of the system, and what direnv notes, is read."""
_CI = {
    "GITHUB_ACTIONS": "GitHub Actions",
    "GITLAB_CI": "GitLab CI",
    "BITBUCKET_BUILD_NUMBER": "Bitbucket Pipelines",
    "CIRCLECI": "CircleCI",
    "BUILDKITE": "Buildkite",
    "CODEBUILD_BUILD_ID": "CodeBuild",
    "JENKINS_URL": "Jenkins",
    "TF_BUILD": "Azure Pipelines",
    "TEAMCITY_VERSION": "TeamCity",
    "CI": "CI",
}
"""Variables that a job of continuous integration has, the more telling first, and where it runs."""
_FALSE = ("", "0", "false", "no")
_CONTAINER_FILES = (".dockerenv", "run/.containerenv")
_CONTAINER_VARIABLES = ("KUBERNETES_SERVICE_HOST", "REMOTE_CONTAINERS", "CODESPACES", "container")
_LAMBDA = ("AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_RUNTIME_API")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where this shell runs. A place alone is no fault: it only says how a fault came about, and what helps.

    Attributes:
        is_wsl: in Windows' subsystem for Linux.
        is_container: in a container.
        is_pod: in a pod of Kubernetes.
        is_lambda: in a function of Lambda.
        is_remote: over ssh, or in a codespace: the browser is on another machine.
        ci: where a job of continuous integration runs; None where this is none.
        sudo_user: who called sudo, or None.
    """

    is_wsl: bool
    is_container: bool
    is_pod: bool
    is_lambda: bool
    is_remote: bool
    ci: str | None
    sudo_user: str | None


def surroundings(host: Host) -> Surroundings:
    """Return where this shell runs."""
    environ = host.environ
    user = environ.get("SUDO_USER")
    return Surroundings(
        is_wsl="WSL_DISTRO_NAME" in environ or "microsoft" in _kernel(host).lower(),
        is_container=any(environ.get(name) for name in _CONTAINER_VARIABLES)
        or any(_exists(host.root / name) for name in _CONTAINER_FILES),
        is_pod=bool(environ.get("KUBERNETES_SERVICE_HOST")),
        is_lambda=any(name in environ for name in _LAMBDA),
        is_remote=any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "CODESPACES")),
        ci=next((where for name, where in _CI.items() if environ.get(name, "").lower() not in _FALSE), None),
        sudo_user=user if user and user != environ.get("USER") else None,
    )


def _kernel(host: Host) -> str:
    if host.platform != "linux":
        return ""
    try:
        return read_limited(host.root / "proc" / "version", _FEW).decode(errors="replace")
    except OSError:
        return ""


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def set_clock(host: Host) -> str:
    """Say how the clock is set."""
    here = surroundings(host)
    if here.is_wsl:
        return "set the clock: sudo hwclock -s (WSL's clock stops while Windows sleeps)"
    if here.is_container:
        return "set the clock of the machine that runs this container: a container has none of its own"
    if here.ci is not None:
        return f"have the clock of the runner set ({here.ci})"
    return "set the clock (NTP)"


def instead_of_login(host: Host) -> str | None:
    """Say what gives credentials where nobody can log in; None where somebody can."""
    here = surroundings(host)
    if here.is_lambda:
        return "nobody can log in here: use the function's own role, with no profile"
    if here.ci == "GitHub Actions":
        return (
            "nobody can log in here: have the job get a role with aws-actions/configure-aws-credentials, or "
            "set keys from its secrets"
        )
    if here.ci is not None:
        return (
            f"nobody can log in here ({here.ci}): have the job get a role with its own web identity (OIDC), "
            "or set keys from its secrets"
        )
    if here.is_pod and not here.is_remote:
        return (
            "nobody can log in here: give the pod a role (annotate its service account), or have a login's "
            "~/.aws/sso/cache mounted"
        )
    return None


def get_credentials(host: Host) -> str | None:
    """Say where a command without credentials gets some here; None where the place does not tell."""
    here = surroundings(host)
    if here.sudo_user is not None:
        return (
            "run it without sudo, which keeps no AWS variable and changes HOME; or as sudo "
            "--preserve-env=HOME,AWS_PROFILE …"
        )
    if here.is_pod:
        return (
            "give the pod a role: annotate its service account with eks.amazonaws.com/role-arn (or use EKS "
            "Pod Identity), and start it again"
        )
    if here.ci == "GitHub Actions":
        return "run aws-actions/configure-aws-credentials before it, or set the keys from the job's secrets"
    if here.ci is not None:
        return f"set the keys from the secrets of {here.ci}, or have it give the job a role"
    if here.is_container:
        return "pass the variables to the container (docker run -e), or have ~/.aws mounted in it"
    return None


@dataclass(frozen=True, slots=True)
class Direnv:
    """What direnv has set in this shell, and sets again at the next prompt."""

    file: str
    names: frozenset[str]


def direnv(host: Host) -> Direnv | None:
    """Return what direnv has set; None where it has set nothing.

    It notes that in DIRENV_DIFF: JSON with the environment before (``p``) and after (``n``), packed by zlib
    and base64 (direnv's ``gzenv``).
    """
    noted, directory = host.environ.get("DIRENV_DIFF", ""), host.environ.get("DIRENV_DIR", "")
    if not noted or not directory:
        return None
    try:
        packed = base64.urlsafe_b64decode(noted[:_FEW] + "=" * (-len(noted) % 4))
        found = json.loads(zlib.decompressobj().decompress(packed, 16 * _FEW))
        names = frozenset(map(str, found["n"]))
    except (ValueError, TypeError, KeyError, zlib.error, RecursionError):
        return None
    return Direnv(f"{directory.removeprefix('-').rstrip('/')}/.envrc", names)
