"""The other tools that keep something in AWS's files and variables: what it is, and who reads it.

The only table of them: what is no misspelt setting, what may be shown, when keys expire, what ends with a
session, and which command of the tool gives new keys are made from it. The names are from the tools' own
sources and documentation. Masking is made from this table too, so it imports next to nothing.
"""

import shlex
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from rolecall.masking import Show
from rolecall.values import dataclass


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A tool, and what it reads and writes beside AWS's own settings and variables.

    Attributes:
        name: what it calls itself.
        settings: its settings in AWS's files, with what may be shown of each.
        beginnings: how the names of its further settings begin.
        ends: the settings in which it notes when the keys that it wrote expire.
        signs: the settings that nobody else writes; so is whatever has one of the beginnings.
        marks: the variables that it leaves about the session that it gave.
        shown: those marks that name the profile, for prompts.
        end_marks: those marks that note when the session expires.
        variables: how the names of its own settings in the environment begin.
        programs: its names in a ``credential_process``.
        again: the command that gives new credentials; ``{}`` stands for the profile. Empty where none does.
        in_shell: the same where the credentials are to be in the environment; empty for the same command.
        reads_defaults: whether it reads the settings of roles and MFA where AWS tools ignore them, in
            ``[default]`` and in sources.
    """

    name: str
    settings: Mapping[str, Show]
    beginnings: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    signs: frozenset[str] = frozenset()
    marks: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    end_marks: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    again: str = ""
    in_shell: str = ""
    reads_defaults: bool = False


def _tool(
    name: str,
    again: str = "",
    *,
    notes: str = "",
    addresses: str = "",
    commands: str = "",
    secrets: str = "",
    free: str = "",
    beginnings: str = "",
    ends: str = "",
    signs: str = "",
    marks: str = "",
    shown: str = "",
    end_marks: str = "",
    variables: str = "",
    programs: str | None = None,
    in_shell: str = "",
    reads_defaults: bool = False,
) -> Neighbour:
    settings = {
        **dict.fromkeys((*ends.split(), *notes.split(), *signs.split()), Show.PLAIN),
        **dict.fromkeys(addresses.split(), Show.ADDRESS),
        **dict.fromkeys(commands.split(), Show.COMMAND),
        **dict.fromkeys(secrets.split(), Show.SECRET),
        **dict.fromkeys(free.split(), Show.UNKNOWN),
    }
    return Neighbour(
        name,
        MappingProxyType(settings),
        tuple(beginnings.split()),
        tuple(ends.split()),
        frozenset(signs.split()),
        tuple(dict.fromkeys((*shown.split(), *end_marks.split(), *marks.split()))),
        tuple(shown.split()),
        tuple(end_marks.split()),
        tuple(variables.split()),
        tuple((name if programs is None else programs).split()),
        again,
        in_shell,
        reads_defaults,
    )


NEIGHBOURS: tuple[Neighbour, ...] = (
    _tool(
        "aws-vault",
        "aws-vault exec {}",
        signs="include_profile parent_profile",
        notes="session_tags transitive_session_tags source_identity",
        commands="mfa_process web_identity_token_process",
        beginnings="aws_vault_",
        shown="AWS_VAULT",
        variables="AWS_VAULT_ AWS_ASSUME_ROLE_TTL AWS_CHAINED_SESSION_TOKEN_TTL AWS_FEDERATION_TOKEN_TTL "
        "AWS_MFA_SERIAL AWS_MIN_TTL AWS_SESSION_TOKEN_TTL",
        reads_defaults=True,
    ),
    _tool(
        "granted",
        "assume {}",
        notes="granted_sso_account_id granted_sso_region granted_sso_role_name granted_generated_from "
        "granted_sso_registration_scopes granted_skip_credential_process_validation "
        "common_fate_generated_from credential_process_auto_login",
        addresses="granted_sso_start_url",
        beginnings="granted_ common_fate_",
        marks="GRANTED_SSO GRANTED_SSO_START_URL GRANTED_SSO_ROLE_NAME GRANTED_SSO_REGION "
        "GRANTED_SSO_ACCOUNT_ID GRANTED_COMMAND",
        variables="GRANTED_",
        programs="granted dgranted assumego assume",
        reads_defaults=True,
    ),
    _tool(
        "awsume",
        "awsume {}",
        signs="autoawsume awsumepy_command source_expiration",
        notes="manager awsume_role_duration role_duration session_name",
        ends="expiration",
        beginnings="awsume_ awsumepy_",
        shown="AWSUME_PROFILE",
        marks="AWSUME_COMMAND",
        end_marks="AWSUME_EXPIRATION",
        variables="AWSUME_",
        programs="awsume awsumepy",
        reads_defaults=True,
    ),
    _tool(
        "saml2aws",
        "saml2aws login -p {}",
        in_shell="saml2aws login -p {0} && eval $(saml2aws script -p {0})",
        signs="x_principal_arn",
        ends="x_security_token_expires",
        beginnings="saml2aws_",
        marks="SAML2AWS_PROFILE",
        variables="SAML2AWS_",
    ),
    _tool(
        "aws-sso-cli",
        "aws-sso login",
        in_shell="aws-sso login && eval $(aws-sso eval -p {})",
        shown="AWS_SSO_PROFILE",
        marks="AWS_SSO AWS_SSO_ACCOUNT_ID AWS_SSO_ROLE_NAME AWS_SSO_ROLE_ARN AWS_SSO_DEFAULT_REGION",
        end_marks="AWS_SSO_SESSION_EXPIRATION",
        variables="AWS_SSO_",
        programs="aws-sso",
    ),
    _tool(
        "gimme-aws-creds",
        "gimme-aws-creds --profile {}",
        ends="x_security_token_expires aws_credential_expiration",
        beginnings="gimme_",
        variables="OKTA_ AWS_CREDS_",
    ),
    _tool(
        "okta-aws-cli",
        "okta-aws-cli --profile {}",
        ends="x_security_token_expires",
        beginnings="okta_aws_cli_",
        variables="OKTA_AWSCLI_",
    ),
    _tool("okta_aws", "okta_aws {}", beginnings="okta_", programs="okta_aws okta-awscli"),
    _tool(
        "aws-okta",
        "aws-okta exec {} -- aws sts get-caller-identity",
        in_shell="eval $(aws-okta env {})",
        notes="assume_role_ttl session_ttl mfa_provider mfa_factor_type okta_account_name",
        addresses="aws_saml_url",
        beginnings="aws_okta_ okta_",
        shown="AWS_OKTA_PROFILE",
        marks="AWS_OKTA_ASSUMED_ROLE AWS_OKTA_ASSUMED_ROLE_ARN AWS_OKTA_ASSUMED_ROLE_NAME "
        "AWS_OKTA_BASE_ROLE_ARN AWS_OKTA_BASE_ROLE_NAME",
        end_marks="AWS_OKTA_SESSION_EXPIRATION",
        variables="AWS_OKTA_ AWS_SESSION_TTL",
        reads_defaults=True,
    ),
    _tool(
        "aws-azure-login",
        "aws-azure-login --profile {}",
        notes="azure_tenant_id azure_app_id_uri azure_default_username azure_default_role_arn "
        "azure_default_duration_hours azure_default_remember_me",
        secrets="azure_default_password",
        ends="aws_expiration",
        beginnings="azure_",
        variables="AZURE_",
    ),
    _tool(
        "clisso",
        "clisso get {}",
        ends="aws_expiration",
    ),
    _tool(
        "leapp",
        ends="expiration aws_session_token_expiration",
        beginnings="leapp_",
        variables="LEAPP_",
    ),
    _tool(
        "aws-mfa",
        "aws-mfa --profile {}",
        signs="assumed_role assumed_role_arn aws_mfa_device",
        notes="mfa_device",
        ends="expiration",
        variables="MFA_",
    ),
    _tool(
        "gsts",
        "gsts --aws-profile {}",
        signs="aws_role_principal_arn aws_saml_assertion",
        notes="aws_role_arn aws_role_name",
        secrets="aws_saml_assertion",
        ends="aws_session_expiration",
        beginnings="gsts_",
        variables="GSTS_",
    ),
    _tool("yawsso", "yawsso -p {}", ends="aws_session_expiration"),
    _tool(
        "aws-google-auth",
        "aws-google-auth -p {}",
        notes="google_config.role_arn google_config.google_idp_id google_config.google_sp_id "
        "google_config.google_username google_config.ask_role google_config.duration google_config.keyring "
        "google_config.u2f_disabled",
        secrets="google_config.password google_config.bg_response",
        ends="aws_session_expiration",
        beginnings="google_config. google_",
        variables="GOOGLE_",
    ),
    _tool(
        "aws-adfs",
        "aws-adfs login --profile {}",
        notes="adfs_config.role_arn adfs_config.adfs_host adfs_config.adfs_user adfs_config.region "
        "adfs_config.ssl_verification adfs_config.adfs_ca_bundle adfs_config.output_format "
        "adfs_config.provider_id adfs_config.session_duration adfs_config.sspi adfs_config.profile "
        "adfs_config.s3_signature_version adfs_config.duo_factor adfs_config.duo_device "
        "adfs_config.enforce_role_arn adfs_config.aws_config_location "
        "adfs_config.aws_credentials_location",
        commands="adfs_config.username_password_command adfs_config.mfa_token_command",
        beginnings="adfs_config. adfs_",
    ),
    _tool("onelogin-aws-cli", "onelogin-aws-login", beginnings="onelogin_", programs="onelogin-aws-login"),
    _tool(
        "aws-runas",
        "aws-runas {}",
        signs="jumprole_arn jump_role_arn federated_username",
        notes="mfa_type credentials_duration session_token_duration saml_username saml_provider "
        "saml_auth_entityid web_identity_username web_identity_provider web_identity_client_id auth_browser",
        addresses="saml_auth_url auth_url web_identity_auth_url web_identity_redirect_uri",
        secrets="saml_password web_identity_password",
        beginnings="saml_",
        shown="AWSRUNAS_PROFILE",
        variables="RUNAS_ AWS_RUNAS_ SAML_",
        reads_defaults=True,
    ),
    _tool("awsu", "awsu -p {}", shown="AWSU_PROFILE", end_marks="AWSU_EXPIRES", reads_defaults=True),
    _tool(
        "aws-sso-util",
        "aws-sso-util login --profile {}",
        signs="sso_auto_populated sso_interactive_auth sso_interactive_auto_login",
        notes="sso_account_name",
        end_marks="AWS_CREDENTIALS_EXPIRATION",
        variables="AWS_CONFIGURE_ AWS_DEFAULT_SSO_ AWS_CONSOLE_",
    ),
    _tool(
        "AWS Extend Switch Roles",
        notes="color image group role_name target_role_name target_region aws_account_alias aws_account_name "
        "display_name",
        programs="",
    ),
    _tool("awscli_plugin_endpoint", notes="verify_ssl", programs=""),
    _tool(
        "assume-role",
        "assume-role {}",
        in_shell="eval $(assume-role {})",
        shown="ASSUMED_ROLE",
        marks="AWS_ASSUMED_ROLE",
    ),
    _tool("the EB CLI", marks="AWS_EB_PROFILE", programs="eb"),
    _tool(
        "smaller tools",
        notes="account account_alias account_id account_name aws_account aws_arn_mfa aws_arn_role "
        "aws_principal_arn aws_user_arn chain chain_mfa identity_provider mfa_method mfa_prompt "
        "principal_arn role role_session_duration session_duration source sso_use_stdout srcprofile "
        "s3_disable_multiregion_access_points toolkit_region",
        addresses="identity_url idp_url",
        free="description",
        beginnings="jumpcloud_ keycloak_ kion_ vault_ idp_ aws_saml_",
        programs="",
    ),
)
"""Prompts and wrappers of which only the profile's name is seen (awsp, aws-switchrole) write none of this."""
SETTINGS: Mapping[str, Show] = MappingProxyType(
    {key: show for each in NEIGHBOURS for key, show in each.settings.items()}
)
"""All settings that these tools keep in AWS's files, with what may be shown of each."""
_BEGINNINGS = tuple({word for each in NEIGHBOURS for word in each.beginnings})
MARKS: Mapping[str, str] = MappingProxyType(
    {name: each.name for each in reversed(NEIGHBOURS) for name in each.marks}
)
"""The variables that tools leave in a shell about the session that they gave it, with the tool's name."""
PROFILE_MARKS = tuple(name for each in NEIGHBOURS for name in each.shown)
"""Marks that name a profile, which prompts show before AWS_PROFILE."""
SSO_PROGRAMS = frozenset(("aws-sso-util", "aws-sso-credential-process", "aws2-wrap"))
"""Programs for ``credential_process`` that use the profile's own SSO settings and the AWS CLI's token."""
_OF_MANY = frozenset(("expiration",))
"""Settings that many tools write: they tell nothing about who did."""
_LONG_TERM = "-long-term"
_AUTO = "autoawsume-"
_READING = tuple(each for each in NEIGHBOURS if each.reads_defaults)
_READER_MARKS = tuple(word for each in _READING for word in (*each.marks, *each.variables))
_READER_SETTINGS = frozenset(key for each in _READING for key in each.settings) - _OF_MANY
_READERS = frozenset(word for each in _READING for word in each.programs)


def is_setting(key: str) -> bool:
    """Whether another tool has a setting of this name (in lower case)."""
    return key in SETTINGS or key.startswith(_BEGINNINGS)


def owner_of_variable(name: str) -> str | None:
    """Return the tool that has a setting of its own in a variable, or None where no tool has."""
    found = (
        (word, each.name)
        for each in NEIGHBOURS
        for word in each.variables
        if name == word or (word.endswith("_") and name.startswith(word))
    )
    return max(found, default=(None, None))[1]


def reads_defaults(environ: Collection[str], profiles: Collection[Mapping[str, object]]) -> bool:
    """Whether a tool is used here that reads ``mfa_serial`` and a role's settings where AWS tools do not."""
    return any(name.startswith(_READER_MARKS) for name in environ) or any(
        not _READER_SETTINGS.isdisjoint(values) or program_of(values.get("credential_process")) in _READERS
        for values in profiles
    )


def program_of(command: object) -> str | None:
    """Return the name of the program that a command starts, without its directory; None where none is."""
    words = command.replace("\\", "/").split() if isinstance(command, str) else []
    if not words:
        return None
    names = [word.strip("\"'").rpartition("/")[2].removesuffix(".exe") for word in words[:2]]
    is_wrapped = names[0] in ("env", "exec", "command", "sudo") and len(names) > 1
    return names[1] if is_wrapped else names[0]


def writers(name: str, values: Mapping[str, object], others: Collection[str] = ()) -> tuple[Neighbour, ...]:
    """Return the tools that can have written a profile's keys: one where its notes say so, else several.

    Args:
        name: the profile.
        values: its settings, of both files.
        others: the names of all profiles: aws-mfa keeps the long-term keys of ``dev`` in ``dev-long-term``.
    """
    own = [each for each in NEIGHBOURS if _is_signed(each, values)]
    program = program_of(values.get("credential_process"))
    own += [each for each in NEIGHBOURS if program in each.programs and each not in own]
    if not own and name.startswith(_AUTO):
        own = _named("awsume")
    if not own and f"{name}{_LONG_TERM}" in others:
        own = _named("aws-mfa")
    if not own and name == "saml":
        own = _named("saml2aws")
    if len(own) == 1:
        return tuple(own)
    noting = [each for each in NEIGHBOURS if any(values.get(key) for key in each.ends)]
    return tuple(each for each in noting if not own or each in own) or tuple(own)


def in_shell(environ: Mapping[str, str]) -> str | None:
    """Return the command of the tool that gave this shell its session, which does so again; None for no tool.

    The profile is that of its own mark; granted, which has none, exports AWS_PROFILE.
    """
    marking = [each for each in NEIGHBOURS if any(environ.get(name) for name in each.marks)]
    if len(marking) != 1 or not marking[0].again:
        return None
    tool = marking[0]
    names = tool.shown or tuple(name for name in tool.marks if name.endswith("_PROFILE")) or ("AWS_PROFILE",)
    profile = next((environ[name] for name in names if environ.get(name)), "")
    if not profile or not profile.isprintable():
        return tool.again.partition(" {")[0]
    return (tool.in_shell or tool.again).format(shlex.quote(profile))


def _is_signed(tool: Neighbour, values: Mapping[str, object]) -> bool:
    if tool.name == "awsume" and values.get("manager") == "awsume":
        return True
    unlike = tuple(word for word in tool.beginnings if word != "okta_")  # several tools begin so
    return not tool.signs.isdisjoint(values) or any(key.startswith(unlike) for key in values if unlike)


def _named(name: str) -> list[Neighbour]:
    return [each for each in NEIGHBOURS if each.name == name]


def maker(profile: str) -> str | None:
    """Return the tool that makes profiles of such a name in the credentials file, and removes them again."""
    return "awsume" if profile.startswith(_AUTO) else None


def is_kept_for_another(name: str, others: Collection[str]) -> bool:
    """Whether a profile only holds the long-term keys from which aws-mfa makes those of another."""
    return name.endswith(_LONG_TERM) and name.removesuffix(_LONG_TERM) in others


def renewal(tools: Iterable[Neighbour], profile: str) -> str | None:
    """Return in words how a tool that wrote keys gives new ones, or None where that is not known."""
    if profile.startswith(_AUTO):  # awsume makes it of another profile
        profile = f"-a {profile.removeprefix(_AUTO)}"
    commands = list(dict.fromkeys(each.again.format(profile) for each in tools if each.again))
    if not commands:
        return None
    return " or ".join(filter(None, (", ".join(commands[:-1]), commands[-1])))
