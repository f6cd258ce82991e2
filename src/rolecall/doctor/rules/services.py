"""Endpoints of single services: in ``[services]`` sections, and in blocks of a profile."""

import gzip
import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from rolecall.aws.config_file import ConfigFile
from rolecall.doctor.evidence import listed
from rolecall.doctor.finding import Occurrence, RuleContext, Severity, Subject, SubjectKind, rule
from rolecall.doctor.rules.build import files_in_force, open_file, place_in
from rolecall.doctor.sections import quote
from rolecall.text import mask, mask_name

_ENDPOINT = "endpoint_url"
_PLUGIN = "awscli_plugin_endpoint"
_HEAD = 4096
_ID = re.compile(rb'"serviceId"\s*:\s*"([^"]+)"')
_USUAL = frozenset(
    ("s3", "sts", "ec2", "iam", "dynamodb", "lambda", "sqs", "sns", "ssm", "kms", "ecs", "ecr")
)
_COMMANDS = {"s3api": "s3", "logs": "cloudwatch_logs", "deploy": "codedeploy"}
"""Names of the AWS CLI's commands that are not those of botocore's directories."""


@rule(
    "endpoint-in-block",
    Severity.WARNING,
    "An endpoint in a service's block of a profile",
    cause="endpoint_url is indented below `s3 =` or another service, in a profile. Only the plugin "
    "awscli_plugin_endpoint of AWS CLI v1 reads it there.",
    consequence="AWS tools ignore it, and call the service's usual endpoint",
    cure="Write it into a `[services …]` section, and name that in the profile.",
)
def endpoint_in_block(context: RuleContext) -> Iterator[Occurrence]:
    """Left alone where [plugins] names the plugin."""
    for file in files_in_force(context):
        plugins = file.sections.get("plugins", {})
        if _PLUGIN in plugins.values():
            continue
        for name, headers in file.headers.profiles.items():
            values = file.sections[headers[-1]]
            keys = [key for key, value in values.items() if isinstance(value, Mapping) and _ENDPOINT in value]
            if keys:
                line = _line(file, headers[-1], keys[0])
                words = f"write it into a [services …] section, below {keys[0]} ="
                yield Occurrence(
                    Subject(SubjectKind.PROFILE, name),
                    f"{name} has endpoint_url below {listed(map(mask_name, keys))}, in the profile",
                    open_file(file, line, words),
                    place_in(file, line),
                    (quote(context.snapshot.host, file, line, f"{mask_name(keys[0])} ="),),
                    profiles=(name,),
                )


_PLUGIN_PATH = "cli_legacy_plugin_path"
_ABSOLUTE = ("/", "~", "$")


@rule(
    "plugin-not-found",
    Severity.WARNING,
    "A plugin of AWS CLI v2 that is not where it is looked for",
    cause="The directory in cli_legacy_plugin_path is not there (any more), belongs to another version of "
    "Python, or begins with ~ or a variable, which is not expanded here.",
    consequence="every command of AWS CLI v2 fails with ModuleNotFoundError, unless the plugin is installed "
    "beside that AWS CLI itself",
    cure="Correct the directory, install the plugin there, or remove both lines.",
)
def plugin_not_found(context: RuleContext) -> Iterator[Occurrence]:
    """Without cli_legacy_plugin_path, AWS CLI v2 ignores all plugins (``awscli/plugin.py``)."""
    config = context.snapshot.merged.config
    plugins = config.sections.get("plugins", {}) if config in files_in_force(context) else {}
    where = plugins.get(_PLUGIN_PATH)
    if not isinstance(where, str):
        return
    directories = [each for each in where.split(os.pathsep) if each]
    if not directories or not all(each.startswith(_ABSOLUTE) for each in directories):
        return  # relative to where a command runs
    for name, module in plugins.items():
        if name == _PLUGIN_PATH or not isinstance(module, str) or _is_module(module, directories):
            continue
        line = _line(config, "plugins", _PLUGIN_PATH)
        yield Occurrence(
            Subject(SubjectKind.SECTION, "plugins"),
            f"the plugin {mask_name(name)} is not in {mask(where)}, where AWS CLI v2 looks for it",
            open_file(config, line, f"correct {_PLUGIN_PATH}, or install the plugin there"),
            place_in(config, line),
            (
                quote(context.snapshot.host, config, line, f"{_PLUGIN_PATH} = {mask(where)}"),
                quote(context.snapshot.host, config, _line(config, "plugins", name), f"{mask_name(name)} ="),
            ),
        )
        return


def _is_module(module: str, directories: list[str]) -> bool:
    """Whether one of the directories, which are not expanded, has a package or module, of any kind."""
    first = module.partition(".")[0]
    for directory in directories:
        try:
            if any(each.name.partition(".")[0] == first for each in Path(directory).iterdir()):
                return True
        except (NotADirectoryError, FileNotFoundError):
            continue
        except (OSError, ValueError):
            return True  # what is there cannot be seen
    return False


def _line(file: ConfigFile, header: str, key: str) -> int | None:
    section = file.located.sections.get(header)
    found = section.keys.get(key) if section is not None else None
    return found.line if found is not None else None


@rule(
    "unknown-service",
    Severity.WARNING,
    "A name in a services section that is no service's",
    cause="A block of a [services …] section is named by the service's id, with underscores for its blanks: "
    "secrets_manager, not secretsmanager; s3, not s3api. endpoint_url belongs below such a name.",
    consequence="AWS tools ignore it, and call the service's usual endpoint",
    cure="Write the service's id.",
)
def unknown_service(context: RuleContext) -> Iterator[Occurrence]:
    """Only names that are known to be another name of a service are doubted."""
    config = context.snapshot.merged.config
    if config not in files_in_force(context):
        return
    for name, headers in config.headers.services.items():
        for key, value in config.sections[headers[-1]].items():
            right = service_id(key) if isinstance(value, Mapping) else None
            if key == _ENDPOINT:
                words, cure = "sets endpoint_url for no service", "write it below the id of a service"
            elif right is not None and right != key:
                words, cure = f"names {mask_name(key)}, which is no service's id", f"write {right}"
            else:
                continue
            line = _line(config, headers[-1], key)
            yield Occurrence(
                Subject(SubjectKind.SECTION, headers[-1]),
                f"the services section {mask_name(name)} {words}",
                open_file(config, line, cure),
                place_in(config, line),
                (quote(context.snapshot.host, config, line, f"{mask_name(key)} ="),),
                profiles=_users(context, name),
            )


def _users(context: RuleContext, services: str) -> tuple[str, ...]:
    every = context.snapshot.merged.by_name.items()
    return tuple(name for name, values in every if values.get("services") == services)


def service_id(name: str) -> str | None:
    """Return the id of the service that is meant by a name, as it is written in a services section.

    None where it is no other name of a service. Read from botocore's model of the service: all of them at
    once would take seconds.
    """
    if name in _USUAL:
        return name
    if name in _COMMANDS:
        return _COMMANDS[name]
    directory = _directories().get(re.sub("[-_]", "", name.lower()))
    return _id_in(directory) if directory is not None else None


@cache
def _directories() -> Mapping[str, Path]:
    import botocore  # noqa: PLC0415 - for its directory alone, and few homes have such a section

    data = Path(botocore.__file__).parent / "data"
    try:
        names = [each.name for each in os.scandir(data) if each.is_dir()]
    except OSError:
        return {}
    return {re.sub("[-_]", "", name.lower()): data / name for name in names}


@cache
def _id_in(directory: Path) -> str | None:
    for model in sorted(directory.glob("*/service-2.json*"), reverse=True):
        opened = gzip.open if model.suffix == ".gz" else open
        try:
            with opened(model, "rb") as file:
                found = _ID.search(file.read(_HEAD))
        except OSError:
            continue
        if found is not None:
            return found[1].decode().lower().replace(" ", "_")
    return None
