#!/bin/sh
# 在后台启动，日志在 lvzhi.log。改端口：PORT=9000 ./start.sh
set -eu
cd "$(dirname "$0")"
[ -x lvzhi/bin/lvzhi ] || { echo "还没有安装：先执行 ./install.sh" >&2; exit 1; }
. ./ours.sh
if ours; then
    echo "已经在运行（$(cat lvzhi.pid)）" >&2
    exit 0
fi
touch lvzhi.log
chmod 600 lvzhi.log
before=$(wc -c <lvzhi.log)
nohup lvzhi/bin/lvzhi serve --port "${PORT:-8080}" --data data >>lvzhi.log 2>&1 &
echo $! >lvzhi.pid
n=0
until lvzhi/bin/python -c "import urllib.request as r; r.urlopen('http://127.0.0.1:${PORT:-8080}/health/ready', timeout=2)" 2>/dev/null; do
    n=$((n + 1))
    kill -0 "$(cat lvzhi.pid)" 2>/dev/null && [ $n -lt 60 ] || { tail -n 3 lvzhi.log >&2; exit 1; }
    sleep 1
done

# 只看这一次写的。还没有账号的，一次性的地址在启动之后才写出来，等几秒。
said() { tail -c +$((before + 1)) lvzhi.log | grep -F -e "$1"; }
n=0
until said '一次性的地址' >/dev/null || [ $n -ge 5 ]; do
    n=$((n + 1))
    sleep 1
done
said '履职系统已启动'
said '一次性的地址' || echo "还没有账号的：lvzhi/bin/lvzhi account recover --first --data data --url http://127.0.0.1:${PORT:-8080}"
