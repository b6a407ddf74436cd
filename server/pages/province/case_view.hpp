#pragma once

#include "server/pages/province/desk.hpp"

/// What the pages of complaints, inspections and requests share.
namespace nguon::server::pages::province {

/// {"tone", "icon", "text"}: "còn 2 ngày", "quá hạn 3 giờ".
json due_chip(Services const& services, Request const& request, Instant due, Instant now);

/// What somebody is called in a history; an erased or unknown person is "somebody", a stranger the buyer.
std::string actor_name(db::Connection& c, Services const& services, Request const& request, std::string const& subject);

/// [{"url"}] of pictures, as the desk sees them.
json picture_views(std::vector<std::string> const& digests);

/// The JPEGs of a form's field, read in the sandbox. Errors: those of `console::read_photos`.
net::awaitable<Result<std::vector<std::string>>> read_jpegs(Services& services, Request const& request,
                                                            std::string field);

/// The text of a form's field. Errors: those of `clean_text`, at the field.
Result<std::string> read_text(Request const& request, std::string_view field, std::size_t chars_max);

} // namespace nguon::server::pages::province
