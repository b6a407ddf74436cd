#include "server/app/delivery_proof.hpp"
#include "server/app/sync_status.hpp"
#include "server/pages/province/list_page.hpp"

#include <array>

#include <fmt/format.h>

namespace nguon::server::pages::province {
namespace {

constexpr std::array<std::string_view, 8> states{"held",    "pending", "in_flight",  "delivered",
                                                 "refused", "parked",  "superseded", "excluded"};

constexpr std::array columns{ListColumn{"province.state", "chip.text"},
                             ListColumn{"province.sync.record_name", "what"},
                             ListColumn{"province.organizations.name", "organization"},
                             ListColumn{"console.product.name", "name"},
                             ListColumn{"province.sync.target", "target"},
                             ListColumn{"province.sync.saved_at", "saved_at"},
                             ListColumn{"province.sync.changed_at", "changed_at"},
                             ListColumn{"province.sync.receipt", "receipt"},
                             ListColumn{"province.sync.why", "reason"},
                             ListColumn{"province.sync.portal_words", "raw"},
                             ListColumn{"province.sync.who", "fixer"}};

struct RecordsPage {
    std::vector<db::sync_desk::RecordLine> lines = {};
    std::vector<db::targets::Target> targets = {};
    std::string target = {};
    std::string org_name = {};
};

json options_of(std::vector<std::pair<std::string, std::string>> const& choices, std::string_view chosen)
{
    json out = json::array();
    for (auto const& [value, shown] : choices)
        out.push_back({{"value", value}, {"text", shown}, {"selected", value == chosen}});
    return out;
}

json state_options(Services const& services, Request const& request, std::string_view chosen)
{
    Options choices{{"", text(services, request, "province.sync.any_state")}};
    for (auto const state : states)
        choices.emplace_back(std::string{state}, text(services, request, fmt::format("delivery.state.{}", state)));
    return options_of(choices, chosen);
}

json target_options(Services const& services, Request const& request, std::vector<db::targets::Target> const& targets,
                    std::string_view chosen)
{
    Options choices;
    for (auto const& target : targets) choices.emplace_back(target.name, target_name(services, request, target.name));
    return options_of(choices, chosen);
}

struct RecordPage {
    db::sync_desk::Record record = {};
    bool has_proof = false;
    std::optional<db::deliveries::DiscardRequest> discard = {}; // somebody asks to give it up
};

/// The payload with line breaks, for people who know the format.
std::string pretty(std::string const& payload)
{
    auto const parsed = json::parse(payload, nullptr, false);
    return parsed.is_discarded() ? payload : parsed.dump(2);
}

/// What the portal answered for a record, and whether it fits what was sent.
json receipt_view(Request const& request, db::sync_desk::Record const& record)
{
    auto const& receipt = *record.receipt;
    return {{"portal_id", receipt.portal_id},
            {"accepted_at", show_moment(request, receipt.accepted_at)},
            {"received_at", show_moment(request, receipt.received_at)},
            {"key_id", receipt.key_id},
            {"signature", receipt.signature},
            {"sha256", receipt.payload_sha256},
            {"peer", receipt.peer_certificate_sha256},
            {"fits", !record.wire_sha256.empty() && receipt.payload_sha256 == record.wire_sha256}};
}

net::awaitable<http::Response> record_page(Services& services, Request const& request, Error const* error)
{
    std::string const target{request.param("target")};
    auto const seq = read_number(request.param("seq"));
    // Payloads are the enterprise's own data: reading one is noted, hence the write.
    auto work = [actor = actor_of(services, request), who = request.who, target,
                 seq](db::Connection& c) -> Result<RecordPage> {
        auto record = app::show_record(c, actor, who, target, seq);
        if (!record) return record.error();
        return RecordPage{*std::move(record), app::has_proof(c, target, seq),
                          db::deliveries::find_discard_request(c, target, seq)};
    };
    auto const shown = co_await services.database.write(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());
    auto const* const record = &shown->record;

    using enum db::deliveries::State;
    bool const stopped = record->state == refused || record->state == parked;
    auto view = delivery_line(services, request, *record);
    view["title"] = text(services, request, "province.sync.record", {std::to_string(record->seq)});
    view["section"] = "sync";
    view["records_url"] = make_url("/province/sync/records", {{"target", record->target}});
    view["attempts"] = record->attempts;
    view["key"] = record->key;
    view["sha256"] = record->payload_sha256;
    view["wire_sha256"] = record->wire_sha256;
    view["payload"] = pretty(record->payload);
    view["next_try"] = record->state == pending && record->not_before > services.clock.now()
                           ? show_moment(request, record->not_before)
                           : "";
    view["has_receipt"] = record->receipt.has_value();
    view["receipt"] = record->receipt ? receipt_view(request, *record) : json::object();
    view["has_proof"] = shown->has_proof;
    view["may_retry"] = stopped && request.who.may("sync:write");
    view["discard_reason"] = shown->discard ? shown->discard->reason : std::string{};
    view["may_confirm"] = shown->discard && shown->discard->asked_by != request.who.subject;
    if (error != nullptr) view["errors"] = form_errors(services, request, *error);
    co_return page(services, request, "province/sync_record", std::move(view),
                   error == nullptr ? 200 : status_of(*error));
}

} // namespace

net::awaitable<http::Response> download_proof(Services& services, Request const& request)
{
    // It holds the enterprise's own data: reading it is noted, hence the write.
    auto work = [actor = actor_of(services, request), who = request.who, target = std::string{request.param("target")},
                 seq = read_number(request.param("seq"))](db::Connection& c) -> Result<json> {
        auto const record = app::show_record(c, actor, who, target, seq);
        if (!record) return record.error();
        return app::make_proof(c, record->org, target, seq);
    };
    auto const proof = co_await services.database.write(std::move(work));
    if (!proof) co_return page_problem(services, request, proof.error());
    auto response = json_response(200, *proof);
    response.header("Content-Disposition",
                    "attachment; filename=\"chung-minh-" + std::string{request.param("seq")} + ".json\"");
    co_return response;
}

net::awaitable<http::Response> show_sync_records(Services& services, Request const& request)
{
    db::sync_desk::RecordFilter filter;
    filter.areas = request.who.areas("sync:read");
    filter.target = request.query_value("target");
    filter.state = request.query_value("state");
    filter.org = OrganizationId{std::string{request.query_value("org")}};
    filter.before = read_number(request.query_value("before"));
    filter.count = list_window(request).count;
    auto work = [filter](db::Connection& c) -> Result<RecordsPage> {
        RecordsPage out;
        auto wanted = filter;
        out.targets = db::targets::list(c);
        if (wanted.target.empty() && !out.targets.empty()) wanted.target = out.targets.front().name;
        out.target = wanted.target;
        out.lines = db::sync_desk::records(c, wanted);
        if (!out.lines.empty() && !wanted.org.empty()) out.org_name = out.lines.front().org_name;
        return out;
    };
    auto shown = co_await services.database.read(std::move(work));
    if (!shown) co_return page_problem(services, request, shown.error());

    std::string older;
    if (!wants_sheet(request) && shown->lines.size() > static_cast<std::size_t>(page_rows)) {
        shown->lines.pop_back();
        older = with_query(request, {{"before", std::to_string(shown->lines.back().seq)}});
    }
    json rows = json::array();
    for (auto const& line : shown->lines) rows.push_back(delivery_line(services, request, line));
    if (wants_sheet(request)) {
        json const view{{"title", text(services, request, "province.sync.records")}};
        co_return co_await list_page(services, request, "province/sync_records", view, std::move(rows), columns);
    }
    json view{{"title", text(services, request, "province.sync.records")},
              {"section", "sync"},
              {"states", state_options(services, request, filter.state)},
              {"targets", target_options(services, request, shown->targets, shown->target)},
              {"several_targets", shown->targets.size() > 1},
              {"org", filter.org.text()},
              {"org_name", shown->org_name},
              {"without_org", filter.org.empty() ? "" : with_query(request, {{"org", ""}, {"before", ""}})},
              {"rows", std::move(rows)},
              {"export_url", with_query(request, {{"format", "xlsx"}})},
              {"older", older},
              {"newest", filter.before > 0 ? with_query(request, {{"before", ""}}) : ""}};
    co_return page(services, request, "province/sync_records", std::move(view));
}

net::awaitable<http::Response> show_sync_record(Services& services, Request const& request)
{
    co_return co_await record_page(services, request, nullptr);
}

net::awaitable<http::Response> retry_sync_record(Services& services, Request const& request)
{
    std::string const target{request.param("target")};
    auto const seq = read_number(request.param("seq"));
    auto work = [actor = actor_of(services, request), who = request.who, target, seq](db::Connection& c) {
        return app::retry_record(c, actor, who, target, seq);
    };
    auto const done = co_await services.database.write(std::move(work));
    if (!done) co_return co_await record_page(services, request, &done.error());
    if (services.wake_connector) services.wake_connector();
    co_return redirect(make_url(record_url(target, seq), {{"done", "province_retried"}}));
}

net::awaitable<http::Response> discard_sync_record(Services& services, Request const& request)
{
    auto const reason = clean_text(request.form.get("reason"), 300);
    if (!reason) co_return page_problem(services, request, reason.error());
    std::string const target{request.param("target")};
    auto const seq = read_number(request.param("seq"));
    auto work = [actor = actor_of(services, request), who = request.who, target, seq, reason = *reason,
                 confirms = request.form.has("confirm")](db::Connection& c) {
        return confirms ? app::confirm_discard(c, actor, who, target, seq)
                        : app::ask_discard(c, actor, who, target, seq, reason);
    };
    auto const done = co_await services.database.write(std::move(work));
    if (!done) co_return co_await record_page(services, request, &done.error());
    co_return redirect(make_url(record_url(target, seq), {{"done", "saved"}}));
}

} // namespace nguon::server::pages::province
