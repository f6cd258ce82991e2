"""Random homes: whatever the two files hold, the rules about them stand fast and give nothing away."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings

from rolecall.aws.config_file import FileStatus
from rolecall.aws.snapshot import Snapshot
from rolecall.doctor.finding import Severity
from rolecall.doctor.fixes import FixAction
from rolecall.doctor.registry import CHAPTERS, examine, rules_of
from rolecall.doctor.rules import headers
from rolecall.host import Host
from tests.differential import EXAMPLES
from tests.differential.homes import Home, homes

FILES = (*CHAPTERS["Files"], *rules_of(headers))
RULES = (*FILES, *CHAPTERS["Settings"])
_REFUSED = (FileStatus.UNPARSEABLE, FileStatus.UNREADABLE)


@settings(
    max_examples=EXAMPLES // 10, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck)
)
@given(homes())
def test_a_file_that_is_refused_is_one_error_and_the_rest_are_warnings_without_a_secret(home: Home) -> None:
    # GIVEN
    with TemporaryDirectory() as place:
        environ = home.write(Path(place))
        snapshot = Snapshot.take(Host.of(Path(place), environ, has_crt=home.has_crt))
        # WHEN
        found = examine(snapshot, rules=RULES).all
    # THEN
    refused = [file for file in snapshot.files if file.status in _REFUSED]
    errors = [each for each in found if each.severity is Severity.ERROR]
    assert len([each for each in errors if each.rule in FILES]) == len(refused)
    # what else is an error is a value over which every command fails
    assert all("fails with" in each.consequence for each in errors if each.rule not in FILES)
    for each in found:
        said = (each.message, each.consequence, *each.evidence, each.fix.words, str(each.fix.run()))
        assert "CANARY" not in "\n".join(said)
        assert set(each.profiles) <= snapshot.profiles.keys()
        # an edit is known line by line, or else the form opens on a profile
        assert each.fix.doing is not FixAction.EDIT or each.fix.changes or each.profiles
