#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# With --keep the generation before can be made the index again.
hits() { shukach search --format ids документ || echo "exit $?"; }
run() { echo "{\"id\":\"$1\",\"text\":\"документ\"}" | shukach index --quiet --keep "$2" -; }
run first 1
shukach index --rollback || echo "exit $?"
run second 2
ls $SHUKACH_INDEX
hits
shukach index --rollback
hits
shukach index --rollback || echo "exit $?"
run third 2
hits
ls $SHUKACH_INDEX
shukach index --rollback
hits
shukach index --rollback extra || echo "exit $?"
shukach index --rollback --index none || echo "exit $?"
shukach verify
