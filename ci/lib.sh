# shellcheck shell=bash
# Functions that the scripts of this folder share. Sourced, never run.

# The repository's root, wherever the caller stands.
# shellcheck disable=SC2034
REFEREE_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Builds of real targets are kept here, outside the tree, so that a fresh clone need not build them again.
# shellcheck disable=SC2034
REFEREE_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/referee

say() { printf '%s\n' "$*"; }

die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit "${DIE_CODE:-1}"
}

# wait_until SECONDS COMMAND...: polls until the command succeeds; fails when the time is over.
wait_until() {
  local limit=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < limit)) || return 1
    sleep 0.1
  done
}

# A process is remembered as "pid start-time": a pid alone may belong to somebody else by now.
process_mark() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  stat=${stat##*) }
  read -r -a stat <<<"$stat"
  # A zombie is no longer a running process.
  [[ "${stat[0]}" != Z ]] || return 1
  printf '%s %s\n' "$1" "${stat[19]}"
}

# alive FILE: does the process whose mark is in FILE still run?
alive() {
  local mark
  [[ -s "$1" ]] || return 1
  mark=$(cat "$1")
  [[ "$(process_mark "${mark% *}")" == "$mark" ]]
}

gone() { ! alive "$1"; }

# end_process FILE: ends the process whose mark is in FILE, first kindly.
end_process() {
  local mark
  alive "$1" || { rm -f "$1"; return 0; }
  mark=$(cat "$1")
  kill "${mark% *}" 2>/dev/null || true
  if ! wait_until 5 gone "$1"; then
    kill -KILL "${mark% *}" 2>/dev/null || true
    wait_until 5 gone "$1" || return 1
  fi
  rm -f "$1"
}

# spawn MARKFILE LOG COMMAND...: starts a process of its own session that outlives this script.
spawn() {
  local mark=$1 log=$2
  shift 2
  setsid nohup "$@" >"$log" 2>&1 </dev/null &
  process_mark "$!" >"$mark"
}
