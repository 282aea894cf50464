#!/bin/sh
# Installs what the tests need of the machine itself, unless it is there: a browser to drive, strace to count
# what reaches the disk, and Pango to set the citizen's letter. Named parts alone: sh tests/install_parts.sh strace
set -eu

wanted="${*:-chromium strace pango}"
missing=""
for part in $wanted; do
    case "$part" in
        chromium)
            command -v "${CHROMIUM:-chromium}" >/dev/null && continue
            if [ -n "${CHROMIUM:-}" ]; then
                echo "There is no browser at CHROMIUM=$CHROMIUM." >&2
                exit 1
            fi
            missing="$missing chromium fonts-dejavu-core"
            ;;
        strace)
            command -v strace >/dev/null || missing="$missing strace"
            ;;
        pango)
            for library in libpangoft2-1.0.so.0 libharfbuzz-subset.so.0; do
                ldconfig -p | grep -q "$library" && continue
                missing="$missing libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
                break
            done
            ;;
        *)
            echo "No such part: $part. The parts are: chromium strace pango" >&2
            exit 1
            ;;
    esac
done
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    as_root="sudo"
fi

if ! command -v apt-get >/dev/null || ! command -v ${as_root:-sh} >/dev/null; then
    echo "The tests need more of this machine, and it cannot be installed from here:$missing" >&2
    echo "Install it yourself; for another browser: CHROMIUM=/path/to/chromium make test" >&2
    echo "Without any of it: make check" >&2
    exit 1
fi

echo "Installing$missing for the tests: about half a minute."
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
$as_root apt-get install -qq -y --no-install-recommends $missing >/dev/null
