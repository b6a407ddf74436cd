#include "server/app/checklists.hpp"

#include "server/app/sheet_workers.hpp"
#include "server/http/limit_hits.hpp"
#include "server/pages/province/case_view.hpp"

/// What inspections look at: the samples that ship with the program, and an office's own lists.
namespace nguon::server::pages::province {
namespace {

constexpr std::size_t name_chars_max = 150;
constexpr std::size_t basis_chars_max = 300;

json items_view(Services const& services, Request const& request, db::inspections::Checklist const& list)
{
    json out = json::array();
    for (auto const& item : list.items)
        out.push_back({{"code", item.code},
                       {"text", item.text},
                       {"part", item.part},
                       {"weight", text(services, request, "inspection.weight." + item.weight)}});
    return out;
}

net::awaitable<http::Response> checklists_page(Services& services, Request const& request, Error const* error)
{
    if (error != nullptr) count_limit(services, *error);
    auto work = [](db::Connection& c) -> Result<std::vector<db::inspections::Checklist>> {
        auto lists = db::inspections::checklists(c);
        for (auto& list : lists)
            if (auto whole = db::inspections::find_checklist(c, list.id)) list.items = std::move(whole->items);
        return lists;
    };
    auto const lists = co_await services.database.read(std::move(work));
    if (!lists) co_return page_problem(services, request, lists.error());
    json rows = json::array();
    for (auto const& list : *lists)
        rows.push_back({{"id", list.id},
                        {"name", list.name},
                        {"basis", list.basis},
                        {"sample", list.sample},
                        {"items", items_view(services, request, list)}});
    json view{{"title", text(services, request, "checklist.title")},
              {"section", "inspections"},
              {"rows", std::move(rows)},
              {"may_change", request.who.may("inspection:write")}};
    FormView form{services, request, "checklist.field", request.form.to_json(), error};
    form.add({.name = "name", .required = true, .chars_max = name_chars_max});
    form.add({.name = "basis", .required = true, .chars_max = basis_chars_max});
    form.add({.name = "file",
              .type = "file",
              .required = true,
              .accept = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"});
    form.put_into(view);
    co_return page(services, request, "province/checklists", std::move(view),
                   error == nullptr ? 200 : status_of(*error));
}

net::awaitable<Result<db::inspections::Checklist>> read_sent(Services& services, Request const& request)
{
    auto const name = clean_text(request.form.get("name"), name_chars_max);
    if (!name || name->empty()) co_return invalid_fields({{"/name", name ? "field.required" : name.error().key, {}}});
    auto const basis = clean_text(request.form.get("basis"), basis_chars_max);
    if (!basis || basis->empty())
        co_return invalid_fields({{"/basis", basis ? "field.required" : basis.error().key, {}}});
    auto const* file = request.form.file("file");
    if (file == nullptr || file->bytes.empty()) co_return invalid_fields({{"/file", "field.required", {}}});
    if (services.sheets == nullptr) co_return unavailable("worker.unavailable");
    auto const rows = co_await services.sheets->read(file->bytes);
    if (!rows) co_return console::placed(rows.error(), {{rows.error().key, "file"}});
    co_return app::read_checklist(*rows, *name, *basis);
}

} // namespace

net::awaitable<http::Response> show_checklists(Services& services, Request const& request)
{
    co_return co_await checklists_page(services, request, nullptr);
}

net::awaitable<http::Response> change_checklists(Services& services, Request const& request)
{
    auto const actor = actor_of(services, request);
    if (std::string const retired{request.form.get("retire")}; !retired.empty()) {
        auto work = [actor, retired](db::Connection& c) -> Status {
            app::retire_checklist(c, actor, retired);
            return Done{};
        };
        auto const done = co_await services.database.write(std::move(work));
        if (!done) co_return co_await checklists_page(services, request, &done.error());
        co_return redirect("/province/checklists?done=saved");
    }
    auto const sent = co_await read_sent(services, request);
    if (!sent) co_return co_await checklists_page(services, request, &sent.error());
    auto work = [actor, list = *sent](db::Connection& c) { return app::add_checklist(c, actor, list); };
    auto const added = co_await services.database.write(std::move(work));
    if (!added) co_return co_await checklists_page(services, request, &added.error());
    co_return redirect("/province/checklists?done=saved");
}

} // namespace nguon::server::pages::province
