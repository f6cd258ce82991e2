"""What an error message mentions that is in this home: profiles, and values of settings and variables."""

import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import PurePosixPath, PureWindowsPath

from rolecall.aws import cache_files, logins
from rolecall.aws.identifiers import account_of_arn, is_region
from rolecall.aws.settings import services
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.error_text.parse import Pasted
from rolecall.doctor.error_text.subjects import set_by
from rolecall.doctor.evidence import visible_position
from rolecall.doctor.finding import Finding, SubjectKind
from rolecall.text import mask, mask_access_key, mask_name, shown_value
from rolecall.values import dataclass


@dataclass(frozen=True, slots=True)
class Mention:
    """Something in a message that is in this home as well.

    Attributes:
        words: what it is, after "it names".
        profiles: the profiles that have it.
        settings: the settings with it: the profile and the key of each.
        variables: the variables with it.
        is_proof: whether it leaves no doubt where only one profile has it.
        is_clue: whether it tells profiles apart at all: every second message has the region.
    """

    words: str
    profiles: tuple[str, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    variables: tuple[str, ...] = ()
    is_proof: bool = True
    is_clue: bool = True


_NAME = r"(?P<name>[^\s\"'`()\[\]{},;:]{1,200})"
_BY_WORD = re.compile(
    rf"\b(?:profiles?|credentials for|login to|log in to|token for|role for|exec|assume|awsume)\b"
    rf"[\s:=]{{0,3}}[\"'`(\[]{{0,2}}{_NAME}",
    re.IGNORECASE,
)
"""Words after which a profile is named."""
_QUOTED = re.compile(r"'([^'\n]{1,300})'|\"([^\"\n]{1,300})\"|\[([^\]\n]{1,300})\]|\(([^)\n]{1,300})\)")
_WORD = re.compile(r"[^\s\"'`()<>\[\]{},;|]+")
_ENDS = ".,:;!?*…"
_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")
_TAIL = re.compile(r"(?:[*•…]+|\.{3})\s?([A-Z0-9]{4})\b")
_KEY = re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,124}\b")
_URL = re.compile(r"https?://[^\s\"'`<>{}|]+")
_SSO_ROLE = re.compile(r"AWSReservedSSO_(.+)_[0-9a-f]{16}")
_COMMON = frozenset(
    (
        *("a", "account", "admin", "api", "app", "arn", "assume", "at", "aws", "aws4_request", "base", "be"),
        *("build", "by", "correct", "scoped", "should", "valid"),
        *("can", "ci", "cli", "client", "command", "config", "console", "credential", "credentials", "data"),
        *("default", "deploy", "dev", "docker", "eks", "env", "error", "exec", "exit", "file", "for", "from"),
        *("iam", "id", "in", "invalid", "is", "key", "keys", "live", "local", "log", "login", "main", "me"),
        *("mfa", "my", "name", "new", "no", "none", "not", "of", "old", "on", "or", "ops", "org", "process"),
        *("prod", "production", "profile", "public", "region", "request", "role", "root", "run", "s3"),
        *("server", "service", "session", "shared", "source", "sso", "staging", "sts", "system", "temp"),
        *("terraform", "test", "the", "this", "to", "token", "tools", "type", "user", "web", "with", "work"),
        *("x", "y", "z"),
    )
)
"""Words that a message may have without meaning the profile of that name."""
_PROGRAMS = frozenset(
    ("sh", "bash", "zsh", "cmd", "cmd.exe", "env", "aws", "python", "python3", "node", "sudo", "pwsh")
)
"""Programs that start others: their names say nothing."""


_OPERATION = re.compile(
    r"\b(?:calling the (?=\w{1,80} operation)|operation error [\w ]{1,80}?: |perform: [a-z0-9-]{1,40}:"
    r"|\baws [a-z0-9-]{1,40} )(?P<name>[\w-]{1,80})"
)
"""What an operation's name stands after, in the words of boto3, the CLIs, Go and IAM, and in a command."""


def _is_common(name: str) -> bool:
    """Whether a name is a word that is in messages for another reason: in English, or as AWS's own name."""
    lowered = name.lower()
    return lowered in _COMMON or is_region(lowered) or lowered in services()


def mentions(snapshot: Snapshot, pasted: Pasted) -> tuple[Mention, ...]:
    """Return what a message mentions that is here, the strongest first."""
    return tuple(_Looking(snapshot, pasted).mentions())


@dataclass(frozen=True)
class _Looking:
    snapshot: Snapshot
    pasted: Pasted

    def mentions(self) -> Iterator[Mention]:
        words = _words(self.pasted.raw)
        yield from self._named()
        yield from self._files(words)
        found: dict[tuple[int, str], tuple[dict[tuple[str, str], None], dict[str, None]]] = {}
        for profile, key, value in self._settings():
            for form in _forms(key, value):
                if form in words:
                    found.setdefault((_KINDS[key].rank, form), ({}, {}))[0][(profile, key)] = None
        for name, key, value in self._variables():
            for form in _forms(key, value):
                if form in words:
                    found.setdefault((_KINDS[key].rank, form), ({}, {}))[1][name] = None
        for (rank, form), (settings, variables) in sorted(found.items(), key=lambda each: each[0][0]):
            kind = _BY_RANK[rank]
            is_everybodys = kind in _OVERRIDDEN and bool(variables)
            names = () if is_everybodys else tuple(dict.fromkeys(profile for profile, _ in settings))
            words_for = f"{kind.words} {_shown(kind, form)}"
            is_clue = not (kind.words.startswith("the region") and is_region(form))
            is_proof = kind.is_proof or form == self.pasted.value
            yield Mention(words_for, names, (*settings,), (*variables,), is_proof, is_clue)
        yield from self._subjects(words)
        yield from self._bare(words)
        yield from self._accounts(words)

    def _subjects(self, words: frozenset[str]) -> Iterator[Mention]:
        """Values of the settings that the message is about, where it quotes one."""
        for key in set_by(self.pasted):
            if not key.islower() or key in _KINDS:
                continue
            having: dict[str, list[str]] = {}
            for name, report in self.snapshot.profiles.items():
                value = report.values.get(key)
                if isinstance(value, str) and value in words:
                    having.setdefault(value, []).append(name)
            for value, names in having.items():
                shown = shown_value(key, value)
                yield Mention(
                    f"{key} = {shown}", (*names,), tuple((name, key) for name in names), is_proof=False
                )

    def _named(self) -> Iterator[Mention]:
        """Names of profiles after a word that says so, or in quotes or brackets."""
        known = self.snapshot.profiles
        raw = " ".join(self.pasted.raw.split())
        told = {match["name"].strip(_ENDS) for match in _BY_WORD.finditer(raw)}
        quoted = {text for match in _QUOTED.finditer(raw) for text in match.groups() if text}
        spoken = self._spoken
        found = tuple(name for name in known if name in told or (name in quoted and not spoken(name)))
        for name in found:
            yield Mention(f"the profile {mask_name(name)}", (name,), is_proof=len(found) == 1)

    def _bare(self, words: frozenset[str]) -> Iterator[Mention]:
        """Names of profiles that are just words of the message."""
        for name in self.snapshot.profiles:
            if name in words and not self._spoken(name):
                yield Mention(f"the word {mask_name(name)}", (name,), is_proof=False)

    def _spoken(self, name: str) -> bool:
        """Whether a word of a message need not mean the profile: a service, a region, an operation."""
        pasted = self.pasted
        return _is_common(name) or name in (pasted.operation, pasted.code) or name in self._operations

    @cached_property
    def _operations(self) -> frozenset[str]:
        return frozenset(match["name"] for match in _OPERATION.finditer(self.pasted.raw))

    def _accounts(self, words: frozenset[str]) -> Iterator[Mention]:
        found: dict[str, list[str]] = {}
        for name, report in self.snapshot.profiles.items():
            if report.account is not None and report.account in words:
                found.setdefault(report.account, []).append(name)
        for account, names in found.items():
            yield Mention(f"the account {account}", (*names,), is_proof=False)

    def _files(self, words: frozenset[str]) -> Iterator[Mention]:
        for entry in self.snapshot.entries:
            if entry.path.name in words or str(entry.path) in words or entry.path.stem in words:
                where = self.snapshot.host.display(entry.path)
                yield Mention(f"the cache file {where}", entry.profiles)
        for stem, names in self._awaited().items():
            if stem in words or f"{stem}.json" in words:
                yield Mention("the cache file that its login or its role would have", names)

    def _awaited(self) -> Mapping[str, tuple[str, ...]]:
        """Return the profiles by the names of the cache files that are not there."""
        there = {entry.path.stem for entry in self.snapshot.entries}
        found: dict[str, list[str]] = {}
        for name, report in self.snapshot.profiles.items():
            stems = {(report.cache_file or "").removesuffix(".json")}
            login = logins.login_of(report, self.snapshot)
            if login is not None and login[0] is not logins.LoginKind.LOGIN_SESSION:
                stems.add(cache_files.sso_token(login[1]))
            for stem in stems - there - {""}:
                found.setdefault(stem, []).append(name)
        return {stem: tuple(names) for stem, names in found.items()}

    def _settings(self) -> Iterator[tuple[str, str, str]]:
        sessions = self.snapshot.merged.config.headers.sso_sessions
        of_session = {name: self.snapshot.merged.sso_session(name) or {} for name in sessions}
        for profile, report in self.snapshot.profiles.items():
            session = report.values.get("sso_session")
            inherited = of_session.get(session, {}) if isinstance(session, str) else {}
            for key in _KINDS:
                value = report.values.get(key, inherited.get(key))
                if isinstance(value, str) and value:
                    if key == "sso_role_name":
                        value = f"role:{report.account}/{value}"
                    yield profile, key, value

    def _variables(self) -> Iterator[tuple[str, str, str]]:
        environ = self.snapshot.host.environ
        for name, key in _VARIABLES.items():
            value = environ.get(name)
            if value:
                yield name, key, value


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of value: its words, its rank (0 for the strongest), and whether it is a proof."""

    words: str
    rank: int
    is_proof: bool = True


_KINDS: Mapping[str, _Kind] = {
    "credential_process": _Kind("the program", 0),
    "web_identity_token_file": _Kind("the token file", 1),
    "mfa_serial": _Kind("the MFA device", 2),
    "role_arn": _Kind("the role", 3),
    "login_session": _Kind("the login", 4),
    "aws_access_key_id": _Kind("the access key", 5),
    "ca_bundle": _Kind("the certificates", 6),
    "endpoint_url": _Kind("the endpoint", 7),
    "role_session_name": _Kind("the session name", 8),
    "sso_session": _Kind("the sso-session", 9),
    "sso_start_url": _Kind("the start URL", 10),
    "sso_role_name": _Kind("the role", 11),
    "region": _Kind("the region", 12, is_proof=False),
    "sso_region": _Kind("the region of SSO", 13, is_proof=False),
}
"""The settings that messages quote, the most telling first."""
_OVERRIDDEN = tuple(_KINDS[key] for key in ("ca_bundle", "endpoint_url", "region"))
"""Those whose variable comes before the setting: a value that both have is that of every profile."""
_BY_RANK = {kind.rank: kind for kind in _KINDS.values()}
_VARIABLES: Mapping[str, str] = {
    "AWS_WEB_IDENTITY_TOKEN_FILE": "web_identity_token_file",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "web_identity_token_file",
    "AWS_ROLE_ARN": "role_arn",
    "AWS_ROLE_SESSION_NAME": "role_session_name",
    "AWS_ACCESS_KEY_ID": "aws_access_key_id",
    "AWS_CA_BUNDLE": "ca_bundle",
    "REQUESTS_CA_BUNDLE": "ca_bundle",
    "SSL_CERT_FILE": "ca_bundle",
    "AWS_ENDPOINT_URL": "endpoint_url",
    "AWS_ENDPOINT_URL_STS": "endpoint_url",
    "AWS_ENDPOINT_URL_SSO": "endpoint_url",
    "AWS_ENDPOINT_URL_S3": "endpoint_url",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "endpoint_url",
    "HTTPS_PROXY": "endpoint_url",
    "https_proxy": "endpoint_url",
    "HTTP_PROXY": "endpoint_url",
    "http_proxy": "endpoint_url",
    "AWS_REGION": "region",
    "AWS_DEFAULT_REGION": "region",
}
"""The variables with a value like that of a setting."""


def _shown(kind: _Kind, form: str) -> str:
    if kind is _KINDS["aws_access_key_id"]:
        return mask_access_key(form) or ""
    return mask(form.removeprefix("role:"))


def _forms(key: str, value: str) -> Iterator[str]:
    """Yield the forms in which a message has the value of a setting."""
    yield from dict.fromkeys(_FORMS.get(key, _as_it_is)(value.strip()))


def _as_it_is(value: str) -> Iterable[str]:
    return (value,) if value else ()


def _of_session(name: str) -> Iterable[str]:
    return () if _is_common(name) else (name,)


def _of_command(command: str) -> Iterator[str]:
    """Yield the program as it is written, as a POSIX shell splits it, and without its directory."""
    words = command.split(None, 1)
    written = words[0] if words else ""
    try:
        split = shlex.split(command)
    except ValueError:
        split = []
    for program in (written, written.strip("\"'"), *split[:1]):
        path = PureWindowsPath(program) if "\\" in program else PurePosixPath(program)
        for form in (program, path.name):
            if form and form.lower() not in _PROGRAMS:
                yield form


def _of_url(url: str) -> Iterator[str]:
    yield url
    yield url.rstrip("/#")
    host = _host(url)
    if host and not host.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        yield host


def _of_role(arn: str) -> Iterator[str]:
    yield arn
    account = account_of_arn(arn)
    if account is not None:
        yield f"role:{account}/{arn.rpartition('/')[2]}"


def _of_key(key: str) -> Iterator[str]:
    word = key.partition(" ")[0].strip("\"'")
    yield word
    if word[4:]:
        yield f"…{word[-4:]}"


_FORMS: Mapping[str, Callable[[str], Iterable[str]]] = {
    "credential_process": _of_command,
    "sso_session": _of_session,
    "sso_start_url": _of_url,
    "endpoint_url": _of_url,
    "role_arn": _of_role,
    "aws_access_key_id": _of_key,
}


def _host(url: str) -> str:
    """Return the host of a URL, as it is written."""
    return re.split(r"[/?#]", url.rpartition("://")[2], maxsplit=1)[0].rpartition("@")[2].partition(":")[0]


def _words(text: str) -> frozenset[str]:
    """Return the words of a message, and the parts of those that have parts."""
    found: set[str] = set()
    for match in _QUOTED.finditer(text):
        found |= {each for each in match.groups() if each}
    for word in set(_WORD.findall(text)):
        for each in (word, word.strip(_ENDS), word.replace("\\\\", "\\")):
            found.add(each)
            found.add(each.rpartition("=")[2])
        if "/" in word or "\\" in word:
            found.add(re.split(r"[/\\]", word.strip(_ENDS))[-1])
    found |= {*_ACCOUNT.findall(text), *_KEY.findall(text)}
    found |= {f"…{tail}" for tail in _TAIL.findall(text)}
    for url in set(_URL.findall(text)):
        plain, host = url.rstrip("/#.,:;"), _host(url)
        found |= {url, plain, host, *host.split(".")}
    for word in [each for each in found if each.startswith("arn:")]:
        account, resource = account_of_arn(word), word.split(":", 5)[-1]
        parts = resource.split("/")
        if account is not None and parts[0] in ("assumed-role", "role") and parts[1:]:
            name = parts[1] if parts[0] == "assumed-role" else parts[-1]
            found.add(f"role:{account}/{name}")
            of_sso = _SSO_ROLE.fullmatch(name)
            if of_sso is not None:
                found.add(f"role:{account}/{of_sso[1]}")
    return frozenset(found - {""})


def at_setting(
    snapshot: Snapshot,
    found: Iterable[Finding],
    settings: Iterable[tuple[str, str]],
    variables: Iterable[str],
) -> Finding | None:
    """Return the first of these findings that is about one of these settings or variables."""
    names = frozenset(variables)
    every = list(found)
    places = []
    for profile, key in settings:
        report = snapshot.profiles.get(profile)
        setting = report.settings.get(key) if report is not None and every else None
        if setting is not None:
            places.append((visible_position(setting), key))
    for each in every:
        if each.subject.kind is SubjectKind.VARIABLE and each.subject.name in names:
            return each
        for place, key in places:
            where = f"{snapshot.host.display(place.path)}:{place.line} "
            is_quoted = key in each.message and any(line.startswith(where) for line in each.evidence)
            if each.place == place or is_quoted:
                return each
    return None
