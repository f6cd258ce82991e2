"""What the errors of AWS and botocore mean for a profile, and what to do about them."""

from rolecall.actions.errors import ActionFailed
from rolecall.aws.snapshot import Snapshot
from rolecall.messages import errors
from rolecall.messages.cases import Case
from rolecall.text import mask


def failure(kind: str, message: str, snapshot: Snapshot, profile: str) -> ActionFailed:
    """Return an error as a person needs it: what happened, what to do about it, the command that does it.

    Args:
        kind: botocore's exception class, AWS's error code, or a word of rolecall's own.
        message: in the words of whoever raised it.
        snapshot: the world in which it happened.
        profile: the profile that it happened to.
    """
    case = Case(kind, message, snapshot, profile)
    told = errors.reason_for(kind)(case)
    return ActionFailed(
        kind, mask(told.message), path=told.path, line=told.line, cure=told.cure, command=told.command
    )
