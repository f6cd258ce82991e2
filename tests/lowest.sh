#!/usr/bin/env bash
# Tests what depends on other packages with the lowest versions that pyproject.toml allows. It needs the network.
set -euo pipefail
cd "$(dirname "$0")/.."
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place"
lowest=$("$place/bin/python" - <<'PYTHON'
import tomllib

with open("pyproject.toml", "rb") as file:
    project = tomllib.load(file)["project"]
# version 1 of the AWS CLI wants one certain botocore
for each in (*project["dependencies"], *(each for each in project["optional-dependencies"]["test"] if "aws" in each)):
    print(each.partition(",")[0].replace(">=", "=="))
PYTHON
)
printf '%s\n' "$lowest"
# shellcheck disable=SC2086 # a word each
"$place/bin/pip" install --quiet -e '.[test]' $lowest
"$place/bin/python" -m pytest -q tests/aws tests/cli tests/actions/editing tests/tui/panes tests/test_user_settings.py
