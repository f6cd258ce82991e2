"""What the rules about culprits have in common: how one is told of."""

from collections.abc import Iterator
from dataclasses import replace

from rolecall.findings import fixes
from rolecall.findings.blame import Blamed
from rolecall.findings.finding import About, Seen, Subject
from rolecall.findings.fixes import Fix
from rolecall.findings.quoted import Quoted, said
from rolecall.findings.scene import Scene


def accused(scene: Scene, code: str) -> Iterator[tuple[Blamed, Quoted]]:
    """Yield those blamed under a code whose culprits are profiles, with what stands in the files of them."""
    for blamed in scene.blamed.get(code, ()):
        yield blamed, Quoted(scene.snapshot, blamed.culprit)


def tell(blamed: Blamed, quoted: Quoted, message: str, fix: Fix, *keys: str) -> Seen:
    """Return what is told of a profile; the keys are those at fault, the first one's place is its place."""
    evidence = (*quoted.lines(*keys), *said(blamed.fault))
    subject = Subject(About.PROFILE, blamed.culprit)
    return Seen(subject, message, fix, quoted.place(*keys), evidence, profiles=blamed.profiles)


def edit(quoted: Quoted, words: str, *keys: str) -> Fix:
    """Return: the form, over the file in which the first of these keys stands."""
    return replace(fixes.edit(words, quoted.name), role=quoted.role(*keys))
