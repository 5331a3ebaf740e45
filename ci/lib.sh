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

# spawn MARKFILE LOG COMMAND...: starts a process of its own session that outlives this script, without the caller's open
# files: a lock among them would be held as long as it runs.
spawn() {
  local mark=$1 log=$2
  shift 2
  (
    for file in /proc/self/fd/*; do
      file=${file##*/}
      if ((file > 2)); then eval "exec $file>&-"; fi
    done
    exec setsid nohup "$@" >"$log" 2>&1 </dev/null
  ) &
  process_mark "$!" >"$mark"
}

# --- A server of the reference registry -------------------------------------------------------------------------------

REFEREE=${REFEREE_BINARY:-$REFEREE_ROOT/build/release/bin/referee}

# The port in "listening on HOST:PORT".
listening_port() { sed -nE 's/^listening on .*:([0-9]+)$/\1/p' "$1" | head -n 1; }
listens_or_gone() { [[ -n "$(listening_port "$1/log")" ]] || gone "$1/pid"; }

# start_listener DIR COMMAND...: starts what prints that line; the port is in $listener_port afterwards.
start_listener() {
  local dir=$1
  shift
  mkdir -p "$dir"
  spawn "$dir/pid" "$dir/log" "$@"
  wait_until 30 listens_or_gone "$dir" || true
  listener_port=$(listening_port "$dir/log")
  [[ -n $listener_port ]] || { tail -n 5 "$dir/log" >&2; return 1; }
}

# start_serve DIR OPTION...: the reference registry; stop it with `end_process DIR/pid`.
start_serve() {
  local dir=$1
  shift
  start_listener "$dir" "$REFEREE" serve --listen 127.0.0.1:0 --profile oci-1.1 "$@"
}

# --- Stages -----------------------------------------------------------------------------------------------------------
# A script runs stages; a stage counts what passed, failed and was skipped; the script ends with the sums on one line.

CI_LOGS=$REFEREE_ROOT/build/ci-logs

count() { printf '%d %d %d\n' "$@" >>"${STAGE_COUNTS:-/dev/null}"; }
passed() { printf 'pass  %s\n' "$*" && count 1 0 0; }
failed() { printf 'FAIL  %s\n' "$*" && count 0 1 0; }
skipped() { printf 'skip  %s\n' "$*" && count 0 0 1; }

# expect TEXT COMMAND...: one thing that must hold.
expect() {
  local text=$1
  shift
  if "$@"; then passed "$text"; else failed "$text"; fi
}

# expect_code TEXT CODE COMMAND...: one command that must end with this exit code.
expect_code() {
  local text=$1 wanted=$2 code=0
  shift 2
  "$@" || code=$?
  if ((code == wanted)); then passed "$text (exit $code)"; else failed "$text: exit $code, expected $wanted"; fi
}

# sums FILE: the three columns added up.
sums() { awk '{ p += $1; f += $2; s += $3 } END { printf "%d %d %d\n", p, f, s }' "$1"; }

# For a script that can be a stage and can be run alone: alone, it counts for itself; its end says whether all held.
counts_begin() { export STAGE_COUNTS=${STAGE_COUNTS:-$(mktemp)}; }
counts_end() { [[ "$(sums "$STAGE_COUNTS")" == *' 0 '* ]]; }

# stages_begin [FILE [keep]]: the sums go to FILE; `keep` adds to what another script counted there.
stages_begin() {
  mkdir -p "$CI_LOGS"
  STAGE_TOTAL=${1:-$(mktemp)}
  [[ ${2:-} == keep ]] || : >"$STAGE_TOTAL"
}

# stage NAME COMMAND...: runs the command with its output in a log of its own. Fails if anything in it failed, if it
# ended badly, and if it counted nothing: a stage that did not run must not look green.
stage() {
  local name=$1 started=$SECONDS code=0 p f s counts log
  shift
  counts=$(mktemp)
  log=$CI_LOGS/$name.log
  say "$name: running"
  STAGE_COUNTS=$counts "$@" >"$log" 2>&1 </dev/null || code=$?
  read -r p f s <<<"$(sums "$counts")"
  rm -f "$counts"
  if ((code && !f)); then
    f=1
    printf 'FAIL  the stage ended with exit code %d\n' "$code" >>"$log"
  elif ((!p && !f && !s)); then
    f=1
    printf 'FAIL  the stage ran nothing\n' >>"$log"
  fi
  printf '%d %d %d\n' "$p" "$f" "$s" >>"$STAGE_TOTAL"
  grep -E '^(note|skip)  ' "$log" | head -n 40 | sed 's/^/  /'
  if ((f)); then
    grep '^FAIL  ' "$log" | head -n 40 | sed 's/^/  /'
    tail -n 25 "$log" | sed 's/^/  | /'
  fi
  say "$name: passed $p, failed $f, skipped $s, $((SECONDS - started)) s, log build/ci-logs/$name.log"
  ((!f))
}

# stages_end: the closing line; the exit code says whether something failed.
stages_end() {
  local p f s
  read -r p f s <<<"$(sums "$STAGE_TOTAL")"
  say "$p passed, $f failed, $s skipped"
  ((!f))
}

# run_ctest PRESET: the self-tests of a preset, every case counted.
run_ctest() {
  local tree=$REFEREE_ROOT/build/$1 code=0 p f s sums
  rm -rf "$tree/ctest.xml" "$tree/cases"
  ctest --preset "$1" -j "$(($(nproc) + 2))" --no-tests=error --output-junit "$tree/ctest.xml" || code=$?
  sums=$(python3 "$REFEREE_ROOT/ci/ctest-sums" "$tree") || { failed "ctest wrote no report"; return 1; }
  sed '$d' <<<"$sums"
  read -r p f s <<<"$(tail -n 1 <<<"$sums")"
  count "$p" "$f" "$s"
  return "$code"
}
