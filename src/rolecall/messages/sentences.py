"""How a text becomes a sentence."""

from collections.abc import Collection


def sentence(text: str, names: Collection[str] = ()) -> str:
    """Begin a text as a sentence begins, and end it as one ends; names and addresses stay as they are.

    Args:
        text: what is said.
        names: of profiles, which get no capital where they begin a sentence.
    """
    text = text.strip()
    if not text:
        return ""
    is_named = any(text.startswith(f"{name} ") for name in names)
    begun = text[0].upper() + text[1:] if text[0].islower() and " " in text and not is_named else text
    return begun if begun[-1] in ".!?:" or "://" in begun.rpartition(" ")[2] else f"{begun}."
