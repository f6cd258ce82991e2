"""``rolecall console``: what it says first, and that the address is printed only where it is asked for."""

from tests.cli.program import Program

SSO = """[profile dev]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Developer
region = eu-west-1
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
"""
LINK = (
    "https://corp.awsapps.com/start/#/console?account_id=111122223333&role_name=Developer&destination="
    "https%3A%2F%2Fconsole.aws.amazon.com%2Fs3%2Fhome%3Fregion%3Dus-east-2"
)


def test_the_address_is_printed_alone_and_who_one_will_be_beside_it(bare: Program) -> None:
    bare.config(SSO)
    outcome = bare("console", "dev", "--service", "s3", "--region", "us-east-2", "--url")
    assert outcome.out == f"{LINK}\n"
    assert "You will be Developer in 111122223333" in outcome.err


def test_in_json_the_address_is_there_only_where_it_was_asked_for(bare: Program) -> None:
    bare.config(SSO)
    bare.environ["PATH"] = "/usr/bin:/bin"
    asked = ("console", "dev", "--service", "s3", "--region", "us-east-2", "--json")
    found = bare(*asked, "--url").json
    assert (found["via"], found["url"], found["opened"]) == ("portal", LINK, False)
    assert (found["profile"], found["account"], found["arn"]) == ("dev", "111122223333", None)
    assert bare(*asked).json["error"]["type"] == "NoBrowser"


def test_what_is_wrong_is_said_before_anything_is_asked(bare: Program) -> None:
    bare.config(SSO)
    assert "is not a region" in bare("console", "dev", "--region", "Ireland", "--url").err
    assert "is not a service" in bare("console", "dev", "--service", "S 3", "--url").err
    assert "--federation" in bare("console", "dev", "--duration", "7200", "--url").err
