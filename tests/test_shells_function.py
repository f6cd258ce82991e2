"""The function ``rc`` in real shells, with a stand-in for rolecall that prints lines."""

import shlex
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from rolecall.cli.main import rolecall
from rolecall.shells import APP_FLAGS, APP_OPTIONS, WITH_FUNCTION, function, set_line, unset_line_for_eval
from tests.real_shells import at_hand, environment, run

VALUE = "it's `touch ran` $(touch ran)\n; \\"
FAILURE = 7

each_shell = pytest.mark.parametrize("shell", at_hand(*WITH_FUNCTION))
each_posix = pytest.mark.parametrize("shell", at_hand("bash", "zsh"))


@dataclass(frozen=True, slots=True)
class Fake:
    """A stand-in for rolecall: it notes how it was called, prints lines, and ends with a code."""

    place: Path

    def ready(self, lines: list[str], code: int = 0) -> "Fake":
        """Say what it prints, and how it ends."""
        (self.place / "bin").mkdir()
        (self.place / "printed").write_text("".join(f"{line}\n" for line in lines))
        program = self.place / "bin" / "rolecall"
        program.write_text(
            "#!/bin/sh\n"
            f'printf "%s\\0" "$@" > {shlex.quote(str(self.place / "called"))}\n'
            f"cat {shlex.quote(str(self.place / 'printed'))}\nexit {code}\n"
        )
        program.chmod(0o755)
        return self

    def run(self, shell: str, code: str, *, options: list[str] | None = None) -> "Ran":
        """Define the function in a shell, and run code there."""
        definition = self.place / "definition"
        definition.write_text(function(shell))
        load = {
            "fish": f"source {definition}",
            "powershell": f"Invoke-Expression (Get-Content -Raw {definition})",
        }.get(shell, f'eval "$(cat {definition})"')
        environ = {"PATH": f"{self.place / 'bin'}:/usr/bin:/bin", "AWS_ACCESS_KEY_ID": "AKIAOLD"}
        done = run(shell, f"{load}\n{code}\n", self.place, environ, options)
        assert list((self.place / "here").iterdir()) == [], "something ran"
        return Ran(done.returncode, done.stdout, done.stderr.decode())

    @property
    def arguments(self) -> list[str]:
        """The arguments that it was called with."""
        return (self.place / "called").read_text().split("\0")[:-1]


@dataclass(frozen=True, slots=True)
class Ran:
    """How it went."""

    code: int
    output: bytes
    errors: str


@pytest.fixture
def fake(tmp_path: Path) -> Fake:
    return Fake(tmp_path)


def chosen(shell: str) -> list[str]:
    return [unset_line_for_eval("AWS_ACCESS_KEY_ID", shell), set_line("AWS_PROFILE", VALUE, shell)]


@each_shell
def test_what_is_chosen_in_the_app_is_carried_out_here(fake: Fake, shell: str) -> None:
    ran = fake.ready(chosen(shell)).run(shell, "rc\nenv -0")
    assert (ran.code, ran.errors) == (0, "")
    assert fake.arguments == ["--emit", shell]
    after = environment(ran.output)
    assert after["AWS_PROFILE"] == VALUE
    assert "AWS_ACCESS_KEY_ID" not in after


@each_shell
@pytest.mark.parametrize(
    "arguments", [["--read-only"], ["--home", "a b"], ["--home=a b"], ["--home", "list", "--read-only"]]
)
def test_the_app_s_own_options_still_open_it(fake: Fake, shell: str, arguments: list[str]) -> None:
    typed = " ".join(map(shlex.quote, arguments))
    ran = fake.ready(chosen(shell)).run(shell, f"rc {typed}\nenv -0")
    assert (ran.code, ran.errors) == (0, "")
    assert fake.arguments == ["--emit", shell, *arguments]
    assert environment(ran.output)["AWS_PROFILE"] == VALUE


@each_shell
@pytest.mark.parametrize(
    "arguments",
    [
        ["list"],
        ["demo"],
        ["--help"],
        ["--version"],
        ["--home", "x", "list", "--json"],
        ["--read-only", "demo"],
        ["--emit", "bash"],
        ["show", "--", "a b*"],
        [""],
    ],
)
def test_anything_else_is_plain_rolecall(fake: Fake, shell: str, arguments: list[str]) -> None:
    typed = " ".join(map(shlex.quote, arguments))
    ran = fake.ready(chosen(shell)).run(shell, f"rc {typed}")
    # THEN what it prints is printed, not carried out
    assert ran.output.decode() == (fake.place / "printed").read_text()
    assert fake.arguments == arguments


@each_shell
def test_a_command_s_exit_code_comes_through(fake: Fake, shell: str) -> None:
    end = "exit $LASTEXITCODE" if shell == "powershell" else "exit $status" if shell == "fish" else "exit $?"
    assert fake.ready([], FAILURE).run(shell, f"rc list\n{end}").code == FAILURE


@each_shell
def test_nothing_is_carried_out_after_an_error(fake: Fake, shell: str) -> None:
    # GIVEN an app that fails, although it has printed lines
    end = "exit $LASTEXITCODE" if shell == "powershell" else "exit $status" if shell == "fish" else "exit $?"
    ran = fake.ready(["touch ran", *chosen(shell)], FAILURE).run(shell, f"rc\n{end}")
    assert (ran.code, ran.output) == (FAILURE, b"")


@each_shell
def test_nothing_chosen_changes_nothing(fake: Fake, shell: str) -> None:
    ran = fake.ready([]).run(shell, "rc\nenv -0")
    assert (ran.code, ran.errors) == (0, "")
    after = environment(ran.output)
    assert after["AWS_ACCESS_KEY_ID"] == "AKIAOLD"
    assert "AWS_PROFILE" not in after


@each_posix
@pytest.mark.parametrize("option", ["set -e", "set -u", "set -eu -o pipefail", "set -f", "set -C", "set -a"])
def test_strict_options_do_no_harm(fake: Fake, shell: str, option: str) -> None:
    ran = fake.ready(chosen(shell)).run(shell, f"{option}\nrc\nrc --home x\nenv -0")
    assert (ran.code, ran.errors) == (0, "")
    assert environment(ran.output)["AWS_PROFILE"] == VALUE


@each_posix
def test_strict_options_are_set_before_it_is_defined(fake: Fake, shell: str) -> None:
    ran = fake.ready(chosen(shell)).run(shell, "rc\nenv -0", options=["-e", "-u"])
    assert (ran.code, ran.errors) == (0, "")


ZSH_OPTIONS = """
    ksharrays shwordsplit globsubst rcquotes cshjunkiequotes ignorebraces ignoreclosebraces noglobalexport
    cshjunkieloops noequals shglob kshglob posixbuiltins warncreateglobal nounset errreturn noshortloops
    """


@pytest.mark.parametrize("shell", at_hand("zsh"))
@pytest.mark.parametrize("option", ZSH_OPTIONS.split())
def test_odd_options_of_zsh_do_no_harm(fake: Fake, shell: str, option: str) -> None:
    ran = fake.ready(chosen(shell)).run(shell, "rc --home 'a b'\nenv -0", options=["-f", "-o", option])
    assert (ran.code, ran.errors) == (0, "")
    assert fake.arguments == ["--emit", "zsh", "--home", "a b"]
    assert environment(ran.output)["AWS_PROFILE"] == VALUE


@pytest.mark.parametrize("shell", at_hand("zsh"))
def test_options_of_zsh_are_as_they_were(fake: Fake, shell: str) -> None:
    ran = fake.ready(chosen(shell)).run(shell, "setopt ksharrays\nrc\nsetopt | grep ksharrays")
    assert ran.output == b"ksharrays\n"


ALIASES = {
    "bash": "shopt -s expand_aliases\nalias rolecall='touch ran; true' rc='touch ran'",
    "zsh": "setopt aliases\nalias rolecall='touch ran; true' rc='touch ran'",
    "fish": "function rolecall; touch ran; end",
    "powershell": "function rolecall { New-Item ran }",
}


@each_shell
def test_aliases_and_functions_of_these_names_are_not_called(fake: Fake, shell: str) -> None:
    # GIVEN an alias or function of the names, before the definition
    ready = fake.ready(chosen(shell))
    again = (fake.place / "definition").as_posix()
    load = {"fish": f"source {again}", "powershell": f"Invoke-Expression (Get-Content -Raw {again})"}
    code = f"{ALIASES[shell]}\n{load.get(shell, f'. {again}')}\nrc\nenv -0"
    ran = ready.run(shell, code)
    assert (ran.code, ran.errors) == (0, "")
    assert environment(ran.output)["AWS_PROFILE"] == VALUE


TRACES = {"bash": "set -x", "zsh": "set -x", "fish": "set -g fish_trace 1"}


@pytest.mark.parametrize("shell", at_hand("bash", "zsh", "fish"))
def test_a_trace_shows_nothing_of_what_is_carried_out(fake: Fake, shell: str) -> None:
    ready = fake.ready([set_line("AWS_SECRET_ACCESS_KEY", "CANARY", shell)])
    ran = ready.run(shell, f"{TRACES[shell]}\nrc\ntrue after\nenv -0")
    assert environment(ran.output)["AWS_SECRET_ACCESS_KEY"] == "CANARY"
    assert "CANARY" not in ran.errors
    # AND the trace goes on
    assert "true after" in ran.errors


@pytest.mark.parametrize("shell", at_hand("bash", "zsh", "fish"))
def test_nothing_of_it_stays_behind(fake: Fake, shell: str) -> None:
    ready = fake.ready([set_line("AWS_SECRET_ACCESS_KEY", "CANARY", shell)])
    listing = "set" if shell == "fish" else "typeset"
    ran = ready.run(shell, f"rc\n{unset_line_for_eval('AWS_SECRET_ACCESS_KEY', shell)}\n{listing}")
    assert b"CANARY" not in ran.output
    assert b"rolecall_lines=" not in ran.output.split(b"rc ()")[0]


@pytest.mark.parametrize("shell", at_hand("bash", "zsh", "fish"))
def test_the_app_has_the_terminal_s_side(fake: Fake, shell: str) -> None:
    # GIVEN an app that draws on stderr
    ready = fake.ready(chosen(shell))
    program = fake.place / "bin" / "rolecall"
    program.write_text(program.read_text().replace("\ncat", "\necho drawn >&2\ncat"))
    assert ready.run(shell, "rc").errors == "drawn\n"


@pytest.mark.parametrize("shell", ["cmd", "tcsh"])
def test_a_shell_without_functions_and_an_unknown_one_have_none(shell: str) -> None:
    with pytest.raises(ValueError, match="known are bash, zsh, fish, powershell"):
        function(shell)


@pytest.mark.parametrize("shell", at_hand("bash", "zsh", "dash", "mksh"))
@pytest.mark.parametrize("other", ["fish", "powershell"])
def test_that_of_another_language_fails_aloud_and_changes_nothing(
    shell: str, other: str, tmp_path: Path
) -> None:
    (tmp_path / "definition").write_text(function(other))
    code = 'before=$-; eval "$(cat "$FILE")"; [ "$before" = "$-" ] || echo changed'
    done = run(shell, code, tmp_path, {"FILE": str(tmp_path / "definition")})
    assert done.stderr
    assert done.stdout == b""


@pytest.mark.parametrize("shell", at_hand("fish"))
@pytest.mark.parametrize("other", ["bash", "zsh", "powershell"])
def test_fish_takes_no_other(shell: str, other: str, tmp_path: Path) -> None:
    (tmp_path / "definition").write_text(function(other))
    done = run(
        shell, 'cat "$FILE" | source; or echo failed', tmp_path, {"FILE": str(tmp_path / "definition")}
    )
    assert done.stderr
    assert done.stdout == b"failed\n"


@pytest.mark.parametrize("shell", WITH_FUNCTION)
def test_it_is_plain_text_with_nothing_left_to_fill_in(shell: str) -> None:
    text = function(shell)
    assert text.isascii()
    assert text.endswith("}\n" if shell != "fish" else "end\n")
    for name in ("FLAGS", "OPTIONS", "SHELL", "PATTERN"):
        assert f"{{{name}}}" not in text


def test_every_option_of_the_app_is_known() -> None:
    # what is added to the command line has to be added to the function
    options = [option for option in rolecall.params if isinstance(option, click.Option) and not option.hidden]
    opening = [option for option in options if option.name not in ("version", "help")]
    flags = {name for option in opening if option.is_flag for name in option.opts}
    others = {name for option in opening if not option.is_flag for name in option.opts}
    assert flags == set(APP_FLAGS)
    assert others == set(APP_OPTIONS)
