# Sourced by test-deps and compose-deps: which of the Debian packages they name are missing, and how those are installed.

missing=()
need() { # need PACKAGE TEST...: the package is missing when the test fails
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# Debian starts what it installs; whoever uses it starts one of their own.
install_missing() {
    local policy=/usr/sbin/policy-rc.d
    if [ ! -e $policy ]; then
        printf '#!/bin/sh\nexit 101\n' >$policy
        chmod +x $policy
        trap "rm -f $policy" EXIT
    fi
    export DEBIAN_FRONTEND=noninteractive
    echo "Installing: ${missing[*]}"
    apt-get update -qq
    apt-get install -qq --no-install-recommends "${missing[@]}" >/dev/null </dev/null
}
