# shellcheck shell=bash
# Sourced by the scripts that test, after install.sh: a PostgreSQL and a mail server that live as long as the script.
#
# start_services exports YINLING_TEST_POSTGRES (an administrator's address; a server named there already is used as it
# is), YINLING_TEST_SMTP (smtp://127.0.0.1:PORT) and YINLING_TEST_MAILBOX (a folder with one file a mail).

services=
mail_server=

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# PostgreSQL refuses to run as root.
as_postgres() {
    if [ "$(id -u)" -eq 0 ]; then (cd / && exec runuser -u postgres -- "$@"); else "$@"; fi
}

start_postgres() {
    local programs port folder=$services/postgres
    programs=$(postgres_found)
    mkdir -p "$folder"
    if [ "$(id -u)" -eq 0 ]; then chown postgres "$folder" && chmod 711 "$services"; fi
    as_postgres "$programs/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$services/initdb.log" || {
        cat "$services/initdb.log" >&2
        return 1
    }
    # Thrown away afterwards, so nothing has to survive a crash of the machine.
    port=$(free_port)
    as_postgres "$programs/pg_ctl" start -w -s -t 30 -D "$folder/data" -l "$folder/log" -o "-p $port -k $folder \
        -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c synchronous_commit=off \
        -c max_connections=300" || {
        cat "$folder/log" >&2
        return 1
    }
    export YINLING_TEST_POSTGRES=postgres://postgres@127.0.0.1:$port/postgres
}

start_mail_server() {
    export YINLING_TEST_MAILBOX=$services/mailbox
    mkdir -p "$YINLING_TEST_MAILBOX"
    .tools/python/bin/python scripts/testing/mailbox.py "$YINLING_TEST_MAILBOX" >"$services/smtp-port" &
    mail_server=$!
    local patience=100
    while [ ! -s "$services/smtp-port" ]; do
        if [ $((patience -= 1)) -eq 0 ]; then
            echo "The mail server of the tests did not start." >&2
            return 1
        fi
        sleep 0.1
    done
    YINLING_TEST_SMTP=smtp://127.0.0.1:$(<"$services/smtp-port")
    export YINLING_TEST_SMTP
}

start_services() {
    services=$(mktemp -d "${TMPDIR:-/tmp}/yinling-test.XXXXXX")
    [ -n "${YINLING_TEST_POSTGRES:-}" ] || start_postgres
    start_mail_server
}

# Safe to call at any time, and twice.
stop_services() {
    [ -n "$services" ] || return 0
    [ -z "$mail_server" ] || kill "$mail_server" 2>/dev/null || true
    if [ -f "$services/postgres/data/postmaster.pid" ]; then
        as_postgres "$(postgres_found)/pg_ctl" stop -s -m immediate -D "$services/postgres/data" || true
    fi
    rm -rf "$services"
    services=
}
