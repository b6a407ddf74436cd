#pragma once

#include "core/http/message.hpp"
#include "core/result.hpp"
#include "server/http/request.hpp"

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace nguon::server {

struct Services;

/// Renders a page. To the view are added, for the layouts: lang, other_lang_url, csrf, signed_in, who_name, province,
/// domain, illustrative, nav (by scopes), css_url, public_css_html, version, notice (from `?done=key`). The view gives
/// `title` (a sentence, not a key) and may give `section` ("batches"), which marks the place in the navigation, and
/// `description`. On pages of the desk the worst alarm stands above, unless the view has `no_alarm_strip`.
http::Response page(Services& services, Request const& request, std::string_view template_name, nlohmann::json view,
                    unsigned status = 200);

/// The page of a form again, after an input error: what was typed stands in `form`, the faults in `errors`
/// (see form_errors); the status is the error's.
http::Response form_page(Services& services, Request const& request, std::string_view template_name,
                         nlohmann::json view, Error const& error);

/// The sentence in the request's language.
std::string text(Services const& services, Request const& request, std::string_view key,
                 std::initializer_list<std::string> values = {});

} // namespace nguon::server
