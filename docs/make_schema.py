# ruff: noqa: INP001 - a script, not a package
"""Write ``docs/schema/`` from the types of what ``--json`` prints: ``docs/make_schema.py [--check]``.

With ``--check`` it writes nothing, and exits with 1 where a file is out of date.
"""

import argparse
import ast
import inspect
import json
import re
import sys
import types
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from rolecall.cli import json_types as types_of
from rolecall.cli.output import SCHEMA

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "schema"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]
EDITS = ("add", "duplicate", "remove", "rename", "rewrite", "set", "unset")
ANSWERS: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(
        ("add", "duplicate", "remove", "rename", "rewrite", "set", "unset"), (types_of.EditAnswer,)
    ),
    "assume": (types_of.AssumeAnswer, types_of.PutAnswer),
    "cache-clear": (types_of.ClearAnswer,),
    "cache-list": (types_of.CacheAnswer,),
    "console": (types_of.ConsoleAnswer,),
    "doctor": (types_of.DoctorAnswer, types_of.SilenceAnswer),
    "doctor-homes": (types_of.HomeAnswer,),
    "env": (types_of.EnvAnswer,),
    "exec": (types_of.ExecAnswer, types_of.ExecPlansAnswer),
    "exec-lines": (types_of.ExecLineAnswer, types_of.ExecResultsAnswer),
    "list": (types_of.ListAnswer,),
    "login": (types_of.LoginAnswer,),
    "logout": (types_of.LogoutAnswer,),
    "populate": (types_of.PopulateAnswer,),
    "process": (types_of.EditAnswer,),
    "show": (types_of.ShowAnswer,),
    "whoami": (types_of.IdentityAnswer,),
}
"""What each command prints where it succeeds, or found something; else it is ``ErrorAnswer``."""
_ATTRIBUTE = re.compile(r"^        (\w+): (.*(?:\n {12}.*)*)", re.MULTILINE)
_PLAIN: Mapping[object, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
}


def schema_of(command: str) -> Schema:
    """Return the schema of what a command prints with ``--json``."""
    definitions: dict[str, Schema] = {}
    answers = (*ANSWERS[command], types_of.ErrorAnswer)
    refs = [_of(each, definitions) for each in answers]
    for each in answers:
        _add_version(definitions[each.__name__])
    return {
        "$schema": DIALECT,
        "title": f"rolecall {command.replace('-', ' ')} --json",
        "description": f"Schema {SCHEMA}: names stay, further names may come.",
        "anyOf": refs,
        "$defs": dict(sorted(definitions.items())),
    }


def _add_version(found: Schema) -> None:
    found["properties"] = {"schema": {"const": SCHEMA}, **found["properties"]}
    found["required"] = ["schema", *found["required"]]


def _of(kind: Any, definitions: dict[str, Schema]) -> Schema:  # noqa: ANN401 - any annotation
    """Return the schema of an annotation; objects become definitions."""
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    if is_typeddict(kind):
        if kind.__name__ not in definitions:
            definitions[kind.__name__] = {}  # for one that has itself in it
            definitions[kind.__name__] = _of_object(kind, definitions)
        return {"$ref": f"#/$defs/{kind.__name__}"}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"enum": [each.value for each in kind]}
    return _of_generic(get_origin(kind), get_args(kind), definitions)


def _of_generic(origin: object, arguments: tuple[Any, ...], definitions: dict[str, Schema]) -> Schema:
    if origin is Annotated:
        inner, what = arguments
        is_format = isinstance(what, types_of.Format)
        if is_format:
            return _of(inner, definitions) | {"format": what.name, "pattern": what.pattern}
        return _of(what, definitions)
    if origin is dict:
        return _of_dict(*arguments, definitions)
    if origin is NotRequired:
        return _of(arguments[0], definitions)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is list:
        return {"type": "array", "items": _of(arguments[0], definitions)}
    if origin in (Union, types.UnionType):
        if all(each in _PLAIN for each in arguments):
            return {"type": [_PLAIN[each]["type"] for each in arguments]}
        return {"anyOf": [_of(each, definitions) for each in arguments]}
    message = f"there is no schema for {origin}"
    raise TypeError(message)


def _of_dict(key: Any, value: Any, definitions: dict[str, Schema]) -> Schema:  # noqa: ANN401 - any annotation
    """Return the schema of an object whose names are known only where they are words of an Enum."""
    inner = _of(value, definitions)
    if get_origin(key) is not Annotated:
        return {"type": "object", "additionalProperties": inner}
    names = [each.value for each in get_args(key)[1]]
    return {"type": "object", "properties": dict.fromkeys(names, inner), "required": names}


def _of_object(kind: Any, definitions: dict[str, Schema]) -> Schema:  # noqa: ANN401 - a TypedDict has no type of its own
    hints = get_type_hints(kind, include_extras=True)
    words = _words(kind.__name__)
    properties = {name: _of(hint, definitions) | words.get(name, {}) for name, hint in hints.items()}
    found: Schema = {"type": "object"}
    if kind.__doc__:
        found["description"] = kind.__doc__.partition("\n")[0].replace("``", "`")
    return found | {
        "properties": properties,
        "required": [name for name in hints if name in kind.__required_keys__],
    }


def _words(name: str) -> dict[str, Schema]:
    """Return what the docstrings say of each name, those of the types that a type extends included."""
    found: dict[str, Schema] = {}
    for base in _BASES[name]:
        found |= _words(base) if base in _BASES else {}
    for attribute, text in _ATTRIBUTE.findall(getattr(types_of, name).__doc__ or ""):
        found[attribute] = {"description": " ".join(text.split()).replace("``", "`")}
    return found


_BASES = {
    each.name: [base.id for base in each.bases if isinstance(base, ast.Name)]
    for each in ast.parse(inspect.getsource(types_of)).body
    if isinstance(each, ast.ClassDef)
}
"""What each type extends, by names: a TypedDict forgets it."""


def main() -> int:
    """Write the schemas, or with ``--check`` say which are out of date."""
    parser = argparse.ArgumentParser(description="Write the schemas of what is printed as JSON.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if out of date")
    is_check = parser.parse_args().check
    wanted = {f"{command}.json": json.dumps(schema_of(command), indent=2) + "\n" for command in ANSWERS}
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    for name in sorted(wanted.keys() | there.keys()):
        if wanted.get(name) == there.get(name):
            continue
        sys.stdout.write(f"docs/schema/{name} {'is out of date' if is_check else 'written'}\n")
        if not is_check and name in wanted:
            FOLDER.mkdir(exist_ok=True)
            (FOLDER / name).write_text(wanted[name], encoding="utf-8")
        elif not is_check:
            (FOLDER / name).unlink()
    return int(is_check and wanted != there)


if __name__ == "__main__":
    sys.exit(main())
