# shellcheck shell=bash
# Sourced by the scripts that test: what the tests need beyond Rust and Node, installed where it is missing.

chromium_found() {
    local name
    for name in ${YINLING_TEST_CHROMIUM:-chromium chromium-browser google-chrome-stable google-chrome}; do
        command -v "$name" && return
    done
    return 1
}

# The folder of PostgreSQL's own programs, which Debian keeps off the PATH; the newest if there are several.
postgres_found() {
    local folder
    folder=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
    if [ -x "$folder/initdb" ]; then
        echo "$folder"
    elif command -v initdb >/dev/null; then
        dirname "$(readlink -f "$(command -v initdb)")"
    else
        return 1
    fi
}

chinese_font_found() { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh family)" ]; }

# Debian keeps it where only root's PATH leads.
nginx_found() { PATH=$PATH:/usr/sbin command -v nginx >/dev/null; }

venv_works() { python3 -c 'import ensurepip, venv' 2>/dev/null; }

# install_system_packages WHAT…: of chromium, font, nginx, postgres, strace and venv those that are named.
install_system_packages() {
    local missing=() as_root=() what
    for what in "$@"; do
        case $what in
        chromium) chromium_found >/dev/null || missing+=(chromium) ;;
        font) chinese_font_found || missing+=(fontconfig fonts-noto-cjk) ;;
        nginx) nginx_found || missing+=(nginx) ;;
        postgres) [ -n "${YINLING_TEST_POSTGRES:-}" ] || postgres_found >/dev/null || missing+=(postgresql) ;;
        strace) command -v strace >/dev/null || missing+=(strace) ;;
        venv) venv_works || missing+=(python3 python3-venv) ;;
        esac
    done
    [ ${#missing[@]} -eq 0 ] && return

    if ! command -v apt-get >/dev/null; then
        echo "Wanted here: ${missing[*]} — and this system has no apt-get to install it with." >&2
        echo "Install it the way this system does, and run this again." >&2
        return 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "Wanted here: ${missing[*]} — and installing it takes root." >&2
            echo "As root: apt-get install ${missing[*]}   then run this again." >&2
            return 1
        fi
        as_root=(sudo)
    fi
    echo "Installing ${missing[*]} …"
    "${as_root[@]}" apt-get update -qq &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
            "${missing[@]}" </dev/null >/dev/null
}

# A mail server and schemathesis, each in the version that scripts/testing/requirements.txt names, in an environment of their own
# that `git clean` sweeps away.
install_python_tools() {
    cmp -s scripts/testing/requirements.txt .tools/python/installed.txt && return
    echo "Installing the mail server of the tests, and schemathesis …"
    rm -rf .tools/python
    python3 -m venv .tools/python &&
        .tools/python/bin/pip install --quiet --disable-pip-version-check -r scripts/testing/requirements.txt &&
        cp scripts/testing/requirements.txt .tools/python/installed.txt
}
