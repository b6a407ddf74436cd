#include "server/pages/check.hpp"

#include "core/gs1/read_code.hpp"
#include "scanner/decode.hpp"
#include "scanner/picture_workers.hpp"
#include "server/app/look_up.hpp"
#include "server/http/finish.hpp"
#include "server/http/problem.hpp"
#include "server/http/respond.hpp"
#include "server/http/static_files.hpp"
#include "server/services.hpp"
#include "server/web/form_view.hpp"
#include "server/web/locale.hpp"
#include "server/web/page.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace nguon::server::pages {
namespace {

using nlohmann::json;

constexpr std::size_t code_chars_max = 400;

std::string keep_language(Request const& request, std::string path)
{
    auto const language = request.query_value("lang");
    if (language.empty()) return path;
    return path + (path.find('?') == std::string::npos ? "?lang=" : "&lang=") + std::string{language};
}

http::Response check_page(Services& services, Request const& request, Error const* error, json choices = json::array())
{
    json view{{"title", text(services, request, "check.title")},
              {"description", text(services, request, "check.lead")},
              {"choices", choices},
              {"script_url", services.static_files.url("scan.js")},
              {"reader_url", services.static_files.url("zxing_reader.js")},
              {"wasm_url", services.static_files.url("zxing_reader.wasm")},
              {"has_choices", !choices.empty()}};
    FormView form{services, request, "check.field", request.form.to_json(), error};
    form.add({.name = "code", .required = true, .autocomplete = "off", .chars_max = code_chars_max});
    form.add({.name = "photo", .type = "file", .required = true, .accept = "image/*"});
    form.put_into(view);
    auto response = page(services, request, "check", std::move(view), error == nullptr ? 200 : status_of(*error));
    response.header("Content-Security-Policy", scan_policy(services.static_files.public_css_hash()));
    return response;
}

Error at_field(Error error, std::string_view field)
{
    error.fields = {{"/" + std::string{field}, error.key, error.values}};
    return error;
}

/// "Mã sản phẩm (01): 08939999000017, Số lô (10): L1"; a code that is no GS1 data as it stands.
std::string in_words(Services const& services, Request const& request, scanner::DecodedCode const& code)
{
    std::string out;
    for (auto const& [ai, value] : gs1::read_code(code.identifier + code.text).elements) {
        if (!out.empty()) out += ", ";
        out += text(services, request, "check.part", {ai, value});
    }
    return out.empty() ? code.text : out;
}

net::awaitable<http::Response> check_photo(Services& services, Request const& request, std::string bytes)
{
    if (services.pictures == nullptr) {
        auto const error = unavailable("worker.unavailable");
        co_return check_page(services, request, &error);
    }
    auto const codes = co_await services.pictures->decode(std::move(bytes));
    if (!codes) {
        auto const error = at_field(codes.error(), "photo");
        co_return check_page(services, request, &error);
    }
    json choices = json::array();
    Error last = invalid("picture.no_code");
    for (auto const& code : *codes) {
        auto const path = app::path_of_code(code.identifier + code.text);
        if (!path) {
            last = path.error();
            continue;
        }
        json choice{{"url", keep_language(request, *path)}, {"text", in_words(services, request, code)}};
        // A sheet of labels shows the same code many times.
        if (std::find(choices.begin(), choices.end(), choice) == choices.end()) choices.push_back(std::move(choice));
    }
    if (choices.size() == 1) co_return redirect(choices.front()["url"].get<std::string>());
    if (choices.empty()) {
        auto const error = at_field(std::move(last), "photo");
        co_return check_page(services, request, &error);
    }
    co_return check_page(services, request, nullptr, std::move(choices));
}

} // namespace

net::awaitable<http::Response> show_check(Services& services, Request const& request)
{
    auto const code = request.query_value("code");
    if (code.empty()) co_return check_page(services, request, nullptr);
    auto const path = app::path_of_code(code);
    if (path) co_return redirect(keep_language(request, *path));
    auto const error = at_field(path.error(), "code");
    co_return check_page(services, request, &error);
}

net::awaitable<http::Response> check(Services& services, Request const& request)
{
    if (auto const* photo = request.form.file("photo"); photo != nullptr && !photo->bytes.empty())
        co_return co_await check_photo(services, request, photo->bytes);
    auto const code = request.form.get("code");
    auto const path = code.empty() ? Result<std::string>{invalid("code.empty")} : app::path_of_code(code);
    if (path) co_return redirect(keep_language(request, *path));
    auto const error = at_field(path.error(), request.form.has("photo") ? "photo" : "code");
    co_return check_page(services, request, &error);
}

} // namespace nguon::server::pages
