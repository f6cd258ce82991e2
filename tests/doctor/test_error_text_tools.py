"""The error messages of AWS's SDKs and of the tools around them are known for what they mean."""

import html
import json

import pytest

from rolecall.doctor.error_text import parse, tools
from rolecall.messages.errors import TABLE
from tests.doctor.error_forms import FORMS, NAMED, SOURCED


@pytest.mark.parametrize(("code", "text"), FORMS, ids=[text.strip()[:60] for _, text in FORMS])
def test_a_published_message_is_known(code: str, text: str) -> None:
    found = parse.parse_error_text(text)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(("text", "profile"), NAMED.items(), ids=[text[:40] for text in NAMED])
def test_the_profile_that_a_tool_names_is_known(text: str, profile: str) -> None:
    found = parse.parse_error_text(text)
    assert found is not None
    assert found.profile == profile


def test_no_message_is_listed_twice() -> None:
    texts = [text for _, text in FORMS]
    assert len(texts) == len({*texts})
    assert len(texts) > 200
    assert all(source.startswith("http") for source, _, _ in SOURCED)


def test_each_form_means_something() -> None:
    assert {form.code for form in tools.FORMS} - set(TABLE) == set()


def test_each_form_is_found_by_its_own_words() -> None:
    for form in tools.FORMS:
        text = form.words.replace("…", " x ").replace("{profile}", "team")
        first, start = next(tools.found(f"2024-05-01 ERROR: {text}"))
        assert first.code == form.code, form.words
        assert start >= 0


WRAPPED = {
    "JSON": lambda text: json.dumps({"level": "error", "msg": text}),
    "HTML": html.escape,
    "docker-compose": lambda text: "\n".join(f"web-1  | {line}" for line in text.splitlines()),
    "a log": lambda text: f"2024-05-01T11:48:44Z ERROR [main] c.e.App - {text}",
    "colours": lambda text: f"\x1b[31m{text}\x1b[0m",
    "a quotation": lambda text: "\n".join(f"> {line}" for line in text.splitlines()),
    "a chat's quotes": lambda text: text.translate(
        str.maketrans({'"': "\N{RIGHT DOUBLE QUOTATION MARK}", "'": "\N{RIGHT SINGLE QUOTATION MARK}"})
    ),
    "eighty columns": lambda text: "\n".join(text[at : at + 80] for at in range(0, len(text), 80)),
    "JSON in JSON": lambda text: json.dumps({"log": json.dumps({"msg": text})}),
    "Airflow": lambda text: f"[2024-05-01, 11:48:44 UTC] {{subprocess.py:93}} INFO - {text}",
    "a workflow": lambda text: f"2024-05-01T11:48:44.0859Z ##[error]{text}",
    "a trace": lambda text: f'Traceback (most recent call last):\n  File "x.py", line 3, in <module>\n{text}',
}
LONE = ("JSONDecodeError", "KeyError", "ModuleNotFoundError")
"""Errors of Python's own: only a line of their own makes them AWS's."""
OF_PATHS = ()
"""Errors that a path ends, which a terminal may break."""


@pytest.mark.parametrize("wrapped", WRAPPED)
def test_it_is_known_whatever_is_put_around_it(wrapped: str) -> None:
    unknown = []
    for code, text in FORMS:
        found = parse.parse_error_text(WRAPPED[wrapped](text))
        is_lone = code in LONE or (code in OF_PATHS and wrapped == "eighty columns")
        if not is_lone and (found is None or found.code != code):
            unknown.append((code, found.code if found is not None else None, text[:70]))
    assert unknown == []


@pytest.mark.parametrize(
    "text",
    [
        "the token of the cheese is invalid",
        "profile not found",
        "ERROR 1045 (28000): Access denied for user 'root'@'localhost'",
        "could not read Username for 'https://github.com': terminal prompts disabled",
        "denied: requested access to the resource is denied",
        "npm ERR! code E401",
        "x509: certificate signed by unknown authority",
        "error: unauthorized: authentication required",
        "npm ERR! EACCES: permission denied, open '/home/me/.npm/x'",
        "open /var/run/docker.sock: permission denied",
        "bash: ./deploy.sh: Permission denied",
        'profile "chromium" not found',
        "Error: Process completed with exit code 1.",
        "azure: DefaultAzureCredential failed to retrieve a token from the included credentials.",
        "google.auth.exceptions.DefaultCredentialsError: Could not automatically determine credentials.",
    ],
)
def test_the_messages_of_others_are_not_taken_for_aws(text: str) -> None:
    assert parse.parse_error_text(text) is None
