#include "server/app/labels.hpp"
#include "server/api/records.hpp"
#include "server/app/units.hpp"
#include "server/label_file.hpp"

#include <array>

namespace nguon::server::api {
namespace {

constexpr std::array kinds{Choice<std::string_view>{"batch", "batch"}, Choice<std::string_view>{"unit", "unit"}};
constexpr std::int64_t position_max = 1000;

app::LabelRequest read_label_request(JsonReader& in)
{
    app::LabelRequest out;
    out.kind = in.optional_choice<std::string_view>("kind", kinds).value_or("batch");
    out.stock = in.text("stock", 40);
    out.design = in.optional_text("design", 40).value_or(out.design);
    out.printer = in.optional_text("printer", 40).value_or("");
    out.count = in.integer("count", 1, static_cast<std::int64_t>(limits::labels_per_job_max));
    out.first_position = in.optional_integer("first_position", 1, position_max).value_or(1);
    out.test_first = in.flag("test_first");
    out.keyed = in.flag("keyed");
    return out;
}

app::ReprintRequest read_reprint(JsonReader& in)
{
    auto const max = static_cast<std::int64_t>(limits::labels_per_job_max);
    app::ReprintRequest out;
    out.reason = in.text("reason", reason_chars_max);
    out.first_label = in.optional_integer("first_label", 1, max).value_or(1);
    out.last_label = in.optional_integer("last_label", 1, max).value_or(0);
    out.first_position = in.optional_integer("first_position", 1, position_max).value_or(1);
    return out;
}

std::string file_url_of(db::label_jobs::Job const& job)
{
    return "/api/v1/label-jobs/" + job.id + "." + std::string{app::label_format(job)};
}

json to_record(db::label_jobs::Job const& job)
{
    auto const moment = [](std::optional<Instant> at) -> json {
        if (!at) return nullptr;
        return to_iso(OffsetTime{*at, vietnam_offset});
    };
    return without_blanks({{"id", job.id},
                           {"batch_id", job.batch.text()},
                           {"kind", job.kind},
                           {"purpose", job.purpose},
                           {"source_id", job.source},
                           {"reason", job.reason},
                           {"stock", job.stock},
                           {"design", app::design_of(job).id},
                           {"keyed", app::is_keyed(job)},
                           {"count", job.count},
                           {"first_label", job.first_label},
                           {"first_position", job.first_position},
                           {"specimen", job.specimen},
                           {"state", job.state},
                           {"fault", job.fault},
                           {"labels_done", job.labels_done},
                           {"sha256", job.sha256},
                           {"file_size", job.file_size},
                           {"file_until", moment(job.file_until)},
                           {"finished_at", moment(job.finished_at)},
                           {"created_at", moment(job.created_at)},
                           {"file", file_url_of(job)},
                           {"pdf", app::label_format(job) == "pdf" ? file_url_of(job) : std::string{}}});
}

Result<json> job_record(db::Connection& c, OrganizationId const& org, std::string const& id)
{
    auto const job = db::label_jobs::find(c, org, id);
    if (!job) return job.error();
    return to_record(*job);
}

std::string job_of(Request const& request) { return std::string{request.param("job")}; }

/// Changes the job in the path with `act` (Connection&, Actor const&, std::string const& -> Status) and shows it.
template <typename Act>
net::awaitable<http::Response> change(Services& services, Request const& request, Act act)
{
    auto work = [id = job_of(request), actor = actor_of(services, request), act](db::Connection& c) -> Result<Created> {
        if (auto done = act(c, actor, id); !done) return done.error();
        auto record = job_record(c, actor.org, id);
        if (!record) return record.error();
        return Created{{}, *std::move(record), 200};
    };
    auto response = co_await create(services, request, std::move(work));
    wake_label_worker(services);
    co_return response;
}

json to_record(db::printed_codes::Code const& unit)
{
    json out{{"code", unit.code},     {"batch_id", unit.batch.text()},
             {"job_id", unit.job},    {"state", unit.status},
             {"reason", unit.reason}, {"printed_at", to_iso(OffsetTime{unit.created_at, vietnam_offset})}};
    if (unit.changed_at) out["changed_at"] = to_iso(OffsetTime{*unit.changed_at, vietnam_offset});
    return without_blanks(std::move(out));
}

} // namespace

/// POST /api/v1/batches/{batch}/label-jobs
net::awaitable<http::Response> create_label_job(Services& services, Request const& request)
{
    auto wanted = read_body(request, &read_label_request);
    if (!wanted) co_return problem(services, request, wanted.error());
    wanted->batch = BatchId{std::string{request.param("batch")}};
    auto const& url = services.settings.public_url;
    app::PrintAddress const address{url, app::is_private_url(url), services.sealer};

    auto work = [wanted = *wanted, address, actor = actor_of(services, request)](db::Connection& c) -> Result<Created> {
        auto const id = app::create_label_job(c, actor, wanted, address);
        if (!id) return id.error();
        auto record = job_record(c, actor.org, *id);
        if (!record) return record.error();
        auto location = (*record)["file"].get<std::string>();
        return Created{std::move(location), *std::move(record)};
    };
    auto response = co_await create(services, request, std::move(work));
    wake_label_worker(services);
    co_return response;
}

/// GET /api/v1/label-jobs
net::awaitable<http::Response> list_label_jobs(Services& services, Request const& request)
{
    auto rows = [org = request.who.org](db::Connection& c, Paging const& paging) -> Rows {
        return rows_of(db::label_jobs::list(c, org, paging.offset, paging.limit + 1),
                       [](auto const& job) { return to_record(job); });
    };
    co_return co_await list(services, request, std::move(rows));
}

/// GET /api/v1/label-jobs/{job}
net::awaitable<http::Response> show_label_job(Services& services, Request const& request)
{
    auto const id = job_of(request);
    if (auto const job = job_of_file(id)) {
        auto file = co_await label_file(services, request.who.org, *job);
        if (!file) co_return problem(services, request, file.error());
        co_return *std::move(file);
    }
    auto work = [id, org = request.who.org](db::Connection& c) { return job_record(c, org, id); };
    co_return co_await show(services, request, std::move(work));
}

/// POST /api/v1/label-jobs/{job}/release: the test label is right.
net::awaitable<http::Response> release_label_job(Services& services, Request const& request)
{
    co_return co_await change(services, request, &app::release_label_job);
}

/// POST /api/v1/label-jobs/{job}/cancel
net::awaitable<http::Response> cancel_label_job(Services& services, Request const& request)
{
    co_return co_await change(services, request, &app::cancel_label_job);
}

/// POST /api/v1/label-jobs/{job}/redraw: a file that is not kept any longer.
net::awaitable<http::Response> redraw_label_job(Services& services, Request const& request)
{
    co_return co_await change(services, request, &app::redraw_label_job);
}

/// POST /api/v1/label-jobs/{job}/reprints
net::awaitable<http::Response> reprint_labels(Services& services, Request const& request)
{
    auto const wanted = read_body(request, &read_reprint);
    if (!wanted) co_return problem(services, request, wanted.error());
    auto work = [wanted = *wanted, id = job_of(request),
                 actor = actor_of(services, request)](db::Connection& c) -> Result<Created> {
        auto const again = app::reprint_labels(c, actor, id, wanted);
        if (!again) return again.error();
        auto record = job_record(c, actor.org, *again);
        if (!record) return record.error();
        return Created{"/api/v1/label-jobs/" + *again, *std::move(record)};
    };
    auto response = co_await create(services, request, std::move(work));
    wake_label_worker(services);
    co_return response;
}

/// GET /api/v1/label-jobs/{job}/units
net::awaitable<http::Response> list_units(Services& services, Request const& request)
{
    auto rows = [org = request.who.org, id = job_of(request),
                 state = std::string{request.query_value("state")}](db::Connection& c, Paging const& paging) -> Rows {
        if (auto const job = db::label_jobs::find(c, org, id); !job) return job.error();
        return rows_of(db::printed_codes::list(c, org, id, state, paging.offset, paging.limit + 1),
                       [](auto const& unit) { return to_record(unit); });
    };
    co_return co_await list(services, request, std::move(rows));
}

/// GET /api/v1/units/{unit}
net::awaitable<http::Response> show_unit(Services& services, Request const& request)
{
    auto work = [org = request.who.org, text = std::string{request.param("unit")}](db::Connection& c) -> Result<json> {
        auto const unit = app::find_unit(c, org, text);
        if (!unit) return unit.error();
        return to_record(*unit);
    };
    co_return co_await show(services, request, std::move(work));
}

/// POST /api/v1/unit-changes
net::awaitable<http::Response> change_units(Services& services, Request const& request)
{
    auto const wanted = read_body(request, &app::read_unit_change);
    if (!wanted) co_return problem(services, request, wanted.error());
    auto work = [wanted = *wanted, actor = actor_of(services, request)](db::Connection& c) -> Result<Created> {
        auto const done = app::change_units(c, actor, wanted);
        if (!done) return done.error();
        auto const& range = done->range;
        return Created{{},
                       {{"job_id", range.range.job},
                        {"first", range.range.first},
                        {"last", range.range.last},
                        {"changed", done->changed},
                        {"counts", range.counts}},
                       200};
    };
    co_return co_await create(services, request, std::move(work));
}

} // namespace nguon::server::api
