"""What may stand in the files instead of what should."""

import json

from hypothesis import strategies as st

from tests.aws.entries import login_file, role_file, sso_file, sso_role_file
from tests.aws.whole import CACHES, CONFIG, CREDENTIALS

FILES = (
    ".aws/config",
    ".aws/credentials",
    f".aws/cli/cache/{role_file().removeprefix('cli/')}",
    f".aws/cli/cache/{sso_role_file(sessionName='corp').removeprefix('cli/')}",
    f".aws/sso/cache/{sso_file().removeprefix('sso/')}",
    ".aws/sso/cache/botocore-client-id-eu-west-1.json",
    f".aws/login/cache/{login_file().removeprefix('login/')}",
    ".aws/boto/cache/x.json",
    "token",
    "ec2",
    ".boto",
)
ENVIRON = {"AWS_CREDENTIAL_FILE": "~/ec2", "AWS_CREDENTIAL_EXPIRATION": "soon"}
GOOD = [CONFIG.encode(), CREDENTIALS.encode(), *(json.dumps(content).encode() for content in CACHES.values())]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Draw a good file with a piece of it overwritten, cut out or said twice."""
    content = draw(st.sampled_from(GOOD))
    start = draw(st.integers(0, len(content)))
    end = draw(st.integers(start, min(start + 40, len(content))))
    return (
        content[:start]
        + draw(st.one_of(st.binary(max_size=8), st.just(content[start:end] * 2)))
        + content[end:]
    )


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["Credentials", "Expiration", "accessToken", "expiresAt", "startUrl", "clientId", "exp"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
).map(lambda content: json.dumps(content).encode())
CONTENTS = st.lists(
    st.one_of(st.binary(max_size=60), damaged(), JSON), min_size=len(FILES), max_size=len(FILES)
)

HEADERS = ("profile x", "profile base", "default", "DEFAULT", "sso-session corp", "services s")
KEYS = """
role_arn source_profile credential_source web_identity_token_file sso_session sso_role_name sso_account_id
sso_start_url sso_region login_session credential_process mfa_serial region duration_seconds role_session_name
external_id aws_access_key_id aws_secret_access_key aws_session_token expiration metadata_service_timeout
"""
VALUES = ("x", "base", "corp", "", "0", "\n  a = 1", "\n  a = 1\n  b", "2030-01-01", "\x1b")
SECTIONS = st.tuples(
    st.sampled_from(HEADERS),
    st.dictionaries(st.sampled_from(KEYS.split()), st.sampled_from(VALUES), max_size=8),
)


def text_of(sections: list[tuple[str, dict[str, str]]]) -> str:
    """Return the text of a file with these sections."""
    return "".join(
        f"[{header}]\n" + "".join(f"{key} ={value}\n" for key, value in values.items())
        for header, values in sections
    )
