"""Every oddity that botocore takes: what is asked, the text before, the text after."""

from tests.actions.editing.hazards_asked import put, take
from tests.actions.editing.hazards_sections import SECTIONS

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
    "away, its comments not": (
        take("x", "s3"),
        S3,
        "[profile x]\n  # about b\n  # the end\nregion = r\n",
    ),
    "away, its comments not, among indented keys": (
        take("x", "s3"),
        "[profile x]\n  a = 1\n  s3 =\n    ; about b\n    b = 2\n      # deeper\n  region = r\n",
        "[profile x]\n  a = 1\n    ; about b\n      # deeper\n  region = r\n",
    ),
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
    "its continuation lines, not the comment among them": (
        take("x", "region"),
        "[profile x]\nregion = r\n  # inside\n\n  more\na = 1\n",
        "[profile x]\n  # inside\na = 1\n",
    ),
    "not the comment that is indented below it": (
        take("x", "region"),
        "[profile x]\nregion = r\n    # about the region\na = 1\n",
        "[profile x]\n    # about the region\na = 1\n",
    ),
    "not the comment that is indented below it, semicolon, at the end": (
        take("x", "region"),
        "[profile x]\r\na = 1\r\nregion = r\r\n\t; one\r\n\t\t# two",
        "[profile x]\r\na = 1\r\n\t; one\r\n\t\t# two",
    ),
    "not the comment that is indented below it, after a blank line": (
        take("x", "region"),
        "[profile x]\n  a = 1\n  region = r\n\n    # alone\n\n[profile y]\n",
        "[profile x]\n  a = 1\n\n    # alone\n\n[profile y]\n",
    ),
    "not the comment above it": (
        take("x", "region"),
        "[profile x]\na = 1\n# c\nregion = r\n",
        "[profile x]\na = 1\n# c\n",
    ),
    "the last line": (take("x", "region"), "[profile x]\na = 1\nregion = r", "[profile x]\na = 1"),
    "the last line, CRLF": (
        take("x", "region"),
        "[profile x]\r\na = 1\r\nregion = r",
        "[profile x]\r\na = 1",
    ),
    "the first of an indented section": (
        take("x", "region"),
        "[profile x]\n  region = r\n  a = 1\n",
        "[profile x]\n  a = 1\n",
    ),
    "another case": (take("x", "region"), "[profile x]\nREGION = r\n", "[profile x]\n"),
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
