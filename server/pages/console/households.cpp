#include "core/runtime/cpu_pool.hpp"
#include "db/people.hpp"
#include "db/reference.hpp"
#include "server/app/members.hpp"
#include "server/app/sheet_workers.hpp"
#include "server/pages/console/desk.hpp"

namespace nguon::server::pages::console {
namespace {

constexpr std::string_view sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

struct Row {
    db::people::Plot plot = {};
    std::string commune = {};
};

struct Shown {
    std::vector<Row> rows = {};
    Options communes = {};
};

net::awaitable<Result<Shown>> load(Services& services, Request const& request)
{
    auto work = [&services, &request](db::Connection& c) -> Result<Shown> {
        Shown shown;
        for (auto& plot : db::people::plots(c, request.who.org)) {
            auto commune = db::reference::commune_name(c, plot.commune_code);
            shown.rows.push_back({std::move(plot), std::move(commune)});
        }
        shown.communes = commune_options(c, services, request, "console.choose");
        return shown;
    };
    co_return co_await services.database.read(std::move(work));
}

/// Which of the two forms of the page was sent.
enum class Sent { nothing, one_household, sheet };

http::Response households_page(Services& services, Request const& request, Shown const& shown, Sent sent,
                               Error const* error)
{
    json view{{"title", text(services, request, "nav.people")},
              {"section", "people"},
              {"may_write", request.who.may("person:write")},
              {"count", show_count(request, static_cast<std::int64_t>(shown.rows.size()))},
              {"has_rows", !shown.rows.empty()},
              {"rows", json::array()},
              {"add_open", sent == Sent::one_household},
              {"import_open", sent == Sent::sheet},
              {"cell_faults", json::array()}};
    for (auto const& row : shown.rows)
        view["rows"].push_back({{"name", row.plot.person_name},
                                {"plot", row.plot.name},
                                {"area_ha", show_decimal(request, row.plot.area_ha)},
                                {"commune", row.commune},
                                {"growing_area_code", row.plot.growing_area_code}});
    bool const cells =
        sent == Sent::sheet && error != nullptr && !error->fields.empty() && error->fields.front().pointer != "file";
    FormView form{services, request, "console.household", request.form.to_json(), cells ? nullptr : error};
    form.add({.name = "name", .required = true, .seen_by = SeenBy::only_me, .autocomplete = "off", .chars_max = 100});
    form.add({.name = "phone", .type = "tel", .seen_by = SeenBy::only_me, .autocomplete = "off", .chars_max = 20});
    form.add({.name = "plot", .required = true, .seen_by = SeenBy::authority, .chars_max = 100});
    form.add({.name = "area_ha", .seen_by = SeenBy::authority, .input_mode = "decimal", .chars_max = 12});
    form.add({.name = "commune_code", .type = "select", .seen_by = SeenBy::authority, .options = shown.communes});
    form.add({.name = "growing_area_code", .seen_by = SeenBy::authority, .chars_max = 40});
    form.add({.name = "file", .type = "file", .required = true, .accept = ".xlsx"});
    form.put_into(view);
    if (cells) {
        auto const errors = form_errors(services, request, *error);
        for (auto const& item : errors["list"])
            view["cell_faults"].push_back({{"cell", item["field"]}, {"text", item["text"]}});
    }
    view["has_cell_faults"] = cells;
    return console_page(services, request, "console/households", std::move(view), error);
}

/// What a stranger's sheet says, read in the sandbox.
net::awaitable<Result<std::vector<app::NewMember>>> read_members(Services& services, std::string xlsx)
{
    if (services.sheets == nullptr) co_return unavailable("worker.unavailable");
    auto rows = co_await services.sheets->read(std::move(xlsx));
    if (!rows) co_return std::move(rows).error();
    auto work = [rows = *std::move(rows)] { return app::read_members_sheet(rows); };
    co_return co_await services.cpu_pool.run(std::move(work));
}

net::awaitable<Result<std::string>> add(Services& services, Request const& request, std::vector<app::NewMember> members)
{
    auto work = [actor = actor_of(services, request),
                 members = std::move(members)](db::Connection& c) -> Result<std::string> {
        if (auto added = app::add_members(c, actor, members); !added) return std::move(added).error();
        return std::string{"/console/people?done=saved"};
    };
    co_return co_await save_once(services, request, std::move(work));
}

} // namespace

net::awaitable<http::Response> show_households(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request);
    if (!shown) co_return page_problem(services, request, shown.error());
    co_return households_page(services, request, *shown, Sent::nothing, nullptr);
}

net::awaitable<http::Response> save_household(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request);
    if (!shown) co_return page_problem(services, request, shown.error());
    auto const member = read_form_as(request.form, &app::read_member);
    if (!member) co_return households_page(services, request, *shown, Sent::one_household, &member.error());
    std::vector<app::NewMember> const members{*member};
    auto const saved = co_await add(services, request, members);
    if (saved) co_return redirect(*saved);
    co_return households_page(services, request, *shown, Sent::one_household, &saved.error());
}

net::awaitable<http::Response> import_households(Services& services, Request const& request)
{
    auto const shown = co_await load(services, request);
    if (!shown) co_return page_problem(services, request, shown.error());
    auto const* file = request.form.file("file");
    if (file == nullptr) {
        auto const error = invalid_fields({{"file", "field.required", {}}});
        co_return households_page(services, request, *shown, Sent::sheet, &error);
    }
    auto members = co_await read_members(services, file->bytes);
    if (!members) {
        auto error = std::move(members).error();
        if (error.fields.empty()) error.fields.push_back(FieldError{"file", error.key, error.values});
        co_return households_page(services, request, *shown, Sent::sheet, &error);
    }
    if (members->empty()) {
        auto const error = invalid_fields({{"file", "sheet.empty", {}}});
        co_return households_page(services, request, *shown, Sent::sheet, &error);
    }
    auto const saved = co_await add(services, request, *std::move(members));
    if (saved) co_return redirect(*saved);
    co_return households_page(services, request, *shown, Sent::sheet, &saved.error());
}

net::awaitable<http::Response> download_household_sheet(Services& services, Request const& request)
{
    auto work = [] { return app::write_members_sheet(); };
    auto sheet = co_await services.cpu_pool.run(std::move(work));
    if (!sheet) co_return page_problem(services, request, sheet.error());
    co_return file_response(*std::move(sheet), sheet_type, "ho-thanh-vien.xlsx");
}

} // namespace nguon::server::pages::console
