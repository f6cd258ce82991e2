"""Open the AWS console as a profile."""

from rolecall.actions import console
from rolecall.actions.console import Browser, Console, Opening, Wish
from rolecall.actions.errors import ActionFailed
from rolecall.actions.prompts import Cancel, Prompts
from rolecall.aws.snapshot import Snapshot
from rolecall.text import duration
from rolecall.tui.actions.runner import ActionContext
from rolecall.tui.actions.target import NO_PROFILE, Target
from rolecall.tui.screens.dialog import ChoiceScreen, Paragraph
from rolecall.tui.tones import Tone


class ConsoleAction:
    """Open the console in the browser; or send its address to the clipboard, for a browser elsewhere."""

    command = "console"

    def obstacle(self, target: Target) -> str | None:
        """It needs one profile that gives credentials, or has a link of the SSO portal."""
        return NO_PROFILE if target.current is None else console.obstacle(target.current, target.snapshot)

    async def run(self, context: ActionContext) -> None:
        """Say who one will be, and until when; then open it."""
        snapshot, report = context.target.snapshot, context.target.current
        if report is None:
            return
        wish = Wish()
        opening = console.opening(snapshot, report.name, wish)
        browser = _browser(snapshot, report.name)
        labels = ["Copy the address"] if browser is None else ["Open in the browser", "Copy the address"]
        choice = await context.ask(ChoiceScreen(f"Console: {report.name}", _words(opening, browser), *labels))
        if choice is None:
            return
        chosen = browser if choice == 0 else None

        def job(prompts: Prompts, cancel: Cancel) -> Console:
            found = console.sign_in(snapshot, opening, wish, prompts, cancel)
            if chosen is not None:
                console.open_console(found, chosen, prompts, cancel)
            return found

        found = await context.run(f"Open the console as {report.name}", job)
        if chosen is not None:
            who = found.arn.rpartition(":")[2] if found.arn is not None else opening.who
            context.say(f"The console is open as {who}{_for(context, found)}.")
        else:
            hint = " It signs anyone in for 15 minutes." if opening.link is None else ""
            context.copy(found.url, f"the address of the console as {report.name}", hint)


def _browser(snapshot: Snapshot, name: str) -> Browser | None:
    """Return what opens it, or None where there is no browser, as over ssh."""
    try:
        return console.browser_for(snapshot, name)
    except ActionFailed as failed:
        if failed.kind != "NoBrowser":
            raise
        return None


def _words(opening: Opening, browser: Browser | None) -> list[Paragraph]:
    words: list[Paragraph] = [(f"You will be {opening.who}, {opening.until}.", Tone.PLAIN)]
    if opening.link is not None:
        words.append(("It is the link of the SSO portal, which has no secret in it.", Tone.DIM))
    words += ((remark, Tone.WARN) for remark in opening.remarks)
    if browser is None:
        words.append(("There is no browser here: open the address where there is one.", Tone.DIM))
    return words


def _for(context: ActionContext, found: Console) -> str:
    if found.expires_at is None:
        return ""
    left = found.expires_at - context.target.snapshot.host.now()
    return f" for {duration(left.total_seconds())}"
