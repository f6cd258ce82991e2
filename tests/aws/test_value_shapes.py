"""What is wrong with values, and the patterns against botocore's own models of the services."""

import gzip
import json
import re
from pathlib import Path

import botocore
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.session import Session

from rolecall.aws.settings import SETTINGS
from rolecall.aws.value_shapes import (
    KEY_ID,
    SHAPES,
    Misfit,
    Shape,
    Weight,
    called,
    is_placeholder,
    key_misfits,
)

KEY = "AKIAUBNG3R5TQWEXMPLA"
TEMPORARY = "ASIAUBNG3R5TQWEXMPLA"
SECRET = "abcdEFGHijklMNOPqrstUVWXyz0123456789ABCD"
TOKEN = "FwoGZXIvYXdzEB8aDEXAMPLETOKENEXAMPLETOKEN=="
NAMES = ("key", "secret", "token")


def _wide(match: re.Match[str]) -> str:
    return f"\\U{int(match[1], 16):08X}"


def model(service: str) -> dict[str, dict[str, object]]:
    """Return the shapes of a service, as the installed botocore has them."""
    folder = Path(botocore.__file__).parent / "data" / service
    newest = max(folder.iterdir())
    (file,) = newest.glob("service-2.json*")
    text = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    shapes: dict[str, dict[str, object]] = json.loads(text)["shapes"]
    return shapes


@pytest.mark.parametrize("shape", [KEY_ID, *SHAPES.values()], ids=lambda shape: shape.source)
def test_the_table_is_that_of_the_services(shape: Shape) -> None:
    service, _, name = shape.source.partition(":")
    told = model(service)[name]
    # a JSON pattern of Java's: beyond the BMP it has five digits after one \u
    pattern = re.sub(r"\\u(10[0-9A-F]?[0-9A-F]{3})(?![0-9A-F])", _wide, str(told["pattern"]))
    assert shape.pattern.pattern == pattern
    if "min" in told:
        assert (shape.shortest, shape.longest) == (told["min"], told["max"])


def test_each_shape_is_of_a_setting() -> None:
    assert SHAPES.keys() <= SETTINGS.keys()


def wrong(key: str = KEY, secret: str = SECRET, token: str | None = None) -> dict[str, tuple[str, Weight]]:
    return {each.name: (each.words, each.weight) for each in key_misfits(key, secret, token, NAMES)}


CERTAIN = {
    "a line break": ("{}\n", "ends with a line break (U+000A)"),
    "a carriage return": ("{}\r", "ends with a carriage return (U+000D)"),
    "Windows": ("{}\r\n", "ends with"),
    "a tab before": ("\t{}", "begins with a tab"),
    "a blank": ("{} ", "ends with a blank"),
    "a byte order mark": ("\ufeff{}", "begins with a byte order mark (U+FEFF)"),
    "a non-breaking space": ("{}\u00a0", "ends with a non-breaking space"),
    "a zero-width space": ("{}\u200b", "ends with a zero-width space"),
    "a soft hyphen": ("{}\u00ad", "ends with an invisible character (U+00AD)"),
    "echo -n": ("-n {}", "begins with '-n'"),
    "quotes": ('"{}"', "has quotes around it"),
    "single quotes": ("'{}'", "has quotes around it"),
    "typographic quotes": ("\u201c{}\u201d", "has quotes around it"),
    "a quote before": ('"{}', "has quotes around it"),
    "a comma": ("{},", "ends with ','"),
    "a semicolon": ("{};", "ends with ';'"),
    "a comment": ("{} # mine", "has a comment after it"),
    "an assignment": ("AWS_ACCESS_KEY_ID={}", "has a name in front"),
    "an export": ("export AWS_SECRET_ACCESS_KEY='{}'", "has a name in front"),
    "a YAML key": ("aws_session_token: {}", "has a name in front"),
}
"""What may surround a key, a secret or a token; each of them is refused for it."""


@pytest.mark.parametrize(("form", "words"), CERTAIN.values(), ids=CERTAIN.keys())
def test_what_surrounds_a_key_or_secret_is_told_and_taken_off(form: str, words: str) -> None:
    found = key_misfits(form.format(KEY), form.format(SECRET), None, NAMES)
    assert [each.name for each in found] == ["key", "secret"]
    assert all(words in each.words and each.weight is not Weight.LIKELY for each in found)
    assert [each.right for each in found] == [KEY, SECRET]


@pytest.mark.parametrize("form", [each for each in CERTAIN if each not in ("a blank", "a tab before")])
def test_so_is_what_surrounds_a_token(form: str) -> None:
    wrap, words = CERTAIN[form]
    (found,) = key_misfits(TEMPORARY, SECRET, wrap.format(TOKEN), NAMES)
    assert words in found.words
    assert found.right == TOKEN


@pytest.mark.parametrize("token", [f"{TOKEN} ", f" {TOKEN}", f"{TOKEN}\t"])
def test_blanks_around_a_token_do_no_harm(token: str) -> None:
    """HTTP trims the value of a header, and so does the signature (``SigV4Auth._header_value``)."""
    assert key_misfits(TEMPORARY, SECRET, token, NAMES) == ()


@pytest.mark.parametrize("value", ["", " ", "null", "None", "undefined", "nil", "(null)"])
def test_nothing_in_a_keys_place_is_told(value: str) -> None:
    assert set(wrong(value, value)) == {"key", "secret"}


PLACEHOLDERS = (
    *("%(AWS_ACCESS_KEY_ID)", "%(AWS_ACCESS_KEY_ID)s", "%AWS_ACCESS_KEY_ID%", "${AWS_ACCESS_KEY_ID}"),
    *("$AWS_ACCESS_KEY_ID", "{{ aws_key }}", "{{secret}}", "<access-key>", "#{secret}", "YOUR_ACCESS_KEY"),
    *("your-secret-key-here", "<POPULATED_BY_AWS-MFA>", "$(pass aws/key)", "@aws.key@", "__AWS_KEY__"),
    *("$env:AWS_SECRET", "op://vault/aws/secret", "REPLACE_ME", "INSERT_KEY", "my-secret-key"),
    *("AWS_SECRET_ACCESS_KEY", "access_key_id", "${{ secrets.AWS_KEY }}", "!Ref Key", "vault:aws/key"),
)


@pytest.mark.parametrize("value", PLACEHOLDERS)
def test_placeholders_are_told(value: str) -> None:
    assert is_placeholder(value)
    found = wrong(value, value)
    assert set(found) == {"key", "secret"}
    assert all(weight is Weight.REFUSED for _, weight in found.values())


@pytest.mark.parametrize("value", ["xxxx", "XXXXXXXXXXXXXXXXXXXX", "changeme", "change_me", "TODO", "***"])
def test_a_dummy_may_be_intended_for_another_service(value: str) -> None:
    assert {weight for _, weight in wrong(value, value).values()} == {Weight.LIKELY}


OTHERS = {
    "ghp_abcdefghijklmnopqrst": "a token of GitHub",
    "AIzaSyAbcdefghijklmnop": "a key of Google",
    "xoxb-12345678-abc": "a token of Slack",
    "sk_live_abcdefgh": "a key of Stripe",
    "eyJhbGciOi.eyJzdWIi.abc": "a JSON web token",
    "ssh-rsa": "a key of SSH",
    "arn:aws:iam::210987654321:user/me": "an ARN",
    "glpat-abcdefgh": "a token of GitLab",
    "aoaAAAAAGabcdefghijklmnopqrstuvwxyz": "an access token of IAM Identity Center",
}


@pytest.mark.parametrize(("value", "what"), OTHERS.items())
def test_another_services_key_is_told_in_each_place(value: str, what: str) -> None:
    for found in (wrong(value), wrong(secret=value), wrong(TEMPORARY, token=value)):
        ((words, weight),) = found.values()
        assert what in words
        assert weight is Weight.REFUSED


KEYS = {
    "AIDAUBNG3R5TQWEXMPLA": "is the id of a user (AIDA…)",
    "AROAUBNG3R5TQWEXMPLA": "is the id of a role (AROA…)",
    "akiaubng3r5tqwexmpla": "is in small letters",
    KEY * 2: "is there twice",
    f"{KEY}/20240501/us-east-1/s3/aws4_request": "has a piece of a signed URL after the key id",
    f"{KEY}:{SECRET}": "has more after the key id",
    f"{KEY[:10]} {KEY[10:]}": "contains a blank",
    "AKIAUBNG3R5T": "at least 16 are needed",
    "****************MPLA": "is masked with asterisks",
    KEY[:19]: "has 19 characters, and AWS's have 20: it was cut off",
    f"{KEY}B": "has 21 characters",
    f"{KEY[:19]}1": "contains '1', which no key id of AWS has",
}


@pytest.mark.parametrize(("key", "words"), KEYS.items())
def test_a_wrong_key_id_is_told(key: str, words: str) -> None:
    assert words in wrong(key)["key"][0]


SECRETS = {
    KEY: "is the key id once more",
    f"{KEY[:19]}B": "is a key id",
    "IQoJ" + "b3JpZ2lu" * 40: "is a session token",
    SECRET * 2: "is there twice",
    f"B{SECRET}abc": "SMTP password",
    f"{SECRET[:37]}%2F": "encoded as in a URL",
    SECRET[:39]: "has 39 characters, and AWS's have 40: it was cut off",
    f"{SECRET}A": "has 41 characters",
    f"{SECRET[:39]}-": "contains '-', which no secret of AWS has",
}


@pytest.mark.parametrize(("secret", "words"), SECRETS.items())
def test_a_wrong_secret_is_told(secret: str, words: str) -> None:
    assert words in wrong(secret=secret)["secret"][0]


@pytest.mark.parametrize(
    ("token", "words"),
    [(SECRET, "the secret once more"), (KEY, "key id"), ("a%2Bb%3D", "encoded as in a URL")],
)
def test_a_wrong_token_is_told(token: str, words: str) -> None:
    assert words in wrong(TEMPORARY, token=token)["token"][0]


def test_a_swapped_pair_is_told_with_what_is_right() -> None:
    assert [each.right for each in key_misfits(SECRET, KEY, None, NAMES)] == [KEY, SECRET]


@pytest.mark.parametrize(
    ("key", "secret"),
    [
        (KEY, SECRET),
        (TEMPORARY, SECRET),
        ("test", "test"),
        ("foo", "bar"),
        ("minioadmin", "minioadmin"),
        ("testing", "testing"),
        ("rootuser", "rootpass123"),
        ("GOOG1EABCDEFGHIJKLMNOPQRSTUVWXYZ", SECRET),
        ("0012ab34cd56ef0000000001", "K001abcdefghijklmnopqrstuvwxyz0"),
        ("a1b2c3d4e5f60718293a4b5c6d7e8f90", "0" * 64),
        ("YCAJEabcdefghijklmnopqrst", "YCabcdefghijklmnopqrstuvwxyz-_abcdefghij"),
        ("DO00ABCDEFGHIJKLMNOP", f"{SECRET}abc"),
        ("LKIAQAAAAAAACDEFGHIJ", "test"),
        ("AKIAIOSFODNN7EXAMPLE", "made-up"),
        ("fakeMyKeyId", "fakeSecretAccessKey"),
        ("dummy", "dummy"),
    ],
)
def test_keys_of_aws_and_of_other_services_are_not_doubted(key: str, secret: str) -> None:
    assert key_misfits(key, secret, None, NAMES) == ()


DOCUMENTED = ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY")


@pytest.mark.parametrize("key", ["AKIAIOSFODNN7EXAMPLE", "AKIAI44QH8DHBEXAMPLE", "ASIAIOSFODNN7EXAMPLE", KEY])
@pytest.mark.parametrize("secret", DOCUMENTED)
def test_the_examples_of_awss_documentation_are_told(key: str, secret: str) -> None:
    found = key_misfits(key, secret, None, NAMES)
    of_docs = [name for name, value in zip(NAMES, (key, secret), strict=False) if value != KEY]
    assert [(each.name, each.weight) for each in found] == [(name, Weight.LIKELY) for name in of_docs]


def test_only_line_breaks_keep_a_tool_from_sending() -> None:
    weights = {name: wrong(form.format(KEY))["key"][1] for name, (form, _) in CERTAIN.items()}
    assert {name for name, weight in weights.items() if weight is Weight.CLIENT} == {
        "a line break",
        "a carriage return",
        "Windows",
    }


def test_what_is_told_shows_no_part_of_a_secret() -> None:
    """GIVEN a misfit WHEN it is printed in a traceback THEN what is right is not in it."""
    assert SECRET not in repr(Misfit("secret", "has quotes around it", SECRET))
    assert all(SECRET not in words for words, _ in wrong(f'"{KEY}"', f'"{SECRET}"').values())


@pytest.mark.parametrize(
    ("sign", "name"),
    [
        ("/", "'/'"),
        (" ", "a blank"),
        ("\u2014", "'\u2014' (U+2014)"),
        ("\x07", "an invisible character (U+0007)"),
    ],
)
def test_characters_in_words(sign: str, name: str) -> None:
    assert called(sign) == name


@pytest.fixture(scope="module")
def botocore_session() -> Session:
    return Session()


def raised(session: Session, key: str, secret: str, token: str | None) -> str:
    """Return what the real botocore raises; nothing listens where it calls."""
    client = session.create_client(
        "sts",
        "eu-west-1",
        endpoint_url="http://127.0.0.1:9",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=Config(retries={"total_max_attempts": 1}),
    )
    with pytest.raises(BotoCoreError) as caught:
        client.get_caller_identity()
    return type(caught.value).__name__


@pytest.mark.parametrize("form", [form for form, _ in CERTAIN.values()], ids=CERTAIN.keys())
def test_what_cannot_be_sent_is_what_botocore_cannot_send(botocore_session: Session, form: str) -> None:
    wrapped = {"key": form.format(KEY), "secret": form.format(SECRET), "token": form.format(TOKEN)}
    plain = {"key": TEMPORARY, "secret": SECRET, "token": TOKEN}
    for part, value in wrapped.items():
        values = plain | {part: value}
        found = {each.name: each.weight for each in key_misfits(**values, names=NAMES)}
        is_refused_here = found.get(part) is Weight.CLIENT
        error = raised(botocore_session, *values.values())
        assert error == ("HTTPClientError" if is_refused_here else "EndpointConnectionError")
