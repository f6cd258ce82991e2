"""Every oddity that botocore takes, edited: the text before, what is asked, the text after, to the byte."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rolecall.actions.editing import edits
from rolecall.actions.failures import ActionFailed
from rolecall.actions.plans import Plan
from rolecall.aws.config import Role
from rolecall.aws.snapshot import Snapshot
from tests.actions.editing.edits_here import after, edited, home, profiles

Asked = Callable[[Snapshot], Plan]


def put(profile: str, key: str, value: str) -> Asked:
    return lambda snapshot: edits.set_setting(snapshot, profile, key, value, Role.CONFIG)


def take(profile: str, key: str) -> Asked:
    return lambda snapshot: edits.unset_setting(snapshot, profile, key)


def rename(old: str, new: str) -> Asked:
    return lambda snapshot: edits.rename_profile(snapshot, old, new)


def remove(name: str) -> Asked:
    return lambda snapshot: edits.remove_profile(snapshot, name)


def copy(name: str, new: str) -> Asked:
    return lambda snapshot: edits.duplicate_profile(snapshot, name, new)


REGION = put("x", "region", "new")
OUTPUT = put("x", "output", "new")

LINES = {
    "a key": (REGION, "[profile x]\nregion = r\n", "[profile x]\nregion = new\n"),
    "no spaces": (REGION, "[profile x]\nregion=r\n", "[profile x]\nregion=new\n"),
    "a colon": (REGION, "[profile x]\nregion: r\n", "[profile x]\nregion: new\n"),
    "tabs": (REGION, "[profile x]\nregion\t=\tr\n", "[profile x]\nregion\t=\tnew\n"),
    "aligned": (REGION, "[profile x]\nregion    =    r\n", "[profile x]\nregion    =    new\n"),
    "blanks at the end": (REGION, "[profile x]\nregion = r \t\n", "[profile x]\nregion = new \t\n"),
    "case": (REGION, "[profile x]\nReGion = r\n", "[profile x]\nReGion = new\n"),
    "no value": (REGION, "[profile x]\nregion =\n", "[profile x]\nregion = new\n"),
    "no value, no space": (REGION, "[profile x]\nregion=\n", "[profile x]\nregion=new\n"),
    "no value, a space": (REGION, "[profile x]\nregion = \n", "[profile x]\nregion = new\n"),
    "to no value": (put("x", "region", ""), "[profile x]\nregion = r\n", "[profile x]\nregion =\n"),
    "CRLF": (REGION, "[profile x]\r\nregion = r\r\n", "[profile x]\r\nregion = new\r\n"),
    "mixed": (REGION, "[profile x]\nregion = r\r\na = 1\n", "[profile x]\nregion = new\r\na = 1\n"),
    "lone CR": (REGION, "[profile x]\rregion = r\ra = 1", "[profile x]\rregion = new\ra = 1"),
    "no final newline": (REGION, "[profile x]\nregion = r", "[profile x]\nregion = new"),
    "indented": (
        REGION,
        "[profile x]\n  region = r\n  output = o\n",
        "[profile x]\n  region = new\n  output = o\n",
    ),
    "first flush, second indented": (
        REGION,
        "[profile x]\nregion = r\n  output = json\na = 1\n",
        "[profile x]\nregion = new\na = 1\n",
    ),
    "a comment and a blank line inside a value": (
        REGION,
        "[profile x]\nregion = r\n  # c\n\n  output = json\na = 1\n",
        "[profile x]\nregion = new\n  # c\na = 1\n",
    ),
    "a header inside a value": (
        put("x", "a", "2"),
        "[profile x]\nregion = r\n  [profile y]\na = 1\n",
        "[profile x]\nregion = r\n  [profile y]\na = 2\n",
    ),
    "an indented comment below": (
        REGION,
        "[profile x]\nregion = r\n    # swallowed\na = 1\n",
        "[profile x]\nregion = new\n    # swallowed\na = 1\n",
    ),
    "inline text": (REGION, "[profile x]\n  region = r # c\n", "[profile x]\n  # c\n  region = new\n"),
    "inline text, semicolon": (
        REGION,
        "[profile x]\r\nregion = r ; c\r\n",
        "[profile x]\r\n; c\r\nregion = new\r\n",
    ),
    "inline text that is asked for again": (
        put("x", "region", "new # c"),
        "[profile x]\nregion = r # c\n",
        "[profile x]\nregion = new # c\n",
    ),
    "inline text behind several words": (
        put("x", "scopes", "new"),
        "[profile x]\nscopes = a, b # c\n",
        "[profile x]\n# c\nscopes = new\n",
    ),
    "inline text behind a secret, which may be one": (
        put("x", "aws_secret_access_key", "new"),
        "[profile x]\naws_secret_access_key = a # b\n",
        "[profile x]\naws_secret_access_key = new\n",
    ),
    "no inline text": (REGION, "[profile x]\nregion = r#c\n", "[profile x]\nregion = new\n"),
    "a command": (
        put("x", "credential_process", "new"),
        "[profile x]\ncredential_process = one ; two\n",
        "[profile x]\ncredential_process = new\n",
    ),
    "quotes": (REGION, '[profile x]\nregion = "r"\n', "[profile x]\nregion = new\n"),
    "a comment on the header": (
        REGION,
        "[profile x] # see y\nregion = r\n",
        "[profile x] # see y\nregion = new\n",
    ),
    "an indented comment before the first header": (
        REGION,
        "   # on top\n[profile x]\nregion = r\n",
        "   # on top\n[profile x]\nregion = new\n",
    ),
    "[DEFAULT] twice": (
        REGION,
        "[DEFAULT]\na = 1\n[profile x]\nregion = r\n[DEFAULT]\nb = 2\n",
        "[DEFAULT]\na = 1\n[profile x]\nregion = new\n[DEFAULT]\nb = 2\n",
    ),
    "NUL and line separators": (
        REGION,
        "[profile x]\na = \x00\u2028\x85\nregion = r\n",
        "[profile x]\na = \x00\u2028\x85\nregion = new\n",
    ),
    "a colon first": (
        put("x", "role_arn arn", "new"),
        "[profile x]\nrole_arn arn:aws:iam\n",
        "[profile x]\nrole_arn arn:new\n",
    ),
}

NEW_KEYS = {
    "after the last": (OUTPUT, "[profile x]\nregion = r\n", "[profile x]\nregion = r\noutput = new\n"),
    "in its style": (OUTPUT, "[profile x]\nregion=r\n", "[profile x]\nregion=r\noutput=new\n"),
    "with its colon": (OUTPUT, "[profile x]\nregion: r\n", "[profile x]\nregion: r\noutput: new\n"),
    "in its column": (
        OUTPUT,
        "[profile x]\nregion     = r\n",
        "[profile x]\nregion     = r\noutput     = new\n",
    ),
    "in the style of the file": (
        OUTPUT,
        "[profile a]\nregion=r\n[profile x]\n",
        "[profile a]\nregion=r\n[profile x]\noutput=new\n",
    ),
    "indented": (OUTPUT, "[profile x]\n\tregion = r\n", "[profile x]\n\tregion = r\n\toutput = new\n"),
    "CRLF": (OUTPUT, "[profile x]\r\nregion = r\r\n", "[profile x]\r\nregion = r\r\noutput = new\r\n"),
    "no final newline": (OUTPUT, "[profile x]\nregion = r", "[profile x]\nregion = r\noutput = new"),
    "no final newline, CRLF": (
        OUTPUT,
        "[profile x]\r\nregion = r",
        "[profile x]\r\nregion = r\r\noutput = new",
    ),
    "before what introduces the next section": (
        OUTPUT,
        "[profile x]\nregion = r\n\n\n# about y\n# more\n[profile y]\n",
        "[profile x]\nregion = r\noutput = new\n\n\n# about y\n# more\n[profile y]\n",
    ),
    "before what introduces the next section, without a blank line": (
        OUTPUT,
        "[profile x]\nregion = r\n# about y\n[profile y]\n",
        "[profile x]\nregion = r\noutput = new\n# about y\n[profile y]\n",
    ),
    "after a setting that is switched off": (
        OUTPUT,
        "[profile x]\nregion = r\n#output = json\n[profile y]\n",
        "[profile x]\nregion = r\n#output = json\noutput = new\n[profile y]\n",
    ),
    "after a value's last line": (
        OUTPUT,
        "[profile x]\nregion = r\n\n  more\n\n[profile y]\n",
        "[profile x]\nregion = r\n\n  more\noutput = new\n\n[profile y]\n",
    ),
    "after a block and its comment": (
        OUTPUT,
        "[profile x]\ns3 =\n  a = 1\n  # inner\n\n",
        "[profile x]\ns3 =\n  a = 1\n  # inner\noutput = new\n\n",
    ),
    "after the comment inside the block above, right before the next section": (
        OUTPUT,
        "[profile x]\ns3 =\n  a = 1\n  # inner\n# about y\n[profile y]\n",
        "[profile x]\ns3 =\n  a = 1\n  # inner\noutput = new\n# about y\n[profile y]\n",
    ),
    "in an empty section": (
        OUTPUT,
        "[profile x]\n# todo\n\n[profile y]\n",
        "[profile x]\n# todo\noutput = new\n\n[profile y]\n",
    ),
    "above an indented header": (
        OUTPUT,
        "[profile x]\n  [profile y]\na = 1\n",
        "[profile x]\n  output = new\n  [profile y]\na = 1\n",
    ),
    "in the one of two sections that counts": (
        OUTPUT,
        '[profile x]\na = 1\n\n[profile "x"]\na = 2\n',
        '[profile x]\na = 1\n\n[profile "x"]\na = 2\noutput = new\n',
    ),
    "a block": (
        put("x", "s3", "\na = 1\n# c\nb = 2\n"),
        "[profile x]\n  region = r\n",
        "[profile x]\n  region = r\n  s3 =\n    a = 1\n    # c\n    b = 2\n",
    ),
    "a new section": (
        put("y", "region", "r"),
        "[profile x]\na = 1\n# bye",
        "[profile x]\na = 1\n# bye\n\n[profile y]\nregion = r",
    ),
    "a new section after a blank line": (
        put("my y", "region", "r"),
        "[profile x]\r\na = 1\r\n\r\n",
        '[profile x]\r\na = 1\r\n\r\n[profile "my y"]\r\nregion = r\r\n',
    ),
    "a new section after an indented key": (
        put("y", "region", "r"),
        "[profile x]\n    a = 1\n",
        "[profile x]\n    a = 1\n\n[profile y]\nregion = r\n",
    ),
    "the default": (put("default", "region", "r"), "# mine\n", "# mine\n\n[default]\nregion = r\n"),
}

S3 = "[profile x]\ns3 =\n  a = 1\n\n  # about b\n  b = 2\n  # the end\nregion = r\n"
BLOCKS = {
    "a line of it": (
        put("x", "s3", "\n  a = 1\n\n  # about b\n  b = 3"),
        S3,
        S3.replace("b = 2", "b = 3"),
    ),
    "a line more": (
        put("x", "s3", "\n  a = 1\n\n  # about b\n  b = 2\n  c = 3"),
        S3,
        S3.replace("b = 2\n", "b = 2\n  c = 3\n"),
    ),
    "a line less": (put("x", "s3", "\n  b = 2"), S3, S3.replace("  a = 1\n\n  # about b\n", "")),
    "lines that are not indented": (
        put("x", "s3", "\na = 9\nb = 2\n"),
        S3,
        S3.replace("  a = 1\n\n  # about b\n  b = 2", "  a = 9\n  b = 2"),
    ),
    "lines that a form has indented otherwise": (
        put("x", "s3", "\n  a = 1\n  # c\n  b = 3"),
        "[profile x]\n  s3 =\n\t\t\ta = 1\n\n\t\t\t# c\n\t\t\tb = 2\n",
        "[profile x]\n  s3 =\n\t\t\ta = 1\n\n\t\t\t# c\n\t\t\tb = 3\n",
    ),
    "line ends": (
        put("x", "s3", "\n  a = 1\n  b = 3"),
        "[profile x]\r\ns3 =\r\n  a = 1\r\n  b = 2\r\n",
        "[profile x]\r\ns3 =\r\n  a = 1\r\n  b = 3\r\n",
    ),
    "to text": (put("x", "s3", "v"), S3, "[profile x]\ns3 = v\n  # about b\n  # the end\nregion = r\n"),
    "from text": (
        put("x", "region", "\n  a = 1"),
        "[profile x]\nregion = r\nb = 2\n",
        "[profile x]\nregion =\n  a = 1\nb = 2\n",
    ),
    "one key of it": (put("x", "s3.b", "3"), S3, S3.replace("b = 2", "b = 3")),
    "one key of it, in its own hand": (
        put("x", "S3.a", "9"),
        "[profile x]\ns3=\n\t a=1\n\t b=2\n",
        "[profile x]\ns3=\n\t a=9\n\t b=2\n",
    ),
    "one key more": (put("x", "s3.c", "3"), S3, S3.replace("b = 2\n", "b = 2\n  c = 3\n")),
    "one key less": (take("x", "s3.b"), S3, S3.replace("\n  # about b\n  b = 2", "\n  # about b")),
    "the last key of it": (take("x", "s3.a"), "[profile x]\ns3 =\n  a = 1\nb = 2\n", "[profile x]\nb = 2\n"),
    "its first key": (
        put("x", "s3.a", "1"),
        "[profile x]\nregion = r\n",
        "[profile x]\nregion = r\ns3 =\n  a = 1\n",
    ),
    "a key with a dot": (put("x", "s3.a", "2"), "[profile x]\ns3.a = 1\n", "[profile x]\ns3.a = 2\n"),
    "away": (take("x", "s3"), S3, "[profile x]\nregion = r\n"),
    "an empty key with an indented key below": (
        put("x", "region", "new"),
        "[profile x]\nregion =\n  output = json\n",
        "[profile x]\nregion = new\n",
    ),
    "the key below": (put("x", "region", "new"), S3, S3.replace("region = r", "region = new")),
}

GONE = {
    "a key": (take("x", "region"), "[profile x]\nregion = r\na = 1\n", "[profile x]\na = 1\n"),
    "its inline text": (take("x", "region"), "[profile x]\nregion = r # c\na = 1\n", "[profile x]\na = 1\n"),
    "its continuation lines": (
        take("x", "region"),
        "[profile x]\nregion = r\n  # inside\n\n  more\na = 1\n",
        "[profile x]\na = 1\n",
    ),
    "the comment that is indented below it": (
        take("x", "region"),
        "[profile x]\nregion = r\n    # about the region\na = 1\n",
        "[profile x]\na = 1\n",
    ),
    "not the comment above it": (
        take("x", "region"),
        "[profile x]\na = 1\n# c\nregion = r\n",
        "[profile x]\na = 1\n# c\n",
    ),
    "the last line": (take("x", "region"), "[profile x]\na = 1\nregion = r", "[profile x]\na = 1\n"),
    "the first of an indented section": (
        take("x", "region"),
        "[profile x]\n  region = r\n  a = 1\n",
        "[profile x]\n  a = 1\n",
    ),
    "another case": (take("x", "region"), "[profile x]\nREGION = r\n", "[profile x]\n"),
}

X_COPIED = """# about x
[profile x]
# inside
a = 1 # inline
  # deeper

[profile y]
# inside
a = 1 # inline
  # deeper

# about z
[profile z]
"""
X_AND_Z = "[profile x]\na = 1\n\n# about z\n[profile z]\nc = 3\n"
SECTIONS = {
    "a section and what introduces it": (
        remove("y"),
        X_AND_Z.replace("# about z", "# about y\n# more\n[profile y]\n# inside\nb = 2\n\n# about z"),
        X_AND_Z,
    ),
    "not the comment of the file": (remove("y"), "# my file\n[profile y]\nb = 2\n", "# my file\n"),
    "not the comment of the file, settings in it or not": (
        remove("y"),
        "#b = 1\n# my file\n[profile y]\nb = 2\n",
        "#b = 1\n# my file\n",
    ),
    "not what stands alone": (
        remove("y"),
        "[profile x]\na = 1\n\n[profile y]\nb = 2\n\n# alone\n\n# about z\n[profile z]\nc = 3\n",
        "[profile x]\na = 1\n\n# alone\n\n# about z\n[profile z]\nc = 3\n",
    ),
    "not a setting of the section above that is switched off": (
        remove("y"),
        "[profile x]\na = 1\n#b = 2\n[profile y]\nb = 2\n",
        "[profile x]\na = 1\n#b = 2\n",
    ),
    "the last section": (
        remove("z"),
        X_AND_Z,
        "[profile x]\na = 1\n",
    ),
    "the last section without a final newline": (
        remove("z"),
        X_AND_Z.rstrip(),
        "[profile x]\na = 1\n",
    ),
    "all of a profile's sections": (
        remove("x"),
        '[profile x]\na = 1\n\n[profile y]\nb = 2\n\n[profile "x"]\na = 2\n',
        "[profile y]\nb = 2\n",
    ),
    "both ways to write the default": (
        remove("default"),
        "[default]\na = 1\n[profile default]\na = 2\n[profile y]\n",
        "[profile y]\n",
    ),
    "a section before an indented header": (
        remove("y"),
        "[profile x]\na = 1\n[profile y]\n    b = 2\n  [profile z]\nc = 3\n",
        "[profile x]\na = 1\n[profile z]\nc = 3\n",
    ),
    "a header": (rename("x", "y"), "[profile x]\na = 1\n", "[profile y]\na = 1\n"),
    "a header's spaces and comment": (
        rename("x", "y"),
        "  [profile\t'x']  # c\n  a = 1\n",
        "  [profile\t'y']  # c\n  a = 1\n",
    ),
    "an odd header": (rename("bar", "y"), "[profilefoo bar]junk\na = 1\n", "[profilefoo y]junk\na = 1\n"),
    "a header that needs quotes": (
        rename("x", "my x"),
        "[profile x]\na = 1\n",
        '[profile "my x"]\na = 1\n',
    ),
    "quotes within": (rename("x", "it's"), "[profile 'x']\n", '[profile "it\'s"]\n'),
    "the default's name": (rename("default", "x"), "[default]\na = 1\n", "[profile x]\na = 1\n"),
    "the name of the default": (rename("x", "default"), "[profile x]\na = 1\n", "[default]\na = 1\n"),
    "every header of a name": (
        rename("default", "x"),
        "[default]\na = 1\n[profile default]\na = 2\n",
        '[profile "x"]\na = 1\n[profile x]\na = 2\n',
    ),
    "those that refer to it": (
        rename("x", "y"),
        "[profile x]\n[profile a]\nSource_Profile: x\n[dev]\nsource_profile=x\n[z]\nsource_profile = xx\n",
        "[profile y]\n[profile a]\nSource_Profile: y\n[dev]\nsource_profile=y\n[z]\nsource_profile = xx\n",
    ),
    "those that refer to it by [DEFAULT]": (
        rename("x", "y"),
        "[DEFAULT]\nsource_profile = x\n[profile x]\n[profile a]\n",
        "[DEFAULT]\nsource_profile = y\n[profile y]\n[profile a]\n",
    ),
    "those that refer to it by a [DEFAULT] that no section needs": (
        rename("x", "y"),
        "[DEFAULT]\nsource_profile = x\n[profile x]\nsource_profile = a\n",
        "[DEFAULT]\nsource_profile = y\n[profile y]\nsource_profile = a\n",
    ),
    "a copy, with the comments inside": (
        copy("x", "y"),
        "# about x\n[profile x]\n# inside\na = 1 # inline\n  # deeper\n\n# about z\n[profile z]\n",
        X_COPIED,
    ),
    "a copy of the last section": (
        copy("x", "y"),
        "[profile x]\r\na = 1",
        "[profile x]\r\na = 1\r\n\r\n[profile y]\r\na = 1",
    ),
    "a copy of what counts": (
        copy("x", "y"),
        "[profile x]\na = 1\n[profile 'x']\na = 2\n",
        "[profile x]\na = 1\n[profile 'x']\na = 2\n\n[profile 'y']\na = 2\n",
    ),
    "a copy of an indented header": (
        copy("x", "y"),
        "  [profile x]\na = 1\n",
        "  [profile x]\na = 1\n\n[profile y]\na = 1\n",
    ),
}
TABLE = {
    f"{group}: {name}": row
    for group, rows in (
        ("set", LINES),
        ("add", NEW_KEYS),
        ("block", BLOCKS),
        ("unset", GONE),
        ("section", SECTIONS),
    )
    for name, row in rows.items()
}


@pytest.mark.parametrize(("asked", "before", "wanted"), TABLE.values(), ids=TABLE.keys())
def test_the_edit_comes_to_these_very_bytes(tmp_path: Path, asked: Asked, before: str, wanted: str) -> None:
    assert edited(tmp_path, before, asked) == wanted


@pytest.mark.parametrize("header", ["profile x] # see [y", "profile x y", "Profile x", " profile x ", "x"])
def test_a_header_that_is_no_profile_to_botocore_is_left_alone(tmp_path: Path, header: str) -> None:
    before = f"[{header}]\nregion = r\n"
    found = edited(tmp_path, before, put("x", "region", "new"))
    assert found == f"{before}\n[profile x]\nregion = new\n"
    assert profiles(tmp_path, found)["x"] == {"region": "new"}


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("[profile x]\nregion = r\nRegion = s\n", 3),
        ("[profile x]\nregion = r\nregion = s\n", 3),
        ("[profile x]\n[profile x]\n", 2),
        ("[profile x]\ns3 =\n  max: 1\n", 2),
        ("[profile x]\nregion\n", 2),
        ("\ufeff[profile x]\n", 1),
        ("region = r\n[profile x]\n", 1),
        ("[]\n", 1),
    ],
)
def test_what_aws_cannot_parse_is_refused_with_the_line(tmp_path: Path, before: str, line: int) -> None:
    snapshot = home(tmp_path, before)
    with pytest.raises(ActionFailed) as refused:
        edits.set_setting(snapshot, "x", "region", "new")
    assert (refused.value.kind, refused.value.line) == ("ConfigParseError", line)
    assert refused.value.path == tmp_path / ".aws/config"
    assert refused.value.command == "edit"


def test_in_credentials_every_header_is_a_name_as_it_stands(tmp_path: Path) -> None:
    before = "[profile dev]\na = 1\n[my prof]\na = 2\n['x']\na = 3\n"
    for name, value in (("profile dev", "1"), ("my prof", "2"), ("'x'", "3")):
        asked = edits.set_setting(home(tmp_path, None, before), name, "a", "new")
        assert after(asked, Role.CREDENTIALS) == before.replace(f"a = {value}", "a = new")
    asked = edits.rename_profile(home(tmp_path, None, before), "my prof", "it's mine")
    assert after(asked, Role.CREDENTIALS) == before.replace("[my prof]", "[it's mine]")
