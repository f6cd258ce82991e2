"""The profiles as botocore merges them from the two files, and where each of their settings came from."""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from enum import StrEnum
from pathlib import Path

from rolecall.aws.config_file import ConfigFile, FileStatus, Value
from rolecall.text import shown_value
from rolecall.values import dataclass


class OriginKind(StrEnum):
    """What kind of place a setting comes from."""

    CONFIG = "config"
    CREDENTIALS = "credentials"
    SSO_SESSION = "sso-session"


@dataclass(frozen=True, slots=True)
class Origin:
    """The place that a setting comes from.

    Attributes:
        kind: the file's role, or sso-session for a key that the profile's session contributes.
        path: the file.
        section: the header as written in the file; ``DEFAULT`` where configparser added the key from there.
        line: the key's line (from 1), or None where the file has changed since.
    """

    kind: OriginKind
    path: Path
    section: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of a profile: its value, where it came from, and the settings that it overrides."""

    name: str
    value: Value = field(repr=False)
    origin: Origin
    shadowed: tuple["Setting", ...] = ()

    @property
    def shown(self) -> str:
        """The value as it may be shown: secrets masked."""
        return shown_value(self.name, self.value)


@dataclass(frozen=True, slots=True)
class Profiles:
    """All profiles after the merge, with the two files they came from.

    ``by_name`` is in botocore's order: those of config, then those of credentials only. It is empty where
    either file does not parse: botocore then refuses every profile with ConfigParseError.
    """

    config: ConfigFile
    credentials: ConfigFile
    by_name: Mapping[str, Mapping[str, Value]] = field(repr=False)

    @property
    def broken_file(self) -> ConfigFile | None:
        """The file for which botocore raises ConfigParseError, config first."""
        for file in (self.config, self.credentials):
            if file.status is FileStatus.UNPARSEABLE:
                return file
        return None

    def sso_session(self, name: Value) -> Mapping[str, Value] | None:
        """Return the sso-session of that name, which only the config file can have."""
        headers = self.config.headers.sso_sessions.get(name) if isinstance(name, str) else None
        return self.config.sections[headers[-1]] if headers else None

    def static_config(self, name: str) -> Mapping[str, Value] | None:
        """Return the profile as it is in the config file, which is what ``config-file`` reads."""
        headers = self.config.headers.profiles.get(name)
        return self.config.sections[headers[-1]] if headers else None

    def static_credentials(self, name: str) -> Mapping[str, Value] | None:
        """Return the profile as it is in the credentials file (``shared-credentials-file``)."""
        return self.credentials.sections.get(name)


def merge(config: ConfigFile, credentials: ConfigFile) -> Profiles:
    """Merge the two files as ``botocore.session.Session.full_config`` does: key by key, credentials first."""
    merged: dict[str, Mapping[str, Value]] = {}
    profiles = Profiles(config, credentials, merged)
    if profiles.broken_file is None:
        for name, headers in config.headers.profiles.items():
            merged[name] = config.sections[headers[-1]]
        for name, section in credentials.sections.items():
            merged[name] = {**merged[name], **section} if name in merged else section
    return profiles


def settings(profiles: Profiles, name: str) -> dict[str, Setting]:
    """Return a profile's settings with their origins; keys that its sso-session adds come last.

    The overridden settings of each are in their order of precedence: the credentials file over config, a
    section's own key over ``[DEFAULT]``, a later section over an earlier one of the same profile.
    """
    in_force: dict[str, Setting] = {}
    losers: dict[str, list[Setting]] = {}
    for setting, counts in _said(profiles, name):
        if counts and setting.name not in in_force:
            in_force[setting.name] = setting
        else:
            losers.setdefault(setting.name, []).append(setting)
    order = {key: index for index, key in enumerate(profiles.by_name[name])}
    return {
        key: replace(in_force[key], shadowed=tuple(losers.get(key, ())))
        for key in sorted(in_force, key=lambda key: order.get(key, len(order)))
    }


def lost(profiles: Profiles, name: str) -> list[Setting]:
    """Return the settings that a later section of the same profile, or sso-session, replaces entirely."""
    said = list(_said(profiles, name))
    in_force = {setting.name for setting, counts in said if counts}
    return [setting for setting, _ in said if setting.name not in in_force]


def _said(profiles: Profiles, name: str) -> Iterator[tuple[Setting, bool]]:
    """Yield all settings for a profile in the files, by precedence, and whether botocore reads them.

    A line of ``[DEFAULT]`` reaches a profile through several sections; it is yielded for the first of them.
    """
    defaults: set[tuple[Path, int | None]] = set()
    for file, kind, header, counts in _sections(profiles, name):
        for setting in _of_section(file, kind, header):
            if setting.origin.section == "DEFAULT":
                place = (setting.origin.path, setting.origin.line)
                if place in defaults:
                    continue
                defaults.add(place)
            yield setting, counts


def _sections(profiles: Profiles, name: str) -> Iterator[tuple[ConfigFile, OriginKind, str, bool]]:
    """Yield the sections for a profile, by precedence, and whether botocore reads them: the last one."""
    if name in profiles.credentials.sections:
        yield profiles.credentials, OriginKind.CREDENTIALS, name, True
    headers = profiles.config.headers
    for index, header in enumerate(reversed(headers.profiles.get(name, ()))):
        yield profiles.config, OriginKind.CONFIG, header, index == 0
    session = profiles.by_name[name].get("sso_session")
    if isinstance(session, str):
        for index, header in enumerate(reversed(headers.sso_sessions.get(session, ()))):
            yield profiles.config, OriginKind.SSO_SESSION, header, index == 0


def _of_section(file: ConfigFile, kind: OriginKind, header: str) -> Iterator[Setting]:
    """Yield a section's own keys, then those that ``[DEFAULT]`` would have given it."""
    assert file.path is not None  # noqa: S101 - for the type checker: a file with sections has a path
    values = file.sections[header]
    place = file.located.sections.get(header)
    own = place.keys if place else {}
    for key, value in values.items():
        if key in own or key not in file.located.defaults:
            line = own[key].line if key in own else None
            yield Setting(key, value, Origin(kind, file.path, header, line))
    for key, default in file.located.defaults.items():
        value = values.get(key, default.value) if key not in own else default.value
        yield Setting(key, value, Origin(kind, file.path, "DEFAULT", default.line))
