#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/// OpenSSL's objects with one owner, and the PEM texts they are read from.
namespace nguon::openssl {

template <auto Free>
struct Freer {
    template <typename T>
    void operator()(T* object) const
    {
        Free(object);
    }
};

template <typename T, auto Free>
using Ptr = std::unique_ptr<T, Freer<Free>>;

using BioPtr = Ptr<BIO, &BIO_free_all>;
using KeyPtr = Ptr<EVP_PKEY, &EVP_PKEY_free>;
using X509Ptr = Ptr<X509, &X509_free>;
using RequestPtr = Ptr<X509_REQ, &X509_REQ_free>;

/// Reads `text`, which must outlive it.
BioPtr reader_of(std::string_view text);
/// Takes what is written, for `text_of`.
BioPtr writer();
/// What was written to a `writer`.
std::string text_of(BIO* writer);

/// All certificates of a PEM text; none when there are none.
std::vector<X509Ptr> read_certificates(std::string_view pem);
/// Nothing for other texts and for an encrypted key, which would ask for its passphrase at the terminal.
KeyPtr read_private_key(std::string_view pem);
/// Nothing for other texts.
KeyPtr read_public_key(std::string_view pem);

} // namespace nguon::openssl
