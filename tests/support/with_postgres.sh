#!/bin/bash
# with_postgres.sh COMMAND…: runs the command with NGUON_TEST_POSTGRES naming a throw-away PostgreSQL 15 cluster, which
# is as durable as a real one and is gone afterwards, whatever happens. Without PostgreSQL it fails.
set -euo pipefail

if [ $# -eq 0 ]; then
    echo "usage: with_postgres.sh COMMAND…" >&2
    exit 2
fi

bin=/usr/lib/postgresql/15/bin
if [ ! -x "$bin/initdb" ]; then
    echo "with_postgres.sh: PostgreSQL 15 is not installed (package postgresql-15)" >&2
    exit 1
fi

# PostgreSQL refuses to run as root, and its user cannot reach below a home that only root may enter.
dir=$(mktemp -d "${TMPDIR:-/tmp}/nguon-postgres.XXXXXX")
as_owner=()
if [ "$(id -u)" -eq 0 ]; then
    as_owner=(runuser -u postgres --)
    chown postgres "$dir"
fi
data=$dir/data

# Nothing of the cluster is kept, so it need not write anything down before it ends.
stop_cluster() {
    local pid=""
    [ -z "${watcher:-}" ] || kill "$watcher" 2>/dev/null || true
    [ -s "$data/postmaster.pid" ] && pid=$(head -n 1 "$data/postmaster.pid")
    if [ -n "$pid" ] && kill -QUIT "$pid" 2>/dev/null; then
        for _ in $(seq 100); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.05
        done
        kill -KILL "$pid" 2>/dev/null || true
    fi
    rm -rf "$dir"
}
stop_command() {
    [ -z "${command:-}" ] || kill -TERM "$command" 2>/dev/null || true
    exit "$1"
}
trap stop_cluster EXIT
trap 'stop_command 130' INT
trap 'stop_command 143' TERM HUP

# When this script itself is killed, nobody else knows of the cluster.
(
    trap - EXIT INT TERM HUP
    while kill -0 $$ 2>/dev/null; do sleep 1; done
    watcher=""
    stop_cluster
) > /dev/null 2>&1 < /dev/null &
watcher=$!

password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
printf '%s\n' "$password" > "$dir/password"
chmod 644 "$dir/password"
# Vietnamese ICU order shows every column that must sort alike on both engines and does not say so.
"${as_owner[@]}" "$bin/initdb" --pgdata="$data" --username=nguon --pwfile="$dir/password" --auth=scram-sha-256 \
    --encoding=UTF8 --locale=C.UTF-8 --locale-provider=icu --icu-locale=vi > "$dir/initdb.log" 2>&1 || {
    cat "$dir/initdb.log" >&2
    exit 1
}
rm "$dir/password"

# A port between 20,000 and 29,999 lies below the range the system hands out; another one is tried when it is taken.
for _ in $(seq 20); do
    port=$((20000 + RANDOM % 10000))
    (
        # shellcheck disable=SC2164
        cd /
        exec "${as_owner[@]}" "$bin/postgres" -D "$data" -c listen_addresses=127.0.0.1 -c port="$port" \
            -c unix_socket_directories="$dir" -c max_connections=200 -c fsync=on -c synchronous_commit=on \
            -c full_page_writes=on -c max_locks_per_transaction=256 -c log_min_messages=fatal
    ) > "$dir/server.log" 2>&1 &
    server=$!
    for _ in $(seq 300); do
        if "$bin/pg_isready" --quiet --host="$dir" --port="$port"; then
            break 2
        fi
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    wait "$server" || true
    server=""
done
if [ -z "$server" ]; then
    cat "$dir/server.log" >&2
    exit 1
fi

PGPASSWORD=$password "$bin/createdb" --host=127.0.0.1 --port="$port" --username=nguon nguon
export NGUON_TEST_POSTGRES="postgres://nguon:$password@127.0.0.1:$port/nguon"

# In the background, because bash runs a trap only when no command stands in front.
"$@" <&0 &
command=$!
wait "$command"
