#include "server/pages/console/desk.hpp"

#include "core/bytes.hpp"
#include "core/fold.hpp"
#include "core/http/uri.hpp"
#include "db/reference.hpp"
#include "scanner/picture_workers.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace nguon::server::pages::console {
namespace {

constexpr std::size_t reason_chars_max = 300;
constexpr std::string_view token_field = "form_token";
constexpr std::string_view elsewhere = "elsewhere"; // the choice of another province

struct Tone {
    std::string_view state;
    std::string_view tone;
    std::string_view icon;
};

/// A state has its icon and colour beside the word.
constexpr std::array tones{
    Tone{"approved", "good", "✓"},  Tone{"published", "good", "✓"},     Tone{"active", "good", "✓"},
    Tone{"valid", "good", "✓"},     Tone{"delivered", "good", "✓"},     Tone{"evidenced", "good", "✓"},
    Tone{"confirmed", "good", "✓"}, Tone{"returned", "bad", "↩"},       Tone{"suspended", "bad", "■"},
    Tone{"paused", "bad", "■"},     Tone{"expired", "bad", "✕"},        Tone{"revoked", "bad", "✕"},
    Tone{"refused", "bad", "✕"},    Tone{"recalled", "bad", "⚠"},       Tone{"withdrawn", "bad", "✕"},
    Tone{"wrong", "bad", "✕"},      Tone{"pending", "warn", "…"},       Tone{"expiring", "warn", "⚠"},
    Tone{"held", "warn", "…"},      Tone{"parked", "warn", "‖"},        Tone{"in_flight", "info", "→"},
    Tone{"sending", "info", "→"},   Tone{"not_yet", "info", "…"},       Tone{"superseded", "info", "·"},
    Tone{"excluded", "info", "·"},  Tone{"self_declared", "info", "i"}, Tone{"done", "good", "✓"},
    Tone{"queued", "warn", "…"},    Tone{"running", "info", "→"},       Tone{"failed", "bad", "✕"},
    Tone{"cancelled", "info", "·"}, Tone{"printed", "warn", "…"},       Tone{"activated", "good", "✓"},
    Tone{"shipped", "info", "→"},   Tone{"sold", "info", "·"},          Tone{"void", "bad", "✕"},
};

} // namespace

net::awaitable<http::Response> lead_elsewhere(Services& services, Request const& request)
{
    if (request.who.is_authority() && request.method == Method::get) co_return redirect("/province");
    co_return page_problem(services, request, forbidden("auth.forbidden"));
}

app::Actor actor_of(Services const& services, Request const& request)
{
    return {request.who.subject, request.who.org, request.id, services.clock.now()};
}

http::Response console_page(Services& services, Request const& request, std::string_view template_name, json view,
                            Error const* error)
{
    view["form_token"] = form_token(request);
    return page(services, request, template_name, std::move(view), error == nullptr ? 200 : status_of(*error));
}

Error placed(Error error, std::initializer_list<std::pair<std::string_view, std::string_view>> places)
{
    if (!error.fields.empty()) return error;
    for (auto const& [key, field] : places) {
        if (error.key != key) continue;
        error.fields.push_back({std::string{field}, error.key, error.values});
        error.key = "invalid";
        error.values.clear();
        break;
    }
    return error;
}

Result<std::string> read_reason(Form const& form)
{
    auto reason = clean_text(form.get("reason"), reason_chars_max);
    if (!reason) return invalid_fields({{"reason", reason.error().key, reason.error().values}});
    if (reason->empty()) return invalid_fields({{"reason", "field.required", {}}});
    return *std::move(reason);
}

std::string form_token(Request const& request)
{
    auto const kept = request.form.get(token_field);
    return is_uuid(kept) ? std::string{kept} : new_uuid();
}

db::Operation operation_of(Services const& services, Request const& request)
{
    auto const token = request.form.get(token_field);
    if (!is_uuid(token)) return {}; // a program's form: every call writes
    std::string all = request.path;
    for (auto const& [name, value] : request.form.fields()) {
        if (name != "csrf") all.append("\n").append(name).append("=").append(value); // the token differs every time
    }
    for (auto const& file : request.form.files()) all.append("\n").append(sha256_hex(file.bytes));
    return {request.who.org, "form:" + std::string{token}, sha256_hex(all), services.clock.now()};
}

Error explain_repeat(Error error)
{
    return error.key == "operation.key_reused" ? conflict("form.saved_already") : error;
}

std::string show_date(Request const& request, std::string_view iso_date)
{
    auto const date = parse_date(iso_date);
    return date ? format_date(request.language, *date) : std::string{iso_date};
}

std::string show_moment(Request const& request, Instant at) { return format_time(request.language, at); }

std::string show_decimal(Request const& request, std::string_view canonical)
{
    return canonical.empty() ? std::string{} : format_decimal(request.language, canonical);
}

std::string show_count(Request const& request, std::int64_t number) { return format_number(request.language, number); }

std::string typed_decimal(std::string_view canonical)
{
    std::string out{canonical};
    std::ranges::replace(out, '.', ','); // "1.234" could be read in two ways, "1,234" cannot
    return out;
}

std::string typed_moment(Instant at) { return to_iso(OffsetTime{at, vietnam_offset}).substr(0, 16); }

json chip(Services const& services, Request const& request, std::string_view prefix, std::string_view state)
{
    auto const found = std::ranges::find(tones, state, &Tone::state);
    return {{"tone", found == tones.end() ? "" : found->tone},
            {"icon", found == tones.end() ? "·" : found->icon},
            {"text", text(services, request, fmt::format("{}.{}", prefix, state))}};
}

Options commune_options(db::Connection& c, Services const& services, Request const& request, std::string_view empty_key)
{
    Options out{{"", text(services, request, empty_key)}};
    auto communes = db::reference::communes(c, services.settings.province_code);
    std::ranges::sort(communes, {}, [](auto const& commune) { return sort_key(commune.name); });
    for (auto const& commune : communes) out.emplace_back(commune.code, commune.kind + " " + commune.name);
    return out;
}

Options seat_options(db::Connection& c, Services const& services, Request const& request)
{
    auto out = commune_options(c, services, request, "console.address.choose");
    out.emplace_back(elsewhere, text(services, request, "console.address.elsewhere"));
    return out;
}

void check_seat(std::map<std::string, std::string, std::less<>>& values, std::vector<FieldError>& faults)
{
    if (values["address_line"].empty()) faults.push_back({"address_line", "field.required", {}});
    if (values["commune_code"].empty()) faults.push_back({"commune_code", "field.required", {}});
    bool const typed = values["commune_code"] == elsewhere;
    if (typed && values["commune_text"].empty()) faults.push_back({"commune_text", "console.commune_missing", {}});
    if (typed) values["commune_code"].clear();
}

net::awaitable<Result<std::vector<scanner::Photos>>> read_photos(Services& services, Request const& request,
                                                                 std::string field)
{
    std::vector<scanner::Photos> out;
    for (auto const& file : request.form.files()) {
        if (file.field != field) continue;
        if (services.pictures == nullptr) co_return unavailable("worker.unavailable");
        auto photos = co_await services.pictures->make_photos(file.bytes);
        if (!photos) {
            auto error = std::move(photos).error();
            error.fields.push_back(FieldError{field, error.key, error.values});
            co_return error;
        }
        out.push_back(*std::move(photos));
    }
    co_return out;
}

std::int64_t page_number(Request const& request)
{
    constexpr std::int64_t pages_max = 10'000;
    auto const given = request.query_value("page");
    std::int64_t number = 1;
    std::from_chars(given.data(), given.data() + given.size(), number);
    return std::clamp<std::int64_t>(number, 1, pages_max);
}

void add_pages(json& view, Request const& request, std::string_view path, std::size_t shown)
{
    auto const number = page_number(request);
    bool const more = shown > static_cast<std::size_t>(page_rows);
    if (number == 1 && !more) return;
    auto const url = [&](std::int64_t page) {
        return make_url(path, {{"query", request.query_value("query")}, {"page", std::to_string(page)}});
    };
    view["pages"] = {{"number", number},
                     {"previous", number > 1 ? url(number - 1) : std::string{}},
                     {"next", more ? url(number + 1) : std::string{}}};
}

std::string file_url(std::string_view sha256)
{
    return sha256.empty() ? std::string{} : "/console/files/" + std::string{sha256};
}

} // namespace nguon::server::pages::console
