"""An account in words: its name, where the user has given it one."""

from collections.abc import Mapping


def account_text(account: str | None, names: Mapping[str, str], *, in_full: bool = False) -> str:
    """Return an account's name, else its id; an empty text for no account.

    Every screen and the text of the command line says accounts by this; JSON has the bare id. Whoever shows
    it makes it inert, as all that a file says.

    Args:
        account: the id, as ``ProfileReport.account`` has it.
        names: the names by id: ``Snapshot.accounts``, in the lines of a list ``ListContext.accounts``.
        in_full: whether the id is said beside the name, where there is room for both.
    """
    if account is None:
        return ""
    name = names.get(account)
    if name is None:
        return account
    return f"{name} ({account})" if in_full else name
