#include "server/pages/sheet_import.hpp"

#include "server/app/sheet_workers.hpp"
#include "server/http/limit_hits.hpp"
#include "server/pages/console/desk.hpp"

namespace nguon::server::pages {
namespace {

using nlohmann::json;

constexpr std::string_view sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// How a trial ended: the lines that may be written, or what is wrong.
struct Trial {
    app::SheetLines lines = {};
    std::string found = {}; // "12 dòng mới, 3 dòng đã có"
    bool adds = false;
};

http::Response import_page(Services& services, Request const& request, SheetImport const& kind, Trial const* trial,
                           Error const* error)
{
    if (error != nullptr) count_limit(services, *error);
    std::string const words{kind.words};
    json view{{"title", text(services, request, words + ".title")},
              {"lead", text(services, request, words + ".lead")},
              {"section", kind.section},
              {"action", kind.path},
              {"sample", std::string{kind.path} + "/sheet.xlsx"},
              {"list", kind.list},
              {"cell_faults", json::array()},
              {"tried", trial != nullptr},
              {"found", trial == nullptr ? "" : trial->found},
              {"adds", trial != nullptr && trial->adds},
              {"next", text(services, request, words + ".next")},
              {"lines", trial == nullptr ? "" : to_json(trial->lines).dump()}};
    bool const cells = error != nullptr && !error->fields.empty() && error->fields.front().pointer != "file";
    FormView form{services, request, "import", json::object(), cells ? nullptr : error};
    form.add({.name = "file", .type = "file", .required = true, .accept = ".xlsx"});
    form.put_into(view);
    if (cells) {
        auto const errors = form_errors(services, request, *error);
        for (auto const& item : errors["list"])
            view["cell_faults"].push_back({{"cell", item["field"]}, {"text", item["text"]}});
    }
    view["has_cell_faults"] = cells;
    return console::console_page(services, request, kind.template_name, std::move(view), error);
}

/// What a stranger's sheet says, read in the sandbox. Errors: those of the workers and `read_sheet_lines`, at "file".
net::awaitable<Result<app::SheetLines>> read_file(Services& services, Request const& request,
                                                  std::span<app::SheetColumn const> columns)
{
    auto const* file = request.form.file("file");
    if (file == nullptr || file->bytes.empty()) co_return invalid_fields({{"file", "field.required", {}}});
    if (services.sheets == nullptr) co_return unavailable("worker.unavailable");
    auto const rows = co_await services.sheets->read(file->bytes);
    if (!rows) co_return console::placed(rows.error(), {{rows.error().key, "file"}});
    auto lines = app::read_sheet_lines(*rows, columns);
    if (!lines) co_return console::placed(lines.error(), {{lines.error().key, "file"}});
    co_return lines;
}

/// A refusal of the whole sheet stands at the file.
Error at_file(Error error)
{
    auto const key = error.key;
    return console::placed(std::move(error), {{key, "file"}});
}

net::awaitable<http::Response> write_lines(Services& services, Request const& request, SheetImport const& kind,
                                           ImportWork work)
{
    auto const lines = app::sheet_lines_from_text(std::string{request.form.get("lines")});
    if (!lines) {
        auto const error = at_file(lines.error());
        co_return import_page(services, request, kind, nullptr, &error);
    }
    auto save = [work, lines = *lines, list = std::string{kind.list}](db::Connection& c) -> Result<std::string> {
        if (auto const imported = work(c, lines); !imported) return imported.error();
        return make_url(list, {{"done", "imported"}});
    };
    auto const saved = co_await console::save_once(services, request, std::move(save));
    if (saved) co_return redirect(*saved);
    auto const error = at_file(saved.error());
    co_return import_page(services, request, kind, nullptr, &error);
}

} // namespace

http::Response show_sheet_import(Services& services, Request const& request, SheetImport const& page)
{
    return import_page(services, request, page, nullptr, nullptr);
}

net::awaitable<http::Response> take_sheet_import(Services& services, Request const& request, SheetImport const& page,
                                                 std::span<app::SheetColumn const> columns, ImportWork work)
{
    if (request.form.has("lines")) co_return co_await write_lines(services, request, page, std::move(work));
    auto const lines = co_await read_file(services, request, columns);
    if (!lines) co_return import_page(services, request, page, nullptr, &lines.error());
    // The very writing, undone because a trial ends with an error: so it finds what the writing would find.
    auto attempt = [work, lines = *lines](db::Connection& c) -> Result<app::Imported> {
        auto const imported = work(c, lines);
        if (!imported) return imported.error();
        return app::tried(*imported);
    };
    auto const outcome = co_await services.database.write(std::move(attempt));
    if (outcome.error().key != app::tried_key) {
        auto const error = at_file(outcome.error());
        co_return import_page(services, request, page, nullptr, &error);
    }
    auto const& counts = outcome.error().values;
    Trial const trial{*lines, services.locale.text(request.language, app::tried_key, counts), counts.front() != "0"};
    co_return import_page(services, request, page, &trial, nullptr);
}

net::awaitable<http::Response> download_sample(Services& services, Request const& request, std::string file_name,
                                               std::function<std::string(db::Connection&)> write)
{
    auto work = [write](db::Connection& c) -> Result<std::string> { return write(c); };
    auto const sheet = co_await services.database.read(std::move(work));
    if (!sheet) co_return page_problem(services, request, sheet.error());
    co_return file_response(*sheet, sheet_type, file_name);
}

} // namespace nguon::server::pages
