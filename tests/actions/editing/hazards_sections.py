"""Oddities of whole sections: renamed, removed, copied."""

from tests.actions.editing.hazards_asked import copy, remove, rename

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
        "[profile x]\na = 1",
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
