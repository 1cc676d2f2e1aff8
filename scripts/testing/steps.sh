# shellcheck shell=bash
# Sourced by scripts with `set -e`: announces each step with its seconds; when one fails the script stops and names it.

current_step=
current_began=0

# step NAME COMMAND…: never call it in a condition, which would switch `set -e` off inside COMMAND.
step() {
    current_step=$1 current_began=$SECONDS
    shift
    printf '\n== %s\n' "$current_step"
    "$@"
    printf '== %s: done in %d s\n' "$current_step" $((SECONDS - current_began))
    current_step=
}

# For the trap on EXIT.
name_failed_step() {
    [ -z "$current_step" ] || printf '\n== %s: FAILED after %d s\n' "$current_step" $((SECONDS - current_began)) >&2
}
