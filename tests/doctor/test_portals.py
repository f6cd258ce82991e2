"""One portal, however its start URL is spelt; and what is no contradiction."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.registry import examine
from rolecall.doctor.rules.portals import portal
from tests.doctor.rows_logins import CONFIG, LEGACY, PORTAL, token
from tests.doctor.rows_portals import ANOTHER_SESSION, GOOD, OTHER, WRONG
from tests.homes import Content, make_home


@pytest.mark.parametrize(
    "url",
    [
        PORTAL,
        f"{PORTAL}/",
        f"{PORTAL}#/",
        f"{PORTAL}/#/",
        f"{PORTAL}/#",
        f"{PORTAL}?x=1",
        PORTAL.replace("corp", "CORP"),
        PORTAL.replace("https", "HTTPS"),
        f" {PORTAL} ",
    ],
)
def test_these_are_one_portal(url: str) -> None:
    assert portal(url) == "corp.awsapps.com/start"


@pytest.mark.parametrize(
    "url",
    ["https://corp2.awsapps.com/start", "https://corp.awsapps.com/other", f"{PORTAL}/Start", "", "https://"],
)
def test_these_are_not(url: str) -> None:
    assert portal(url) != "corp.awsapps.com/start"


@pytest.mark.parametrize(
    ("config", "caches"),
    [
        (LEGACY + OTHER, {}),
        (CONFIG + LEGACY, {}),  # on the way from the old form to a session
        (CONFIG + ANOTHER_SESSION.replace("us-east-1", "eu-west-1"), GOOD),
        (LEGACY + WRONG.replace(PORTAL, "https://other.awsapps.com/start"), GOOD),
        (LEGACY, token(PORTAL, "2030-01-01T20:00:00Z", startUrl="https://vanity.example/start", region="x")),
        (LEGACY, token(PORTAL, "2030-01-01T20:00:00Z", region="")),
    ],
)
def test_what_is_no_contradiction_is_not_told(
    tmp_path: Path, config: str, caches: Mapping[str, Content]
) -> None:
    host = make_home(tmp_path / "home", config=config, caches=caches)
    codes = {each.code for each in examine(Snapshot.take(host)).all}
    assert codes.isdisjoint({"sso-token-region", "sso-regions-differ", "sso-url-spellings"})
