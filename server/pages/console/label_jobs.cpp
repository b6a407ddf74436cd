#include "core/runtime/cpu_pool.hpp"
#include "db/batches.hpp"
#include "db/printed_codes.hpp"
#include "server/http/limit_hits.hpp"
#include "server/label_file.hpp"
#include "server/pages/console/label_view.hpp"

#include <algorithm>

namespace nguon::server::pages::console {
namespace {

std::string file_url_of(db::label_jobs::Job const& job)
{
    return label_job_url(job.id) + "." + std::string{app::label_format(job)};
}

/// A job with what its page shows.
struct Shown {
    db::label_jobs::Job job = {};
    app::LabelPrint sketch = {};
    scanner::Preflight preflight = {};
    std::vector<db::label_jobs::Job> parts = {}; // its test label and reprints
    db::printed_codes::Range range = {};         // of its units
    db::printed_codes::CountByState units = {};
    bool key_lost = false; // of its check: nothing more can be drawn of it
};

Result<Shown> read_shown(db::Connection& c, OrganizationId const& org, std::string const& id, Sealer const* sealer)
{
    auto job = db::label_jobs::find(c, org, id);
    if (!job) return job.error();
    auto sketch = app::sketch_label_job(c, *job, sealer);
    bool const key_lost = !sketch && sketch.error().key == "label_check.no_key";
    if (key_lost) sketch = app::sketch_label_job(c, app::without_check(*job), nullptr);
    if (!sketch) return sketch.error();
    Shown out{*std::move(job), *std::move(sketch), {}, db::label_jobs::of_source(c, org, id), {}, {}, key_lost};
    if (out.job.kind != "unit" || out.job.purpose != "print") return out;
    out.range = db::printed_codes::range_of_job(c, org, id);
    out.units = db::printed_codes::count(c, org, out.range);
    return out;
}

net::awaitable<Result<Shown>> load(Services& services, Request const& request, std::string id)
{
    auto work = [org = request.who.org, id, sealer = services.sealer](db::Connection& c) {
        return read_shown(c, org, id, sealer.get());
    };
    auto shown = co_await services.database.read(std::move(work));
    if (!shown) co_return std::move(shown).error();
    auto check = [print = shown->sketch] { return preflight_of(print); };
    auto preflight = co_await services.cpu_pool.run(std::move(check));
    if (!preflight) co_return std::move(preflight).error();
    shown->preflight = *std::move(preflight);
    co_return shown;
}

/// A job among those of other lots.
struct Listed {
    db::label_jobs::Job job = {};
    db::batches::Head batch = {};
};

/// The test label that a held job waits for.
db::label_jobs::Job const* test_of(Shown const& shown)
{
    auto const found = std::ranges::find(shown.parts, "test", &db::label_jobs::Job::purpose);
    return found == shown.parts.end() ? nullptr : &*found;
}

json units_view(Services const& services, Request const& request, Shown const& shown)
{
    json states = json::array();
    for (auto const state : db::printed_codes::unit_states) {
        auto const found = shown.units.find(std::string{state});
        if (found == shown.units.end()) continue;
        states.push_back({{"state", chip(services, request, "console.unit_state", state)},
                          {"count", show_count(request, found->second)}});
    }
    return states;
}

void add_state(Services const& services, Request const& request, json& view, Shown const& shown)
{
    auto const& job = shown.job;
    auto const* test = job.state == "held" ? test_of(shown) : nullptr;
    view["state"] = chip(services, request, "console.label.state", job.state);
    view["open"] = job.is_open();
    view["key_lost"] = shown.key_lost;
    view["held"] = job.state == "held" && !shown.key_lost;
    view["failed"] = job.state == "failed";
    view["cancelled"] = job.state == "cancelled";
    view["has_file"] = job.has_file();
    view["no_file"] = job.state == "done" && !job.has_file() && !shown.key_lost;
    view["is_test"] = job.purpose == "test";
    view["is_reprint"] = job.purpose == "reprint";
    view["may_cancel"] = job.is_open() || job.state == "held";
    view["may_redraw"] = !shown.key_lost && (job.state == "failed" || (job.state == "done" && !job.has_file()));
    view["may_reprint"] = !shown.key_lost && job.state == "done" && job.purpose == "print";
    view["reason"] = job.reason;
    view["source_url"] = job.source.empty() ? "" : label_job_url(job.source);
    // What can be found again stands on the page with all that the sentence mentions.
    view["fault"] = job.fault.empty() || !shown.preflight.ok() ? "" : text(services, request, job.fault);
    view["progress"] = text(services, request, "console.label.progress",
                            {show_count(request, job.labels_done), show_count(request, job.count)});
    view["file_until"] = job.file_until ? show_date(request, to_iso(vietnam_date(*job.file_until))) : std::string{};
    view["test_file"] = test != nullptr && test->has_file() ? file_url_of(*test) : "";
    view["test_open"] = test != nullptr && test->is_open();
}

json job_view(Services& services, Request const& request, Shown const& shown, Error const* error)
{
    auto const& job = shown.job;
    auto const& sketch = shown.sketch.job;
    auto const& preflight = shown.preflight;
    auto const& code = shown.sketch.codes.front();
    auto const waiting = shown.units.find("printed");
    json view{{"title", text(services, request, "console.label.title_of." + job.state)},
              {"section", "batches"},
              {"action", label_job_url(job.id)},
              {"product_name", sketch.product_name},
              {"lot", sketch.lot},
              {"batch_url", "/console/batches/" + job.batch.text()},
              {"file_url", file_url_of(job)},
              {"for_printer", app::label_format(job) != "pdf"},
              {"format", app::label_format(job)},
              {"job", sketch.id},
              {"sha256", job.sha256},
              {"labels", show_count(request, preflight.labels)},
              {"sheets", show_count(request, preflight.sheets)},
              {"stock", stock_name(request, sketch.stock)},
              {"design", design_name(request, app::design_of(job))},
              {"keyed", app::is_keyed(job)},
              {"kind", text(services, request, "console.label.kind." + job.kind)},
              {"symbol", symbol_size(services, request, preflight)},
              {"code", code.printed_code},
              {"code_url", shown.key_lost ? std::string{} : code.url},
              {"check_url", "/t/" + code.printed_code},
              {"specimen", sketch.specimen},
              {"public_url", job.public_url},
              {"faults", findings(services, request, preflight.faults)},
              {"warnings", findings(services, request, preflight.warnings)},
              {"has_warnings", !preflight.warnings.empty()},
              {"units", units_view(services, request, shown)},
              {"has_units", !shown.units.empty()},
              {"activate_url",
               waiting == shown.units.end() || job.state != "done"
                   ? std::string{}
                   : make_url("/console/units",
                              {{"first", shown.range.first}, {"last", shown.range.last}, {"to", "activated"}})},
              {"parts", json::array()}};
    for (auto const& part : shown.parts) view["parts"].push_back(label_job_line(services, request, part));
    view["has_parts"] = !shown.parts.empty();
    add_state(services, request, view, shown);
    json values = request.method == Method::post ? request.form.to_json() : json::object();
    view["reprint_open"] = error != nullptr && request.form.get("action") == "reprint";
    FormView form{services, request, "console.label", std::move(values), error};
    form.add({.name = "reason", .required = true, .chars_max = 300});
    form.add({.name = "first_label", .input_mode = "numeric", .chars_max = 6});
    form.add({.name = "last_label", .input_mode = "numeric", .chars_max = 6});
    form.put_into(view);
    return view;
}

http::Response job_page(Services& services, Request const& request, Shown const& shown, Error const* error)
{
    auto response =
        console_page(services, request, "console/label_job", job_view(services, request, shown, error), error);
    auto const* test = shown.job.state == "held" ? test_of(shown) : nullptr;
    bool const busy = shown.job.is_open() || (test != nullptr && test->is_open());
    // A page without scripts looks again by itself.
    if (busy && error == nullptr) response.header("Refresh", "2; url=" + label_job_url(shown.job.id));
    return response;
}

Result<app::ReprintRequest> read_reprint(Form const& form)
{
    auto const reason = read_reason(form);
    auto const values = form.first();
    auto const max = static_cast<std::int64_t>(limits::labels_per_job_max);
    std::vector<FieldError> faults;
    JsonReader in{values, faults};
    app::ReprintRequest out;
    out.first_label = in.optional_integer("first_label", 1, max).value_or(1);
    out.last_label = in.optional_integer("last_label", 1, max).value_or(0);
    if (!reason) faults.insert(faults.end(), reason.error().fields.begin(), reason.error().fields.end());
    if (!faults.empty()) return invalid_fields(std::move(faults));
    out.reason = *reason;
    return out;
}

using Act = std::function<Result<std::string>(db::Connection& c, app::Actor const& actor, std::string const& id)>;

/// What a button of the job's page does; gives the job to go on with.
Result<Act> act_of(Form const& form)
{
    auto const wanted = form.get("action");
    auto const staying = [](Status (*act)(db::Connection&, app::Actor const&, std::string const&)) -> Act {
        return [act](db::Connection& c, app::Actor const& actor, std::string const& id) -> Result<std::string> {
            if (auto done = act(c, actor, id); !done) return done.error();
            return id;
        };
    };
    if (wanted == "cancel") return staying(&app::cancel_label_job);
    if (wanted == "redraw") return staying(&app::redraw_label_job);
    if (wanted == "release") {
        if (form.get("seen") != "1") return invalid_fields({{"seen", "label.test_unseen", {}}});
        return staying(&app::release_label_job);
    }
    auto reprint = read_reprint(form);
    if (!reprint) return reprint.error();
    return Act{[again = *std::move(reprint)](db::Connection& c, app::Actor const& actor, std::string const& id) {
        return app::reprint_labels(c, actor, id, again);
    }};
}

net::awaitable<http::Response> send_file(Services& services, Request const& request, std::string id)
{
    auto file = co_await label_file(services, request.who.org, std::move(id));
    if (!file) co_return page_problem(services, request, file.error());
    co_return *std::move(file);
}

} // namespace

net::awaitable<http::Response> list_labels(Services& services, Request const& request)
{
    auto work = [org = request.who.org, page = page_number(request)](db::Connection& c) -> Result<std::vector<Listed>> {
        std::vector<Listed> out;
        for (auto& job : db::label_jobs::list(c, org, (page - 1) * page_rows, page_rows + 1)) {
            auto batch = db::batches::find(c, org, job.batch);
            if (!batch) return batch.error();
            out.push_back({std::move(job), *std::move(batch)});
        }
        return out;
    };
    auto jobs = co_await services.database.read(std::move(work));
    if (!jobs) co_return page_problem(services, request, jobs.error());
    json view{{"title", text(services, request, "console.label.jobs")},
              {"section", "batches"},
              {"rows", json::array()},
              {"has_rows", !jobs->empty()}};
    add_pages(view, request, "/console/labels", jobs->size());
    jobs->resize(std::min(jobs->size(), static_cast<std::size_t>(page_rows)));
    for (auto const& [job, batch] : *jobs) {
        auto line = label_job_line(services, request, job);
        line["of"] = batch.product_name + " · " + batch.lot;
        view["rows"].push_back(std::move(line));
    }
    co_return console_page(services, request, "console/label_jobs", std::move(view));
}

net::awaitable<http::Response> show_labels(Services& services, Request const& request)
{
    std::string id{request.param("job")};
    if (auto const job = job_of_file(id)) co_return co_await send_file(services, request, *job);
    auto const shown = co_await load(services, request, id);
    if (!shown) co_return page_problem(services, request, shown.error());
    co_return job_page(services, request, *shown, nullptr);
}

net::awaitable<http::Response> act_on_labels(Services& services, Request const& request)
{
    std::string const id{request.param("job")};
    auto const shown = co_await load(services, request, id);
    if (!shown) co_return page_problem(services, request, shown.error());
    auto const act = act_of(request.form);
    if (!act) co_return job_page(services, request, *shown, &act.error());
    auto work = [act = *act, actor = actor_of(services, request), id](db::Connection& c) -> Result<std::string> {
        auto job = act(c, actor, id);
        if (!job) return job;
        return label_job_url(*job);
    };
    auto const saved = co_await save_once(services, request, std::move(work));
    if (!saved) {
        count_limit(services, saved.error());
        co_return job_page(services, request, *shown, &saved.error());
    }
    wake_label_worker(services);
    co_await wait_for_label_job(services, request.who.org, saved->substr(label_job_url("").size()),
                                limits::label_wait_time);
    co_return redirect(*saved);
}

} // namespace nguon::server::pages::console
