"""The real program with a fault in it: ``python -B -m tests.promises.crashing PLACE ERROR [ARGUMENT …]``."""

import os
import sys
from importlib import import_module
from typing import NoReturn

PLACES = {
    "a pane": ("rolecall.tui.panes.grid", "ExpiryPane.lay_out"),
    "the tree": ("rolecall.tui.panes.tree", "ProfileTree.lay_out"),
    "the chain": ("rolecall.tui.panes.grid", "draw"),
    "the Inspector": ("rolecall.tui.render.inspector", "profile_details"),
    "the reading": ("rolecall.aws.snapshot", "Snapshot.take"),
    "the clock": ("rolecall.tui.app", "RolecallApp._tick"),
    "the mounting": ("rolecall.tui.screens.main", "MainScreen.on_mount"),
    "the table": ("rolecall.cli.profiles", "_list_lines"),
    "an obstacle": ("rolecall.aws.logins", "obstacle"),
    "a plan": ("rolecall.actions.editing.edits", "remove_profile"),
    "a diff": ("rolecall.tui.screens.diff", "diff_lines"),
    "a save": ("rolecall.actions.writing.saving", "save"),
    "a call": ("rolecall.actions.worker_client", "run_task"),
    "the rules": ("rolecall.doctor.registry", "examine"),
    "the answer": ("rolecall.doctor.explain", "why"),
    "the report": ("rolecall.doctor.explain", "markdown"),
    "a look outside": ("rolecall.actions.online.checks", "run_checks"),
}
ERRORS = ("KeyError", "RuntimeError", "chained", "noted", "group")


def _fail(kind: str) -> NoReturn:
    """Raise with secrets in local variables, in a dict of settings, and in the message."""
    secret = os.environ["AWS_SECRET_ACCESS_KEY"]
    settings = {"aws_secret_access_key": secret, "db_password": os.environ["AWS_MY_PASSWORD"]}
    match kind:
        case "KeyError":
            raise KeyError(settings["db_password"])
        case "RuntimeError":
            raise RuntimeError(f"cannot use {settings}, {secret} nor {os.environ['AWS_SESSION_TOKEN']}")
        case "chained":
            try:
                int(settings["db_password"])
            except ValueError as error:
                raise RuntimeError("no number") from error
        case "noted":
            noted = RuntimeError("no")
            noted.add_note(f"it was {settings['db_password']}")
            raise noted
        case "group":
            raise ExceptionGroup(settings["db_password"], [ValueError(settings["db_password"])])
    raise AssertionError(kind)


def main() -> None:
    """Put the fault in, and run rolecall with the arguments that are left."""
    _program, place, error, *arguments = sys.argv
    module, attribute = PLACES[place]
    owner: object = import_module(module)
    *path, name = attribute.split(".")
    for step in path:
        owner = getattr(owner, step)
    setattr(owner, name, lambda *_, **__: _fail(error))
    from rolecall.__main__ import main as rolecall  # noqa: PLC0415 - after the fault is in

    sys.argv = ["rolecall", *arguments]
    rolecall()


if __name__ == "__main__":
    main()
