#!/bin/sh
# 离线安装：核对文件，在本文件夹里建好环境。不用网络，不用管理员，不改系统里的任何东西。
set -eu
cd "$(dirname "$0")"

say() { printf '%s\n' "$@" >&2; }

case "$(uname -m)" in
@ARCH@) ;;
*) say "这个安装包是给 @ARCH@ 的，本机是 $(uname -m)：请换对应的安装包"; exit 1 ;;
esac

sha256sum --quiet --check SHA256SUMS || { say "文件不全或者被改动过：请重新复制安装包"; exit 1; }

python=
for one in "${PYTHON:-}" ./python/bin/python3 python3.11; do
    [ -n "$one" ] && command -v "$one" >/dev/null 2>&1 || continue
    "$one" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && python=$one && break
done
[ -n "$python" ] || {
    say "需要 Python 3.11（带 venv）。Debian 12：apt-get install python3.11-venv" \
        "系统里没有的（麒麟、统信多是 3.7）：把独立的 Python 3.11 解压到本文件夹的 python/ 里，" \
        "或者 PYTHON=/路径/python3.11 ./install.sh"
    exit 1
}

"$python" -m venv lvzhi
lvzhi/bin/python -m pip install --quiet --disable-pip-version-check --no-index --find-links wheels \
    --require-hashes -r requirements.txt
lvzhi/bin/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps wheels/lvzhi-*.whl
say "装好了。启动：./start.sh"
