#pragma once

#include "connector/practice_portal/ledger.hpp"
#include "core/http/message.hpp"

#include <filesystem>
#include <string_view>

/// Where pictures are sent before the records that show them: a form with "maBam", the SHA-256, and "file", a JPEG.
namespace nguon::practice_portal {

inline constexpr std::string_view picture_path = "/HinhAnh";

/// Takes one picture, once however often it comes; it lies in `directory` from then on and its number in the ledger.
/// Anything else than a JPEG of its digest within the portal's limit is refused.
http::Response answer_picture(Ledger& ledger, std::filesystem::path const& directory, http::Request const& request,
                              Instant now);

} // namespace nguon::practice_portal
