"""Homes in a few lines, and what AWS tools make of them: the rows of the resolution's tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rolecall.aws.providers import Hop, Resolution

ARN = "arn:aws:iam::123456789012:role"
URL = "https://corp.example/start"
SSO_ROLE = "sso_account_id = 123456789012\nsso_role_name = admin\n"
LEGACY_SSO = f"{SSO_ROLE}sso_start_url = {URL}\nsso_region = eu-west-1\n"
SESSION = f"[sso-session corp]\nsso_start_url = {URL}\nsso_region = eu-west-1\n"


def keys(tag: str) -> str:
    """Return the two settings of a static key, told apart by a tag."""
    return f"aws_access_key_id = AKIA{tag}EXAMPLE\naws_secret_access_key = CANARY\n"


def role(name: str = "x", source: str | None = None) -> str:
    """Return the settings of a role, over a source profile if one is given."""
    over = f"source_profile = {source}\n" if source is not None else ""
    return f"role_arn = {ARN}/{name}\n{over}"


def environment_keys(tag: str = "ENV", **more: str) -> dict[str, str]:
    """Return the two variables of a static key, and more; of a temporary one where a token is among it."""
    start = "ASIA" if "AWS_SESSION_TOKEN" in more else "AKIA"
    return {"AWS_ACCESS_KEY_ID": f"{start}{tag}EXAMPLE", "AWS_SECRET_ACCESS_KEY": "CANARY"} | more


@dataclass(frozen=True, slots=True)
class Case:
    """One home, and what comes of its profile ``x`` (or of its environment).

    Attributes:
        gives: the provider, or the class of the exception.
        config, credentials: the two files.
        key: the tag of the access key that is found.
        chain: the hops, as ``drawn`` writes them; empty where the profile is all there is.
        says: what the exception says.
        environ, files, has_crt: as ``make_home`` takes them.
    """

    gives: str
    config: str | None = None
    credentials: str | None = None
    key: str | None = None
    chain: str = ""
    says: str | None = None
    environ: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    has_crt: bool = False

    @property
    def is_error(self) -> bool:
        """Whether an exception comes of it."""
        return self.gives[0].isupper()

    @property
    def home(self) -> dict[str, object]:
        """The parts that ``make_home`` takes."""
        return {
            "config": self.config,
            "credentials": self.credentials,
            "environ": self.environ,
            "files": self.files,
            "has_crt": self.has_crt,
        }

    def outcome(self) -> tuple[str | None, str | None, str | None]:
        """Return provider, error and access key id."""
        key = None if self.key is None else f"AKIA{self.key}EXAMPLE" if self.key else ""
        return (None, self.gives, key) if self.is_error else (self.gives, None, key)


def drawn(chain: tuple[Hop, ...]) -> str:
    """Write a chain as ``x assume-role < base shared-credentials-file``; ``?`` for no provider."""
    return " < ".join(f"{hop.profile or '-'} {hop.provider or '?'}" for hop in chain)


def outcome(resolution: Resolution) -> tuple[str | None, str | None, str | None]:
    """Return provider, error and access key id of a resolution."""
    return resolution.provider, resolution.error, resolution.access_key
