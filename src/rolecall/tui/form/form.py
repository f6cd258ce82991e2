"""The fields of a form for a profile or an sso-session, by its kind, and their contents.

Pure: made from a Snapshot, and turned into the changes that the user has typed. It contains no secret: what
must not be shown is a field that can be replaced or removed.
"""

import textwrap
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import field, replace

from rolecall.actions.editing import edits
from rolecall.actions.editing.placement import EditableValue, raw_values
from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import Plan
from rolecall.aws.profiles import Origin, OriginKind, Setting
from rolecall.aws.settings import Kind, Type, fields_of, instead_of, missing_of, setting
from rolecall.aws.snapshot import Snapshot
from rolecall.text import inert, may_be_shown, shown_value
from rolecall.values import dataclass

NAME = ""
"""The field for the name itself: no setting has an empty key."""
DEFAULT = "DEFAULT"
EMPTY = "set to nothing"
"""What is shown of a setting with an empty value: an empty field would mean that it is not set."""


MEANINGS: Mapping[Kind | None, str] = {
    Kind.ROLE: "a role assumed with another profile's credentials",
    Kind.SSO: "an account and a permission set of an sso-session",
    Kind.KEYS: "an access key and its secret",
    Kind.PROCESS: "a program that prints credentials",
    Kind.WEB_IDENTITY: "a role assumed with a token in a file",
    Kind.NONE: "settings only, or anything else",
    None: "a login that several profiles share",
}
"""What can be added: a profile of a kind (``aws login`` writes its own), or, for None, an sso-session."""


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a form.

    Attributes:
        key: the setting; ``NAME`` for the name itself.
        text: the value, to be changed; empty if the setting is not set, or must not be shown.
        shown: the value as it may be shown, if that is not ``text``: masked, or set elsewhere.
        is_secret: whether what is typed is not shown either.
        is_hidden: whether there is a value that is not shown: an empty field leaves it as it is.
        is_block: whether it takes several lines.
        origin: where the value comes from, in words.
        shadows: the values that it keeps from taking effect, in words.
    """

    key: str
    text: str = field(default="", repr=False)
    shown: str = ""
    is_secret: bool = False
    is_hidden: bool = False
    is_block: bool = False
    origin: str = ""
    shadows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProfileForm:
    """A form as it is opened.

    Attributes:
        snapshot: what it was made from.
        kind: what kind of profile it is for; None for an sso-session.
        name: what the profile or sso-session is called; None where it is to be added.
        fields: the lines, the name's first where it can be typed.
    """

    snapshot: Snapshot
    kind: Kind | None
    name: str | None
    fields: tuple[Field, ...]

    @property
    def is_session(self) -> bool:
        """Whether it is that of an sso-session."""
        return self.kind is None

    def with_field(self, key: str) -> "ProfileForm":
        """Return the form with a line for one more setting."""
        return replace(self, fields=(*self.fields, blank(key)))


def profile_form(snapshot: Snapshot, name: str) -> ProfileForm:
    """Return the form of a profile: the fields of its kind, then what else it has.

    Raises:
        ActionFailed: its file cannot be read any more.
    """
    report = snapshot.profiles[name]
    values = raw_values(snapshot, name)
    settings = report.settings
    keys = dict.fromkeys((*fields_of(report.kind), *values))
    fields = (_of_value(snapshot, key, values.get(key), settings.get(key)) for key in keys)
    return ProfileForm(snapshot, report.kind, name, (Field(NAME, name), *fields))


def session_form(snapshot: Snapshot, name: str) -> ProfileForm:
    """Return the form of an sso-session."""
    config = snapshot.merged.config
    header = config.headers.sso_sessions[name][-1]
    located = config.located.sections.get(header)
    fields = []
    for key in dict.fromkeys((*fields_of(None), *config.sections[header])):
        value = config.sections[header].get(key)
        line = located.keys[key].line if located is not None and key in located.keys else None
        if value is None or config.path is None:
            fields.append(blank(key))
        elif line is None:
            fields.append(replace(blank(key), shown=inert(shown_value(key, value)), origin="from [DEFAULT]"))
        else:
            origin = _place(snapshot, Origin(OriginKind.CONFIG, config.path, header, line))
            text = value if isinstance(value, str) else _lines_of(value)
            fields.append(_standing(key, text, shown_value(key, value), origin, ()))
    return ProfileForm(snapshot, None, name, tuple(fields))


def new(snapshot: Snapshot, kind: Kind | None) -> ProfileForm:
    """Return an empty form for a profile of a kind that is to be added, or, for None, an sso-session."""
    return ProfileForm(snapshot, kind, None, (Field(NAME), *(blank(key) for key in fields_of(kind))))


def blank(key: str) -> Field:
    """Return an empty line."""
    return Field(key, is_secret=not may_be_shown(key), is_block=setting(key).type is Type.BLOCK)


def renewed(opened: ProfileForm, snapshot: Snapshot) -> ProfileForm | None:
    """Return an opened form over the files as they are now, with a line for each that it had.

    Returns:
        None where the profile or sso-session is not there any more, or cannot be read now.
    """
    if snapshot.merged.broken_file is not None:
        return None
    name = opened.name
    if name is None:
        return replace(opened, snapshot=snapshot)
    is_there = name in (
        snapshot.merged.config.headers.sso_sessions if opened.is_session else snapshot.profiles
    )
    if not is_there:
        return None
    try:
        now = session_form(snapshot, name) if opened.is_session else profile_form(snapshot, name)
    except ActionFailed:
        return None
    for each in opened.fields:
        if not any(field.key == each.key for field in now.fields):
            now = now.with_field(each.key)
    return now


def _of_value(snapshot: Snapshot, key: str, value: EditableValue | None, setting: Setting | None) -> Field:
    if setting is not None and (value is None or setting.origin.section == DEFAULT):
        return replace(blank(key), shown=inert(setting.shown), origin=_given(snapshot, setting.origin))
    if value is None:
        return blank(key)
    origin = _place(snapshot, setting.origin) if setting is not None else f"from the {value.role} file"
    shadows = tuple(_shadow(snapshot, loser) for loser in setting.shadowed) if setting is not None else ()
    return _standing(key, value.text, value.shown, origin, shadows)


def _standing(key: str, text: str | None, shown: str, origin: str, shadows: tuple[str, ...]) -> Field:
    """Return the line of a setting that a file has; what cannot be typed as it is there is hidden."""
    is_block = (text is not None and text.startswith("\n")) or setting(key).type is Type.BLOCK
    lines = text.split("\n") if text is not None and is_block else [text]
    can_be_shown = may_be_shown(key) and all(line is not None and inert(line) == line for line in lines)
    common = replace(blank(key), is_block=is_block, origin=origin, shadows=shadows)
    if text and can_be_shown and shown_value(key, text) == text:
        return replace(common, text=as_lines(text) if is_block else text)
    return replace(common, shown=inert(shown) or EMPTY, is_hidden=True)


def as_lines(text: str) -> str:
    """Return a nested block as it is edited: without the indentation that all of its lines have."""
    return textwrap.dedent(text.strip("\n")).rstrip()


def as_block(text: str) -> str:
    """Return edited lines as a nested block; empty where there are none."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    return "\n" + "\n".join(f"  {line}" for line in lines) if lines else ""


def _lines_of(value: Mapping[str, str]) -> str:
    return "".join(f"\n{key} = {inner}" for key, inner in value.items())


def _place(snapshot: Snapshot, origin: Origin) -> str:
    line = f":{origin.line}" if origin.line is not None else ""
    return f"{snapshot.host.display(origin.path)}{line}"


def _given(snapshot: Snapshot, origin: Origin) -> str:
    return f"given by [{origin.section}], {_place(snapshot, origin)}"


def _shadow(snapshot: Snapshot, loser: Setting) -> str:
    return f"{loser.shown} in {_place(snapshot, loser.origin)}"


def opened_at(form: ProfileForm, key: str | None, texts: Mapping[str, str]) -> "FilledForm":
    """Return a form with some texts typed in, and a line for each of their settings and for ``key``."""
    for each in (*texts, *([key] if key is not None else [])):
        if not any(field.key == each for field in form.fields):
            form = form.with_field(each)
    return FilledForm(form, texts)


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A form with what has been typed into it.

    Attributes:
        form: the form.
        texts: the contents of the fields, by key; fields that are not in it are unchanged.
        removed: the settings to remove whose values are not shown.
    """

    form: ProfileForm
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    removed: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The name as it is typed, or as it is."""
        return self.texts.get(NAME, self.form.name or "").strip()

    def text(self, key: str) -> str:
        """The contents of a field, without the blanks around it, which AWS tools drop."""
        found = next((each for each in self.form.fields if each.key == key), None)
        text = self.texts.get(key, found.text if found is not None else "")
        return text.rstrip() if found is not None and found.is_block else text.strip()

    @property
    def missing(self) -> frozenset[str]:
        """The settings that it lacks of those that are required; one of some is enough."""
        given = {
            each.key
            for each in self.form.fields
            if each.key not in self.removed and (self.text(each.key) or each.is_hidden or each.shown)
        }
        unnamed = {NAME} if not self.name and not (self.form.is_session and self.form.name) else set()
        return missing_of(self.form.kind, given) | unnamed

    def instead_of(self, key: str) -> str:
        """Name the settings that may be given instead of a required one, or nothing."""
        return " and ".join(instead_of(self.form.kind, key))

    def without(self, keys: Container[str]) -> "FilledForm":
        """Return the form with some fields as they were when it was opened."""
        texts = {key: text for key, text in self.texts.items() if key not in keys}
        return FilledForm(self.form, texts, frozenset(key for key in self.removed if key not in keys))

    def changes(self) -> dict[str, str | None]:
        """Return the changes: key → value, or None to remove the setting."""
        return dict(self._changes())

    def _changes(self) -> Iterator[tuple[str, str | None]]:
        for each in self.form.fields:
            if each.key == NAME:
                continue
            text = self.text(each.key)
            if each.key in self.removed:
                yield each.key, None
            elif text == each.text or (each.is_hidden and not text):
                continue
            elif not text:
                yield each.key, None
            else:
                yield each.key, as_block(text) if each.is_block else text

    @property
    def is_changed(self) -> bool:
        """Whether anything differs from the files."""
        return bool(self.changes()) or self.name != (self.form.name or "")


def plan_of(filled: FilledForm) -> Plan:
    """Plan the edit.

    Raises:
        ActionFailed: it cannot be written.
    """
    opened, changes = filled.form, filled.changes()
    if opened.is_session:
        return edits.change_session(opened.snapshot, filled.name, changes)
    if opened.name is None:
        settings = {key: value for key, value in changes.items() if value is not None}
        return edits.add_profile(opened.snapshot, filled.name, settings)
    return edits.change_profile(opened.snapshot, opened.name, changes, filled.name)


def referring(snapshot: Snapshot, name: str) -> tuple[str, ...]:
    """Return the profiles whose ``source_profile`` names a profile, in either file, in force or not."""
    return tuple(dict.fromkeys(_referring(snapshot, name)))


def _referring(snapshot: Snapshot, name: str) -> Iterable[str]:
    for file in snapshot.files:
        for profile, headers in file.headers.profiles.items():
            if any(file.sections[header].get("source_profile") == name for header in headers):
                yield profile
