#!/bin/bash
# install_packages.sh GROUP…: installs what the groups (build, run, test) need and this Debian 12 lacks.
# Asks apt only when something is missing; needs root or sudo only then. Used by deploy/run and tests/run.
set -eu

# One line a package: group, package, the command that makes it unnecessary when somebody else provides it, why.
packages='
build  g++                       -        compiler
build  cmake                     -        build description
build  ninja-build               ninja    runs the build
build  ccache                    -        keeps compiled objects
build  mold                      -        links in a second
build  pkg-config                -        finds libraries
build  libboost1.81-dev          -        Asio and Beast: sockets, HTTP
build  libsqlite3-dev            -        embedded database
build  libpq-dev                 -        PostgreSQL client
build  libssl-dev                -        TLS, SHA-256
build  libzxing-dev              -        draws and reads QR, Data Matrix and others
build  libzint-dev               -        draws GS1 symbols with FNC1, DataBar, the smallest QR codes
build  nlohmann-json3-dev        -        JSON
build  libkainjow-mustache-dev   -        HTML templates
build  libcurl4-openssl-dev      -        sends mails of alarms
build  libsodium-dev             -        argon2id passwords, Ed25519
build  libcairo2-dev             -        draws labels as PDF
build  libpango1.0-dev           -        sets Vietnamese text on labels
build  libjpeg62-turbo-dev       -        JPEG photographs
build  libpng-dev                -        PNG
build  libwebp-dev               -        WebP
build  libicu-dev                -        Unicode folding and Vietnamese order
build  libcli11-dev              -        command line
build  libtomlplusplus-dev       -        settings
build  libxlsxwriter-dev         -        writes XLSX
build  libzip-dev                -        opens XLSX, packs DOCX
build  libxml2-dev               -        XML events, XLSX sheets and DOCX
build  libseccomp-dev            -        locks the file workers in
build  libzstd-dev               -        keeps captured documents small
build  libbrotli-dev             -        compressed pages
build  zlib1g-dev                -        compressed pages
build  libfmt-dev                -        text formatting
build  nodejs                    node     fetches the browser parts, runs the browser tests
build  npm                       npm      fetches the browser parts
run    fonts-roboto-unhinted     -        label and picture text
run    fonts-dejavu-core         -        fallback characters
run    libreoffice-writer-nogui -       lays out documents as PDF
run    fonts-liberation2         -        stands for Times New Roman, with Vietnamese
run    openssl                   openssl  development certificates
run    ca-certificates           -        npm and portals over TLS
test   git                       git      state of the tree
test   libgtest-dev              -        test framework
test   libgmock-dev              -        matchers
test   postgresql-15             -        throw-away cluster
test   postgresql-client-15      -        looks into it
test   chromium                  chromium browser tests
test   libqrencode-dev           -        benchmark neighbour
test   zbar-tools                zbarimg  foreign decoder of our labels
test   dmtx-utils                dmtxread foreign decoder of Data Matrix
test   poppler-utils             pdftoppm renders our PDF pages
test   libreoffice-calc-nogui    -        opens our XLSX
test   librsvg2-bin              rsvg-convert renders our SVG sheets
test   nginx-light               nginx    benchmark neighbour
test   wrk                       wrk      load
test   apache2-utils             ab       load with client certificates
test   clang-format              clang-format form of the code
test   clang-tidy                clang-tidy faults in the code
test   shellcheck                shellcheck faults in the scripts
test   python3                   python3  checks over the tree
test   python3-aiosmtpd          -        a mail server to send to
test   webp                      cwebp    small screenshots
test   curl                      curl     requests from outside
test   util-linux                runuser  PostgreSQL does not run as root
'

here=$(cd "$(dirname "$0")/.." && pwd)
log=$here/build/install.log

# fail VIETNAMESE ENGLISH
fail()
{
    printf '%s\n%s\n' "$1" "$2" >&2
    exit 1
}

# The packages of the wanted groups that are neither installed nor provided.
missing_packages()
{
    local group package command installed
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')
    while read -r group package command _; do
        [ -n "$group" ] || continue
        case " $* " in *" $group "*) ;; *) continue ;; esac
        if [ "$command" != - ] && command -v "$command" >/dev/null 2>&1; then continue; fi
        case "
$installed
" in *"
$package
"*) continue ;; esac
        echo "$package"
    done <<END
$packages
END
}

as_root()
{
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Services that come with test tools (PostgreSQL, nginx) stay off: the tests start their own.
hold_services()
{
    [ ! -e /usr/sbin/policy-rc.d ] || return 0
    trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
    as_root chmod 755 /usr/sbin/policy-rc.d
}

# Says in one sentence why apt gave up, as far as its log tells.
explain()
{
    if grep -qiE 'no space left|not enough free space|enough free space' "$log"; then
        fail "Ổ đĩa đầy, chưa cài được gói: giải phóng ít nhất 4 GB rồi chạy lại." \
            "The disk is full and packages could not be installed: free at least 4 GB and run again."
    elif grep -qiE 'could not resolve|failed to fetch|unable to connect|could not connect|network is unreachable|connection timed out|connection failed' "$log"; then
        fail "Không tải được gói vì máy không ra được mạng: kiểm tra kết nối hoặc proxy rồi chạy lại (chi tiết: $log)." \
            "Packages could not be fetched because the network is out of reach: check the connection or proxy and run again (details: $log)."
    elif grep -qiE 'could not get lock|unable to acquire' "$log"; then
        fail "Một lệnh apt khác đang chạy: đợi nó xong rồi chạy lại." \
            "Another apt command is running: wait for it to finish and run again."
    fi
    fail "apt không cài được các gói cần thiết: xem $log, sửa lỗi ghi ở cuối rồi chạy lại." \
        "apt could not install the packages needed: see $log, mend the fault at its end and run again."
}

for group in "$@"; do
    case $group in
    build | run | test) ;;
    *)
        echo "install_packages.sh: unknown group '$group'; use build, run or test." >&2
        exit 2
        ;;
    esac
done

missing=$(missing_packages "$@" | tr '\n' ' ')
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    fail "Máy này không phải Debian 12: hãy tự cài các gói $missing" \
        "This machine has no apt: install these packages by hand: $missing"
fi
if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null 2>&1; then
    fail "Cần quyền root một lần để cài gói: đăng nhập root và chạy lại, hoặc cài sudo." \
        "Root is needed once to install packages: run again as root, or install sudo."
fi

mkdir -p "$(dirname "$log")"
printf 'Đang cài gói / installing packages: %s\n' "$missing"
if [ "$(id -u)" != 0 ]; then sudo -v; fi
case " $* " in *" test "*) hold_services ;; esac
options='-y -q --no-install-recommends -o APT::Update::Error-Mode=any -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0'
# shellcheck disable=SC2086  # words wanted
if ! { as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get $options update &&
    as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get $options install $missing; } >"$log" 2>&1 </dev/null; then
    explain
fi
