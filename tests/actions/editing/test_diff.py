"""Diffs that may be shown: what differs, three lines around it, and nothing secret on any of them."""

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rolecall.actions.editing.diff import diff
from rolecall.actions.editing.document import Document, Line, Splice, split
from rolecall.actions.plan import Mark


def drawn(before: str | None, after: str) -> str:
    """Return a diff as a person sees it."""
    data = None if before is None else before.encode()
    return "".join(f"{line.mark}{line.text}\n" for line in diff(data, after.encode()))


def test_it_is_a_unified_diff_with_three_lines_around_each_change() -> None:
    # GIVEN two texts that differ in two places, far apart
    before = "".join(f"max_attempts = {number}\n" for number in range(20))
    after = before.replace("= 4\n", "= four\n").replace("max_attempts = 15\n", "")
    # THEN the diff is difflib's
    wanted = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm=""))[2:]
    assert drawn(before, after).splitlines() == wanted
    assert [line.mark for line in diff(before.encode(), after.encode())].count(Mark.PLACE) == 2


def test_nothing_differs() -> None:
    assert diff(b"[a]\n", b"[a]\n") == ()
    assert diff(None, b"") == ()


def test_a_file_that_is_made_is_all_new() -> None:
    assert drawn(None, "[a]\nrole = 1\n") == "@@ -0,0 +1,2 @@\n+[a]\n+role = 1\n"


def test_line_ends_do_not_show() -> None:
    assert (
        drawn("[a]\r\nrole = 1\rregion = 2", "[a]\r\nrole = 1\rregion = 3")
        == "@@ -1,3 +1,3 @@\n [a]\n role = 1\n-region = 2\n+region = 3\n"
    )


def test_bytes_that_are_no_text_are_shown_as_such() -> None:
    assert [line.text for line in diff(b"[gr\xf6\xdfe]\n", b"")][1:] == ["[gr\ufffd\ufffde]"]


MASKED = {
    "a secret": ("aws_secret_access_key = CANARY", "aws_secret_access_key = ••••"),
    "its hand": ("\tAWS_Secret_Access_Key:CANARY  ", "\tAWS_Secret_Access_Key:••••  "),
    "a token": ("aws_session_token=CANARY", "aws_session_token=••••"),
    "an empty one": ("aws_session_token =", "aws_session_token ="),
    "a key id": ("aws_access_key_id = AKIACANARY00EXAM", "aws_access_key_id = …EXAM"),
    "a key id with more": ("aws_access_key_id = AKIACANARY00EXAM CANARY", "aws_access_key_id = …EXAM ••••"),
    "one that is switched off": (
        "# aws_secret_access_key = CANARY",
        "# aws_secret_access_key = ••••",
    ),
    "one in a sentence": ("; my secret: CANARY9", "; …"),
    "one that continues": (
        "aws_session_token = CANARY\n  CANARY\n\n   CANARY= CANARY",
        "aws_session_token = ••••\n  ••••\n\n   ••••",
    ),
    "one below a key id": ("aws_access_key_id = AKIAEXAM\n  CANARY", "aws_access_key_id = …EXAM\n  ••••"),
    "one that is swallowed": (
        "region = r\n  aws_secret_access_key = CANARY\noutput = json",
        "region = r\n  aws_secret_access_key = ••••\noutput = json",
    ),
    "one in a block": (
        "s3 =\n  max_bandwidth = 1\n  token = CANARY",
        "s3 =\n  max_bandwidth = 1\n  token = ••••",
    ),
    "one in a command": (
        "credential_process = helper --password CANARY --region r",
        "credential_process = helper --password •••• --region r",
    ),
    "one that is cut in two, in a file that does not parse": (
        "aws_session_token = CANARY\nCANARYCANARYCANARY\nCANARYCANARYcanary==\nregion = r",
        "aws_session_token = ••••\n••••\n••••\nregion = r",
    ),
    "an address's user and query": (
        "endpoint_url = http://me:CANARY@host/?sig=CANARY",
        "endpoint_url = http://••••@host/?sig=••••",
    ),
    "an unknown setting": ("my_own = CANARY", "my_own = •••• (6 characters)"),
    "a comment": ("# CANARY, the old one", "# …"),
    "a setting with a sentence that is switched off": ("# output = see CANARY", "# …"),
    "an unknown one that is switched off": ("#my_own = CANARY", "# …"),
    "a comment behind a value": ("region = r ; CANARY", "region = r ; …"),
    "a comment behind a header": ("[profile x] # CANARY", "[profile x] …"),
    "a header that holds one": ("[profile token CANARY]", "[profile token ••••]"),
    "one in a header": ("[password:CANARY]", "[password:••••]"),
    "a line that is no setting": ("CANARY", "••••"),
    "a secret without its sign": ("aws_secret_access_key CANARY", "aws_secret_access_key ••••"),
    "a command that continues": (
        "credential_process = helper\n  CANARY",
        "credential_process = helper\n  ••••",
    ),
}
CANARY_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


@pytest.mark.parametrize(("text", "shown"), MASKED.values(), ids=MASKED.keys())
def test_a_secret_is_masked_whether_it_changes_or_stands_near(text: str, shown: str) -> None:
    file = f"[x]\n{text}\n"
    # WHEN it comes, and goes
    for marks, before, after in (("+", "[x]\n", file), ("-", file, "[x]\n")):
        lines = drawn(before, after).splitlines()[1:]
        assert lines == [" [x]", *(f"{marks}{line}" for line in shown.split("\n"))]
    # AND where it is what stands around a change
    count = len(shown.split("\n"))
    around = drawn(file, f"{file}max_attempts = 1\n").splitlines()[1:]
    wanted = [" [x]", *(f" {line}" for line in shown.split("\n")), "+max_attempts = 1"]
    assert around == wanted[-4:]
    assert count < 5


@pytest.mark.parametrize(
    "line",
    [CANARY_KEY, f"# {CANARY_KEY}", f"[{CANARY_KEY}]", f"[profile {'CaNaRy' * 10}]", f"x = {CANARY_KEY}"],
)
def test_what_looks_like_a_secret_is_masked_wherever_it_stands(line: str) -> None:
    shown = drawn("", f"{line}\n")
    assert CANARY_KEY not in shown
    assert "CaNaRyCaNaRy" not in shown


@pytest.mark.parametrize(
    "line",
    [
        "[profile x]",
        "region eu-west-1",
        "#region = eu-west-1",
        "#",
        "[sso-session  'my corp']",
        "sso_start_url = https://example.awsapps.com/start#/",
        "role_arn = arn:aws:iam::123456789012:role/deploy",
        "web_identity_token_file = /var/run/token",
        "x_security_token_expires = 2030-01-01T13:00:00Z",
        "   ",
        "[größe]",
    ],
)
def test_all_else_is_shown_as_it_stands(line: str) -> None:
    assert drawn("", f"{line}\n") == f"@@ -0,0 +1,1 @@\n+{line}\n"


@given(
    texts=st.lists(st.sampled_from(("output", "region", "", "#", "[x]", "role = v")), max_size=30),
    cuts=st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 3), st.lists(st.just("services"), max_size=2))
    ),
)
def test_a_diff_of_known_edits_makes_the_one_text_from_the_other(
    texts: list[str], cuts: list[tuple[int, int, list[str]]]
) -> None:
    # GIVEN a text, and edits of it that do not overlap
    before = "".join(f"{text}\n" for text in texts)
    lines, splices, at = split(before), [], 0
    for start, count, new in sorted(cuts, key=lambda cut: cut[:2]):
        if at <= start and start + count <= len(lines) and (count or new):
            splices.append(Splice(start, start + count, tuple(Line(text, "\n") for text in new)))
            at = start + count + 1
    after = Document(lines, ()).spliced(splices)
    # WHEN the diff is drawn from them
    found = diff(before.encode(), after.encode(), splices=splices)
    # THEN its old lines stand in the one text, its new ones in the other, where it says
    for sign, text in ((Mark.REMOVED, before), (Mark.ADDED, after)):
        whole, place, which = text.split("\n"), 0, "-+"[sign is Mark.ADDED]
        for line in found:
            if line.mark is Mark.PLACE:
                first, many = next(part for part in line.text.split() if part[0] == which)[1:].split(",")
                place = int(first) - (int(many) > 0)
            elif line.mark in (sign, Mark.SAME):
                assert whole[place] == line.text
                place += 1
    # AND it has them all
    removed = sum(line.mark is Mark.REMOVED for line in found)
    assert removed == sum(splice.stop - splice.start for splice in splices)
