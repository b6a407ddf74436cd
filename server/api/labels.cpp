#include "server/app/labels.hpp"
#include "core/runtime/cpu_pool.hpp"
#include "scanner/label_file.hpp"
#include "server/api/records.hpp"

#include <array>

namespace nguon::server::api {
namespace {

constexpr std::string_view pdf_ending = ".pdf";
constexpr std::array kinds{Choice<std::string_view>{"batch", "batch"}, Choice<std::string_view>{"unit", "unit"}};

app::LabelRequest read_label_request(JsonReader& in)
{
    app::LabelRequest out;
    out.kind = in.optional_choice<std::string_view>("kind", kinds).value_or("batch");
    out.stock = in.text("stock", 40);
    out.count = in.integer("count", 1, static_cast<std::int64_t>(limits::labels_per_job_max));
    out.first_position = in.optional_integer("first_position", 1, 1000).value_or(1);
    return out;
}

json to_record(db::printed_codes::Job const& job)
{
    return {{"id", job.id},
            {"batch_id", job.batch.text()},
            {"kind", job.kind},
            {"stock", job.stock},
            {"count", job.count},
            {"first_position", job.first_position},
            {"specimen", job.specimen},
            {"created_at", to_iso(OffsetTime{job.created_at, vietnam_offset})},
            {"pdf", "/api/v1/label-jobs/" + job.id + std::string{pdf_ending}}};
}

net::awaitable<http::Response> draw(Services& services, Request const& request, std::string id)
{
    auto look = [id, org = request.who.org](db::Connection& c) { return app::load_label_job(c, org, id); };
    auto print = co_await services.database.read(std::move(look));
    if (!print) co_return problem(services, request, print.error());
    auto const name = "tem-" + print->job.lot + std::string{pdf_ending};
    auto work = [print = *std::move(print)] {
        scanner::ListedCodes codes{print.codes};
        return scanner::draw_labels(print.job, codes);
    };
    auto pdf = co_await services.cpu_pool.run(std::move(work));
    if (!pdf) co_return problem(services, request, pdf.error());
    co_return file_response(*std::move(pdf), "application/pdf", name);
}

} // namespace

/// POST /api/v1/batches/{batch}/label-jobs
net::awaitable<http::Response> create_label_job(Services& services, Request const& request)
{
    auto wanted = read_body(request, &read_label_request);
    if (!wanted) co_return problem(services, request, wanted.error());
    wanted->batch = BatchId{std::string{request.param("batch")}};
    auto const& url = services.settings.public_url;
    app::PrintAddress const address{url, app::is_private_url(url)};

    auto work = [wanted = *wanted, address, actor = actor_of(services, request)](db::Connection& c) -> Result<Created> {
        auto const id = app::create_label_job(c, actor, wanted, address);
        if (!id) return id.error();
        auto const job = db::printed_codes::find_job(c, actor.org, *id);
        if (!job) return job.error();
        return Created{"/api/v1/label-jobs/" + *id + std::string{pdf_ending}, to_record(*job)};
    };
    co_return co_await create(services, request, std::move(work));
}

net::awaitable<http::Response> show_label_job(Services& services, Request const& request)
{
    std::string id{request.param("job")};
    if (id.ends_with(pdf_ending)) {
        id.resize(id.size() - pdf_ending.size());
        co_return co_await draw(services, request, id);
    }
    auto work = [id, org = request.who.org](db::Connection& c) -> Result<json> {
        auto const job = db::printed_codes::find_job(c, org, id);
        if (!job) return job.error();
        return to_record(*job);
    };
    co_return co_await show(services, request, std::move(work));
}

} // namespace nguon::server::api
