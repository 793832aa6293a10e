# Sourced by ./run and ./test from the root of the project: messages, packages, build.
# shellcheck shell=bash

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$(basename "$0"): $*"
    exit 1
}

# missing_packages LIST...: the packages of these files that are not installed, on one line.
missing_packages() {
    local wanted installed
    wanted=$(sed -e 's/#.*//' -e '/^$/d' "$@" | sort -u)
    # shellcheck disable=SC2086 # a list of packages
    installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^installed //p' | sort -u)
    comm -23 <(printf '%s\n' "$wanted") <(printf '%s\n' "$installed") | tr '\n' ' '
}

apt_install() {
    # shellcheck disable=SC2086 # lists of words
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends -o=Dpkg::Use-Pty=0 $missing >>"$apt_log" 2>&1
}

# install_packages LIST...: those of these files that are missing.
install_packages() {
    command -v dpkg-query >/dev/null ||
        fail "this is not a Debian system: install the packages of $* by hand"
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        as_root=sudo
        command -v sudo >/dev/null || fail "needs root to install packages: be root, have sudo, or install them:
  apt-get install --no-install-recommends $missing"
    fi
    apt_log=$(mktemp)
    say "Installing with apt: $missing"
    # The package lists are fetched only when what is there will not do.
    # shellcheck disable=SC2086 # a list of packages
    if ! apt-get install -s -qq --no-install-recommends $missing >/dev/null 2>&1 || ! apt_install; then
        say "Updating the package lists"
        $as_root apt-get update -qq >>"$apt_log" 2>&1 || { cat "$apt_log" >&2; fail "apt-get update failed"; }
        apt_install || { cat "$apt_log" >&2; fail "apt-get install failed"; }
    fi
    rm -f "$apt_log"
}

# build PRESET [TARGET...]: configures once, then builds what changed.
build() {
    local preset=$1 log
    shift
    if [ ! -f "build/$preset/build.ninja" ]; then
        say "Configuring $preset"
        log=$(cmake --preset "$preset" 2>&1) || { say "$log"; fail "cmake --preset $preset failed"; }
    fi
    # Ninja's own line of progress on a terminal; without one, only what fails.
    if [ -t 2 ]; then
        cmake --build "build/$preset" ${1:+--target} "$@" >&2 || fail "the $preset build failed"
    else
        log=$(cmake --build "build/$preset" ${1:+--target} "$@" 2>&1) || { say "$log"; fail "the $preset build failed"; }
    fi
}
