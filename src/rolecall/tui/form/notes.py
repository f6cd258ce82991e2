"""What is said beside the fields of a form: what cannot be written, and what the rules find in the edit.

The rules are those of the list of findings. They look at a Snapshot in which the files hold what the form
would write; nothing is written for it.
"""

from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import field
from functools import cached_property

from rolecall import user_settings
from rolecall.actions.editing.validation import check_new_name, check_value
from rolecall.actions.errors import ActionFailed
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.evidence import quote
from rolecall.doctor.finding import Finding, Subject, SubjectKind
from rolecall.doctor.registry import BY_CODE, Findings, examine
from rolecall.text import sentence
from rolecall.tui.form.form import NAME, FilledForm, as_block, plan_of, referring
from rolecall.tui.render.inspector import SEVERITIES
from rolecall.tui.tones import Tone
from rolecall.values import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """What is said of a field.

    Attributes:
        words: a sentence.
        tone: its tone.
        glyph: the sign before it; none for a remark.
        cure: what corrects it, a sentence; empty where that is obvious.
        forbids: whether it has to be corrected before anything can be written.
    """

    words: str
    tone: Tone = Tone.DIM
    glyph: str = ""
    cure: str = ""
    forbids: bool = False

    @classmethod
    def of_finding(cls, finding: Finding, names: Collection[str]) -> "Note":
        """Say a finding in the words of the list of findings; the names are those of the profiles."""
        glyph, tone = SEVERITIES[finding.severity]
        return cls(sentence(finding.message, names), tone, glyph, sentence(finding.fix.words))


def _refusal(words: str) -> Note:
    return Note(words, Tone.BAD, "✗", forbids=True)


def form_remarks(filled: FilledForm) -> dict[str, Note]:
    """Return what can be said of each field without looking at the files, by key: above all refusals."""
    found: dict[str, Note] = {}
    for each in filled.form.fields:
        note = _of_name(filled) if each.key == NAME else _of_setting(filled, each.key)
        if note is not None:
            found[each.key] = note
    return found


def _of_name(filled: FilledForm) -> Note | None:
    name, before = filled.name, filled.form.name
    if name == before:
        return None
    try:
        check_new_name(name)
    except ActionFailed as failed:
        return _refusal(failed.message)
    if name in _taken(filled):
        what = "an sso-session" if filled.form.is_session else "a profile"
        return _refusal(f"There is {what} of this name already.")
    return Note(following(filled)) if before is not None else None


def _taken(filled: FilledForm) -> Container[str]:
    """Return the names that are in use."""
    merged = filled.form.snapshot.merged
    if filled.form.is_session:
        return merged.config.headers.sso_sessions
    return merged.by_name


def following(filled: FilledForm) -> str:
    """Say which settings of others are changed when a profile gets a new name."""
    names = referring(filled.form.snapshot, filled.form.name or "")
    if not names:
        return "No source_profile refers to it."
    return f"The source_profile of {_listed(names)} follows."


def _listed(names: Iterable[str], most: int = 3) -> str:
    every = list(names)
    shown = ", ".join(every[:most])
    return shown if len(every) <= most else f"{shown} and {len(every) - most} more"


def _of_setting(filled: FilledForm, key: str) -> Note | None:
    current = next(each for each in filled.form.fields if each.key == key)
    text = filled.text(key)
    if key in filled.removed or (current.text and not text):
        return Note("The setting is removed; ^d puts it back.")
    if not text:
        return None
    try:
        check_value(key, as_block(text) if current.is_block else text)
    except ActionFailed as failed:
        return _refusal(failed.message)
    return Note("It replaces the value in the file.") if current.is_hidden else None


@dataclass(frozen=True, slots=True)
class FormFindings:
    """What the rules find in what a form would write.

    Attributes:
        by_key: what is said of a setting of the edited profile or sso-session.
        others: what is said of it as a whole, or of others because of the edit.
    """

    by_key: Mapping[str, tuple[Note, ...]] = field(default_factory=dict)
    others: tuple[Note, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """The errors and warnings, a sentence each: what is only noted is no reason not to write."""
        notes = (*(note for each in self.by_key.values() for note in each), *self.others)
        return tuple(note.words for note in notes if note.tone in (Tone.BAD, Tone.WARN))


@dataclass(frozen=True)
class FormChecker:
    """Runs the rules over what a form would write. It writes nothing, and makes no call."""

    snapshot: Snapshot

    @cached_property
    def _wanted(self) -> user_settings.Preferences:
        return user_settings.read_settings(self.snapshot.host, BY_CODE)

    @cached_property
    def _before(self) -> Findings:
        """What was found before the edit."""
        return self._examined(self.snapshot)

    @cached_property
    def _known(self) -> frozenset[tuple[str, Subject]]:
        return frozenset(map(_identity, self._before.all))

    def look(self, filled: FilledForm) -> FormFindings:
        """Return what the list of findings would have after saving.

        That is all findings of the edited profile or sso-session, and new ones of others. Fields that are
        refused count as unchanged. Nothing is found where nothing can be written, or only a name is typed.
        """
        refused = {key for key, note in form_remarks(filled).items() if note.forbids}
        usable = filled.without(refused)
        if filled.form.name is None and (NAME in refused or not usable.changes()):
            return FormFindings()
        try:
            edited = self._edited(usable)
        except ActionFailed:
            return FormFindings()  # what cannot be written is said when the user goes on
        found = self._before if edited is self.snapshot else self._examined(edited)
        return _sorted(edited, usable, self._concerning(usable, found))

    def _examined(self, snapshot: Snapshot) -> Findings:
        return examine(snapshot, self._wanted.silences, severities=self._wanted.severities)

    def _edited(self, filled: FilledForm) -> Snapshot:
        if not filled.is_changed:
            return self.snapshot
        changes = plan_of(filled).changes
        return self.snapshot.edited({each.path: each.after for each in changes if each.after is not None})

    def _concerning(self, filled: FilledForm, found: Findings) -> list[Finding]:
        if filled.form.is_session:
            subject = Subject(SubjectKind.SESSION, filled.name)
            own = [each for each in found.all if each.subject == subject]
        else:
            own = list(found.by_profile.get(filled.name, ()))
        told = set(map(_identity, own))
        caused = [each for each in found.all if _identity(each) not in self._known | told]
        return sorted((*own, *caused), key=lambda each: each.severity.rank)


def _identity(finding: Finding) -> tuple[str, Subject]:
    return finding.code, finding.subject


def _sorted(edited: Snapshot, filled: FilledForm, findings: Iterable[Finding]) -> FormFindings:
    """Assign each finding to the setting of the section that is its evidence, else that its fix sets."""
    keys, fields = _keys(edited, filled), {each.key for each in filled.form.fields}
    by_key: dict[str, list[Note]] = {}
    others: list[Note] = []
    for each in findings:
        proofs = (_place(edited, each), *(line.partition("  ")[0] for line in each.evidence))
        found = [keys[proof] for proof in proofs if proof in keys]
        if each.fix.profile == filled.form.name:
            found += [key for key in each.fix.changes if key in fields]
        key = next(iter(found), None)
        target = others if key is None else by_key.setdefault(key, [])
        target.append(Note.of_finding(each, edited.profiles))
    return FormFindings({key: tuple(notes) for key, notes in by_key.items()}, tuple(others))


def _place(edited: Snapshot, finding: Finding) -> str:
    at = finding.place
    return quote(edited.host, at.path, at.line, "").strip() if at is not None else ""


def _keys(edited: Snapshot, filled: FilledForm) -> Mapping[str, str]:
    """Return the settings of the edited section by file and line, as evidence quotes them."""
    found: dict[str, str] = {}
    for file in edited.files:
        headers = file.headers
        named = headers.sso_sessions if filled.form.is_session else headers.profiles
        section = file.located.sections.get(named[filled.name][-1]) if filled.name in named else None
        if section is not None and file.path is not None:
            for key, line in section.keys.items():
                found[quote(edited.host, file.path, line.line, "").strip()] = key
    return found
