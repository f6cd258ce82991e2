"""The console: who one will be, the browser's command, and the sign-in against a service on loopback."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rolecall.actions import console, console_addresses
from rolecall.actions.console import Console, Wish
from rolecall.actions.errors import ActionFailed
from rolecall.actions.prompts import Cancel
from rolecall.aws.snapshot import Snapshot
from rolecall.user_settings import read_settings
from tests.actions.people import Somebody
from tests.actions.stubbed import ACCOUNT, Place, role
from tests.homes import put
from tests.interop.sts import SECRET, TOKEN, refuses
from tests.interop.stub import NAMESPACE, Stub

SSO = """[profile dev]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Developer
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
[profile over]
role_arn = arn:aws:iam::111122223333:role/Over
source_profile = dev
"""
SIGNIN = "CANARYsigninTOKEN0123"
FEDERATED = f"""<GetFederationTokenResponse xmlns="{NAMESPACE}"><GetFederationTokenResult>
<FederatedUser><FederatedUserId>1:stub</FederatedUserId><Arn>arn:aws:sts::{ACCOUNT}:federated-user/stub</Arn>
</FederatedUser><Credentials><AccessKeyId>ASIASTUB000000000000</AccessKeyId>
<SecretAccessKey>{SECRET}</SecretAccessKey><SessionToken>{TOKEN}</SessionToken>
<Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></GetFederationTokenResult></GetFederationTokenResponse>"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with Stub() as stub:
        stub.rules["getSigninToken"] = lambda _: (200, json.dumps({"SigninToken": SIGNIN}))
        stub.rules["GetFederationToken"] = lambda _: (200, FEDERATED)
        yield Place(tmp_path, stub, {console_addresses.STUB: stub.url, "PATH": "/usr/bin:/bin"})


def sign_in(snapshot: Snapshot, name: str, wish: Wish = Wish()) -> Console:  # noqa: B008 - immutable
    opening = console.opening(snapshot, name, wish)
    return console.sign_in(snapshot, opening, wish, Somebody(), Cancel())


# who one will be, from the files alone


def test_where_the_console_of_a_partition_is_not_known_there_is_no_link(place: Place) -> None:
    snapshot = place.snapshot(SSO.replace("sso_region = eu-west-1", "sso_region = us-iso-east-1"))
    assert console.opening(snapshot, "dev", Wish()).link is None


def test_a_permission_set_is_opened_by_the_portal_without_a_call(place: Place) -> None:
    place.environ.pop(console_addresses.STUB)
    snapshot = place.snapshot(SSO)
    opening = console.opening(snapshot, "dev", Wish(service="s3"))
    assert opening.who == "Developer in 111122223333"
    assert opening.remarks == ()
    found = console.sign_in(snapshot, opening, Wish(service="s3"), Somebody(), Cancel())
    assert found.url.startswith("https://corp.awsapps.com/start/#/console?account_id=111122223333")
    assert place.stub.calls == []


@pytest.mark.parametrize(
    ("name", "who", "remark"),
    [
        ("one", f"one in {ACCOUNT}", None),
        ("two", f"two in {ACCOUNT}", console.CHAINED),
        ("over", "Over in 111122223333", console.CHAINED),
        ("base", "a federated user of the keys of base", console.FEDERATED),
    ],
)
def test_it_is_said_first_who_one_will_be(place: Place, name: str, who: str, remark: str | None) -> None:
    snapshot = place.snapshot(SSO + role("one") + role("two", "one"))
    opening = console.opening(snapshot, name, Wish())
    assert opening.who.startswith(who)
    assert opening.remarks == (() if remark is None else (remark,))
    assert opening.link is None


@pytest.mark.parametrize(
    ("name", "wish"),
    [
        ("two", Wish(seconds=7200)),  # chained
        ("over", Wish(seconds=7200)),
        ("dev", Wish(seconds=7200)),  # the portal decides
        ("one", Wish(service="S3?x")),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_asked(place: Place, name: str, wish: Wish) -> None:
    snapshot = place.snapshot(SSO + role("one") + role("two", "one"))
    with pytest.raises(ActionFailed):
        console.opening(snapshot, name, wish)


# the sign-in


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "seconds", "asked"), [("one", None, None), ("one", 7200, "7200"), ("two", None, None)]
)
def test_a_role_signs_in_with_its_own_credentials(
    place: Place, name: str, seconds: int | None, asked: str | None
) -> None:
    found = sign_in(place.snapshot(role("one") + role("two", "one")), name, Wish("s3", None, seconds))
    (request,) = [each for each in place.stub.requests if each["Action"] == "getSigninToken"]
    assert request.get("SessionDuration") == asked
    assert json.loads(request["Session"]).keys() == {"sessionId", "sessionKey", "sessionToken"}
    assert json.loads(request["Session"])["sessionToken"] == TOKEN
    assert f"SigninToken={SIGNIN}" in found.url
    assert "s3%2Fhome" in found.url
    assert not found.is_federated
    assert SIGNIN not in repr(found)


def test_long_term_keys_become_a_federated_user_who_may_do_the_same(place: Place) -> None:
    found = sign_in(place.snapshot(role("one")), "base", Wish(seconds=3600))
    (asked,) = [each for each in place.stub.requests if each["Action"] == "GetFederationToken"]
    assert (asked["Name"], asked["DurationSeconds"]) == ("stub", "3600")
    assert json.loads(asked["Policy"])["Statement"][0]["Action"] == "*"
    assert found.is_federated
    assert found.arn == f"arn:aws:sts::{ACCOUNT}:federated-user/stub"
    (signed,) = [each for each in place.stub.requests if each["Action"] == "getSigninToken"]
    assert "SessionDuration" not in signed


@pytest.mark.long
@pytest.mark.parametrize(
    ("action", "status", "kind", "cure"),
    [
        ("GetFederationToken", 403, "AccessDenied", "sts:GetFederationToken"),
        ("getSigninToken", 400, "SigninRefused", "GetSessionToken"),
        ("getSigninToken", 500, "ResponseParserError", ""),
        ("getSigninToken", 302, "ResponseParserError", ""),
    ],
)
def test_a_refusal_says_what_to_do_and_quotes_no_key(
    place: Place, action: str, status: int, kind: str, cure: str
) -> None:
    place.stub.rules[action] = refuses("AccessDenied", SECRET, status)
    with pytest.raises(ActionFailed) as raised:
        sign_in(place.snapshot(role("one")), "base")
    assert raised.value.kind == kind
    assert cure in (raised.value.cure or "")
    assert TOKEN not in raised.value.message
    assert SECRET not in raised.value.message


@pytest.mark.long
def test_nobody_is_signed_in_with_the_keys_of_an_aws_on_this_machine(place: Place) -> None:
    place.environ.pop(console_addresses.STUB)
    with pytest.raises(ActionFailed) as raised:
        sign_in(place.snapshot(role("one")), "one")
    assert raised.value.kind == "NotApplicable"
    assert "127.0.0.1" in raised.value.message


@pytest.mark.long
def test_a_sign_in_that_cannot_be_reached_does_not_quote_the_address(place: Place) -> None:
    place.environ[console_addresses.STUB] = "http://127.0.0.1:9"
    with pytest.raises(ActionFailed) as raised:
        sign_in(place.snapshot(role("one")), "one")
    assert raised.value.message.endswith("127.0.0.1:9 cannot be reached")
    assert TOKEN not in f"{raised.value.message} {raised.value.cure}"


# the browser


FIELDS = {"profile": "p q", "account": "pay", "account_id": "1", "role": "-x", "region": ""}


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("firefox -P {account}", ["firefox", "-P", "pay", "{url}"]),
        ("firefox {url} -P '{profile}'", ["firefox", "{url}", "-P", "p q"]),
        ("open 'ext+container:name={profile}&url={url}'", ["open", "ext+container:name=p%20q&url={url}"]),
        ("x --profile={role}", ["x", "--profile=-x", "{url}"]),
    ],
)
def test_the_command_of_a_browser_is_filled_in(command: str, words: list[str]) -> None:
    assert console._words(command, FIELDS) == words


@pytest.mark.parametrize("command", ["firefox 'x", "", "firefox {role}"])
def test_a_command_that_cannot_be_run_is_refused(command: str) -> None:
    with pytest.raises(ActionFailed):
        console._words(command, FIELDS)


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="the made-up browser is a shell script")
def test_the_address_is_in_no_argument_of_the_browser(place: Place) -> None:
    # GIVEN a browser of the user's own for this account
    program, heard = place.home / "browser", place.home / "heard"
    put(program, f"#!{sys.executable}\n{_BROWSER}".format(heard=heard))
    program.chmod(0o755)
    snapshot = place.snapshot(role("one"))
    put(snapshot.host.settings_file, f"[console.accounts]\n{ACCOUNT} = '''{program} --in {{account_id}}'''\n")
    # WHEN
    browser = console.browser_for(snapshot, "one")
    console.open_console(sign_in(snapshot, "one"), browser, Somebody(), Cancel())
    # THEN the sign-in token came by the redirect alone
    arguments, location = heard.read_text().splitlines()
    assert f"--in {ACCOUNT} http://127.0.0.1:" in arguments
    assert SIGNIN not in arguments
    assert SIGNIN in location


_BROWSER = """\
import http.client, sys
from urllib.parse import urlsplit
way = urlsplit(sys.argv[-1])
asking = http.client.HTTPConnection(way.hostname, way.port)
asking.request("GET", way.path)
with open("{heard}", "w") as file:
    file.write(" ".join(sys.argv) + "\\n" + asking.getresponse().getheader("Location") + "\\n")
"""


def test_the_profiles_own_browser_comes_before_the_accounts_and_that_for_all(place: Place) -> None:
    snapshot = place.snapshot(role("one"))
    lines = [
        "[console]",
        "browser = 'a'",
        "[console.accounts]",
        f"{ACCOUNT} = 'b'",
        "[console.profiles]",
        "one = 'c'",
    ]
    found = []
    for many in (2, 4, 6):
        put(snapshot.host.settings_file, "\n".join(lines[:many]))
        settings = read_settings(snapshot.host).console
        found.append(settings.command("one", ACCOUNT))
    assert found == ["a", "b", "c"]


def test_without_a_browser_nothing_is_fetched(place: Place) -> None:
    with pytest.raises(ActionFailed) as raised:
        console.browser_for(place.snapshot(role("one")), "one")
    assert raised.value.kind == "NoBrowser"
