#!/bin/bash
# make_dev_certs.sh DIR [NAME…]: a development CA in DIR and what it signs; see README.md beside this file.
# Makes only what is missing, expires within 30 days, or does not name every NAME (host name or address).
set -eu
umask 077

if [ $# -lt 1 ] || [ "${1#-}" != "$1" ]; then
    echo "usage: make_dev_certs.sh DIR [NAME...]" >&2
    exit 2
fi
if ! command -v openssl >/dev/null 2>&1; then
    echo "make_dev_certs.sh: openssl is missing; install the package openssl." >&2
    exit 1
fi

mkdir -p "$1"
cd "$1"
shift
days=365
renew_seconds=$((30 * 24 * 3600))
subject='/O=Nguồn DEVELOPMENT/CN=Nguồn DEVELOPMENT'

work=$(mktemp -d ./.making.XXXXXX)
trap 'rm -rf "$work"' EXIT

# Host names and addresses as a subjectAltName, without doubles.
alternative_names()
{
    local name kind list='' item
    for name in localhost 127.0.0.1 ::1 "$@"; do
        kind=DNS
        case $name in *:*) kind=IP ;; esac
        if printf '%s' "$name" | grep -Eq '^[0-9]+(\.[0-9]+){3}$'; then kind=IP; fi
        item=$kind:$name
        case ",$list," in *",$item,"*) ;; *) list=${list:+$list,}$item ;; esac
    done
    printf '%s' "$list"
}

# Whether certificate $1.pem is there, has its key, is signed by this CA and lasts longer than the renewal time.
is_good()
{
    [ -s "$1.pem" ] && [ -s "$1.key" ] &&
        openssl x509 -in "$1.pem" -noout -checkend "$renew_seconds" >/dev/null 2>&1 &&
        openssl verify -CAfile ca.pem "$1.pem" >/dev/null 2>&1 &&
        [ "$(openssl x509 -in "$1.pem" -noout -pubkey)" = "$(openssl pkey -in "$1.key" -pubout 2>/dev/null)" ]
}

# Whether certificate $1.pem answers for every name that follows.
names_all()
{
    local file=$1.pem name test
    shift
    for name in localhost 127.0.0.1 ::1 "$@"; do
        test=-checkhost
        case $name in *:*) test=-checkip ;; esac
        if printf '%s' "$name" | grep -Eq '^[0-9]+(\.[0-9]+){3}$'; then test=-checkip; fi
        openssl x509 -in "$file" -noout "$test" "$name" | grep -q 'does match' || return 1
    done
}

new_key()
{
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null
}

# The key comes into place first: a program that reads in between sees the old pair or no pair, and retries.
put()
{
    chmod 644 "$work/$1.pem"
    mv "$work/$1.key" "$1.key"
    mv "$work/$1.pem" "$1.pem"
}

make_ca()
{
    new_key "$work/ca.key"
    openssl req -new -x509 -utf8 -key "$work/ca.key" -sha256 -days "$days" -subj "$subject CA" \
        -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
        -out "$work/ca.pem"
    put ca
}

# make_leaf FILE "NAME" USAGE [SUBJECTALTNAME]
make_leaf()
{
    new_key "$work/$1.key"
    {
        echo 'basicConstraints=critical,CA:FALSE'
        echo 'keyUsage=critical,digitalSignature'
        echo "extendedKeyUsage=$3"
        echo 'subjectKeyIdentifier=hash'
        echo 'authorityKeyIdentifier=keyid'
        if [ -n "${4:-}" ]; then echo "subjectAltName=$4"; fi
    } >"$work/extensions"
    openssl req -new -utf8 -key "$work/$1.key" -subj "$subject $2" -out "$work/request"
    openssl x509 -req -in "$work/request" -CA ca.pem -CAkey ca.key -set_serial "0x$(openssl rand -hex 16 | sed 's/^./4/')" \
        -sha256 -days "$days" -extfile "$work/extensions" -out "$work/$1.pem" 2>/dev/null
    put "$1"
}

# A new CA makes every certificate below it new, because is_good asks the CA in force.
if ! is_good ca; then make_ca; fi
if ! is_good server || ! names_all server "$@"; then
    make_leaf server 'server' serverAuth "$(alternative_names "$@")"
fi
if ! is_good portal || ! names_all portal; then make_leaf portal 'practice portal' serverAuth "$(alternative_names)"; fi
if ! is_good connector; then make_leaf connector 'connector' clientAuth; fi

# The receipt key never expires: receipts signed with it must stay verifiable.
if [ ! -s receipt.key ]; then
    openssl genpkey -algorithm ED25519 -out "$work/receipt.key"
    mv "$work/receipt.key" receipt.key
    rm -f receipt.pub
fi
if [ ! -s receipt.pub ]; then
    openssl pkey -in receipt.key -pubout -out "$work/receipt.pub"
    chmod 644 "$work/receipt.pub"
    mv "$work/receipt.pub" receipt.pub
fi
chmod 600 ./*.key
