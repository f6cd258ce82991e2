"""What botocore and the AWS CLI know of settings, read in their sources: the oracle for our own table.

The sources are read, not imported: the AWS CLI puts a botocore of its own in the place of ours.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_TABLES = ("BOTOCORE_DEFAUT_SESSION_VARIABLES", "DEFAULT_S3_CONFIG_VARS", "DEFAULT_PROXIES_CONFIG_VARS")
_CLI_TABLE = "EnvironmentVariables"
_ATTRIBUTES = re.compile(
    r"TOKENS|ACCESS_KEY|SECRET_KEY|ACCOUNT_ID|ROLE_CONFIG_VAR|\w*_TOKE_FILE_VAR|_\w*CONFIG_VARS"
)
_MAPPING = "_CONFIG_TO_ENV_VAR"
_SETTINGS = frozenset((
    "get_scoped_config", "scoped_config", "_scoped_config", "role_config", "profile_config",
    "_profile_config", "sso_config",
))  # fmt: skip
"""Names under which the sources hold the settings of one profile, or sso-session."""
_MODULES = ("credentials.py", "tokens.py", "args.py", "client.py", "configprovider.py")
_NO_SETTING = frozenset(("session_name", "registration_scopes"))
"""What is looked up in such a mapping and was put there by the code itself."""


@dataclass
class Tables:
    """The names of settings, and those among them that are made a boolean or an int."""

    keys: set[str] = field(default_factory=set)
    s3: set[str] = field(default_factory=set)
    booleans: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    variables: dict[str, str] = field(default_factory=dict)

    def add(self, other: "Tables") -> None:
        self.keys |= other.keys
        self.s3 |= other.s3
        self.booleans |= other.booleans
        self.numbers |= other.numbers
        self.variables |= other.variables


def of_botocore(package: Path) -> Tables:
    """Return what a botocore knows, its tables and what its providers look up."""
    tables = Tables()
    for name in _MODULES:
        tree = ast.parse((package / name).read_text("utf-8"))
        _read_tables(tree, tables)
        tables.keys |= set(_attributes(tree)) | set(_looked_up(tree))
    tables.keys -= _NO_SETTING
    return tables


def of_cli(package: Path) -> Tables:
    """Return what an AWS CLI knows, the botocore inside it included."""
    tables = of_botocore(package / "botocore")
    for path in (package.glob("*.py"), (package / "customizations").rglob("*.py")):
        for file in path:
            tree = ast.parse(file.read_text("utf-8"))
            _read_tables(tree, tables)
            tables.keys |= {key for key in _looked_up(tree) if key.islower()}
    tables.s3 |= _s3_defaults(package / "customizations" / "s3" / "transferconfig.py")
    tables.keys -= _NO_SETTING
    return tables


def _read_tables(tree: ast.AST, tables: Tables) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            names = {target.id for target in node.targets if isinstance(target, ast.Name)}
            if names & {*_TABLES, _CLI_TABLE}:
                for row in node.value.values:
                    if isinstance(row, ast.Tuple):
                        _read_row(row, tables)


def _read_row(row: ast.Tuple, tables: Tables) -> None:
    names, variables, _, conversion = row.elts
    made = ast.unparse(conversion)
    for name in names.elts if isinstance(names, ast.List) else (names,):
        if isinstance(name, ast.Tuple):
            tables.s3 |= {text for text in _texts(name) if text != "s3"}
            continue
        for key in _texts(name):
            tables.keys.add(key)
            tables.variables |= {variable.lower(): key for variable in _texts(variables)}
            if made.endswith("boolean"):
                tables.booleans.add(key)
            if made == "int":
                tables.numbers.add(key)


def _attributes(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for line in node.body:
                if isinstance(line, ast.Assign) and isinstance(target := line.targets[0], ast.Name):
                    if _ATTRIBUTES.fullmatch(target.id):
                        yield from (text for text in _texts(line.value) if text.islower())
                    if target.id == _MAPPING and isinstance(line.value, ast.Dict):
                        yield from (text for key in line.value.keys if key for text in _texts(key))


def _looked_up(tree: ast.AST) -> Iterator[str]:
    """Yield what is looked up in the settings of a profile: ``….get("x")``, ``…["x"]``, ``"x" in …``."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="get", value=mapping), args=[ast.Constant(value=str(key)), *_]
            ):
                pass
            case ast.Subscript(value=mapping, slice=ast.Constant(value=str(key))):
                pass
            case ast.Compare(left=ast.Constant(value=str(key)), comparators=[mapping]):
                pass
            case ast.keyword(arg="config_var_name", value=ast.Constant(value=str(key))):
                yield key
                continue
            case _:
                continue
        if _name(mapping) in _SETTINGS:
            yield key


def _name(node: ast.expr) -> str | None:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=function):
            return _name(function)
        case _:
            return None


def _s3_defaults(file: Path) -> set[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Dict)
            and ast.unparse(node.targets[0]) == "DEFAULTS"
        ):
            return {text for key in node.value.keys if key for text in _texts(key)}
    raise AssertionError("no DEFAULTS")


def _texts(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value
