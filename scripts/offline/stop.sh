#!/bin/sh
# 停止：正在办的请求办完，最迟 15 秒。
set -eu
cd "$(dirname "$0")"
. ./ours.sh
ours && kill "$(cat lvzhi.pid)" || { echo "没有在运行" >&2; rm -f lvzhi.pid; exit 0; }
n=0
while ours && [ $n -lt 30 ]; do n=$((n + 1)); sleep 1; done
ours && { echo "30 秒内没有停下，请再试，或者 kill -9 $(cat lvzhi.pid)" >&2; exit 1; }
rm -f lvzhi.pid
echo "已停止"
