#pragma once

#include "core/json.hpp"
#include "core/limits.hpp"
#include "db/database.hpp"
#include "scanner/picture.hpp"
#include "server/app/actor.hpp"
#include "server/http/problem.hpp"
#include "server/http/respond.hpp"
#include "server/http/url.hpp"
#include "server/pages/console/console.hpp"
#include "server/services.hpp"
#include "server/web/form_view.hpp"
#include "server/web/locale.hpp"
#include "server/web/page.hpp"

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

/// What the console's pages share.
namespace nguon::server::pages::console {

using nlohmann::json;
using Options = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::int64_t page_rows = 30;
inline constexpr std::string_view picture_types = "image/jpeg,image/png,image/webp";

/// Who sends this request, for a use case.
app::Actor actor_of(Services const& services, Request const& request);

/// The page of a form has the status of its error, or 200.
http::Response console_page(Services& services, Request const& request, std::string_view template_name, json view,
                            Error const* error = nullptr);

/// Reads the first values of a form with a reader of core/model.
template <typename T>
Result<T> read_form_as(Form const& form, T (*read)(JsonReader&))
{
    auto const values = form.first();
    std::vector<FieldError> faults;
    JsonReader reader{values, faults};
    auto out = read(reader);
    if (!faults.empty()) return invalid_fields(std::move(faults));
    return out;
}

/// Says at which field a refusal without a place belongs: {{"batch.exists", "lot"}}.
Error placed(Error error, std::initializer_list<std::pair<std::string_view, std::string_view>> places);

/// "The reason of the change", which every later version needs. Errors: "field.required" at "reason".
Result<std::string> read_reason(Form const& form);

/// A token for a form, so that a second tap on its button saves nothing twice; see `save_once`.
std::string form_token(Request const& request);

/// Writes once for this form: `work` (Connection& -> Result<std::string>) gives the address of the page to go on with.
/// A repeat leads there without writing. Errors: those of `work`, conflict "form.saved_already" when another form came
/// with the same token.
template <typename Work>
net::awaitable<Result<std::string>> save_once(Services& services, Request const& request, Work work);
db::Operation operation_of(Services const& services, Request const& request);
Error explain_repeat(Error error);

// Texts in the request's language.
std::string show_date(Request const& request, std::string_view iso_date);
std::string show_moment(Request const& request, Instant at);
std::string show_decimal(Request const& request, std::string_view canonical);
std::string show_count(Request const& request, std::int64_t number);
/// A canonical decimal as a form shows it and reads it back: "12,5".
std::string typed_decimal(std::string_view canonical);
/// "2026-11-21T08:00", as <input type="datetime-local"> wants it, in Viet Nam's time.
std::string typed_moment(Instant at);

/// {"tone", "icon", "text"} of a state: the sentence is `prefix` + "." + `state`.
json chip(Services const& services, Request const& request, std::string_view prefix, std::string_view state);

/// Options whose sentences are `prefix` + "." + word.
template <typename Words>
Options options_of(Services const& services, Request const& request, std::string_view prefix, Words const& words)
{
    Options out;
    for (auto const& word : words)
        out.emplace_back(std::string{word}, text(services, request, std::string{prefix} + "." + std::string{word}));
    return out;
}

/// Communes of the installation's province, with an empty first line whose sentence is `empty_key`.
Options commune_options(db::Connection& c, Services const& services, Request const& request,
                        std::string_view empty_key);

/// The same for the seat of an organization, which may lie in another province: then its commune is typed.
Options seat_options(db::Connection& c, Services const& services, Request const& request);
/// Checks that the seat is whole, and turns the choice of another province into no choice, as `read_address` takes it.
void check_seat(std::map<std::string, std::string, std::less<>>& values, std::vector<FieldError>& faults);

/// Reads the pictures of a form in the sandbox. Errors: those of the workers, at `field`.
net::awaitable<Result<std::vector<scanner::Photos>>> read_photos(Services& services, Request const& request,
                                                                 std::string field);

/// The page number of ?page=, from 1.
std::int64_t page_number(Request const& request);
/// Adds "pages" {previous, next} when there is more than one page; `shown` rows came of `page_rows` + 1.
void add_pages(json& view, Request const& request, std::string_view path, std::size_t shown);

/// The address under which a member sees a file of the organization; "" for no digest.
std::string file_url(std::string_view sha256);

// ---- templates ----

template <typename Work>
net::awaitable<Result<std::string>> save_once(Services& services, Request const& request, Work work)
{
    auto once = [work = std::move(work)](db::Connection& c) mutable -> Result<db::OperationAnswer> {
        auto location = work(c);
        if (!location) return std::move(location).error();
        return db::OperationAnswer{303, *std::move(location), {}, false};
    };
    auto operation = operation_of(services, request);
    auto answer = co_await services.database.write(std::move(operation), std::move(once));
    if (!answer) co_return explain_repeat(std::move(answer).error());
    if (services.wake_connector) services.wake_connector();
    co_return answer->location;
}

} // namespace nguon::server::pages::console
