"""Random profiles: every kind, complete, half done or at odds with itself, spread over the two files.

The pools of names are small, so that the references between profiles hit each other, themselves and nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import strategies as st

from tests.differential.ini import Value, one_in

NAMES = ("default", "dev", "prod", "ops", "a b", "größe")
ABSENT = "absent"
SESSIONS = ("corp", "lab corp")
LOGINS = ("arn:aws:iam::123456789012:user/example", "arn:aws:iam::123456789012:user/gone")
ROLES = (
    "arn:aws:iam::123456789012:role/read",
    "arn:aws:iam::123456789012:role/write",
    "arn:aws:iam::210987654321:role/größe",
)
REGIONS = ("us-east-1", "eu-west-1", "", "eu-west-1 # near")
NESTED: Value = ("addressing_style = path", "max_concurrent_requests=5")

ODD_VALUES: tuple[Value, ...] = ("", '"quoted"', "%(region)s", NESTED, NESTED, ("dev = prod",))

ACCESS = "aws_access_key_id"
SECRET = "aws_secret_access_key"
KEYS_OF_A_PAIR = (ACCESS, SECRET, "aws_session_token", "aws_security_token", "aws_account_id")

Settings = dict[str, Value]


@dataclass(slots=True)
class Draft:
    """A profile in the making: what each file says of it."""

    name: str
    config: Settings = field(default_factory=dict)
    credentials: Settings = field(default_factory=dict)
    in_config: bool = True
    in_credentials: bool = False


def pick(draw: st.DrawFn, *choices: str) -> str:
    """Draw one of some texts."""
    return draw(st.sampled_from(choices))


def _static(draw: st.DrawFn, name: str, _others: Sequence[str]) -> Settings:
    key_id = "".join(letter for letter in name.upper() if letter.isascii() and letter.isalnum())
    key = {ACCESS: f"AKIA{key_id}EXAMPLE", SECRET: f"CANARY-{key_id.lower()}"}
    shape = pick(draw, "whole", "whole", "whole", "whole", "token", "old", "id", "secret", "empty", "no id")
    match shape:
        case "token":
            key["aws_session_token"] = "CANARY-token"
        case "old":
            key["aws_security_token"] = "CANARY-old-token"
        case "id":
            del key[SECRET]
        case "secret":
            del key[ACCESS]
        case "empty":
            key[pick(draw, ACCESS, SECRET)] = ""
        case "no id":
            key[ACCESS] = ""
        case _:
            pass
    return dict(key)


def _role(draw: st.DrawFn, name: str, others: Sequence[str]) -> Settings:
    role: Settings = {"role_arn": draw(st.sampled_from(ROLES))}
    shape = draw(st.sampled_from(("source",) * 8 + ("self", "absent", "neither", "both", "no role", "empty")))
    if shape != "neither":
        role["source_profile"] = pick(draw, *others)
    match shape:
        case "self":
            role["source_profile"] = name
        case "absent":
            role["source_profile"] = pick(draw, ABSENT, "", "Dev", "profile dev", '"a b"')
        case "both":
            role["credential_source"] = "Environment"
        case "no role":
            del role["role_arn"]
        case "empty":
            role["role_arn"] = ""
        case _:
            pass
    return role | _role_extras(draw)


def _role_extras(draw: st.DrawFn) -> Settings:
    extras: Settings = {}
    if one_in(draw, 4):
        extras["role_session_name"] = pick(draw, "me", "größe", "")
    if one_in(draw, 6):
        extras["external_id"] = pick(draw, "123", "")
    if one_in(draw, 6):
        extras["mfa_serial"] = pick(draw, "arn:aws:iam::123456789012:mfa/me", "")
    if one_in(draw, 4):
        extras["duration_seconds"] = pick(
            draw,
            "3600",
            "900",
            " 900 ",
            "1h",
            "",
            "-1",
            "+43200",
            "3_600",
            "3600.0",
            "\u0663\u0660",
            "007",
            "0x10",
        )
    return extras


def _credential_source(draw: st.DrawFn, _name: str, _others: Sequence[str]) -> Settings:
    source = pick(
        draw,
        *("Environment", "Ec2InstanceMetadata", "EcsContainer") * 3,
        *("environment", "EC2InstanceMetadata", "SharedConfig", ""),
    )
    return {"role_arn": draw(st.sampled_from(ROLES)), "credential_source": source} | _role_extras(draw)


def _web_identity(draw: st.DrawFn, _name: str, others: Sequence[str]) -> Settings:
    web: Settings = {
        "web_identity_token_file": pick(
            draw, *("{HOME}/token",) * 4, "{HOME}/gone", "~/token", "{HOME}/token/", "", "{HOME}"
        ),
        "role_arn": draw(st.sampled_from(ROLES)),
    }
    match pick(draw, "whole", "whole", "whole", "whole", "named", "no role", "empty"):
        case "named":
            web["role_session_name"] = pick(draw, "me", "")
        case "no role":
            del web["role_arn"]
        case "empty":
            web["role_arn"] = ""
        case _:
            pass
    if one_in(draw, 6):
        web["source_profile"] = pick(draw, *others)
    return web


SSO = {
    "sso_start_url": ("https://example.awsapps.com/start", "https://other.awsapps.com/start#/"),
    "sso_region": ("us-east-1", "eu-west-1"),
    "sso_account_id": ("123456789012", "210987654321", ""),
    "sso_role_name": ("Admin", "größe"),
}
SSO_PROFILE = ("sso_account_id", "sso_role_name")


def some(draw: st.DrawFn, names: Sequence[str], always: int) -> Settings:
    """Draw values for some SSO keys; each is there so many times out of so many and one."""
    return {name: draw(st.sampled_from(SSO[name])) for name in names if not one_in(draw, always)}


def _sso_legacy(draw: st.DrawFn, _name: str, _others: Sequence[str]) -> Settings:
    return some(draw, tuple(SSO), 16)


def _sso_session(draw: st.DrawFn, _name: str, _others: Sequence[str]) -> Settings:
    sso: Settings = {"sso_session": pick(draw, *SESSIONS * 4, "gone", "")}
    sso |= some(draw, SSO_PROFILE, 16)
    if one_in(draw, 6):
        sso |= some(draw, ("sso_start_url", "sso_region"), 3)
    return sso


def _login(draw: st.DrawFn, _name: str, _others: Sequence[str]) -> Settings:
    return {"login_session": pick(draw, *LOGINS, "")}


def _process(draw: st.DrawFn, _name: str, _others: Sequence[str]) -> Settings:
    return {"credential_process": pick(draw, "helper --account 1", "helper", "")}


def _plain(draw: st.DrawFn, _name: str, _others: Sequence[str]) -> Settings:
    return {"output": pick(draw, "json", "text", "")}


KINDS = (
    *(_static,) * 5,
    *(_role,) * 8,
    *(_credential_source,) * 3,
    *(_web_identity,) * 3,
    *(_sso_legacy,) * 2,
    *(_sso_session,) * 3,
    *(_login,) * 2,
    *(_process,) * 2,
    *(_plain,) * 2,
)

METADATA: dict[str, tuple[str, ...]] = {
    "metadata_service_timeout": ("1", "5", "0", "-1", "abc", "", "1.5", " 2 "),
    "metadata_service_num_attempts": ("1", "3", "abc", "", "\u0663"),
    "ec2_metadata_service_endpoint": (
        "http://[fd00:ec2::254]/",
        "http://127.0.0.1:9/",
        "",
        "nonsense",
        "http://",
        "http://[",
        "http://a b/",
        "http://localhost./",
        "127.0.0.1",
        "http://-bad-/",
    ),
    "ec2_metadata_service_endpoint_mode": ("ipv4", "IPv6", "", "ipv5"),
    "ec2_metadata_v1_disabled": ("true", "false", "maybe"),
    "imds_use_ipv6": ("true", "no", ""),
}


@st.composite
def drafts(draw: st.DrawFn) -> list[Draft]:
    """Draw the profiles of a home, each one spread over one or both files."""
    names = draw(st.permutations(NAMES))[: draw(st.sampled_from((1, 2, 3, 4, 5, 6, 6)))]
    profiles = [_spread(draw, name, names) for name in names]
    if one_in(draw, 6):
        _make_chain(draw, profiles)
    return profiles


def settings(draw: st.DrawFn, name: str, others: Sequence[str]) -> Settings:
    """Draw the settings of one profile: mostly one kind, sometimes two at odds, seldom an odd value."""
    chosen = draw(st.sampled_from(KINDS))(draw, name, others)
    if one_in(draw, 4):
        chosen |= draw(st.sampled_from(KINDS))(draw, name, others)
    if one_in(draw, 2):
        chosen["region"] = pick(draw, *REGIONS)
    if one_in(draw, 24):
        key = pick(draw, *METADATA)
        values: tuple[Value, ...] = (*METADATA[key], NESTED)
        chosen[key] = draw(st.sampled_from(values))
    if one_in(draw, 8):
        chosen["s3"] = NESTED
    if chosen and one_in(draw, 24):
        chosen[draw(st.sampled_from(tuple(chosen)))] = draw(st.sampled_from(ODD_VALUES))
    return chosen


def _spread(draw: st.DrawFn, name: str, others: Sequence[str]) -> Draft:
    """Draw a profile's settings, and which file says which of them."""
    draft = Draft(name)
    drawn = settings(draw, name, others)
    match pick(draw, *("config",) * 6, *("pair",) * 4, "credentials", "credentials", "split", "shadow"):
        case "config":
            draft.config = drawn
        case "credentials":
            draft.credentials = drawn
            draft.in_config, draft.in_credentials = one_in(draw, 4), True
        case "pair":
            draft.config = {key: value for key, value in drawn.items() if key not in KEYS_OF_A_PAIR}
            draft.credentials = {key: value for key, value in drawn.items() if key in KEYS_OF_A_PAIR}
            draft.in_credentials = bool(draft.credentials)
        case "split":
            for key, value in drawn.items():
                (draft.config if one_in(draw, 2) else draft.credentials)[key] = value
            draft.in_credentials = True
        case _:
            draft.config, draft.in_credentials = drawn, True
            draft.credentials = draw(st.sampled_from(KINDS))(draw, name, others)
    return draft


def _make_chain(draw: st.DrawFn, profiles: Sequence[Draft]) -> None:
    """Let each profile draw on the next; the last one starts the chain, or closes it into a loop."""
    for here, there in pairwise(profiles):
        chosen = here.config if here.in_config else here.credentials
        chosen.update({"role_arn": draw(st.sampled_from(ROLES)), "source_profile": there.name})
        for setting in (ACCESS, SECRET, "credential_source", "web_identity_token_file"):
            here.config.pop(setting, None)
            here.credentials.pop(setting, None)
    if len(profiles) > 1 and one_in(draw, 3):
        chosen = profiles[-1].config
        chosen.update({"role_arn": ROLES[0], "source_profile": draw(st.sampled_from(profiles)).name})
