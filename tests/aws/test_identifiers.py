"""Account ids that can be told without asking anybody (aws-facts §5)."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.aws import identifiers
from rolecall.aws.identifiers import account_of_arn, account_of_key
from rolecall.aws.settings import regions


def key_of(account: int, *, prefix: str = "AKIA", rest: int = 0) -> str:
    """Make an access key id of today's form that holds an account id."""
    bits = (1 << 47) | (account << 7) | (rest & 0x7F)
    return prefix + base64.b32encode(bits.to_bytes(6, "big") + b"\0\0\0\0").decode()


@given(
    account=st.integers(0, 999_999_999_999),
    rest=st.integers(0, 127),
    prefix=st.sampled_from(["AKIA", "ASIA"]),
)
def test_a_key_of_today_holds_its_account(account: int, rest: int, prefix: str) -> None:
    key = key_of(account, prefix=prefix, rest=rest)
    assert key[4] in "QRSTUVWXYZ234567"  # base32's upper half: the first bit is set
    assert account_of_key(key) == f"{account:012d}"


@pytest.mark.parametrize("key", ["AKIAIOSFODNN7EXAMPLE", "AKIAJAAAAAAAAAAAAAAA", "AKIAPZZZZZZZZZZZZZZZ"])
def test_an_old_key_holds_none(key: str) -> None:
    assert account_of_key(key) is None


@pytest.mark.parametrize(
    "key",
    [
        "",
        "AKIA",
        "AKIAQ",
        "AKIAQEXAMPLEEXAMPLE",  # one short
        "AKIAqexampleexamplee",  # lower case
        "AKIAQ18901890189018901",  # no base32
        "AKIAQ===============",
        "AKIAQEXAMPLE\N{SNOWMAN}EXAMPLE",
        "AKIAQ" + "\ud800" * 15,
        " " * 20,
    ],
)
def test_garbage_holds_none(key: str) -> None:
    assert account_of_key(key) is None


@given(st.text(max_size=30))
def test_no_text_raises(text: str) -> None:
    account = account_of_key(text)
    assert account is None or (len(account) == 12 and account.isdigit())
    found = account_of_arn(text)
    assert found is None or found in text


@pytest.mark.parametrize(
    ("arn", "account"),
    [
        ("arn:aws:iam::123456789012:role/deploy", "123456789012"),
        ("arn:aws-cn:iam::123456789012:role/a:b/c", "123456789012"),
        ("arn:aws:sts::123456789012:assumed-role/deploy/me", "123456789012"),
        ("arn:aws:iam::aws:policy/x", None),
        ("arn:aws:s3:::bucket", None),
        ("arn:aws:iam::123456789012", None),
        ("deploy", None),
        ("", None),
    ],
)
def test_an_arn_names_its_account(arn: str, account: str | None) -> None:
    assert account_of_arn(arn) == account


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("us-esat-1", "us-east-1"),
        ("eu-wset-1", "eu-west-1"),
        ("eu-west-9", None),  # as near to eu-west-1 as to eu-west-2
        ("us-gov-est-1", None),  # us-gov-west-1 as well
        ("nowhere", None),
    ],
)
def test_a_region_is_suggested_only_where_one_alone_is_nearest(name: str, meant: str | None) -> None:
    known = (
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "eu-west-1",
        "eu-west-2",
        "us-gov-east-1",
        "us-gov-west-1",
    )
    assert identifiers.nearest_region(name, known) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        # the console's names, as it writes them now and once did; places
        ("EU (Ireland)", ("eu-west-1",)),
        ("Europe (Ireland)", ("eu-west-1",)),
        ("US East (N. Virginia)", ("us-east-1",)),
        ("N. Virginia", ("us-east-1",)),
        ("northern virginia", ("us-east-1",)),
        ("Canada (Central)", ("ca-central-1",)),
        ("Ireland", ("eu-west-1",)),
        ("frankfurt", ("eu-central-1",)),
        ("São Paulo", ("sa-east-1",)),
        ("dublin", ("eu-west-1",)),
        ("global", ("us-east-1",)),
        # zones, also local ones and their ids; with more around it
        ("eu-west-1a", ("eu-west-1",)),
        ("us-west-2-lax-1a", ("us-west-2",)),
        ("use1-az4", ("us-east-1",)),
        ("apse2", ("ap-southeast-2",)),
        ("usgw1", ("us-gov-west-1",)),
        ("eu-west-1 (Ireland)", ("eu-west-1",)),
        ("s3.eu-west-1.amazonaws.com", ("eu-west-1",)),
        # other spellings
        ("us_east_1", ("us-east-1",)),
        ("EU-WEST-1", ("eu-west-1",)),
        ("eu west 1", ("eu-west-1",)),
        ("euwest1", ("eu-west-1",)),
        ("eu-west1", ("eu-west-1",)),
        # without its number, or several: nobody but the user knows which
        ("us-east", ("us-east-1", "us-east-2")),
        ("us-gov", ("us-gov-east-1", "us-gov-west-1")),
        ("cn", ("cn-north-1", "cn-northwest-1")),
        ("us-east-1,us-west-2", ("us-east-1", "us-west-2")),
        ("US East", ("us-east-1", "us-east-2")),
        ("cn-north", ("cn-north-1",)),
        # what is of AWS already, or of others: private ones, and other clouds
        ("eu-west-1", ()),
        ("eu-west-9", ()),
        *((name, ()) for name in ("local", "localhost", "auto", "default", "minio", "garage", "us-standard")),
        *((name, ()) for name in ("ru-central1", "us-central1", "europe-west1", "westeurope", "eastus")),
        *(
            (name, ())
            for name in ("nyc3", "fra1", "fr-par", "nl-ams", "fsn1", "eu-de", "cn-hangzhou", "wnam")
        ),
    ],
)
def test_a_region_of_another_form_is_recognised(text: str, meant: tuple[str, ...]) -> None:
    assert identifiers.likely_regions(text, regions()) == meant


def test_every_region_is_recognised_by_its_name_in_words() -> None:
    known = regions()
    lost = [each for each, words in known.items() if each not in identifiers.likely_regions(words, known)]
    assert lost == []


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("eu-west-9", True),
        ("sa-north-1", True),
        ("us-gov-central-1", True),
        ("eu-wst-1", False),
        ("us-west-004", False),
        ("here-and-there-7", False),
    ],
)
def test_a_region_of_aws_form_may_be_newer_than_botocore(name: str, may: bool) -> None:  # noqa: FBT001 - a table
    assert identifiers.may_be_new(name, regions()) is may
