#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# docs/manpage.sh PAGE.scd >PAGE: makes a man page. scdoc writes paragraph
# marks where no paragraph follows, which mandoc warns of; they are moved
# behind the end of an indented block, and dropped where nothing is lost.
set -eu
scdoc <"$1" | awk '
    { line[NR] = $0 }
    END {
        for (i = 1; i < NR; i++) {
            if (line[i] == ".P" && line[i + 1] == ".RE") {
                line[i] = ".RE"
                line[i + 1] = ".P"
            }
        }
        for (i = 1; i <= NR; i++) {
            empty = line[i] == ".P" &&
                (i == NR || line[i + 1] ~ /^\.(P|SH|SS|RE)/ ||
                 last ~ /^\.(TH|SH|SS|P$)/)
            if (!empty) {
                print line[i]
                last = line[i]
            }
        }
    }'
