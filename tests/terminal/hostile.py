"""Text that would steer a terminal, hide in a line or be taken for markup, and a home that is full of it."""

import re
from pathlib import Path

from rolecall.aws import cache_files
from rolecall.aws.settings import Kind
from rolecall.aws.snapshot import Snapshot
from tests.homes import make_home, put

STEERING = {
    "clipboard": "\x1b]52;c;cHduZWQ=\x07",
    "title": "\x1b]0;PWNED\x07",
    "title by ST": "\x1b]2;PWNED\x1b\\",
    "link": "\x1b]8;;https://evil.example\x1b\\x\x1b]8;;\x1b\\",
    "clear": "\x1b[2J\x1b[H",
    "conceal": "\x1b[8m",
    "where am I": "\x1b[6n",
    "print": "\x1b[5i",
    "window": "\x1b[8;1;1t",
    "reset": "\x1bc",
    "alignment": "\x1b#8",
    "line drawing": "\x1b(0",
    "device control": "\x1bP0;1|17/ab\x1b\\",
    "graphics": "\x1b_Ga=T;AAAA\x1b\\",
    "C1 control sequence": "\x9b31m",
    "C1 command": "\x9d0;PWNED\x9c",
    "C1 next line": "\x85",
    "bell": "\x07",
    "backspace": "prod\x08\x08\x08\x08evil",
    "delete": "\x7f",
    "vertical tab": "\x0b\x0c",
}
HIDING = {
    "reversed": "\u202etorp\u202c",
    "isolated": "\u2066x\u2069\u2067",
    "Arabic mark": "\u061c\u200e\u200f",
    "zero width": "pro\u200bd\u200c\u200d\u2060",
    "BOM": "\ufeffprod",
    "soft hyphen": "pro\u00add",
    "tags": "prod\U000e0041\U000e007f",
    "selectors": "x\ufe0f\ufe00",
    "fillers": "\u3164\u115f\uffa0",
    "line separator": "\u2028\u2029",
}
MARKUP = {
    "bold": "[bold]x[/bold]",
    "action": "[@click=app.quit]x[/]",
    "screen action": "[@click=screen.quit]x[/]",
    "content link": "[link=evil.example]x[/link]",
    "closing": "a[/]b[/b]",
    "nested": "[profile [x]]",
    "escaped": "a\\[bold]x",
    "escaped twice": "a\\\\[@click=app.quit]x",
    "trailing backslash": "x\\",
    "half open": "[red",
    "variable": "$error {0} %(x)s %s",
    "emoji": ":warning:",
}
ODD = {
    "long": "L" * 10_000,
    "wide": "界" * 40,
    "pile of marks": "e" + "\u0301" * 300,
    "tab": "a\tb",
    "spaces": "  x  ",
    "right to left": "שלום",
    "flags": "🇩🇪👩‍👩‍👧",
}
ALL = STEERING | HIDING | MARKUP | ODD
ROLE = "arn:aws:iam::111122223333:role"
LONGEST_NAME = 1000
KEYS = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = EXAMPLE\n"

_HARMFUL = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ud800-\udfff\U000e0000-\U000e0fff]"
)
_PILE = re.compile("[\u0300-\u036f]{9,}")


def harm(text: str) -> set[str]:
    """Return what in a text steers, hides or is piled over the lines around it; ends of lines do not."""
    return {*_HARMFUL.findall(text), *_PILE.findall(text)}


def hostile_home(place: Path) -> dict[str, str]:
    """Write a home in which everything that others write is hostile; return the environment."""
    host = make_home(
        place,
        config=_config(),
        credentials="".join(f"[{_one_line(payload)} {name}]\n{KEYS}" for name, payload in ALL.items()),
        environ={
            "AWS_PROFILE": STEERING["clipboard"],
            "AWS_REGION": STEERING["title"],
            **{f"AWS_{name.replace(' ', '_')}": payload for name, payload in ALL.items()},
            **{f"AWS_{payload}": name for name, payload in ALL.items() if _is_name(payload)},
            "AWS_NOT_TEXT": "\udcff\udc9b31m",
        },
    )
    _put_caches(place / ".aws")
    for report in Snapshot.take(host).profiles.values():
        if report.cache_file is not None and report.kind is Kind.ROLE:
            put(place / ".aws/cli/cache" / report.cache_file, _role(report.name))
    return dict(host.environ)


def _is_name(payload: str) -> bool:
    return "=" not in payload and len(payload) < LONGEST_NAME


def _one_line(payload: str) -> str:
    return payload.replace("\n", " ")


def _quoted(payload: str) -> str:
    escaped = _one_line(payload).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _config() -> str:
    sections = ["[profile base]\n" + KEYS]
    for number, (name, payload) in enumerate(ALL.items()):
        value = _one_line(payload)
        sections += [
            f"[profile {_quoted(f'{payload}{number}')}]\nrole_arn = {ROLE}/x\nsource_profile = base\n",
            f"[profile {_quoted(f'{payload}-{number}')}]\nrole_arn = {ROLE}/{value}\nsource_profile = base\n",
            f"role_session_name = {value}\nregion = {value}\n{_key(value)} = {value}\n",
            f"note = {value}\n  {value}\n\t{value}\n",
            f"[profile no-source-{number}]\nrole_arn = {ROLE}/x\nsource_profile = {value}\n",
            f"[profile lost {number}]\n[{name} {_header(value)}]\nregion = {value}\n",
        ]
    for number, payload in enumerate((STEERING | MARKUP).values()):
        value = _one_line(payload)
        sections += [
            f"[sso-session {_quoted(payload)}]\nsso_start_url = https://{value}\nsso_region = {value}\n",
            f"[profile sso-{number}]\nsso_session = {value}\nsso_account_id = {value}\n",
            f"sso_role_name = {value}\n[profile process-{number}]\ncredential_process = {value}\n",
        ]
    return "".join(sections)


def _key(value: str) -> str:
    return "k" + value.replace("=", "").replace(":", "").strip()


def _header(value: str) -> str:
    return value.replace("]", "")


def _put_caches(aws: Path) -> None:
    for number, (name, payload) in enumerate(ALL.items()):
        put(aws / f"cli/cache/{number:040d}.json", _role(payload))
        token = {"startUrl": payload, "accessToken": "x", "expiresAt": payload}
        put(aws / f"sso/cache/{number:040d}.json", token)
        file = payload.replace("/", "").replace("\x00", "")[:60]
        put(aws / f"cli/cache/{file} {name}.json", "{")
        put(aws / f"boto/cache/{file} {name}", "x")
    put(
        aws / f"sso/cache/{cache_files.sso_token(MARKUP['action'])}.json",
        {"startUrl": "x", "accessToken": "x"},
    )
    put(aws / "cli/cache/\udcff\udc9b31m\udc85.json", "not JSON")
    put(aws / "cli/cache/two\nlines.json", "not JSON")


def _role(payload: str) -> dict[str, object]:
    return {
        "Credentials": {
            "AccessKeyId": f"ASIA{payload}",
            "SecretAccessKey": "x",
            "SessionToken": "x",
            "Expiration": "2999-01-01T00:00:00Z",
            "AccountId": payload,
        },
        "AssumedRoleUser": {"Arn": f"arn:aws:sts::1:assumed-role/{payload}"},
    }
