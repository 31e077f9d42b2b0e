#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# systemd takes the units as they are, but for the place of the program, and
# knows every setting of them.
set -eu
command -v systemd-analyze >/dev/null || { echo "skipped: no systemd-analyze"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$SHUKACH_SOURCE"/packaging/shukach-index.timer "$work"
sed "s|^ExecStart=[^ ]*|ExecStart=$SHUKACH_BUILD/shukach|" \
    "$SHUKACH_SOURCE/packaging/shukach-index.service.in" >"$work/shukach-index.service"
systemd-analyze verify --man=no "$work/shukach-index.service" \
    "$work/shukach-index.timer" >"$work/said" 2>&1 || {
    cat "$work/said"
    exit 1
}
# What it complains of it prints, and exits with 0 all the same. Units of the
# machine are no concern of ours.
if grep shukach "$work/said"; then
    exit 1
fi
# The options that the unit gives are those of the program.
options=$(sed -n 's/^ExecStart=[^ ]* //p' "$work/shukach-index.service")
mkdir "$work/in"
echo "текст" >"$work/in/a.txt"
# shellcheck disable=SC2086 # words of a command line
"$SHUKACH_BUILD/shukach" $(echo $options | sed "s|/srv/archive/incoming|$work/in|; s|/srv/archive/index|$work/index|")
"$SHUKACH_BUILD/shukach" info --index "$work/index" | grep -q '^documents *1$'
