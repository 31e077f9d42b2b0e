#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Brings the catalogue up to date with the messages in the sources; what is new
# or changed is to be translated then.
#
#   po/update.sh [FILE]    FILE is to be the new catalogue instead of po/uk.po
set -eu
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.."
out=${1:-po/uk.po}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
run() { "$@" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }; }
# No message: it says nothing of its own.
printf 'msgid "%%s"\nmsgstr ""\n' >"$work/none.po"
# The functions that take messages; what others are given is marked N_.
run xgettext --language=C --from-code=UTF-8 --add-location=file --no-wrap \
    --sort-by-file --exclude-file="$work/none.po" -k \
    --keyword=_ --keyword=N_ --keyword=NC_:1c,2 --keyword=translate_count:1,2 \
    --keyword=say:2 --keyword=usage_error:2 --keyword=set_error:3 \
    --keyword=output_fails:2 --keyword=error_set:3 --keyword=error_at:4 \
    --keyword=error_io:2 --keyword=reader_notice:5 --keyword=parser_fail:3 \
    --keyword=forms_damaged:2 --keyword=damaged:2 --keyword=skip_path:4 \
    --keyword=skip_file:2 --keyword=refuse:3 --keyword=bad_field:3 \
    --keyword=map_exception:2 \
    --flag=say:2:c-format --flag=usage_error:2:c-format \
    --flag=error_set:3:c-format --flag=error_at:4:c-format \
    --flag=reader_notice:5:c-format \
    --output="$work/all.pot" \
    base/*.[ch] reader/*.[ch] stemmer/stemmer.c analyser/*.[ch] store/*.[ch] \
    store/*.cc indexer/*.[ch] searcher/*.[ch] cli/*.[ch] po/system.c
# Without the date of the template, which says nothing.
run msgmerge --no-wrap --previous --add-location=file \
    --output="$work/merged.po" po/uk.po "$work/all.pot"
run msgattrib --no-wrap --no-obsolete --output="$work/all.po" "$work/merged.po"
sed -e '/^"POT-Creation-Date:/d' -e '/^"Report-Msgid-Bugs-To:/d' "$work/all.po" >"$out"
