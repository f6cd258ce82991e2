"""Every edit that can be asked of a home, and what a person reads of it."""

from collections.abc import Callable, Iterator, Mapping

from rolecall.actions.credentials import Credentials
from rolecall.actions.editing import edits, placement
from rolecall.actions.errors import ActionFailed
from rolecall.actions.plan import Plan
from rolecall.actions.writing.saving import History
from rolecall.aws.config_file import FileKind
from rolecall.aws.snapshot import Snapshot
from rolecall.tui.actions.runner import failure_paragraphs, failure_title
from rolecall.tui.render.diff import diff_lines
from rolecall.tui.render.labels import in_passing
from rolecall.tui.screens.dialog import laid_out
from tests.tui.driving import text_of

Wish = Callable[[], Plan]
WIDTHS = (20, 76, 196)
"""How wide a diff is laid out: where a line is cut, a secret must not come apart into what looks harmless."""


def wishes(snapshot: Snapshot, fetched: Credentials) -> Iterator[tuple[str, Wish]]:
    """Yield what can be asked: of each profile everything, of each setting that it changes or goes."""
    for name in snapshot.profiles:
        yield from _of_profile(snapshot, name, fetched)
        for key in placement.raw_values(snapshot, name):
            yield from _of_setting(snapshot, name, key)
    for session in snapshot.merged.config.headers.sso_sessions:
        yield from _of_session(snapshot, session)


def _of_profile(snapshot: Snapshot, name: str, fetched: Credentials) -> Iterator[tuple[str, Wish]]:
    yield f"rename {name}", lambda: edits.rename_profile(snapshot, name, "renamed")
    yield f"duplicate {name}", lambda: edits.duplicate_profile(snapshot, name, "copied")
    yield f"remove {name}", lambda: edits.remove_profile(snapshot, name)
    yield f"put into {name}", lambda: edits.put_credentials(snapshot, name, fetched)
    both = {"region": "ap-south-1", "output": None, "new_token": fetched.secret_key}
    yield f"change {name}", lambda: edits.change_profile(snapshot, name, both, f"{name} renamed")
    yield f"set cli_pager of {name} in config", _paging(snapshot, name, FileKind.CONFIG)
    yield f"set cli_pager of {name} in credentials", _paging(snapshot, name, FileKind.CREDENTIALS)


def _paging(snapshot: Snapshot, name: str, role: FileKind) -> Wish:
    return lambda: edits.set_setting(snapshot, name, "cli_pager", "less", role)


def _of_session(snapshot: Snapshot, name: str) -> Iterator[tuple[str, Wish]]:
    change: Mapping[str, str | None] = {"sso_region": "us-east-1", "sso_start_url": None}
    yield f"change session {name}", lambda: edits.change_session(snapshot, name, change)


def _of_setting(snapshot: Snapshot, name: str, key: str) -> Iterator[tuple[str, Wish]]:
    yield f"set {key} of {name}", lambda: edits.set_setting(snapshot, name, key, "something-else")
    yield f"unset {key} of {name}", lambda: edits.unset_setting(snapshot, name, key)


def read(wish: Wish) -> str:
    """Return all that is told of a wish: the title, the diff at every width, the remarks; or why not."""
    try:
        plan = wish()
    except ActionFailed as failure:
        return "\n".join(
            (
                failure_title("Edit", failure),
                *map(text_of, laid_out(failure_paragraphs(failure), 80)),
                str(failure),
            )
        )
    return _said(plan)


def _said(plan: Plan) -> str:
    history = History()
    history.saved(plan)
    last = history.last.title if history.last is not None else ""
    laid = ["".join(span.text for span in line) for width in WIDTHS for line in diff_lines(plan, width)]
    return "\n".join((repr(plan), in_passing(plan.title), last, *plan.remarks, *laid))
