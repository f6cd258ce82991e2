"""What the words of a failed command say about the profile whose credentials it had, in one line."""

import re
from datetime import datetime

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor import topics
from rolecall.doctor.error_text import parse
from rolecall.doctor.error_text.clues import EXPIRED, profile_named
from rolecall.doctor.error_text.parse import Pasted
from rolecall.doctor.explain import WhyAnswer
from rolecall.doctor.registry import Findings
from rolecall.text import elide, sentence, utc

_AWS = re.compile(r"aws|amazon|boto", re.IGNORECASE)
"""What is somewhere in the words of every tool and SDK that calls AWS."""
_LONGEST = 320
"""Characters of a cause: what a program said after the error may have become a part of it."""
_LACKING = ("NoCredentialsError", "NoRegionError")
_LOST = "a container, sudo or a daemon gets none of them unless they are handed on (`docker run -e AWS_…`)"
_OF_BOTOCORE = frozenset(
    (
        *("EndpointConnectionError", "InvalidRegionError", "NoRegionError", "NoCredentialsError"),
        *("PartialCredentialsError", "ProfileNotFound", "ConfigParseError", "ParamValidationError"),
        *("CredentialRetrievalError", "MetadataRetrievalError", "RefreshWithMFAUnsupportedError"),
        *("SSOTokenLoadError", "UnauthorizedSSOTokenError", "TokenRetrievalError", "LoginTokenLoadError"),
        *("InvalidConfigError", "InfiniteLoopConfigError", "MissingDependencyException"),
        *("ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException"),
    )
)
"""Errors whose names or words are AWS's alone."""
_OF_ANY_PROGRAM = frozenset(
    (
        *(
            "KeyError",
            "TypeError",
            "AttributeError",
            "RuntimeError",
            "ModuleNotFoundError",
            "JSONDecodeError",
        ),
        *("FileNotFoundError", "PermissionError", "IsADirectoryError", "NotADirectoryError"),
        *(
            "ConnectionError",
            "SSLError",
            "ParserError",
            "ValidationError",
            "Timeout",
            "Refused",
            "Unwritable",
        ),
    )
)
"""Errors that programs have for their own reasons: only a finding ties one to the profile."""


def cause_and_cure(
    snapshot: Snapshot, findings: Findings, name: str, said: bytes, expires_at: datetime | None
) -> str | None:
    """Return why a command failed and what to do, in one line; None if it is not known to be about AWS.

    Args:
        snapshot: the files as they are now, in an environment that chooses the profile.
        findings: the findings in it.
        name: the profile whose credentials the command had.
        said: the last of what it wrote to stderr.
        expires_at: when those credentials expire, or expired meanwhile.
    """
    pasted = parse.parse_error_text(parse.decoded(said))
    if pasted is None or pasted.code is None:
        return None
    if pasted.code in EXPIRED and expires_at is not None and expires_at <= snapshot.taken_at:
        again = "run it again, or with `--at-least` if it takes long"
        return f"the credentials of {name} expired meanwhile ({utc(expires_at)}); {again}"
    if pasted.code in _LACKING and pasted.profile is None:
        what = "a region" if pasted.code == "NoRegionError" else "the credentials"
        if pasted.code != "NoRegionError" or snapshot.profiles[name].region is not None:
            return f"the command had {what} of {name}, and the call that failed did not: {_LOST}"
    about = name
    if pasted.profile is not None:
        about = profile_named(snapshot, pasted.profile) or name
    answer = topics.topic_answer(snapshot, findings, about, pasted=pasted)
    if not _is_of_aws(pasted, answer):
        return None
    return _line(snapshot, about, answer, is_named=pasted.profile is not None)


def _is_of_aws(pasted: Pasted, answer: WhyAnswer) -> bool:
    if answer.culprit is not None:
        return True
    is_told = (pasted.operation, pasted.tool, pasted.profile) != (None, None, None)
    is_told = is_told or pasted.code in _OF_BOTOCORE
    return pasted.code not in _OF_ANY_PROGRAM and (is_told or _AWS.search(pasted.raw) is not None)


def _line(snapshot: Snapshot, name: str, answer: WhyAnswer, *, is_named: bool) -> str:
    told = sentence(elide(answer.sentence, _LONGEST), snapshot.profiles)
    if not is_named and name not in answer.sentence:
        told = f"{name}: {told}"
    if answer.fix is None:
        return told
    told = told if told.endswith((".", "!", "?")) else f"{told}."
    line = answer.fix.line_for(snapshot.host)
    cure = sentence(answer.fix.words).rstrip(".")
    return f"{told} {cure}: `{line}`" if line is not None else f"{told} {cure}."
