"""Where credentials come from a program, a container or a web identity."""

from pathlib import Path

from tests.reported.cases import (
    ANY,
    OTHER_ACCOUNT,
    PAIR_SET,
    ROLE,
    SESSION,
    TOKEN_FILE,
    Case,
)

_DEFAULT = "[default]\nregion = eu-west-1\n"
_PROCESS = "Error when retrieving credentials from custom-process: "
_POD = {"AWS_ROLE_ARN": f"arn:aws:iam::{OTHER_ACCOUNT}:role/pod"}
_MOUNTED = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token"
_EKS = "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token"


def _process(command: str, name: str = "p") -> dict[str, object]:
    return {
        "config": f"[profile {name}]\nregion = us-east-1\ncredential_process = {command}\n",
        "environ": {"PATH": "/usr/bin:/bin"},
    }


SELF = {
    **_process("aws configure export-credentials --profile p --format process"),
    "files": {"bin/aws": "#!/bin/sh\n"},
    "environ": {"PATH": "{HOME}/bin:/usr/bin:/bin"},
}
AMBIENT = {
    "config": "[default]\nregion = us-east-1\ncredential_process = {HOME}/bin/credentials.sh\n",
    "files": {
        "bin/credentials.sh": "aws sts assume-role-with-web-identity --role-arn x --web-identity-token y\n",
        "bin/aws": "#!/bin/sh\n",
    },
    "environ": {"PATH": "{HOME}/bin:/usr/bin:/bin"},
}
DEFAULT_SELF = {
    "config": "[default]\nregion = us-east-1\ncredential_process = aws configure export-credentials --format process\n",
    "files": {"bin/aws": "#!/bin/sh\n"},
    "environ": {"PATH": "{HOME}/bin:/usr/bin:/bin"},
}


DEFAULT_SCRIPT = {
    "config": "[default]\nregion = us-east-1\ncredential_process = {HOME}/bin/credentials.sh\n"
    "[profile direct]\nregion = us-east-1\ncredential_process = aws configure export-credentials\n"
    "[profile named]\nregion = us-east-1\n"
    "credential_process = aws configure export-credentials --profile default\n"
    "[profile wrapped]\nregion = us-east-1\ncredential_process = bash -c 'aws configure export-credentials'\n"
    f"[profile role]\nregion = us-east-1\nrole_arn = {ROLE}/x\nsource_profile = direct\n",
    "files": {
        "bin/credentials.sh": "#!/bin/sh\naws sts assume-role-with-web-identity --role-arn x\n",
        "bin/aws": "#!/bin/sh\n",
    },
    "environ": {"PATH": "{HOME}/bin:/usr/bin:/bin"},
}


def runnable(home: Path) -> None:
    for path in (home / "bin").iterdir():
        path.chmod(0o700)


SUBSHELL = {
    "config": f"[profile prod]\ninclude_profile = team\nrole_arn = {ROLE}/admin\nrole_session_name = team\n"
    "source_profile = bridge\n\n[profile bridge]\ninclude_profile = team\ncredential_process = aws-vault exec bridge "
    "--mfa-token=$(ykman oath accounts code -s me@example.net) --duration=1h --json\n\n[profile team]\n"
    f"region = us-east-1\nmfa_serial = arn:aws:iam::{OTHER_ACCOUNT}:mfa/team\n",
    "environ": {"PATH": "/usr/bin:/bin"},
}
CHAINED = {
    "config": f"[profile foo]\nregion = us-east-1\ncredential_process=op_credentials.bash my.example\n"
    f"[profile bar]\nregion = us-east-1\nsource_profile=foo\nrole_arn={ROLE}/sudo\nduration_seconds=43200\n",
    "environ": {"PATH": "/usr/bin:/bin"},
}
WINDOWS = _process("C:\\somefolder\\tools\\myexe.exe --x", "win")
POD_SOURCE = {
    "config": f"[default]\nregion = eu-west-1\nrole_arn = {ROLE}/cli-role\ncredential_source = Environment\n",
    "files": {"token": TOKEN_FILE},
    "environ": {**_POD, "AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/token"},
}
SHADOWED = {
    "files": {"token": TOKEN_FILE},
    "environ": {
        **_POD,
        **PAIR_SET,
        "AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/token",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
    },
}
NOT_MOUNTED = {
    "environ": {**_POD, "AWS_WEB_IDENTITY_TOKEN_FILE": _MOUNTED, "AWS_DEFAULT_REGION": "eu-west-1"}
}
HOST = {
    "config": f"{_DEFAULT}[profile task]\nregion = eu-west-1\nrole_arn = {ROLE}/task\ncredential_source = EcsContainer\n",
    "environ": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://host.docker.internal:51679/role/MyRole"},
}
SCRIPT_OUTPUT = {
    "config": "[profile default]\nregion = us-east-1\ncredential_process = okta-aws-cli web --format process-credentials "
    "--write-aws-credentials\n",
    "credentials": f"[default]\n{SESSION}",
    "files": {"bin/okta-aws-cli": "#!/bin/sh\necho Wrote profile default to credentials\n"},
    "environ": {"PATH": "{HOME}/bin:/usr/bin:/bin"},
}

CASES = (
    Case("a program that asks this very profile", SELF, "process-loop", profile="p", prepare=runnable),
    *(
        Case(
            f"a {who} whose command asks a default that asks itself",
            DEFAULT_SCRIPT,
            "script-asks-again",
            ("which asks for default again",),
            unsaid=("nothing is wrong",),
            profile=who,
            prepare=runnable,
        )
        for who in ("direct", "named", "wrapped", "role")
    ),
    Case("a default that asks itself", DEFAULT_SELF, "process-loop", prepare=runnable),
    Case("a script that asks without a profile", AMBIENT, "process-not-started", prepare=runnable),
    Case(
        "a shell's substitution without a shell",
        SUBSHELL,
        "process-not-started",
        subject="bridge",
        absent=("secret-in-process",),
    ),
    Case(
        "a shell's substitution without a shell, asked of the role",
        SUBSHELL,
        "process-not-started",
        profile="prod",
        subject="bridge",
    ),
    Case(
        "a shell's substitution without a shell, that tool's words",
        SUBSHELL,
        "process-not-started",
        subject="bridge",
        error=f"{_PROCESS}aws-vault: error: exec: Can't use --server with --json",
        absent=("secret-in-process",),
    ),
    Case(
        "a program that is not on PATH",
        _process("op_credentials.bash my.example"),
        "process-not-started",
        ("op_credentials.bash",),
    ),
    Case(
        "a program that is not on PATH, under a role",
        CHAINED,
        "process-not-started",
        ("op_credentials.bash",),
        profile="bar",
        subject="foo",
    ),
    Case(
        "a program that is not on PATH, a shell's words",
        CHAINED,
        "process-not-started",
        ("op_credentials.bash",),
        subject="foo",
        error=f"{_PROCESS}/bin/sh: op_credentials.bash: command not found",
    ),
    Case(
        "a program that is not on PATH, Python's words",
        CHAINED,
        "process-not-started",
        ("op_credentials.bash",),
        subject="foo",
        error="[Errno 2] No such file or directory: 'op_credentials.bash'",
    ),
    Case(
        "a chained role for half a day, AWS's word",
        CHAINED,
        ANY,
        ("duration_seconds",),
        error="An error occurred (ValidationError) when calling the AssumeRole operation: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    ),
    Case("a path of Windows", WINDOWS, "process-not-started", ("C:somefoldertoolsmyexe.exe",)),
    Case(
        "a path of Windows, Python's words",
        WINDOWS,
        "process-not-started",
        ("backslash",),
        subject="win",
        error="[Errno 2] No such file or directory: 'C:somefoldertoolsmyexe.exe'",
    ),
    Case(
        "a path of Windows in quotes",
        _process('"C:\\Program Files\\helper\\helper.exe" credential-process'),
        "process-not-started",
    ),
    Case(
        "a file that is no program",
        _process("/etc/hostname --json"),
        "process-not-started",
        ("/etc/hostname",),
    ),
    Case(
        "a path from where the command is run",
        _process("./aws_signing_helper credential-process --certificate ./client/c.crt"),
        "process-not-started",
        ("./aws_signing_helper",),
    ),
    Case(
        "a path from where the command is run, Python's words",
        _process("./aws_signing_helper credential-process"),
        "process-not-started",
        ("./aws_signing_helper",),
        error="[Errno 2] No such file or directory: './aws_signing_helper'",
    ),
    Case("a pipe without a shell", _process("cat /etc/hostname | cat -"), "shell-in-command", subject="p"),
    Case("a variable that nobody expands", _process("$HOME/bin/creds.sh"), "process-not-started", ("$HOME",)),
    Case(
        "keys that come before the program",
        SCRIPT_OUTPUT,
        "keys-shadow-process",
        ("credential_process",),
        profile="default",
        prepare=runnable,
    ),
    Case(
        "no answer in JSON, its words",
        SCRIPT_OUTPUT,
        "keys-shadow-process",
        profile="default",
        error="Expecting value: line 1 column 1 (char 0)",
        prepare=runnable,
    ),
    Case(
        "no answer in JSON, its words of a profile",
        _process("/bin/echo hello"),
        ANY,
        ("credential_process",),
        profile="p",
        error="Expecting value: line 1 column 1 (char 0)",
    ),
    Case(
        "an answer without a version",
        _process("/bin/echo {}"),
        ANY,
        ("credential_process",),
        profile="p",
        error=f"{_PROCESS}Unsupported version '<Version key not provided>' for credential process provider, supported versions: 1",
    ),
    Case(
        "an answer that lacks a key",
        _process("/bin/echo {}"),
        ANY,
        ("credential_process",),
        profile="p",
        error=f"{_PROCESS}Missing required key in response: AccessKeyId",
    ),
    Case(
        "a program whose login has ended",
        _process("/bin/echo {}"),
        ANY,
        ("credential_process",),
        error=f"{_PROCESS}Error: session expired, run login again",
    ),
    # web identities and containers
    Case(
        "keys of the environment in a pod",
        POD_SOURCE,
        "environment-source-empty",
        ("web_identity_token_file",),
        profile="default",
    ),
    Case(
        "keys of the environment in a pod, botocore's words",
        POD_SOURCE,
        "environment-source-empty",
        ("web_identity_token_file",),
        error="No credentials found in credential_source referenced in profile default",
    ),
    Case(
        "keys that come before a pod's identity",
        SHADOWED,
        "env-keys-override-web-identity",
        ("AWS_ACCESS_KEY_ID",),
    ),
    Case("a pod's token that is not mounted", NOT_MOUNTED, "env-web-identity-broken", ("mount",)),
    Case(
        "a pod's token that is not mounted, Python's words",
        NOT_MOUNTED,
        "env-web-identity-broken",
        ("mount",),
        error=f"[Errno 2] No such file or directory: '{_MOUNTED}'",
    ),
    Case(
        "a token without a role",
        {
            "files": {"token": TOKEN_FILE},
            "environ": {"AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/token", "AWS_DEFAULT_REGION": "eu-west-1"},
        },
        "env-web-identity-broken",
        ("AWS_ROLE_ARN",),
        unsaid=("unset AWS_WEB_IDENTITY_TOKEN_FILE",),
    ),
    Case("a container's host that botocore refuses", HOST, "env-container", ("host.docker.internal",)),
    Case(
        "a container's host that botocore refuses, asked of a role",
        HOST,
        "env-container",
        ("host.docker.internal",),
        profile="task",
    ),
    Case(
        "a container's host that botocore refuses, its words",
        HOST,
        "env-container",
        ("host.docker.internal",),
        error="Unsupported host 'host.docker.internal'.  Can only retrieve metadata from a loopback address or one of these hosts: 169.254.170.2, 169.254.170.23, fd00:ec2::23, localhost",
    ),
    Case(
        "a container's path that a shell has rewritten",
        {
            "config": _DEFAULT,
            "environ": {
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "C:/Program Files/Git/v2/credentials/a6f79266"
            },
        },
        "env-container",
        ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",),
    ),
    Case(
        "a container's address without a scheme",
        {
            "config": _DEFAULT,
            "environ": {
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "169.254.170.23/v1/credentials",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": _EKS,
            },
        },
        "env-container",
    ),
    Case(
        "a container's token that is not there",
        {
            "config": _DEFAULT,
            "environ": {
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": _EKS,
            },
        },
        "env-container",
        ("eks-pod-identity-token",),
    ),
    Case(
        "a pod with a default that has a region",
        {
            "config": _DEFAULT,
            "files": {"token": TOKEN_FILE},
            "environ": {**_POD, "AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/token"},
        },
        None,
    ),
    Case(
        "a task with a default that has a region",
        {"config": _DEFAULT, "environ": {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/abc"}},
        None,
    ),
)
