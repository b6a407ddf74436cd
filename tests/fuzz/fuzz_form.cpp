#include "core/fold.hpp"
#include "core/http/uri.hpp"
#include "core/limits.hpp"
#include "server/http/form.hpp"
#include "server/http/url.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include <nlohmann/json.hpp>

namespace {

using namespace nguon;
using namespace nguon::server;

void check(bool holds)
{
    if (!holds) std::abort();
}

/// What no screen, log or database may be handed.
void check_form(Form const& form)
{
    check(form.fields().size() <= limits::form_fields_max && form.files().size() <= limits::form_files_max);
    for (auto const& [name, value] : form.fields()) {
        check(is_utf8(name) && is_utf8(value));
        check(value.find('\0') == std::string::npos && value.find('\r') == std::string::npos);
        check(form.has(name) && !form.all(name).empty() && form.get(name) == form.all(name).front());
    }
    for (auto const& file : form.files()) {
        check(is_utf8(file.name) && file.name.find_first_of("/\\\r\n") == std::string::npos);
        check(form.file(file.field) != nullptr);
    }
    static_cast<void>(form.to_json().dump());
}

void check_uri(std::string_view text)
{
    for (bool const plus_is_space : {false, true}) {
        auto const decoded = http::percent_decode(text, plus_is_space);
        if (!decoded) continue;
        check(is_utf8(*decoded) && decoded->find('\0') == std::string::npos);
        check(*http::percent_decode(http::percent_encode(*decoded), plus_is_space) == *decoded);
    }
    if (auto const query = http::parse_query(text)) {
        auto const again = http::parse_query(http::to_query(*query));
        check(again.ok() && *again == *query);
    }
    if (auto const url = http::parse_url(text)) {
        auto const again = http::parse_url((url->secure ? "https://" : "http://") + url->authority() + url->path);
        check(again.ok() && again->host == url->host && again->port == url->port && again->path == url->path);
    }
    auto const path = local_path(text, "/fallback");
    check(path.starts_with('/') && !path.starts_with("//") && path.find('\\') == std::string::npos);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    check_uri(text);
    if (auto const form = read_urlencoded(text)) check_form(*form);
    // The first line of a multipart body is its delimiter.
    auto const line = text.substr(0, text.find("\r\n"));
    if (!line.starts_with("--")) return 0;
    auto const form = read_multipart(text, line.substr(2));
    if (form) check_form(*form);
    return 0;
}
