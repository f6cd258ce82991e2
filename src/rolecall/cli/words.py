"""How the command line says what the core has found."""

from rolecall.aws.expiry import After, Expiry, State
from rolecall.aws.providers import Resolution
from rolecall.aws.snapshot import Snapshot
from rolecall.cli import shown
from rolecall.messages import SOURCES
from rolecall.text import mask


def what_then(expiry: Expiry) -> str | None:
    """Return in the contract's word what happens then, and why it cannot be had; None where nothing does."""
    if expiry.after is After.NEVER:
        return None
    if expiry.reason and (expiry.after is After.FAILS or expiry.state is State.BROKEN):
        return f"{expiry.after}: {mask(expiry.reason)}"
    return expiry.after.value


def answer(resolution: Resolution) -> str | None:
    """Return the provider that answers, or the error that comes."""
    return resolution.error or resolution.provider


def chain(resolution: Resolution, snapshot: Snapshot) -> str:
    """Return a chain in one line, from the profile to where its credentials start."""
    names = [shown.profile(hop.profile, snapshot) for hop in resolution.chain if hop.profile is not None]
    last = resolution.chain[-1].provider if resolution.chain else None
    if resolution.error is not None and resolution.provider is None:
        return " → ".join([*names, f"! {resolution.error}"])
    return " → ".join([*names, SOURCES[last]] if last in SOURCES else names)
