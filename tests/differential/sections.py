"""How random profiles become the sections of the two files: headers, order, and what else stands there."""

from collections.abc import Sequence

from hypothesis import strategies as st

from tests.differential.ini import Section, headers, one_in
from tests.differential.profiles import (
    KINDS,
    NAMES,
    SESSIONS,
    SSO_PROFILE,
    Draft,
    Settings,
    pick,
    settings,
    some,
)


@st.composite
def config_sections(draw: st.DrawFn, profiles: Sequence[Draft]) -> list[Section]:
    """Draw the sections of a config file: the profiles, their sso-sessions, and what else stands there."""
    odd = one_in(draw, 4)
    sections: list[Section] = []
    for draft in profiles:
        if draft.in_config:
            header = draw(headers("profile", draft.name, odd=odd and one_in(draw, 2)))
            sections.append(Section(header, tuple(draft.config.items())))
            if one_in(draw, 6 if draft.name == "default" else 20):
                other = _other_header(header, draft.name)
                sections.append(Section(other, tuple(settings(draw, draft.name, NAMES).items())))
    if any("sso_session" in draft.config | draft.credentials for draft in profiles) or one_in(draw, 6):
        for name in SESSIONS:
            if not one_in(draw, 12):
                header = draw(headers("sso-session", name, odd=odd and one_in(draw, 2)))
                sections.append(Section(header, tuple(_session(draw).items())))
    if one_in(draw, 8):
        sections.append(Section(pick(draw, "preview", "plugins", "services x", "größe"), (("x", "y"),)))
    return _finish(draw, sections)


def _other_header(header: str, name: str) -> str:
    """Return another way to write a profile's header: the later one in the file replaces the earlier one."""
    if header == "default":
        return "profile default"
    return "default" if name == "default" else f"profile\t'{name}'"


def _session(draw: st.DrawFn) -> Settings:
    session = some(draw, ("sso_start_url", "sso_region"), 16)
    if one_in(draw, 3):
        session["sso_registration_scopes"] = pick(draw, "sso:account:access", "a, b")
    if one_in(draw, 8):
        session |= some(draw, SSO_PROFILE, 2)
    return session


@st.composite
def credentials_sections(draw: st.DrawFn, profiles: Sequence[Draft]) -> list[Section]:
    """Draw the sections of a credentials file, where every header is a profile's name."""
    sections = []
    for draft in profiles:
        if draft.in_credentials:
            header = draft.name
            if one_in(draw, 12):
                header = pick(draw, f"profile {header}", f'"{header}"', f" {header}", header.title())
            sections.append(Section(header, tuple(draft.credentials.items())))
    return _finish(draw, sections)


def _finish(draw: st.DrawFn, sections: list[Section]) -> list[Section]:
    """Put the sections in some order, and a [DEFAULT] among them now and then."""
    if one_in(draw, 10):
        leak = (
            draw(st.sampled_from(KINDS))(draw, "leak", NAMES) if one_in(draw, 2) else {"region": "us-west-2"}
        )
        sections.insert(draw(st.integers(0, len(sections))), Section("DEFAULT", tuple(leak.items())))
    if one_in(draw, 3):
        sections = draw(st.permutations(sections))
    return sections
