#include "db/sync_desk.hpp"
#include "server/api/records.hpp"
#include "server/app/approvals.hpp"
#include "server/app/sync_status.hpp"

#include <array>

namespace nguon::server::api {
namespace {

constexpr std::array organization_decisions{Choice<std::string_view>{"approve", "approve"},
                                            Choice<std::string_view>{"return", "return"},
                                            Choice<std::string_view>{"suspend", "suspend"}};
constexpr std::array product_decisions{Choice<std::string_view>{"publish", "publish"},
                                       Choice<std::string_view>{"return", "return"},
                                       Choice<std::string_view>{"pause", "pause"}};

Result<app::Decision> read_decision(Request const& request, std::span<Choice<std::string_view> const> words)
{
    return read_body(request, [&](JsonReader& in) {
        app::Decision decision;
        decision.word = in.choice("decision", words);
        decision.version = in.integer("version", 1, INT64_MAX);
        decision.reason = in.optional_text("reason", reason_chars_max, Lines::many).value_or("");
        return decision;
    });
}

std::string moment(Instant at) { return to_iso(OffsetTime{at, vietnam_offset}); }

json to_record(db::province_desk::Waiting const& waiting)
{
    return without_blanks({{"kind", waiting.kind},
                           {"id", waiting.id},
                           {"organization_id", waiting.org.text()},
                           {"name", waiting.name},
                           {"organization_name", waiting.org_name},
                           {"commune_code", waiting.commune_code},
                           {"submitted_at", moment(waiting.submitted_at)},
                           {"is_change", waiting.is_change},
                           {"missing", waiting.missing}});
}

json to_record(db::sync_desk::OrganizationLine const& line)
{
    return without_blanks({{"organization_id", line.org.text()},
                           {"name", line.name},
                           {"counts", to_json(line.counts)},
                           {"oldest_waiting_at", line.oldest_waiting ? json(moment(*line.oldest_waiting)) : json()},
                           {"last_success_at", line.last_success ? json(moment(*line.last_success)) : json()}});
}

/// `created` is how many records and versions there are; `conserved` says that each is in exactly one state and every
/// delivered one has its receipt; `skew_seconds` is the portal's clock minus ours.
json to_record(app::TargetStatus const& status)
{
    return without_blanks({{"target", status.target},
                           {"state", status.state},
                           {"created", status.conservation.created},
                           {"counts", to_json(status.conservation.counts)},
                           {"conserved", status.conservation.holds()},
                           {"oldest_waiting_at", status.oldest_waiting ? json(moment(*status.oldest_waiting)) : json()},
                           {"skew_seconds", status.seen.skew ? json(status.seen.skew->count()) : json()}});
}

} // namespace

/// GET /api/v1/province/approvals: what awaits a decision, the oldest first.
net::awaitable<http::Response> list_approvals(Services& services, Request const& request)
{
    auto rows = [areas = request.who.areas("province:read"),
                 kind = std::string{request.query_value("kind")}](db::Connection& c, Paging const& paging) -> Rows {
        return rows_of(db::province_desk::queue(c, areas, kind, paging.offset, paging.limit + 1),
                       [](auto const& row) { return to_record(row); });
    };
    co_return co_await list(services, request, std::move(rows));
}

/// POST /api/v1/province/approvals/organizations/{organization}
net::awaitable<http::Response> decide_organization(Services& services, Request const& request)
{
    auto const decision = read_decision(request, organization_decisions);
    if (!decision) co_return problem(services, request, decision.error());
    auto work = [decision = *decision, org = OrganizationId{std::string{request.param("organization")}},
                 who = request.who, actor = actor_of(services, request)](db::Connection& c) -> Result<Created> {
        if (auto const decided = app::decide(c, actor, who, org, decision); !decided) return decided.error();
        auto record = organization_record(c, org, true);
        if (!record) return record.error();
        return Created{{}, *std::move(record), 200};
    };
    co_return co_await create(services, request, std::move(work));
}

/// POST /api/v1/province/approvals/products/{product}
net::awaitable<http::Response> decide_product(Services& services, Request const& request)
{
    auto const decision = read_decision(request, product_decisions);
    if (!decision) co_return problem(services, request, decision.error());
    auto work = [decision = *decision, id = ProductId{std::string{request.param("product")}}, who = request.who,
                 actor = actor_of(services, request)](db::Connection& c) -> Result<Created> {
        if (auto const decided = app::decide(c, actor, who, id, decision); !decided) return decided.error();
        auto const head = db::products::find_any(c, id);
        if (!head) return head.error();
        auto record = product_record(c, head->org, id);
        if (!record) return record.error();
        return Created{{}, *std::move(record), 200};
    };
    co_return co_await create(services, request, std::move(work));
}

/// GET /api/v1/province/sync: every portal, and with ?target= enterprise by enterprise within the viewer's areas.
net::awaitable<http::Response> show_sync(Services& services, Request const& request)
{
    auto const paging = read_paging(request);
    if (!paging) co_return problem(services, request, paging.error());
    auto work = [paging = *paging, areas = request.who.areas("sync:read"), now = services.clock.now(),
                 target = std::string{request.query_value("target")}](db::Connection& c) -> Result<json> {
        auto const status = app::sync_status(c, now);
        json out{{"paused", status.paused}, {"state", status.worst()}, {"targets", json::array()}};
        for (auto const& line : status.targets) out["targets"].push_back(to_record(line));
        if (target.empty()) return out;
        auto& lines = out["organizations"] = json::array();
        auto const found = db::sync_desk::organizations(c, areas, target, std::nullopt, paging.offset, paging.limit);
        for (auto const& line : found) lines.push_back(to_record(line));
        return out;
    };
    co_return co_await show(services, request, std::move(work));
}

} // namespace nguon::server::api
