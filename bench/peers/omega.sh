#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# omega.sh prepare DATABASE DOCUMENTS
# omega.sh index DATABASE DOCUMENTS
#
# Omega's scriptindex, its own strategy (words with positions, stems without),
# Russian stems as a stand-in for Ukrainian, text in the document data, no
# compaction. Its input is prepared beforehand and does not count. quest
# searches what it made.
set -eu
case $1 in
prepare)
    rm -rf "$2"
    cat >"$2.script" <<'SCRIPT'
id : boolean=Q field
title : indexnopos=S index field
text : index field
date : field valuenumeric=0
source : boolean=XS field
SCRIPT
    awk -F '\t' '{
        gsub(/\\n/, "\n=", $3)
        gsub(/-/, "", $4)
        printf "id=%s\ntitle=%s\ntext=%s\ndate=%s\nsource=%s\n\n",
               $1, $2, $3, $4, $5
    }' "$3" >"$2.txt"
    ;;
index)
    exec scriptindex --overwrite --stemmer=russian "$2" "$2.script" "$2.txt"
    ;;
*) exit 2 ;;
esac
