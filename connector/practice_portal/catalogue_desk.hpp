#pragma once

#include "core/http/message.hpp"

#include <filesystem>
#include <string_view>

/// The portal's catalogues, below "/DanhMuc/": entries {"ma", "ten", "maCha"} of nhomSanPham, donViTinh, xaPhuong and
/// congViec, a sample of what a ministry would publish.
namespace nguon::practice_portal {

inline constexpr std::string_view catalogue_path = "/DanhMuc/";

/// `name` stands behind the path. What `file` says, {"NAME": [{"ma", "ten", "maCha"}]}, stands in place of the sample;
/// it is read each time, so a script changes a catalogue by writing it anew. Unknown names are 404.
http::Response answer_catalogue(std::filesystem::path const& file, std::string_view name);

} // namespace nguon::practice_portal
