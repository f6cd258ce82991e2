"""The language of the filter: what a word of it fits, by field, with and without wild characters."""

import pytest

from rolecall.profile_filter import Field, fits, is_filter


@pytest.mark.parametrize(
    ("where", "value", "text", "wanted"),
    [
        (Field.ACCOUNT, "prod", "payments-prod", True),
        (Field.ACCOUNT, "prod*", "payments-prod", False),
        (Field.ACCOUNT, "*prod*", "payments-prod-eu", True),
        (Field.ACCOUNT, "prod*", "prod-eu", True),
        (Field.ACCOUNT, "1111????3333", "111122223333", True),
        (Field.STATE, "val", "valid", True),
        (Field.STATE, "alid", "valid", False),
        (Field.STATE, "*alid", "valid", True),
        (Field.ROLE, "admin", "readonlyadmin", True),
        (Field.REGION, "eu-", "eu-west-1", True),
    ],
)
def test_a_word_fits_a_part_or_the_whole_where_it_is_wild(
    where: Field, value: str, text: str, *, wanted: bool
) -> None:
    assert fits(where, value, text) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("account:prod", True),
        ("prod*", True),
        ("role:x state:valid", True),
        ("prod", False),
        ("arn:aws:iam", False),
        ("a:b", False),
        ("", False),
    ],
)
def test_a_name_is_no_filter(text: str, *, wanted: bool) -> None:
    assert is_filter(text) is wanted
