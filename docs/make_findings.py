# ruff: noqa: INP001 - a script, not a package
"""Write ``docs/findings.md`` from the rules themselves: ``docs/make_findings.py [--check]``.

With ``--check`` it writes nothing, and exits with 1 where the page is out of date.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from rolecall.doctor.finding import Rule, Severity
from rolecall.doctor.registry import CHAPTERS, RULES
from rolecall.text import sentence

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "findings.md"
INTRODUCTION = """\
# Findings

What `rolecall doctor`, the list behind `!` and the marks `▲` (error) and `△` (warning) in the app report.
Each has a stable code. Looking for them calls no network, starts no process and writes nothing.

| severity | meaning |
|---|---|
| error | a command that uses it fails for certain; `rolecall doctor` exits with 1 |
| warning | it does not work as it looks, or will fail |
| info | nothing fails, but it should be changed |

To silence one, put its code, or its code and subject, into rolecall's `settings.toml`; `s` in the list
behind `!`, or `rolecall doctor --silence CODE:SUBJECT`, writes the line:

```toml
[findings]
silence = ["orphan", "no-credentials:default"]

[findings.severity]
secret-in-config = "error"   # error, warning, info, or off
```

For files in a repository, `[tool.rolecall.findings]` of its `pyproject.toml` does ([linting.md](linting.md)).

Made by `docs/make_findings.py` from the rules."""


def page() -> str:
    """Return the whole page."""
    return "\n\n".join((INTRODUCTION, *_index(), *_chapters())) + "\n"


def _index() -> Iterator[str]:
    for severity in Severity:
        codes = [f"[{rule.code}](#{rule.code})" for rule in RULES if rule.severity is severity]
        yield f"**{severity}** ({len(codes)}): {' · '.join(codes)}"


def _chapters() -> Iterator[str]:
    for title, rules in CHAPTERS.items():
        yield f"## {title}"
        for rule in rules:
            yield from _of(rule)


def _of(rule: Rule) -> Iterator[str]:
    yield f"### {rule.code}"
    yield f"*{rule.severity}* · {_sentence(rule.title)}"
    yield "\n".join(
        (
            f"- **Cause**: {_sentence(rule.cause)}",
            f"- **Consequence**: {_sentence(rule.consequence)}",
            f"- **Cure**: {_sentence(rule.cure)}",
        )
    )


def _sentence(text: str) -> str:
    """Return a text as a sentence, without anything that Markdown would read as a tag."""
    return sentence(text).replace("<", "&lt;")


def main() -> int:
    """Write the page, or with ``--check`` say whether it is out of date."""
    parser = argparse.ArgumentParser(description="Write the page of findings.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if out of date")
    is_check = parser.parse_args().check
    wanted = page()
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == wanted:
        return 0
    sys.stdout.write(f"{PAGE.relative_to(ROOT)} {'is out of date' if is_check else 'written'}\n")
    if not is_check:
        PAGE.write_text(wanted, encoding="utf-8")
    return int(is_check)


if __name__ == "__main__":
    sys.exit(main())
