"""The app's own actions over the demo: what it promises to let one try."""

from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from rolecall.actions import assume, clear_cache, credentials, login
from rolecall.actions.errors import ActionFailed
from rolecall.actions.prompts import Authorization, Cancel
from rolecall.aws.snapshot import Snapshot
from rolecall.demo import sts
from rolecall.demo.home import DemoHome, demo_home
from rolecall.host import Host
from tests.actions.people import Somebody
from tests.demo.meadow import TIMEOUT

pytestmark = pytest.mark.long


class Guest(Somebody):
    """Somebody who has a browser, and presses the page's button at once."""

    def authorize(self, authorization: Authorization) -> None:
        address = urlsplit(authorization.address)
        connection = HTTPConnection(str(address.hostname), address.port, timeout=TIMEOUT)
        connection.request("POST", address.path, f"user_code={authorization.code}")
        assert b"Approved" in connection.getresponse().read()
        connection.close()


@pytest.fixture
def home() -> Iterator[DemoHome]:
    with demo_home() as home:
        yield home


def look(home: DemoHome) -> Snapshot:
    return Snapshot.take(Host.of(home.home, home.environ))


def clear(home: DemoHome, *names: str) -> None:
    """Clear the cache entries of some profiles, as the app does."""
    snapshot = look(home)
    entries = clear_cache.select(snapshot, names=names)
    assert clear_cache.clear(snapshot, clear_cache.plan(snapshot, entries), Cancel(), lambda _: None).deleted


def test_admin_lets_one_in_with_the_right_code_and_on_to_the_next_hop(home: DemoHome) -> None:
    # GIVEN nothing of the chain in the cache
    clear(home, "prod-admin", "prod-deploy")
    # WHEN someone mistypes the code, and then does not
    guest = Guest(codes=["111111", sts.CODE])
    done = assume.assume(look(home), "prod-deploy", guest, Cancel())
    # THEN they were asked twice, for rowan's device, and both roles are there
    assert [device for device, _ in guest.asked] == [sts.DEVICE, sts.DEVICE]
    assert done.arn is not None
    assert ":assumed-role/Deploy/" in done.arn
    profiles = look(home).profiles
    assert {profiles[name].expiry.state for name in ("prod-admin", "prod-deploy")} == {"valid"}


def test_logs_wants_more_than_an_hour_and_gets_an_hour(home: DemoHome) -> None:
    asked = assume.too_long(look(home).profiles["logs"])
    assert asked == 7200
    with pytest.raises(ActionFailed) as raised:
        assume.assume(look(home), "logs", Guest(), Cancel())
    assert raised.value.kind == "ValidationError"
    done = assume.assume(look(home), "logs", Guest(), Cancel(), seconds=3600)
    assert not done.was_cached
    assert done.cache_file.is_file()


def test_a_role_that_is_denied_leaves_what_was_there(home: DemoHome) -> None:
    before = look(home).profiles["release"].expiry
    with pytest.raises(ActionFailed) as raised:
        assume.assume(look(home), "release", Guest(), Cancel(), force=True)
    assert raised.value.kind == "AccessDenied"
    assert look(home).profiles["release"].expiry == before


def test_after_a_login_the_partners_role_is_to_be_had(home: DemoHome) -> None:
    # GIVEN a login that is dead, and with it what draws on it
    with pytest.raises(ActionFailed) as raised:
        assume.assume(look(home), "partner-audit", Guest(), Cancel(), force=True)
    assert raised.value.command == "login"
    # WHEN someone logs in
    target = login.target(look(home), "partner-audit")
    done = login.log_in(look(home), target, Guest(), Cancel())
    assert done.renewable
    # THEN the role can be fetched, and its holder is who the settings say
    assume.assume(look(home), "partner-audit", Guest(), Cancel(), force=True)
    assert credentials.who_am_i(look(home), "partner-audit", Guest(), Cancel()).is_as_promised


def test_a_renewable_login_is_renewed_by_itself(home: DemoHome) -> None:
    guest = Guest()
    assert credentials.who_am_i(look(home), "lake", guest, Cancel()).is_as_promised
    assert not guest.asked


def test_after_a_logout_a_login_is_wanted(home: DemoHome) -> None:
    target = login.target(look(home), "dev")
    done = login.log_out(look(home), target, Guest(), Cancel())
    assert (done.profiles, done.remarks) == (("dev",), ())
    with pytest.raises(ActionFailed) as raised:
        credentials.who_am_i(look(home), "dev", Guest(), Cancel())
    assert raised.value.command == "login"


def test_the_process_of_tools_is_shown_and_run(home: DemoHome) -> None:
    guest = Guest()
    tools = credentials.who_am_i(look(home), "tools", guest, Cancel())
    assert tools.account == "777788889999"
    assert [profile for profile, _ in guest.shown] == ["tools"]
    assert "meadow-credentials" in guest.shown[0][1]


def test_without_its_old_keys_vault_works(home: DemoHome) -> None:
    with pytest.raises(ActionFailed) as raised:
        credentials.who_am_i(look(home), "vault", Guest(), Cancel())
    assert raised.value.kind == "InvalidClientTokenId"
    # WHEN the keys that shadow its process are taken out
    file = home.home / ".aws" / "credentials"
    text = file.read_text()
    first = text.index("[vault]")
    file.write_text(text[:first] + text[text.index("# written by saml2aws") :])
    # THEN the process answers
    assert ":assumed-role/Vault/" in credentials.who_am_i(look(home), "vault", Guest(), Cancel()).arn


def test_the_instance_that_is_asked_is_the_demos_and_has_no_role(home: DemoHome) -> None:
    with pytest.raises(ActionFailed) as raised:
        assume.assume(look(home), "bastion", Guest(), Cancel())
    assert raised.value.kind == "CredentialRetrievalError"
