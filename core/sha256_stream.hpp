#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace nguon {

/// SHA-256 of bytes that come in pieces.
class Sha256Stream {
public:
    Sha256Stream();

    void add(std::string_view bytes);
    /// 64 lower-case hexadecimal digits of everything added; nothing may be added afterwards.
    std::string hex();

private:
    struct Release {
        void operator()(evp_md_ctx_st* context) const;
    };

    std::unique_ptr<evp_md_ctx_st, Release> context_;
};

} // namespace nguon
