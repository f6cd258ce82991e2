"""One key inside a nested block, which the AWS CLI writes with a dot: ``s3.max_concurrent_requests``."""

import re

from rolecall.actions.editing.placement import home_of
from rolecall.actions.editing.transaction import Files
from rolecall.actions.editing.validation import check_key, check_value
from rolecall.actions.editing.values import block
from rolecall.actions.errors import ActionFailed
from rolecall.aws.config_file import FileKind
from rolecall.text import mask_name

_INNER = re.compile(r"(?P<head>\s*+(?P<key>[^#;=\s](?:[^=]*[^=\s])?)\s*+=\s*+).*")


def unfolded(
    files: Files, profile: str, key: str, value: str | None, file: FileKind | None
) -> tuple[str, str | None]:
    """Return the key and value to set (None: to unset) where a key with a dot may mean one inside a block.

    Args:
        files: the two files.
        profile: the profile.
        key: the key as typed; one that stands in the profile just so is that key.
        value: its new value, or None.
        file: the file that was asked for, or None.

    Raises:
        ActionFailed: the outer key has a text for a value, or no line can hold the inner one.
    """
    outer, dot, inner = key.partition(".")
    outer = outer.lower()
    role = home_of(files, profile, outer) if file is None else file
    place = files.profile(role, profile)
    found = {} if place is None else place.values
    if not dot or key.lower() in found:
        return key, value
    check_key(outer)
    check_key(inner)
    current = found.get(outer, "")
    if isinstance(current, str) and current:
        raise ActionFailed(
            "NotApplicable", f"{mask_name(outer)} of {profile} is a text, which has nothing inside."
        )
    is_block = place is not None and not isinstance(current, str)
    lines = block(files, place, outer).split("\n")[1:] if is_block and place is not None else []
    return outer, _changed(lines, inner, value)


def _changed(lines: list[str], inner: str, value: str | None) -> str | None:
    """Return a block with one key changed; None where nothing is left of it."""
    at = [index for index, line in enumerate(lines) if _key(line) == inner]
    if value is None:
        if not at:
            raise ActionFailed("NotApplicable", f"There is no {mask_name(inner)} in the block.")
        lines = [line for index, line in enumerate(lines) if index not in at]
        return "\n" + "\n".join(lines) if any(map(_key, lines)) else None
    check_value(inner, value)
    if value.startswith("\n"):
        raise ActionFailed("Refused", "There is one level of blocks only.")
    if at:  # of several the last counts
        lines[at[-1]] = _INNER.sub(lambda line: line["head"] + value, lines[at[-1]], count=1)
    else:
        model = next((line for line in lines if _key(line)), "")
        lines.append(f"{model[: len(model) - len(model.lstrip())]}{inner} = {value}")
    return "\n" + "\n".join(lines)


def _key(line: str) -> str:
    found = _INNER.fullmatch(line)
    return found["key"] if found else ""
