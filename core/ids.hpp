#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace nguon {

/// An identifier that cannot be taken for one of another kind. The text is a UUID, except where a kind says otherwise.
template <typename Kind>
class Id {
public:
    Id() = default;
    explicit Id(std::string text) : text_{std::move(text)} {}

    std::string const& text() const { return text_; }
    bool empty() const { return text_.empty(); }

    auto operator<=>(Id const&) const = default;

private:
    std::string text_;
};

using OrganizationId = Id<struct OrganizationKind>;
using PersonId = Id<struct PersonKind>;
using PlaceId = Id<struct PlaceKind>;
using ProductId = Id<struct ProductKind>;
using BatchId = Id<struct BatchKind>;
using CertificateId = Id<struct CertificateKind>;
using CaptureId = Id<struct CaptureKind>;

/// A new UUID version 7 (RFC 9562 §5.7): time first, so that indexes grow at one end; 74 random bits, so that nobody
/// guesses one.
std::string new_uuid();

template <typename Kind>
Id<Kind> new_id()
{
    return Id<Kind>{new_uuid()};
}

/// True for 36 characters in the form of a UUID, hexadecimal digits in either case.
bool is_uuid(std::string_view text);

} // namespace nguon
