# start.sh 和 stop.sh 都用：lvzhi.pid 记下的进程是不是这里启动的系统。
# 重启过机器以后，记下的编号可能是别的程序的：要在这个文件夹里，执行的是 lvzhi serve。
ours() {
    [ -e lvzhi.pid ] && [ "$(readlink "/proc/$(cat lvzhi.pid)/cwd")" = "$(pwd -P)" ] &&
        tr '\0' ' ' <"/proc/$(cat lvzhi.pid)/cmdline" | grep -q 'lvzhi serve'
}
