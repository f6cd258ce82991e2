"""Hand a profile's credentials, or the choice of it, to a shell; ask AWS which identity they have."""

from rolecall.actions import command_environment, credentials, export, run_command
from rolecall.actions.credentials import Identity
from rolecall.shells import WITH_FUNCTION
from rolecall.text import duration, sentence
from rolecall.tui.actions.runner import ActionContext
from rolecall.tui.actions.target import NO_PROFILE, Target
from rolecall.tui.render.inspector import Details, Fact
from rolecall.tui.screens.details import DetailsScreen
from rolecall.tui.screens.pick import ExportChoice, ExportScreen
from rolecall.tui.tones import Tone
from rolecall.which_shell import asker


class ExportAction:
    """Export the credentials of the profile, to the clipboard or to the shell below."""

    command = "export"

    def obstacle(self, target: Target) -> str | None:
        """It needs one profile that gives credentials."""
        return NO_PROFILE if target.current is None else credentials.obstacle(target.current)

    async def run(self, context: ActionContext) -> None:
        """Ask for the form and the destination, fetch the credentials, hand them over."""
        target = context.target
        if target.current is None:
            return
        name, host = target.current.name, target.snapshot.host
        shell = target.options.emits or asker(host).shell
        choice = await context.ask(ExportScreen(name, shell, leaves=target.options.emits is not None))
        if choice is None:
            return
        fetched = await context.run(
            f"Get credentials of {name}",
            lambda prompts, cancel: credentials.fetch(target.snapshot, name, prompts, cancel),
        )
        variables = export.of_credentials(fetched, export.own_region(target.current), host.environ)
        lines = (
            [export.process_json(fetched)]
            if choice.form == "json"
            else export.shell_lines(choice.form, variables)
        )
        _hand_over(context, choice, lines, name)


def _hand_over(context: ActionContext, choice: ExportChoice, lines: list[str], name: str) -> None:
    if choice.leaves:
        context.leave(tuple(lines))
        return
    context.copy("\n".join(lines) + "\n", f"the credentials of {name} for {choice.form}")


class UseAction:
    """Use this profile in the shell that rolecall was started from."""

    command = "use"

    def obstacle(self, target: Target) -> str | None:
        """It needs one profile that AWS_PROFILE can choose."""
        if target.current is None:
            return NO_PROFILE
        if target.current.values.get("credential_source") == "Environment":
            return f"{target.current.name} uses this shell's keys, which take precedence over AWS_PROFILE."
        asking = asker(target.snapshot.host)
        if asking.doubt is None or target.options.emits is not None:
            return None
        hint = "" if asking.shell is None else "; started by rc (`rolecall init`), rolecall knows the shell"
        return f"{sentence(asking.doubt)} x lets you choose the form{hint}."

    async def run(self, context: ActionContext) -> None:
        """Leave the lines to the shell that rolecall was started from, or copy them."""
        target = context.target
        if target.current is None:
            return
        name, host = target.current.name, target.snapshot.host
        shell = target.options.emits or str(asker(host).shell)
        lines = export.shell_lines(
            shell, export.variables_of(name, host.environ, export.own_region(target.current))
        )
        if target.options.emits is not None:
            context.leave(tuple(lines))
            return
        hint = (
            f" To have them run at once, start rolecall by the function that `rolecall init {shell}` prints."
        )
        context.copy(
            "\n".join(lines) + "\n",
            f"the {shell} lines that choose {name}",
            hint if shell in WITH_FUNCTION else "",
        )


class ShellAction:
    """Run a shell in this terminal that has the credentials of the profile."""

    command = "shell"

    def obstacle(self, target: Target) -> str | None:
        """It needs one profile that gives credentials."""
        return NO_PROFILE if target.current is None else credentials.obstacle(target.current)

    async def run(self, context: ActionContext) -> None:
        """Fetch the credentials, lend the terminal to the shell, and come back when it is left."""
        target = context.target
        if target.current is None:
            return
        name, host = target.current.name, target.snapshot.host
        shell = run_command.shell(host, command_environment.own_environ(host))
        given = await context.run(
            f"Get credentials of {name}",
            lambda prompts, cancel: command_environment.prepare(target.snapshot, name, prompts, cancel),
        )
        left = given.expires_at - host.now() if given.expires_at is not None else None
        ends = f", which expire in {duration(left.total_seconds())}" if left is not None else ""
        welcome = f"rolecall: this shell has the credentials of {name}{ends}; exit leads back"
        await context.suspended(lambda: run_command.run_shell(shell, given.environ, welcome))


_VERDICTS = {
    True: ("yes: this is the identity that the profile's settings name", Tone.GOOD),
    False: ("no", Tone.BAD),
    None: ("the settings name no role to compare with", Tone.DIM),
}


class WhoAmIAction:
    """Call GetCallerIdentity with the credentials of the profile."""

    command = "whoami"

    def obstacle(self, target: Target) -> str | None:
        """It needs one profile that gives credentials."""
        return NO_PROFILE if target.current is None else credentials.identity_obstacle(target.current)

    async def run(self, context: ActionContext) -> None:
        """Ask, and show the answer."""
        target = context.target
        if target.current is None:
            return
        name = target.current.name
        identity = await context.run(
            f"Ask AWS who {name} is",
            lambda prompts, cancel: credentials.who_am_i(target.snapshot, name, prompts, cancel),
        )
        await context.ask(DetailsScreen(_details(identity)))


def _details(identity: Identity) -> Details:
    words, tone = _VERDICTS[identity.is_as_promised]
    facts = [
        Fact("account", identity.account),
        Fact("ARN", identity.arn),
        Fact("user id", identity.user_id),
        Fact("as configured", words, tone),
    ]
    if identity.remark:
        facts.append(Fact("", identity.remark, tone))
    return Details(f"Who is {identity.profile}", tuple(facts))
