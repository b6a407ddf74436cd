#!/bin/bash
# certify.sh DIR REQUEST OUT [DAYS]: what the authority of DIR (see make_dev_certs.sh) makes of a certificate request, for
# practice and tests. Valid since yesterday, as real authorities do it, so that a clock that is behind does not refuse it.
set -eu
umask 077

if [ $# -lt 3 ]; then
    echo "usage: certify.sh DIR REQUEST OUT [DAYS]" >&2
    exit 2
fi
days=${4:-365}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: >"$work/index.txt"
openssl rand -hex 16 | sed 's/^./4/' >"$work/serial"
cat >"$work/ca.cnf" <<END
[ca]
default_ca = authority
[authority]
database = $work/index.txt
serial = $work/serial
new_certs_dir = $work
default_md = sha256
policy = anything
x509_extensions = client
[anything]
countryName = optional
stateOrProvinceName = optional
organizationName = optional
commonName = supplied
[client]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
END
openssl ca -batch -utf8 -notext -config "$work/ca.cnf" -cert "$1/ca.pem" -keyfile "$1/ca.key" -in "$2" \
    -out "$work/issued.pem" -startdate "$(date -u -d yesterday +%Y%m%d%H%M%SZ)" \
    -enddate "$(date -u -d "$days days" +%Y%m%d%H%M%SZ)" 2>"$work/said" || {
    cat "$work/said" >&2
    exit 1
}
cp "$work/issued.pem" "$3"
