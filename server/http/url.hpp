#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace nguon::server {

/// Data in a path goes through http::percent_encode first.
/// "/console/batches?query=l%C3%BAa&page=2"; empty values are left out.
std::string make_url(std::string_view path, std::initializer_list<std::pair<std::string_view, std::string_view>> query);

/// The path itself when it leads to a page of this service ("/console/…"), else `fallback`: keeps `?next=` from leading
/// to strangers.
std::string local_path(std::string_view path, std::string_view fallback);

/// A number of a query or path; 0 when it is none.
std::int64_t read_number(std::string_view text);

} // namespace nguon::server
