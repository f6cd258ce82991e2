"""Homes of healthy teams, made after public examples: nothing in them is an error or a warning.

Each kind of team has a function; what differs from home to home (names, numbers, how the files are typed) is
drawn from a random generator with a fixed seed, so that every run has the same homes.
"""

import base64
import json
import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from rolecall.aws import cache_files
from rolecall.host import Host
from tests.homes import NOW, Content, make_home

MANY = 208
"""How many homes there are: eight or so of each kind."""
LOGIN = frozenset(("sso-token-missing", "sso-token-expired"))
"""What may be said where a team has yet to log in: that one error, once."""
REGIONS = (
    "eu-west-1",
    "eu-central-1",
    "us-east-1",
    "us-west-2",
    "ap-southeast-2",
    "ca-central-1",
    "sa-east-1",
)
_TEAMS = ("payments", "core-network", "data", "web", "ml", "shop", "mobile", "audit", "billing", "search")
_STAGES = ("dev", "test", "staging", "prod", "sandbox", "shared")
_ROLES = ("AdministratorAccess", "ReadOnly", "PowerUserAccess", "Deploy", "ViewOnlyAccess", "billing+audit")
_TEMPORARY = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


@dataclass
class Team:
    """A home in the making.

    Attributes:
        random: what is drawn from.
        kind: the kind of team.
        config: the lines of the config file; none for no file.
        credentials: the lines of the credentials file.
        caches: the cache files, as ``make_home`` takes them.
        files: other files below the home.
        environ: the variables.
        programs: the programs that are on PATH.
        waits: whether a login is still to be made.
        platform: as ``sys.platform``.
    """

    random: Random
    kind: str
    config: list[str] = field(default_factory=list)
    credentials: list[str] = field(default_factory=list)
    caches: dict[str, Content] = field(default_factory=dict)
    files: dict[str, Content] = field(default_factory=dict)
    environ: dict[str, str] = field(default_factory=dict)
    programs: list[str] = field(default_factory=list)
    waits: bool = False
    platform: str = "linux"

    def pick(self, *options: str) -> str:
        """Draw one of several texts."""
        return self.random.choice(options)

    def is_one_in(self, number: int) -> bool:
        """Draw whether something is so."""
        return self.random.randrange(number) == 0

    def account(self) -> str:
        """Draw an account id; some begin with zeros."""
        return str(self.random.randrange(10**12) // self.random.choice((1, 1, 1, 1000))).zfill(12)

    def key(self, kind: str = "AKIA") -> str:
        """Draw an access key id."""
        return kind + "".join(self.random.choices(string.ascii_uppercase + "234567", k=16))

    def secret(self, length: int = 40) -> str:
        """Draw a secret, or with another length a token."""
        letters = string.ascii_letters + string.digits
        return "".join(self.random.choices(letters + "+/", k=length - 2)) + "".join(
            self.random.choices(letters, k=2)
        )

    def region(self) -> str:
        """Draw a region."""
        return self.pick(*REGIONS)

    def names(self, number: int) -> list[str]:
        """Draw names of profiles, all different."""
        every = [
            f"{team}-{stage}{more}"
            for team in _TEAMS
            for stage in _STAGES
            for more in ("", "-ro", ".x", "_2")
        ]
        return self.random.sample(every, number)

    def section(self, header: str, settings: Mapping[str, str], *, secret: bool = False) -> None:
        """Write a section, in the config or in the credentials file."""
        lines = self.credentials if secret else self.config
        lines += ["", f"[{header}]", *(f"{name} = {value}" for name, value in settings.items())]

    def session(self, name: str, url: str = "", region: str = "") -> None:
        """Write an sso-session."""
        settings = {
            "sso_start_url": url or f"https://{name}-{self.random.randrange(99)}.awsapps.com/start",
            "sso_region": region or self.region(),
        }
        if self.is_one_in(2):
            settings["sso_registration_scopes"] = "sso:account:access"
        self.section(f"sso-session {name}", settings)
        self.log_in(name, settings["sso_start_url"], settings["sso_region"])

    def log_in(self, name: str, url: str, region: str, hours: float = 7) -> None:
        """Write the token of a login."""
        token = {
            "startUrl": url,
            "region": region,
            "accessToken": self.secret(300),
            "expiresAt": _utc(NOW + timedelta(hours=hours)),
            "clientId": self.secret(22),
            "clientSecret": self.secret(200),
            "registrationExpiresAt": _utc(NOW + timedelta(days=60)),
        }
        if self.is_one_in(2):
            token["refreshToken"] = self.secret(300)
        self.caches[f"sso/{cache_files.sso_token(name)}.json"] = token

    def keys(self, header: str, **more: str) -> None:
        """Write long-term keys into the credentials file."""
        pair = {"aws_access_key_id": self.key(), "aws_secret_access_key": self.secret()}
        self.section(header, pair | more, secret=True)

    def temporary(self, header: str, **more: str) -> None:
        """Write temporary keys into the credentials file."""
        pair = {"aws_access_key_id": self.key("ASIA"), "aws_secret_access_key": self.secret()}
        self.section(header, pair | {"aws_session_token": self.secret(400)} | more, secret=True)

    def temporary_environ(self) -> None:
        """Set temporary keys in the environment."""
        self.environ |= dict(
            zip(_TEMPORARY, (self.key("ASIA"), self.secret(), self.secret(400)), strict=True)
        )

    def regional(self, region: str = "") -> None:
        """Set the region in the environment, as platforms do: for all tools."""
        region = region or self.region()
        self.environ |= {"AWS_REGION": region, "AWS_DEFAULT_REGION": region}

    def token(self, path: str) -> str:
        """Write a web identity token; return its path."""
        claims = base64.urlsafe_b64encode(json.dumps({"exp": int(NOW.timestamp()) + 3600}).encode()).decode()
        self.files[path] = f"{self.secret(20)}.{claims.rstrip('=')}.{self.secret(80)}"
        return f"{{HOME}}/{path}"

    def arn(self, role: str = "Deploy", partition: str = "aws") -> str:
        """Draw the ARN of a role."""
        return f"arn:{partition}:iam::{self.account()}:role/{self.pick('', 'teams/')}{role}"


@dataclass(frozen=True, slots=True)
class HealthyHome:
    """A home, and what may be said about it.

    Attributes:
        name: its name among the tests.
        team: what it is made of.
    """

    name: str
    team: Team

    @property
    def allowed(self) -> frozenset[str]:
        """The codes of the one error that may be said."""
        return LOGIN if self.team.waits else frozenset()

    @property
    def parts(self) -> Mapping[str, object]:
        """What it is made of, as ``make_home`` takes it."""
        team = self.team
        return {
            "config": _typed(team, team.config),
            "credentials": _typed(team, team.credentials),
            "caches": team.caches,
            "files": team.files | {f"bin/{name}": "#!/bin/sh\n" for name in team.programs},
            "environ": {"PATH": "{HOME}/bin"} | team.environ,
            "platform": team.platform,
        }

    def make(self, place: Path) -> Host:
        """Write it into a directory."""
        host = make_home(place, **self.parts)  # type: ignore[arg-type]  # as make_home has them
        close(place)
        return host


def close(place: Path) -> None:
    """Let nobody but its owner read a home; its programs can be run."""
    for path in (place, *place.rglob("*")):
        path.chmod(0o700 if path.is_dir() or path.parent.name == "bin" else 0o600)


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _typed(team: Team, lines: list[str]) -> str | None:
    """Return a file as people type it: with comments, blank lines, and spacing of their own."""
    if not lines:
        return None
    random = Random(len(lines))  # noqa: S311 - made-up homes
    style = random.randrange(5)
    typed = []
    for line in lines:
        if style == 1 and " = " in line and not line.startswith(" "):
            line = line.replace(" = ", random.choice(("=", " =", "= ", "  =  ")), 1)  # noqa: PLW2901
        if style == 2 and line.startswith("["):
            typed.append(
                random.choice(("# ----------------", f"# {line.strip('[]')}: ask #cloud", "; see the wiki"))
            )
        typed.append(line)
    text = "\n".join(typed).lstrip("\n") + random.choice(("\n", "", "\n\n"))
    return text.replace("\n", "\r\n") if team.platform == "win32" or style == 3 else text


def _sso_of_many(team: Team) -> None:
    """One sso-session and up to 200 roles, as ``aws configure sso`` and populate tools write them."""
    team.session("corp")
    for name in team.names(team.random.choice((3, 40, 200))):
        team.section(
            f"profile {name}",
            {
                "sso_session": "corp",
                "sso_account_id": team.account(),
                "sso_role_name": team.pick(*_ROLES[:5]),
                "region": team.region(),
                "output": "json",
            },
        )


def _sso_not_yet(team: Team) -> None:
    """The same in the morning: nobody has logged in, or the token has expired."""
    _sso_of_many(team)
    (path,) = team.caches
    token = team.caches.pop(path)
    team.waits = True
    if team.is_one_in(2) and isinstance(token, dict):
        token = {name: value for name, value in token.items() if name != "refreshToken"}
        team.caches[path] = token | {"expiresAt": _utc(NOW - timedelta(hours=11))}


def _several_sessions(team: Team) -> None:
    """Several sso-sessions, and a legacy start URL."""
    for name in ("corp", "partner"):
        team.session(name)
    url, region = "https://d-9067abcdef.awsapps.com/start/", team.region()
    team.log_in(url, url, region)
    for name in team.names(9):
        settings = {
            "sso_account_id": team.account(),
            "sso_role_name": "ReadOnly",
            "region": team.region(),
        }
        login = team.pick("corp", "partner", "")
        legacy = {"sso_start_url": url, "sso_region": region}
        team.section(f"profile {name}", ({"sso_session": login} if login else legacy) | settings)
    used = {"sso_account_id": team.account(), "sso_role_name": "Deploy", "region": team.region()}
    team.section("profile at-corp", {"sso_session": "corp"} | used)
    team.section("profile at-partner", {"sso_session": "partner"} | used)
    team.environ["AWS_PROFILE"] = team.pick("at-corp", "at-partner")


def _role_over_sso(team: Team) -> None:
    """Roles over an SSO profile."""
    team.session("corp")
    team.section(
        "profile hub",
        {
            "sso_session": "corp",
            "sso_account_id": team.account(),
            "sso_role_name": "Hub",
            "region": team.region(),
        },
    )
    for name in team.names(team.random.randint(1, 20)):
        team.section(
            f"profile {name}", {"role_arn": team.arn(), "source_profile": "hub", "region": team.region()}
        )


def _pod(team: Team) -> None:
    """A pod with IRSA, and no files or only a region."""
    team.environ |= {
        "AWS_ROLE_ARN": team.arn("pod"),
        "AWS_WEB_IDENTITY_TOKEN_FILE": team.token("var/run/secrets/eks.amazonaws.com/serviceaccount/token"),
        "KUBERNETES_SERVICE_HOST": "10.100.0.1",
    }
    if team.is_one_in(2):
        team.environ["AWS_STS_REGIONAL_ENDPOINTS"] = "regional"
    team.regional()
    if team.is_one_in(2):
        team.section("default", {"region": team.environ["AWS_REGION"]})


def _pod_chain(team: Team) -> None:
    """A pod whose role assumes others: source_profile is the way to chain."""
    token = team.token("var/run/secrets/token")
    region = team.region()
    team.section(
        "profile irsa", {"role_arn": team.arn("pod"), "web_identity_token_file": token, "region": region}
    )
    for name in team.names(3):
        team.section(f"profile {name}", {"role_arn": team.arn(), "source_profile": "irsa", "region": region})
    if team.is_one_in(2):
        team.environ |= {"AWS_PROFILE": "irsa", "KUBERNETES_SERVICE_HOST": "10.100.0.1"}


def _pod_identity(team: Team) -> None:
    """A pod with EKS Pod Identity."""
    team.token("var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token")
    team.environ |= {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "{HOME}/"
        "var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token",
        "AWS_STS_REGIONAL_ENDPOINTS": "regional",
    }
    team.regional()


def _github(team: Team) -> None:
    """GitHub Actions after configure-aws-credentials."""
    team.environ |= {"CI": "true", "GITHUB_ACTIONS": "true"}
    team.temporary_environ()
    team.regional()
    if team.is_one_in(2):
        team.section("default", {"region": team.region(), "output": "json"})
    elif team.is_one_in(2):
        team.section(
            "profile deploy",
            {"role_arn": team.arn(), "credential_source": "Environment", "region": "eu-west-1"},
        )


def _gitlab(team: Team) -> None:
    """GitLab's id token, in a file that the job writes."""
    team.environ |= {
        "CI": "true",
        "GITLAB_CI": "true",
        "AWS_ROLE_ARN": team.arn(),
        "AWS_WEB_IDENTITY_TOKEN_FILE": team.token("builds/token"),
        "AWS_ROLE_SESSION_NAME": "gitlab-1-2",
    }
    team.regional()
    if team.is_one_in(2):
        team.section("default", {"region": team.region(), "output": "json", "cli_pager": ""})


def _vault_server(team: Team) -> None:
    """A shell of ``aws-vault exec --server``, or without a server: keys from a keychain."""
    base, *names = team.names(4)
    region = team.region()
    team.section("default", {"region": region, "output": "json"})
    mfa = f"arn:aws:iam::{team.account()}:mfa/jo"
    team.section(f"profile {base}", {"region": region, "mfa_serial": mfa})
    for name in names:
        team.section(
            f"profile {name}",
            {"include_profile": base, "source_profile": base, "role_arn": team.arn(), "region": region},
        )
    team.environ["AWS_VAULT"] = base
    team.regional(region)
    if team.is_one_in(2):
        team.environ |= {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:41395/",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": team.secret(40),
        }
    else:
        team.temporary_environ()
        team.environ["AWS_CREDENTIAL_EXPIRATION"] = _utc(NOW + timedelta(hours=1))


def _vault_process(team: Team) -> None:
    """aws-vault as credential_process, with inheritance."""
    team.programs.append("aws-vault")
    names = team.names(4)
    mfa = f"arn:aws:iam::{team.account()}:mfa/jo"
    team.section("default", {"region": team.region(), "mfa_serial": mfa, "duration_seconds": "3600"})
    for name in names:
        command = f"{team.pick('aws-vault', '{HOME}/bin/aws-vault')} export --format=json --no-session {name}"
        team.section(f"profile {name}", {"credential_process": command, "region": team.region()})
    team.section(
        "profile admin",
        {"role_arn": team.arn(), "source_profile": names[0], "mfa_serial": mfa, "region": team.region()},
    )


def _localstack(team: Team) -> None:
    """LocalStack, MinIO and the like: keys that are words, endpoints on this machine."""
    match team.random.randrange(3):
        case 0:
            team.environ |= {
                "AWS_ACCESS_KEY_ID": "test",
                "AWS_SECRET_ACCESS_KEY": "test",
                "AWS_ENDPOINT_URL": "http://localhost:4566",
            }
            team.regional("us-east-1")
        case 1:
            team.section(
                "profile localstack",
                {"region": "us-east-1", "output": "json", "endpoint_url": "http://localhost:4566"},
            )
            pair = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
            team.section("localstack", pair, secret=True)
        case _:
            team.section("profile minio", {"region": "us-east-1", "services": "minio"})
            team.section("services minio", {})
            team.config += ["s3 =", "  endpoint_url = http://127.0.0.1:9000", "  addressing_style = path"]
            pair = {"aws_access_key_id": "minioadmin", "aws_secret_access_key": "minioadmin"}
            team.section("minio", pair, secret=True)


def _stores(team: Team) -> None:
    """Stores with S3's API: keys and regions of their own, their endpoint on the command line or nowhere."""
    regions = ("local", "auto", "us-east", "nyc3", "fr-par", "garage", "eu-central", "us-west-004", "global")
    for name in team.random.sample(("linode", "spaces", "scaleway", "garage", "r2", "b2"), 3):
        settings = {"region": team.random.choice(regions)}
        if team.random.randrange(2) or settings["region"] == "us-west-004":
            settings["endpoint_url"] = f"https://s3.{name}.example.com"
        team.section(f"profile {name}", settings)
        pair = {"aws_access_key_id": f"{name}-key", "aws_secret_access_key": f"{name}-password"}
        team.section(name, pair, secret=True)


def _gov_cloud(team: Team) -> None:
    """GovCloud: roles over keys, or SSO."""
    _of_partition(team, "aws-us-gov", "us-gov-west-1", "us-gov-east-1")


def _china(team: Team) -> None:
    """The regions of China."""
    _of_partition(team, "aws-cn", "cn-north-1", "cn-northwest-1")


def _of_partition(team: Team, partition: str, *regions: str) -> None:
    base, *names = team.names(4)
    team.keys(base)
    team.section(f"profile {base}", {"region": team.pick(*regions)})
    for name in names:
        arn = team.arn(partition=partition)
        mfa = f"arn:{partition}:iam::{team.account()}:mfa/jo"
        team.section(
            f"profile {name}",
            {"role_arn": arn, "source_profile": base, "mfa_serial": mfa, "region": team.pick(*regions)},
        )
    if team.is_one_in(2):
        team.session("gov", "https://start.us-gov-home.awsapps.com/directory/d-1234567890", regions[0])
        used = {"sso_account_id": team.account(), "sso_role_name": "Admin", "region": regions[0]}
        team.section("profile over-sso", {"sso_session": "gov"} | used)


def _windows(team: Team) -> None:
    """Windows: its line ends, its paths, its variables."""
    team.platform = "win32"
    team.environ |= {"USERPROFILE": "{HOME}", "APPDATA": "{HOME}/AppData/Roaming", "ComSpec": "cmd.exe"}
    team.keys("default")
    team.section("default", {"region": team.region(), "output": "json", "cli_pager": ""})
    team.section(
        "profile ops", {"role_arn": team.arn(), "source_profile": "default", "region": team.region()}
    )
    if team.is_one_in(2):
        _sso_of_many(team)


def _granted(team: Team) -> None:
    """granted's own settings and its credential_process."""
    team.programs.append("granted")
    for name in team.names(team.random.choice((2, 30))):
        team.section(
            f"profile {name}",
            {
                "granted_sso_start_url": "https://acme.awsapps.com/start",
                "granted_sso_region": "eu-west-1",
                "granted_sso_account_id": team.account(),
                "granted_sso_role_name": "ReadOnly",
                "granted_sso_registration_scopes": "sso:account:access",
                "common_fate_generated_from": "aws-sso",
                "credential_process": f"granted credential-process --profile {name}",
                "region": team.region(),
            },
        )


def _aws_sso_cli(team: Team) -> None:
    """aws-sso-cli's block of profiles."""
    team.programs.append("aws-sso")
    team.config.append("# BEGIN_AWS_SSO_CLI")
    for name in team.names(5):
        arn = team.arn("AdministratorAccess")
        command = f"{{HOME}}/bin/aws-sso -u -L error -S Default process --arn {arn}"
        team.section(f"profile {name}", {"credential_process": command, "region": team.region()})
    team.config += ["", "# END_AWS_SSO_CLI"]
    if team.is_one_in(2):
        team.environ |= {"AWS_SSO_PROFILE": "x", "AWS_SSO": "Default"}
        team.temporary_environ()
        team.environ["AWS_SSO_SESSION_EXPIRATION"] = _utc(NOW + timedelta(hours=1))
        team.regional()


def _saml(team: Team) -> None:
    """What saml2aws, gimme-aws-creds, okta-aws-cli and aws-azure-login write."""
    team.section("default", {"region": team.region()})
    team.keys("default")
    end = (NOW + timedelta(hours=5)).isoformat()
    token = team.secret(400)
    team.section(
        "saml",
        {
            "aws_access_key_id": team.key("ASIA"),
            "aws_secret_access_key": team.secret(),
            "aws_session_token": token,
            "aws_security_token": token,
            "x_principal_arn": f"arn:aws:sts::{team.account()}:assumed-role/dev/jo@example.com",
            "x_security_token_expires": end,
            "region": team.region(),
        },
        secret=True,
    )
    team.temporary(
        "okta", x_principal_arn="arn:aws:sts::123456789876:assumed-role/dev/jo", region="eu-west-1"
    )
    team.temporary("azure", aws_expiration=_utc(NOW + timedelta(hours=5)))
    team.section(
        "profile azure",
        {
            "azure_tenant_id": "2c6d1b1e-0000-4000-8000-5b2f3a1c9d77",
            "azure_app_id_uri": "https://signin.aws.amazon.com/saml",
            "azure_default_username": "jo@example.com",
            "azure_default_role_arn": team.arn(),
            "azure_default_duration_hours": "1",
            "azure_default_remember_me": "true",
            "region": team.region(),
        },
    )


def _awsume(team: Team) -> None:
    """awsume: its profiles, its cache profile, its shell."""
    base, *names = team.names(4)
    team.keys(base)
    mfa = f"arn:aws:iam::{team.account()}:mfa/jo"
    team.section(f"profile {base}", {"region": team.region(), "mfa_serial": mfa})
    for name in names:
        team.section(
            f"profile {name}",
            {"role_arn": team.arn(), "source_profile": base, "mfa_serial": mfa, "region": team.region()},
        )
    if team.is_one_in(2):
        team.temporary_environ()
        team.environ |= {"AWSUME_PROFILE": names[0], "AWSUME_COMMAND": names[0]}
        team.regional()


def _chained(team: Team) -> None:
    """Roles over roles with MFA, at most an hour."""
    base, first, *names = team.names(6)
    team.keys(base)
    mfa = f"arn:aws:iam::{team.account()}:mfa/jo.doe@example.com"
    team.section(
        f"profile {base}", {"region": team.region(), "output": "yaml" if team.is_one_in(9) else "json"}
    )
    team.section(
        f"profile {first}",
        {
            "role_arn": team.arn("Hub"),
            "source_profile": base,
            "mfa_serial": mfa,
            "role_session_name": team.pick("jo", "jo.doe@example.com", "jo_doe-1"),
            "region": team.region(),
        },
    )
    for name in names:
        settings = {"role_arn": team.arn(), "source_profile": first, "region": team.region()}
        if team.is_one_in(2):
            settings["external_id"] = team.pick("7fd3a2", "acme:prod/1", "b0b7c6a2-3c1d")
        if team.is_one_in(2):
            settings["duration_seconds"] = "3600"
        team.section(f"profile {name}", settings)


def _services(team: Team) -> None:
    """[services], client settings and blocks."""
    team.keys("default")
    team.section("default", {"region": team.region(), "services": "ours", "output": "table", "cli_pager": ""})
    team.config += [
        "s3 =",
        "    max_concurrent_requests = 20",
        "    multipart_threshold = 64MB",
        "    # slow line",
    ]
    team.config += ["retry_mode = standard", "max_attempts = 5", "cli_auto_prompt = on-partial"]
    team.section("services ours", {})
    team.config += ["dynamodb =", "  endpoint_url = https://dynamodb.example.com", "s3 ="]
    team.config += ["  endpoint_url = https://s3.example.com:8443"]
    team.section(
        "profile fips",
        {
            "use_fips_endpoint": "true",
            "region": "us-east-1",
            "source_profile": "default",
            "role_arn": team.arn(),
        },
    )
    if team.is_one_in(2):
        team.section("plugins", {"cli_legacy_plugin_path": "{HOME}/plugins"})
        team.files["plugins/"] = ""


def _cloud_shell(team: Team) -> None:
    """AWS CloudShell."""
    team.environ |= {
        "AWS_EXECUTION_ENV": "CloudShell",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost:1338/latest/meta-data/container/security-credentials",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": team.secret(60),
        "AWS_TOOLING_USER_AGENT": "AWS-CloudShell",
    }
    team.regional()


def _instance(team: Team) -> None:
    """EC2 with an instance profile: no files, or a region, or roles over it."""
    match team.random.randrange(3):
        case 0:
            pass
        case 1:
            team.section("default", {"region": team.region(), "output": "json"})
        case _:
            for name in team.names(3):
                team.section(
                    f"profile {name}",
                    {
                        "role_arn": team.arn(),
                        "credential_source": "Ec2InstanceMetadata",
                        "region": team.region(),
                    },
                )


def _lambda(team: Team) -> None:
    """A Lambda function."""
    team.environ |= {
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.12",
        "AWS_LAMBDA_FUNCTION_NAME": "handler",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/handler",
        "AWS_LAMBDA_LOG_STREAM_NAME": "2030/01/01/[$LATEST]0123456789abcdef",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_XRAY_DAEMON_ADDRESS": "169.254.79.129:2000",
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
    }
    team.temporary_environ()
    team.regional()


def _code_build(team: Team) -> None:
    """CodeBuild, ECS and Fargate: a container's credentials."""
    team.environ |= {
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": f"/v2/credentials/{team.random.randrange(10**9)}",
        "AWS_EXECUTION_ENV": team.pick("AWS_ECS_EC2", "AWS_ECS_FARGATE"),
        "ECS_CONTAINER_METADATA_URI_V4": "http://169.254.170.2/v4/0123",
    }
    if team.is_one_in(2):
        team.environ |= {"CODEBUILD_BUILD_ID": "a:b", "CODEBUILD_CI": "true", "CI": "true"}
    if team.is_one_in(2):
        arn = team.arn()
        team.section(
            "profile deploy", {"role_arn": arn, "credential_source": "EcsContainer", "region": "eu-west-1"}
        )
    team.regional()


def _dev_container(team: Team) -> None:
    """A dev container: the host's files mounted, and named by variables."""
    team.files[".dockerenv"] = ""
    pair = f"[default]\naws_access_key_id = {team.key()}\naws_secret_access_key = {team.secret()}\n"
    team.files |= {"mnt/aws/config": f"[default]\nregion = {team.region()}\n", "mnt/aws/credentials": pair}
    team.environ |= {
        "AWS_CONFIG_FILE": "{HOME}/mnt/aws/config",
        "AWS_SHARED_CREDENTIALS_FILE": "{HOME}/mnt/aws/credentials",
        "REMOTE_CONTAINERS": "true",
        "TERM_PROGRAM": "vscode",
    }


def _helpers(team: Team) -> None:
    """Other programs that give credentials: IAM Roles Anywhere, a password manager, a script of one's own."""
    team.programs += ["aws_signing_helper", "op", "helper.sh", "sh"]
    arn = f"arn:aws:rolesanywhere:eu-west-1:{team.account()}"
    anywhere = (
        "aws_signing_helper credential-process --certificate {HOME}/me.pem --private-key {HOME}/me.key "
        f"--trust-anchor-arn {arn}:trust-anchor/1 --profile-arn {arn}:profile/2 --role-arn {team.arn()}"
    )
    team.files |= {"me.pem": "x", "me.key": "x"}
    commands = (
        anywhere,
        '{HOME}/bin/helper.sh "with a blank" --region eu-west-1',
        "sh -c 'op read \"op://a/b\"'",
    )
    for number, command in enumerate(commands):
        team.section(f"profile helper{number}", {"credential_process": command, "region": team.region()})
    team.section(
        "profile over", {"role_arn": team.arn(), "source_profile": "helper0", "region": team.region()}
    )


def _keys_only(team: Team) -> None:
    """Long-term keys, as ``aws configure`` writes them."""
    team.keys("default")
    team.section("default", {"region": team.region(), "output": team.pick("json", "text", "table")})
    for name in team.names(team.random.randrange(4)):
        team.keys(name)
        team.section(f"profile {name}", {"region": team.region()})
        team.environ["AWS_PROFILE"] = name
    if team.is_one_in(3):
        team.environ |= {"AWS_PAGER": "", "AWS_CLI_AUTO_PROMPT": "off", "AWS_SDK_LOAD_CONFIG": "1"}


KINDS: tuple[Callable[[Team], None], ...] = (
    *(_sso_of_many, _sso_not_yet, _several_sessions, _role_over_sso, _pod, _pod_chain, _pod_identity),
    *(
        _github,
        _gitlab,
        _vault_server,
        _vault_process,
        _localstack,
        _stores,
        _gov_cloud,
        _china,
        _windows,
        _granted,
    ),
    *(_aws_sso_cli, _saml, _awsume, _chained, _services, _cloud_shell, _instance, _lambda, _code_build),
    *(_dev_container, _helpers, _keys_only),
)


def healthy_homes(number: int = MANY) -> Iterator[HealthyHome]:
    """Yield homes of all kinds in turn."""
    for each in range(number):
        kind = KINDS[each % len(KINDS)]
        name = kind.__name__.strip("_")
        team = Team(Random(f"{name} {each}"), name)  # noqa: S311 - made-up homes
        kind(team)
        yield HealthyHome(f"{name}-{each // len(KINDS)}", team)
