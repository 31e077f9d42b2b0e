#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every message of the sources has a Ukrainian translation, whose directives
# are those of the message, and which fits a terminal; no other is kept.
set -eu
for tool in xgettext msgmerge msgattrib msgcat msgfmt; do
    command -v $tool >/dev/null || { echo "no $tool"; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
cd "$SHUKACH_SOURCE"

# In which file a message is does not matter.
sorted() { LC_ALL=C.UTF-8 msgcat --no-wrap --no-location --sort-output "$1"; }
sh po/update.sh "$work/uk.po"
sorted po/uk.po >"$work/kept"
sorted "$work/uk.po" >"$work/found"
diff -u "$work/kept" "$work/found" || {
    echo "run po/update.sh and translate what is new or changed"
    status=1
}
msgfmt --check --statistics -o "$work/uk.mo" "$work/uk.po" 2>"$work/statistics" ||
    status=1
grep -qx '[0-9]* translated messages\.' "$work/statistics" || {
    cat "$work/statistics"
    status=1
}
# What the sources say is found at all: one message of each way to say it.
for message in 'find documents' 'out of memory' 'nothing found' \
    'a picture' 'this value holds no word' 'Permission denied'; do
    grep -q "^msgid \"$message" "$work/uk.po" || {
        echo "\"$message\" is not found by po/update.sh"
        status=1
    }
done
# Help is printed as it is.
for command in "" index search names export suggest stem analyse info verify help; do
    # shellcheck disable=SC2086 # none or one
    LC_ALL=uk_UA.UTF-8 "$SHUKACH_BUILD/shukach" help $command >"$work/help"
    grep -q '[а-яіїєґ]' "$work/help" || {
        echo "help $command is not in Ukrainian"
        status=1
    }
    [ "$(LC_ALL=C.UTF-8 wc -L <"$work/help")" -le 80 ] || {
        echo "help $command is wider than 80 columns"
        status=1
    }
done
exit $status
