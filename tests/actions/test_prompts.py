"""What is taken for an MFA code, in the app's dialog, by ``--mfa-code`` and by the prompt."""

import pytest

from rolecall.actions.prompts import mfa_code


@pytest.mark.parametrize(
    "text",
    [
        "123456",
        "123 456",
        "123-456",
        "12 34 56",
        "1 2 3 4 5 6",
        "123 - 456",
        "123\N{NO-BREAK SPACE}456",
        "123\N{EN DASH}456",
        " 123456\n",
    ],
)
def test_blanks_and_dashes_between_six_digits_are_dropped(text: str) -> None:
    assert mfa_code(text) == "123456"


@pytest.mark.parametrize(
    "text",
    ["", "12345", "1234567", "123 4567", "12345a", "123.456", "-123456", "123456-", "١٢٣٤٥٦"],
)
def test_all_else_can_be_no_code(text: str) -> None:
    assert mfa_code(text) is None
