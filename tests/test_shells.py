"""What each shell takes and can do, and unsetting variables in its words."""

from pathlib import Path

import click
import pytest
from click.shell_completion import get_completion_class
from hypothesis import given
from hypothesis import strategies as st

from rolecall.cli.export import export, init
from rolecall.cli.main import print_completion
from rolecall.masking import harmless
from rolecall.shells import (
    FORMS,
    SHELLS,
    WITH_COMPLETION,
    WITH_FUNCTION,
    is_variable_name,
    unset_line,
    unset_line_for_eval,
    unset_line_of_all,
)
from tests.real_shells import at_hand, environment, run


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("bash", "unset AWS_PROFILE"),
        ("zsh", "unset AWS_PROFILE"),
        ("sh", "unset AWS_PROFILE"),
        ("fish", "set --erase AWS_PROFILE"),
        ("powershell", "Remove-Item Env:AWS_PROFILE"),
        ("cmd", "set AWS_PROFILE="),
    ],
)
def test_each_shell_has_its_line(shell: str, line: str) -> None:
    assert unset_line("AWS_PROFILE", shell) == line


@pytest.mark.parametrize(("shell", "line"), [("bash", "unset A; unset B"), ("cmd", "set A=&set B=")])
def test_several_variables_are_removed_by_one_line(shell: str, line: str) -> None:
    # in cmd `set A= & …` would set A to a blank, and `;` would be a part of the value
    assert unset_line_of_all(["A", "B"], shell) == line


@pytest.mark.parametrize("shell", at_hand("bash", "zsh", "fish"))
def test_the_line_does_it_in_the_real_shell(shell: str, tmp_path: Path) -> None:
    code = f"{unset_line('AWS_PROFILE', shell)}\nenv -0"
    done = run(shell, code, tmp_path, {"AWS_PROFILE": "prod", "AWS_REGION": "eu-west-1"})
    left = environment(done.stdout)
    assert "AWS_PROFILE" not in left
    assert left["AWS_REGION"] == "eu-west-1"


@pytest.mark.parametrize(
    "name", ["", "1A", "A B", "A;rm", "$(rm)", "A\n", "A\nrm", "É", "A-B", "`x`", "A=B", "²"]
)
@pytest.mark.parametrize("shell", SHELLS)
def test_what_is_more_than_a_name_is_refused(name: str, shell: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        unset_line(name, shell)


@given(st.text())
def test_a_line_is_made_of_nothing_but_plain_characters(name: str) -> None:
    if is_variable_name(name):
        assert name.isascii()
        assert name.isidentifier()
    else:
        with pytest.raises(ValueError, match="not a name"):
            unset_line(name, "bash")


def test_an_unknown_shell_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown shell"):
        unset_line("AWS_PROFILE", "tcsh")


@pytest.mark.parametrize("shell", at_hand("bash", "zsh", "dash", "ksh", "mksh", "yash", "busybox"))
@pytest.mark.parametrize(
    "form", [unset_line_for_eval("AWS_PROFILE", "fish"), unset_line("AWS_PROFILE", "fish")]
)
def test_a_line_for_fish_changes_nothing_in_another_shell(shell: str, form: str, tmp_path: Path) -> None:
    # GIVEN a shell that evaluates the lines of fish, WHEN it goes on
    code = 'before=$-; eval "$FORM" >log 2>&1; echo "[$AWS_PROFILE] $([ "$before" = "$-" ] && echo same)"'
    done = run(shell, code, tmp_path, {"FORM": form, "AWS_PROFILE": "prod"})
    # THEN it is as it was (errexit is not on), or it has ended over the error
    assert done.stdout in (b"[prod] same\n", b"")


# One row of the table is all that a form needs.


def test_every_form_says_what_it_is_and_each_shell_can_set_and_unset() -> None:
    assert all(form.help for form in FORMS.values())
    assert all(FORMS[shell].set and FORMS[shell].unset and FORMS[shell].unset_for_eval for shell in SHELLS)


def test_no_program_is_two_shells() -> None:
    programs = [program for form in FORMS.values() for program in form.programs]
    assert len(programs) == len(set(programs))
    assert set(harmless.SHELLS) <= set(programs)


def test_the_dialog_the_export_init_and_completion_have_the_forms_of_the_table() -> None:
    assert _choices(export, "shell") == tuple(FORMS)
    assert _choices(init, "shell") == WITH_FUNCTION
    assert _choices(print_completion, "shell") == WITH_COMPLETION
    assert all(get_completion_class(shell) is not None for shell in WITH_COMPLETION)


def _choices(command: click.Command, name: str) -> tuple[str, ...]:
    choice = next(each.type for each in command.params if each.name == name)
    assert isinstance(choice, click.Choice)
    return tuple(choice.choices)
