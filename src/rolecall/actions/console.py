"""Opens the AWS console as a profile: by the SSO portal's own link, or by federation with its credentials."""

import shlex
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from datetime import datetime
from functools import partial
from urllib.parse import quote

from rolecall import user_settings
from rolecall.actions import assume, credentials, programs, redirect, timeouts, worker_client
from rolecall.actions import console_addresses as addresses
from rolecall.actions.errors import ActionFailed
from rolecall.actions.prompts import Cancel, Prompts, SharedAnswers
from rolecall.aws import identifiers, logins
from rolecall.aws.profile_report import ProfileReport
from rolecall.aws.settings import Kind
from rolecall.aws.snapshot import Snapshot
from rolecall.host import Host
from rolecall.messages.accounts import account_text
from rolecall.text import duration
from rolecall.values import dataclass

LONGEST_CONSOLE = 43_200
"""Seconds that a console session lasts, at most (``SessionDuration``)."""
FEDERATED = (
    "Long-term keys sign in as a federated user, who may do what the user may do, except what needs MFA. "
    "The user must be allowed sts:GetFederationToken."
)
CHAINED = "The role is assumed with another role's session, which AWS ends within the hour."

PORTAL_DECIDES = "The SSO portal decides how long a session lasts; --duration needs --federation."


@dataclass(frozen=True, slots=True)
class Opening:
    """What opening the console will do, known from the files alone.

    Attributes:
        profile: the profile's name.
        who: who one will be, in words.
        until: until when, in words.
        remarks: what is worth knowing before, a sentence each.
        link: the SSO portal's link; None where it is done by federation.
    """

    profile: str
    who: str
    until: str
    remarks: tuple[str, ...]
    link: str | None


@dataclass(frozen=True, slots=True)
class Console:
    """An address that opens the console.

    Attributes:
        url: the address; with federation it is secret, and valid for 15 minutes.
        account: the account id, or None.
        arn: the ARN of who one is; None where the portal decides.
        expires_at: until when, aware, in UTC; None where that is not known.
        is_federated: whether one is a federated user.
    """

    url: str = field(repr=False)
    account: str | None
    arn: str | None
    expires_at: datetime | None
    is_federated: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of the console: a service, a region, a duration in seconds; None for what comes.

    Attributes:
        service: the service's page.
        region: the region, instead of the profile's.
        seconds: how long the session is to last.
        by_credentials: whether it is done by federation although the SSO portal has a link.
    """

    service: str | None = None
    region: str | None = None
    seconds: int | None = None
    by_credentials: bool = False


def obstacle(report: ProfileReport, snapshot: Snapshot) -> str | None:
    """Return why the console certainly cannot be opened as a profile, in a sentence, or None if it may."""
    if _link(report, snapshot, Wish()) is not None:
        return None
    return credentials.obstacle(report)


def opening(snapshot: Snapshot, name: str, wish: Wish) -> Opening:
    """Say what opening the console will do.

    Raises:
        ActionFailed: what is wished cannot be.
    """
    report = snapshot.profiles[name]
    if wish.service is not None and not addresses.is_service(wish.service):
        raise ActionFailed(
            "UsageError", f"{wish.service!r} is not a service", cure="name one as AWS does: s3"
        )
    link = _link(report, snapshot, wish)
    is_chained = report.maximum_duration is not None
    if wish.seconds is not None and (link is not None or is_chained):
        raise ActionFailed("UsageError", PORTAL_DECIDES if link is not None else f"No --duration. {CHAINED}")
    remarks = [*_remarks(report)] if link is None else []
    return Opening(name, _who(report, snapshot), _until(report, snapshot, wish, link), tuple(remarks), link)


def _who(report: ProfileReport, snapshot: Snapshot) -> str:
    account = account_text(report.account, snapshot.accounts, in_full=True)
    place = f" in {account}" if account else ""
    role = report.own_hop.role_arn or report.values.get("sso_role_name")
    if isinstance(role, str) and report.kind in (Kind.ROLE, Kind.WEB_IDENTITY, Kind.SSO):
        return f"{role.rpartition('/')[2]}{place}"
    if _is_long_term(report):
        return f"a federated user of the keys of {report.name}{place}"
    return f"the identity of {report.name}{place}"


def _until(report: ProfileReport, snapshot: Snapshot, wish: Wish, link: str | None) -> str:
    if link is not None:
        return "as long as the portal's session for this permission set lasts"
    if wish.seconds is not None:
        return f"for {duration(wish.seconds)}"
    left = report.expiry.left(snapshot.host.now())
    if left is not None and assume.is_good(report, snapshot.host.now()):
        return f"for {duration(left.total_seconds())}, as long as its credentials last"
    return "for 12 hours at the most" if _is_long_term(report) else "as long as its credentials last"


def _remarks(report: ProfileReport) -> Iterator[str]:
    if _is_long_term(report):
        yield FEDERATED
    elif report.maximum_duration is not None:
        yield CHAINED


def _is_long_term(report: ProfileReport) -> bool:
    return report.kind is Kind.KEYS and not report.values.keys() & {"aws_session_token", "aws_security_token"}


def _link(report: ProfileReport, snapshot: Snapshot, wish: Wish) -> str | None:
    """Return the SSO portal's link for a profile's own permission set, or None where there is none."""
    account, role = report.values.get("sso_account_id"), report.values.get("sso_role_name")
    if wish.by_credentials or report.kind is not Kind.SSO:
        return None
    if not (isinstance(account, str) and account and isinstance(role, str) and role):
        return None
    try:
        where = logins.target(snapshot, report.name)
    except logins.NoLoginError:
        return None
    partition = identifiers.partition_of(where.region)
    if not addresses.is_known(partition):
        return None
    target = addresses.destination(partition, wish.service, wish.region or report.region)
    return addresses.portal_link(where.start_url, account, role, target, snapshot.host.environ)


def sign_in(snapshot: Snapshot, opened: Opening, wish: Wish, prompts: Prompts, cancel: Cancel) -> Console:
    """Return the address that opens the console.

    Raises:
        ActionFailed: the profile gives no credentials, or AWS refuses them.
        Cancelled: the user cancelled.
    """
    report = snapshot.profiles[opened.profile]
    if opened.link is not None:
        return Console(opened.link, report.account, None, None, is_federated=False)
    arguments = {
        "service": wish.service,
        "region": wish.region or report.region,
        "seconds": wish.seconds,
    }
    asking = SharedAnswers(prompts).for_profile()
    found = worker_client.call(snapshot, opened.profile, "console", asking, cancel, more=arguments)
    return Console(
        url=str(found["url"]),
        account=worker_client.optional(found["account"]),
        arn=worker_client.optional(found["arn"]),
        expires_at=worker_client.worker_timestamp(found["expires_at"]),
        is_federated=found["is_federated"] is True,
    )


Browser = Callable[[str], bool]
"""Opens a browser at an address; returns whether there is one."""


def browser_for(snapshot: Snapshot, name: str, command: str | None = None) -> Browser:
    """Return what opens the console of a profile, before anything is fetched for it.

    Args:
        snapshot: the files, with the names of accounts.
        name: the profile.
        command: the browser's command, instead of that of the user's settings.

    Raises:
        ActionFailed: there is no browser here, or its command is none.
    """
    report = snapshot.profiles[name]
    settings = user_settings.read_settings(snapshot.host).console
    command = command or settings.command(name, report.account)
    if command is not None:
        return partial(_start, snapshot.host, _words(command, _fields(snapshot, report)))
    if not programs.has_browser(snapshot.host):
        raise ActionFailed("NoBrowser", "there is no browser here", cure="open the address elsewhere (--url)")
    return partial(programs.open_browser, snapshot.host)


def open_console(console: Console, browser: Browser, prompts: Prompts, cancel: Cancel) -> None:
    """Open the console, by an address on loopback: no other user of this machine learns the real one.

    Raises:
        ActionFailed: the browser cannot be started, or never came.
        Cancelled: the user cancelled.
    """
    prompts.tell("waiting for the browser")
    redirect.hand_over(console.url, browser, cancel)


def _fields(snapshot: Snapshot, report: ProfileReport) -> Mapping[str, str]:
    """Return what can be named in the command of a browser."""
    role = report.own_hop.role_arn or report.values.get("sso_role_name")
    return {
        "profile": report.name,
        "account": account_text(report.account, snapshot.accounts),
        "account_id": report.account or "",
        "role": role.rpartition("/")[2] if isinstance(role, str) else "",
        "region": report.region or "",
    }


def _words(command: str, fields: Mapping[str, str]) -> list[str]:
    """Return the words of a browser's command, with ``{url}`` in the last place where it names none.

    Raises:
        ActionFailed: a quote is not closed, or a value would be taken for an option.
    """
    try:
        words = shlex.split(command)
    except ValueError:
        words = []
    if not words:
        raise ActionFailed("UsageError", "the command of the browser is no command", cure="close its quotes")
    filled = [words[0], *(_filled(word, fields) for word in words[1:])]
    return filled if any("{url}" in word for word in filled) else [*filled, "{url}"]


def _filled(word: str, fields: Mapping[str, str]) -> str:
    """Fill one word in; what comes into an address (``ext+container:name={profile}&url={url}``) is quoted."""
    is_address = word.startswith("ext+")
    text = word
    for name, value in fields.items():
        text = text.replace(f"{{{name}}}", quote(value, safe="") if is_address else value)
    if text.startswith("-") and not word.startswith("-"):
        message = f"{word} would be an option of the browser: {text}"
        raise ActionFailed("Refused", message, cure="write it with = after the option's name")
    return text


def _start(host: Host, words: list[str], address: str) -> bool:
    """Start a browser's command; it goes on by itself.

    Raises:
        ActionFailed: it cannot be started, or ended with an error.
    """
    command = [
        word.replace("{url}", quote(address, safe="") if word.startswith("ext+") else address)
        for word in words
    ]
    try:
        browser = subprocess.Popen(  # noqa: S603 - no shell; the user's own command
            command,
            env=worker_client.environment(host),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        message = f"{command[0]} cannot be started: {error.strerror}"
        raise ActionFailed("NotStarted", message, cure="see whether it is installed") from error
    try:
        code = browser.wait(timeouts.BROWSER)
    except subprocess.TimeoutExpired:
        threading.Thread(target=browser.wait, name="browser", daemon=True).start()
        return True
    if code != 0:
        raise ActionFailed("ProgramFailed", f"{command[0]} ended with exit code {code}")
    return True
