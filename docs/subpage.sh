#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# docs/subpage.sh SHUKACH.1.scd COMPLETIONS.tsv COMMAND: the page of a
# subcommand in scdoc, taken from the page of all.
set -eu
summary=$(awk -F '\t' -v c="$3" '$1 == c && $2 == "-" { print $4 }' "$2")
awk -v command="$3" -v summary="$summary" '
    BEGIN {
        printf "shukach-%s(1)\n\n# NAME\n\nshukach-%s - %s\n\n", command,
               command, summary
        heading = toupper(command)
    }
    /^# / {
        part = substr($0, 3)
        ours = part == heading || part == heading " AND ANALYSE" ||
               part == "STEM AND " heading
        keep = ours || part ~ /^(SYNOPSIS|EXIT STATUS|ENVIRONMENT|SEE ALSO)$/
        if (keep) print "\n" (ours ? "# DESCRIPTION" : $0)
        next
    }
    part == "SYNOPSIS" {
        if (index($0, "*shukach " command "*") == 1) print "\n" $0
        next
    }
    part == "SEE ALSO" && NF {
        print "*shukach*(1), " $0
        next
    }
    keep { print }' "$1"
