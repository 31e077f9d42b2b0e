#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# postgresql.sh CONFIGURATION prepare|index DATABASE DOCUMENTS
# postgresql.sh CONFIGURATION search DATABASE QUERIES SECONDS: see peer.h.
#
# PostgreSQL with a cluster of its own on a unix socket, which its own user runs
# where we are root. One COPY into a table with a generated tsvector (title
# weighted A), then a GIN index; ts_rank. CONFIGURATION is simple (words) or
# hunspell (the dictionary that Debian's postgresql-common makes of hunspell-uk;
# nothing is written into the system). One process for each query (no parallel
# workers, no JIT), 512 MB shared buffers and maintenance memory. Its time is
# that of the whole server from start to stop, since it is a child of this
# script; the time of a query is taken inside the server, by PL/pgSQL.
# The size is that of the table and its indexes.
set -eu
configuration=$1 verb=$2 data=$3 input=$4
here=$(cd "$(dirname "$0")" && pwd)
bin=$(find /usr/lib/postgresql/*/bin -prune | sort -V | tail -1)

if [ "$verb" = prepare ]; then
    mkdir -p "$data"
    [ "$(id -u)" != 0 ] || chown postgres "$data"
fi
exec <"$input"
if [ "$(id -u)" = 0 ]; then
    if ! setpriv --reuid=postgres --clear-groups test -x "$data"; then
        echo "postgresql.sh: user postgres cannot reach $data; use --work" >&2
        exit 2
    fi
    exec setpriv --reuid=postgres --regid=postgres --clear-groups \
        sh "$here/postgresql.sh" "$@"
fi
cd "$data"
if [ "$verb" = prepare ]; then
    "$bin/initdb" -D "$data" -U bench -A trust --locale=C.UTF-8 -E UTF8 \
        >/dev/null
    cat >>"$data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$data'
shared_buffers = 512MB
maintenance_work_mem = 512MB
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 0
jit = off
autovacuum = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
CONF
    exit
fi

"$bin/postgres" -D "$data" >"$data/server.log" 2>&1 &
server=$!
trap 'kill -INT $server 2>/dev/null; wait $server || :' EXIT
until "$bin/pg_isready" -q -h "$data"; do
    kill -0 $server || { cat "$data/server.log" >&2; exit 1; }
    sleep 0.05
done
"$bin/psql" -X -q -A -t -F "$(printf '\t')" -v ON_ERROR_STOP=1 \
    -v configuration="$configuration" -v seconds="${5:-0}" \
    -h "$data" -U bench -f "$here/postgresql_$verb.sql" postgres
