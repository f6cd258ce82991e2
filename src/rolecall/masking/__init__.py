"""What must not be seen of a text that somebody else wrote: by the name of what it is, and by its looks.

What is not known is not shown. ``names`` says which settings and variables are known to be harmless,
``commands`` and ``harmless`` which words of a command are, ``addresses`` which parts of a URL. In free text
``looks`` finds what looks like a secret, and ``messages`` what is called one. All takes time in proportion
to the length of the text.
"""

MASK = "••••"
ELLIPSIS = "…"
