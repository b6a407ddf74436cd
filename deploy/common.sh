# shellcheck shell=bash
# What deploy/run and tests/run share. Sourced, with $root set to the top of the tree.
# Works without /proc and without a UTF-8 locale, as in a fresh chroot: no process substitution, no `ip`, no `df`.
: "${root:?}"

# fail VIETNAMESE ENGLISH [STATUS]: the one sentence that says what to do, in both languages.
fail()
{
    printf '%s\n%s\n' "$1" "$2" >&2
    exit "${3:-1}"
}

# A fresh chroot may lack /proc, which Chromium and the sandboxed file workers need: root mounts it for as long as
# the script runs (release_proc belongs into the EXIT trap).
mount_proc()
{
    mounted_proc=''
    if [ ! -e /proc/self/stat ] && [ "$(id -u)" = 0 ] && mount -t proc proc /proc 2>/dev/null; then mounted_proc=1; fi
}

release_proc()
{
    [ -z "${mounted_proc:-}" ] || umount /proc 2>/dev/null || true
}

# How many compilers at once: one a processor, as far as memory reaches.
jobs()
{
    local processors megabytes pages
    processors=$(nproc 2>/dev/null || echo 1)
    if [ -r /proc/meminfo ]; then
        megabytes=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
    else
        pages=$(getconf _AVPHYS_PAGES 2>/dev/null || echo 0)
        megabytes=$((pages * $(getconf PAGESIZE) / 1048576))
    fi
    local fit=$((${megabytes:-0} / 1500))
    [ "$fit" -lt "$processors" ] || fit=$processors
    [ "$fit" -ge 1 ] || fit=1
    echo "$fit"
}

# Megabytes that are free where $1 lies or will lie.
free_megabytes()
{
    local folder=$1 numbers
    while [ ! -d "$folder" ]; do folder=$(dirname "$folder"); done
    numbers=$(stat -f -c '%a %S' "$folder")
    echo $((${numbers% *} * ${numbers#* } / 1048576))
}

# need_space FOLDER MEGABYTES
need_space()
{
    local free
    free=$(free_megabytes "$1")
    [ "$free" -ge "$2" ] ||
        fail "Ổ đĩa sắp đầy: $1 chỉ còn $free MB, cần ít nhất $2 MB; hãy giải phóng chỗ rồi chạy lại." \
            "The disk is nearly full: $1 has $free MB left and $2 MB are needed; free some space and run again."
}

# Browser parts and test tools, into build/npm/node_modules; nothing happens when the lock file and Node are as before.
fetch_npm()
{
    local stamp=$root/build/npm/.stamp want
    want=$(cat "$root/package.json" "$root/package-lock.json" "$root/.npmrc" | sha256sum)$(node --version)
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then return 0; fi
    echo "Đang tải phần trình duyệt / fetching browser parts (npm ci)"
    mkdir -p "$root/build/npm"
    cp "$root/package.json" "$root/package-lock.json" "$root/.npmrc" "$root/build/npm/"
    (cd "$root/build/npm" && npm ci --ignore-scripts --no-audit --no-fund) >"$root/build/npm.log" 2>&1 </dev/null ||
        fail "npm không tải được phần trình duyệt: kiểm tra kết nối mạng rồi chạy lại (chi tiết: $root/build/npm.log)." \
            "npm could not fetch the browser parts: check the network and run again (details: $root/build/npm.log)."
    printf '%s' "$want" >"$stamp"
}

# build_tree PRESET TARGET [CMAKE OPTION…]: configures when needed and builds.
build_tree()
{
    local preset=$1 target=$2
    shift 2
    need_space "$root/build" 2000
    if [ ! -f "$root/build/$preset/build.ninja" ] || [ $# -gt 0 ]; then
        (cd "$root" && cmake --preset "$preset" "$@" >"$root/build/$preset.configure.log" 2>&1) ||
            fail "CMake không cấu hình được bản dựng: xem $root/build/$preset.configure.log." \
                "CMake could not configure the build: see $root/build/$preset.configure.log."
    fi
    cmake --build "$root/build/$preset" --target "$target" -j "$(jobs)" ||
        fail "Chưa dựng được chương trình: lỗi đầu tiên ở ngay phía trên." \
            "The program could not be built: the first error stands above."
}
