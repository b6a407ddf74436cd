#include "server/app/places.hpp"
#include "db/reference.hpp"
#include "server/pages/console/desk.hpp"

#include <fmt/format.h>

namespace nguon::server::pages::console {
namespace {

constexpr std::size_t text_chars_max = 200;

/// What the form of a place needs: the catalogue, and the place as it is when there is one.
struct PlaceForm {
    Options communes = {};
    db::places::Head head = {};
    Place place = {};
};

Result<PlaceForm> read_place_form(db::Connection& c, Services const& services, Request const& request)
{
    PlaceForm form;
    form.communes = commune_options(c, services, request, "console.address.commune_elsewhere");
    PlaceId const id{std::string{request.param("id")}};
    if (id.empty()) return form;
    auto const head = db::places::find(c, request.who.org, id);
    if (!head) return head.error();
    auto const place = db::places::fields(c, id, head->latest_version);
    if (!place) return place.error();
    form.head = *head;
    form.place = *place;
    return form;
}

net::awaitable<Result<PlaceForm>> load(Services& services, Request const& request)
{
    auto work = [&services, &request](db::Connection& c) { return read_place_form(c, services, request); };
    co_return co_await services.database.read(std::move(work));
}

json values_of(Place const& place)
{
    auto const degrees = [](std::optional<double> value) {
        return value ? typed_decimal(fmt::format("{}", *value)) : std::string{};
    };
    return {{"kind", place.kind},
            {"name", place.name},
            {"code", place.code},
            {"gln", place.gln},
            {"address_line", place.address.line},
            {"commune_code", place.address.commune_code},
            {"commune_text", place.address.commune_text},
            {"former_address", place.address.former},
            {"growing_area_code", place.growing_area_code},
            {"area_ha", typed_decimal(place.area_ha)},
            {"latitude", degrees(place.latitude)},
            {"longitude", degrees(place.longitude)}};
}

http::Response place_page(Services& services, Request const& request, PlaceForm const& shown, Error const* error)
{
    bool const posted = request.method == Method::post;
    bool const known = !shown.head.id.empty();
    auto const action = known ? "/console/places/" + shown.head.id.text() : std::string{"/console/places/new"};
    json view{{"title", known ? shown.head.name : text(services, request, "console.place.new")},
              {"section", "places"},
              {"action", action},
              {"more_open", posted || known}};
    FormView form{services, request, "console.place", posted ? request.form.to_json() : values_of(shown.place), error};
    form.add({.name = "kind",
              .type = "select",
              .required = true,
              .options = options_of(services, request, "console.place.kind", place_kinds)});
    form.add({.name = "name", .required = true, .seen_by = SeenBy::everyone, .chars_max = text_chars_max});
    form.add({.name = "commune_code", .type = "select", .seen_by = SeenBy::everyone, .options = shown.communes});
    form.add({.name = "address_line", .seen_by = SeenBy::authority, .chars_max = text_chars_max});
    form.add({.name = "commune_text", .chars_max = text_chars_max});
    form.add({.name = "former_address", .chars_max = text_chars_max});
    form.add({.name = "growing_area_code", .seen_by = SeenBy::everyone, .chars_max = 40});
    for (auto const name : {"area_ha", "latitude", "longitude"})
        form.add({.name = name, .seen_by = SeenBy::authority, .input_mode = "decimal", .chars_max = 20});
    form.add({.name = "code", .seen_by = SeenBy::authority, .chars_max = 20});
    form.add({.name = "gln", .input_mode = "numeric", .chars_max = 20});
    if (known) form.add({.name = "reason", .required = true, .seen_by = SeenBy::authority, .chars_max = 300});
    form.put_into(view);
    return console_page(services, request, "console/place_form", std::move(view), error);
}

Error at_its_field(Error error) { return placed(std::move(error), {{"place.code_taken", "code"}}); }

struct Row {
    db::places::Head head = {};
    std::string commune = {};
};

} // namespace

net::awaitable<http::Response> show_places(Services& services, Request const& request)
{
    auto work = [org = request.who.org](db::Connection& c) -> Result<std::vector<Row>> {
        std::vector<Row> rows;
        for (auto const& head : db::places::list(c, org))
            rows.push_back({head, db::reference::commune_name(c, head.commune_code)});
        return rows;
    };
    auto const rows = co_await services.database.read(std::move(work));
    if (!rows) co_return page_problem(services, request, rows.error());
    bool const may_write = request.who.may("place:write");
    json view{{"title", text(services, request, "nav.places")},
              {"section", "places"},
              {"may_write", may_write},
              {"has_rows", !rows->empty()},
              {"rows", json::array()}};
    for (auto const& row : *rows)
        view["rows"].push_back({{"name", row.head.name},
                                {"kind", text(services, request, "console.place.kind." + row.head.kind)},
                                {"commune", row.commune},
                                {"code", row.head.code},
                                {"url", may_write ? "/console/places/" + row.head.id.text() : std::string{}}});
    co_return console_page(services, request, "console/places", std::move(view));
}

net::awaitable<http::Response> new_place(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request);
    if (!shown) co_return page_problem(services, request, shown.error());
    co_return place_page(services, request, *shown, nullptr);
}

net::awaitable<http::Response> edit_place(Services& services, Request const& request)
{
    co_return co_await new_place(services, request);
}

net::awaitable<http::Response> save_place(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request);
    if (!shown) co_return page_problem(services, request, shown.error());
    auto const place = read_form_as(request.form, &read_place);
    if (!place) co_return place_page(services, request, *shown, &place.error());
    auto work = [actor = actor_of(services, request), place = *place](db::Connection& c) -> Result<std::string> {
        if (auto saved = app::register_place(c, actor, place); !saved) return std::move(saved).error();
        return std::string{"/console/places?done=saved"};
    };
    auto const saved = co_await save_once(services, request, std::move(work));
    if (saved) co_return redirect(*saved);
    auto const error = at_its_field(saved.error());
    co_return place_page(services, request, *shown, &error);
}

net::awaitable<http::Response> change_place(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request);
    if (!shown) co_return page_problem(services, request, shown.error());
    auto const place = read_form_as(request.form, &read_place);
    if (!place) co_return place_page(services, request, *shown, &place.error());
    auto const reason = read_reason(request.form);
    if (!reason) co_return place_page(services, request, *shown, &reason.error());
    auto work = [actor = actor_of(services, request), id = shown->head.id, place = *place,
                 reason = *reason](db::Connection& c) -> Result<std::string> {
        if (auto saved = app::change_place(c, actor, id, place, reason); !saved) return std::move(saved).error();
        return std::string{"/console/places?done=saved"};
    };
    auto const saved = co_await save_once(services, request, std::move(work));
    if (saved) co_return redirect(*saved);
    auto const error = at_its_field(saved.error());
    co_return place_page(services, request, *shown, &error);
}

} // namespace nguon::server::pages::console
