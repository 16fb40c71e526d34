# shellcheck shell=bash
# What the scripts beside this one share. Sourced, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# nginx and php-fpm live in sbin, which is not on an ordinary user's PATH.
PATH=$PATH:/usr/sbin:/sbin
export root PATH

fail() {
    echo "${0##*/}: $*" >&2
    exit 1
}

# A fresh Swift toolchain that can build this package, or a sentence that says where to get one.
need_swift() {
    local version where="get it from https://www.swift.org/install/linux/ and put its usr/bin on PATH"
    command -v swift >/dev/null || fail "there is no swift on PATH; Gatepost needs Swift 6.2 or newer: $where"
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1) || true
    [[ -n $version ]] || fail "swift --version does not work; Gatepost needs Swift 6.2 or newer: $where"
    [[ $(printf '%s\n' 6.2 "$version" | sort -V | head -n 1) == 6.2 ]] \
        || fail "this is Swift $version; Gatepost needs 6.2 or newer: $where"
}

milliseconds() { echo $((${EPOCHREALTIME//[!0-9]/} / 1000)); }
seconds_since() { printf '%d.%d s' $((($(milliseconds) - $1) / 1000)) $((($(milliseconds) - $1) % 1000 / 100)); }

# The last line of a growing log: rewritten in place on a terminal, every 20 s elsewhere. Until killed, or the script is.
follow() {
    local log=$1 line last="" second=0
    while sleep 1 && kill -0 $$ 2>/dev/null; do
        second=$((second + 1))
        line=$(tail -c 600 "$log" 2>/dev/null | tr '\r' '\n' | grep -av '^[[:space:]]*$' | tail -n 1 | cut -c 1-76) || continue
        [[ $line != "$last" ]] || continue
        if [[ -t 1 ]]; then
            printf '\r\033[K  %s' "$line"
        elif ((second % 20 != 0)); then
            continue
        else
            echo "  $line"
        fi
        last=$line
    done
}

# step LABEL LOG COMMAND...: the command's words go to LOG; its tail is shown when the command fails. Sets step_log.
step() {
    local label=$1 status=0 step_began follower
    step_log=$2
    shift 2
    mkdir -p "$(dirname "$step_log")"
    : >"$step_log"
    echo "- $label"
    step_began=$(milliseconds)
    # The command stays in the foreground, so that Ctrl-C reaches it; what follows its log does not.
    # It may live a second longer than a script that is killed: not with that one's lock.
    follow "$step_log" 9>&- &
    follower=$!
    "$@" </dev/null >"$step_log" 2>&1 || status=$?
    kill "$follower" 2>/dev/null || true
    wait "$follower" 2>/dev/null || true
    [[ ! -t 1 ]] || printf '\r\033[K'
    if [[ $status -ne 0 ]]; then
        # What the runners here mark as wrong may stand far above the end.
        grep -aE '✘|error:|^FAIL|^[0-9]+\) ' "$step_log" | cut -c 1-300 | head -n 30 || true
        echo "  ... and the log ends so:"
        tail -n 20 "$step_log"
        echo "${0##*/}: FAILED: $label (status $status, after $(seconds_since "$step_began")); all of it: ${step_log#"$root/"}" >&2
        exit 1
    fi
    echo "  done, $(seconds_since "$step_began")"
}

# wait_until SECONDS COMMAND...: true as soon as the command is, false when it was not in time.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < deadline)) || return 1
        sleep 0.1
    done
}

# running PIDFILE TEXT: whether the process is still ours. A number may belong to another by now, so TEXT must stand in
# its command line or its title.
running() {
    local pid
    pid=$(cat "$1" 2>/dev/null) && [[ $pid =~ ^[0-9]+$ ]] || return 1
    tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "$2"
}

# stop_process PIDFILE TEXT: SIGTERM to it and what it started, and SIGKILL when that did not do within 20 s.
stop_process() {
    local pid
    if running "$1" "$2"; then
        pid=$(cat "$1")
        kill -TERM -- "-$pid" 2>/dev/null || kill -TERM "$pid" 2>/dev/null || true
        wait_until 20 not_running "$1" "$2" || kill -KILL -- "-$pid" 2>/dev/null || kill -KILL "$pid" 2>/dev/null || true
    fi
    rm -f "$1"
}
not_running() { ! running "$@"; }
