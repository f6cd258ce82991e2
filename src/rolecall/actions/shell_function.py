"""The shell function ``rc``: the app, and what is chosen there carried out in the calling shell.

``rolecall --emit SHELL`` draws on stderr's terminal and prints, at its end, the lines for that shell on
stdout: nothing where nothing was chosen. Only a start of the app is evaluated; ``rc`` with anything else on
its line is plain ``rolecall``, which keeps its own stdout. A trace (``set -x``) is turned off meanwhile: what
is evaluated may hold secrets.
"""

from rolecall.actions.errors import ActionFailed

APP_FLAGS = ("--read-only",)
APP_OPTIONS = ("--home",)
"""What may stand on the line of a start of the app: flags, and options that take a value."""

_POSIX = """\
unalias rc 2>/dev/null || :
function rc {
    local rolecall_skips= rolecall_word rolecall_lines rolecall_traces= rolecall_status=0
    for rolecall_word in "$@"; do
        if [ -n "$rolecall_skips" ]; then
            rolecall_skips=
            continue
        fi
        case "$rolecall_word" in
            {FLAGS}) ;;
            {OPTIONS}) rolecall_skips=1 ;;
            *)
                command rolecall "$@"
                return
                ;;
        esac
    done
    case "$-" in
        *x*)
            rolecall_traces=1
            { set +x; } 2>/dev/null
            ;;
    esac
    rolecall_lines="$(command rolecall --emit {SHELL} "$@")" || rolecall_status=$?
    if [ "$rolecall_status" -eq 0 ]; then
        eval "$rolecall_lines" || rolecall_status=$?
    fi
    if [ -n "$rolecall_traces" ]; then
        set -x
    fi
    return "$rolecall_status"
}
"""

_FISH = """\
function rc --description 'rolecall; what is chosen there is carried out in this shell'
    set -l fish_trace
    set -l rest $argv
    while set -q rest[1]
        switch $rest[1]
            case {FLAGS}
                set -e rest[1]
            case {OPTIONS}
                set -e rest[1]
                set -q rest[1]; and set -e rest[1]
            case '*'
                command rolecall $argv
                return
        end
    end
    set -l lines (command rolecall --emit fish $argv)
    or return
    set -q lines[1]; or return 0
    string join \\n -- $lines | source
end
"""

_POWERSHELL = """\
function rc {
    $program = (Get-Command -Name rolecall -CommandType Application -TotalCount 1 -ErrorAction Stop).Path
    $skips = $false
    $opens = $true
    foreach ($word in $args) {
        if ($skips) { $skips = $false; continue }
        if (@({FLAGS}) -ccontains $word) { continue }
        if (@({OPTIONS}) -ccontains $word) { $skips = $true; continue }
        if ("$word" -cmatch '{PATTERN}') { continue }
        $opens = $false
        break
    }
    if (-not $opens) {
        & $program @args
        return
    }
    $lines = & $program --emit powershell @args | Out-String
    if ($LASTEXITCODE -eq 0 -and -not [string]::IsNullOrWhiteSpace($lines)) {
        Invoke-Expression $lines
    }
}
"""


def function(shell: str) -> str:
    """Return the definition of ``rc``, to be evaluated as a shell starts.

    Raises:
        ActionFailed: the shell has no functions that could do it, or is not known.
    """
    match shell:
        case "bash" | "zsh":
            flags = "|".join((*APP_FLAGS, *_with_values("{}=*")))
            return _filled(_POSIX, SHELL=shell, FLAGS=flags, OPTIONS="|".join(APP_OPTIONS))
        case "fish":
            options = " ".join(f"'{option}'" for option in APP_OPTIONS)
            return _filled(_FISH, FLAGS=" ".join((*APP_FLAGS, *_with_values("'{}=*'"))), OPTIONS=options)
        case "powershell":
            return _filled(
                _POWERSHELL,
                FLAGS=", ".join(f"'{flag}'" for flag in APP_FLAGS),
                OPTIONS=", ".join(f"'{option}'" for option in APP_OPTIONS),
                PATTERN="|".join(_with_values("^{}=")),
            )
        case "cmd":
            raise ActionFailed(
                "NotApplicable",
                "cmd has no functions, so nothing can be carried out in it",
                cure="use `rolecall export NAME --shell cmd`, and paste what it prints",
            )
        case _:
            raise ActionFailed("NotApplicable", f"{shell} is no shell that rolecall has a function for")


def _with_values(form: str) -> list[str]:
    """Return the forms of options that have their value in the same word."""
    return [form.format(option) for option in APP_OPTIONS]


def _filled(text: str, **parts: str) -> str:
    """Fill in what stands in braces; other braces are the shell's."""
    for name, part in parts.items():
        text = text.replace(f"{{{name}}}", part)
    return text
