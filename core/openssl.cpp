#include "core/openssl.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

namespace nguon::openssl {

BioPtr reader_of(std::string_view text) { return BioPtr{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))}; }

BioPtr writer() { return BioPtr{BIO_new(BIO_s_mem())}; }

std::string text_of(BIO* writer)
{
    char* data = nullptr;
    auto const size = BIO_get_mem_data(writer, &data);
    return std::string(data, static_cast<std::size_t>(size));
}

std::vector<X509Ptr> read_certificates(std::string_view pem)
{
    std::vector<X509Ptr> found;
    auto const in = reader_of(pem);
    while (in) {
        X509Ptr certificate{PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)};
        if (!certificate) break;
        found.push_back(std::move(certificate));
    }
    ERR_clear_error();
    return found;
}

KeyPtr read_private_key(std::string_view pem)
{
    auto const in = reader_of(pem);
    return KeyPtr{in ? PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, const_cast<char*>("")) : nullptr};
}

KeyPtr read_public_key(std::string_view pem)
{
    auto const in = reader_of(pem);
    return KeyPtr{in ? PEM_read_bio_PUBKEY(in.get(), nullptr, nullptr, nullptr) : nullptr};
}

} // namespace nguon::openssl
