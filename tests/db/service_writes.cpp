#include "tests/db/service_writes.hpp"

#include "core/bytes.hpp"
#include "core/epcis/json.hpp"
#include "core/json.hpp"
#include "db/audit_log.hpp"
#include "db/batches.hpp"
#include "db/blobs.hpp"
#include "db/events.hpp"
#include "db/identifiers.hpp"
#include "tests/support/outbox_rows.hpp"

#include <atomic>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sqlite3.h>

namespace nguon::testing {

namespace {

constexpr std::size_t organizations = 3;
constexpr std::string_view target = portals[0];
constexpr std::size_t claimed_max = 6;
constexpr std::size_t claimed_bytes_max = 1 << 20;

std::atomic<std::uint64_t> uuid_seed = 1;
std::atomic<std::uint64_t> uuid_number = 0;

std::string uuid_of(std::uint64_t first, std::uint64_t second)
{
    return fmt::format("{:08x}-{:04x}-7000-8000-{:012x}", first & 0xFFFFFFFF, second & 0xFFFF,
                       (first ^ second * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFF);
}

std::string batch_id(int number) { return uuid_of(0xBA7C4, static_cast<std::uint64_t>(number)); }

OrganizationId organization(std::size_t number) { return OrganizationId{fmt::format("org{}", number)}; }
ProductId product_of(OrganizationId const& org) { return ProductId{org.text() + "-p"}; }

Instant at(int number) { return outbox_start + std::chrono::seconds{number}; }

db::versions::Change change_at(int number)
{
    db::versions::Change change;
    change.by = "key";
    change.at = at(number);
    return change;
}

db::OperationAnswer created(std::string location, std::vector<std::string> const& messages, std::int64_t delivered = 0)
{
    nlohmann::json const body{{"messages", messages}, {"delivered", delivered}};
    return {201, std::move(location), body.dump(), false};
}

/// The message and the audit entry of a batch's version.
void announce(db::Connection& c, db::batches::Head const& head, std::int64_t version, Batch const& batch, int number)
{
    db::outbox::Message message;
    message.org = head.org;
    message.product = head.product;
    message.aggregate_type = "batch";
    message.aggregate_id = head.id.text();
    message.version = version;
    message.parents = {{"product", head.product.text()}};
    message.at = at(number);
    db::outbox::enqueue(c, message, to_json(batch));
    db::audit_log::Entry entry;
    entry.org = head.org;
    entry.action = "batch.write";
    entry.entity_kind = "batch";
    entry.entity_id = head.id.text();
    db::audit_log::append(c, change_at(number), entry);
}

db::OperationAnswer batch_answer(db::batches::Head const& head, std::int64_t version)
{
    return created("/batches/" + head.id.text(), {fmt::format("batch {} {}", head.id.text(), version)});
}

/// A batch of this organization or of the next one that has any: the newest but `offset`, or the newest.
Result<db::batches::Head> find_batch(db::Connection& c, std::size_t first, std::int64_t offset)
{
    for (std::size_t step = 0; step < organizations; ++step) {
        for (auto const skipped : {offset, std::int64_t{0}}) {
            auto const found = db::batches::list(c, organization((first + step) % organizations), skipped, 1);
            if (!found.empty()) return found.front();
        }
    }
    return not_found("batch.unknown");
}

epcis::Event event_about(int number, std::string const& batch)
{
    nlohmann::json const event{
        {"@context", "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"},
        {"type", "ObjectEvent"},
        {"action", "OBSERVE"},
        {"eventID", fmt::format("urn:uuid:event-{}", number)},
        {"eventTime", "2026-11-20T08:00:00+07:00"},
        {"eventTimeZoneOffset", "+07:00"},
        {"bizStep", "packing"},
        {"quantityList", nlohmann::json::array({{{"epcClass", "urn:uuid:" + batch}, {"quantity", 2}}})}};
    auto document = epcis::parse_document(event.dump());
    return document->events.front();
}

db::deliveries::Settlement delivered(db::deliveries::Claimed const& claimed)
{
    db::deliveries::Settlement settlement;
    settlement.seq = claimed.seq;
    settlement.state = db::deliveries::State::delivered;
    settlement.portal_id = fmt::format("P{}", claimed.seq);
    db::receipts::Receipt receipt;
    receipt.portal_id = settlement.portal_id;
    receipt.accepted_at = outbox_start;
    receipt.payload_sha256 = claimed.sha256;
    receipt.body = "{}";
    receipt.received_at = outbox_start;
    settlement.receipt = receipt;
    return settlement;
}

} // namespace

void LedgerEntry::note(db::OperationAnswer const& given)
{
    answer = given;
    auto const body = nlohmann::json::parse(given.body);
    messages = body.at("messages").get<std::vector<std::string>>();
    delivered = body.at("delivered").get<std::int64_t>();
}

void add_ground(db::Connection& c)
{
    add_installation(c);
    for (auto const* const portal : portals) add_target(c, portal);
    for (std::size_t number = 0; number < organizations; ++number)
        add_history(c, organization(number).text(), static_cast<int>(number), 0, 0);
}

LedgerEntry ServiceWrites::asked(Work work)
{
    ++number_;
    LedgerEntry entry;
    entry.operation = {organization(0), fmt::format("operation-{}", number_), sha256_hex(std::to_string(number_)),
                       at(number_)};
    entry.work = std::move(work);
    return entry;
}

LedgerEntry ServiceWrites::next(Chance& chance)
{
    constexpr std::size_t kinds = 16;
    switch (chance.below(kinds)) {
    case 0:
        return batch(chance, true);
    case 1:
    case 2:
    case 3:
        return change(chance);
    case 4:
        return photo(chance);
    case 5:
    case 6:
        return claim();
    case 7:
    case 8:
        return settle();
    case 9:
    case 10:
    case 11:
        return event(chance);
    default:
        return batch(chance);
    }
}

LedgerEntry ServiceWrites::batch(Chance& chance, bool is_refused)
{
    auto const number = number_;
    db::batches::Head head;
    head.id = BatchId{batch_id(number)};
    head.org = organization(chance.below(organizations));
    head.product = product_of(head.org);
    head.code = fmt::format("C{:011}", number);
    Batch batch;
    batch.lot = head.lot = fmt::format("L{}", number);
    batch.note = std::string(chance.below(300), 'x');
    auto const apart = defect_ == Defect::outbox_apart ? apart_ : nullptr;
    return asked([=](db::Connection& c) -> Result<db::OperationAnswer> {
        if (auto const saved = db::batches::insert(c, head, batch, change_at(number)); !saved) return saved.error();
        db::identifiers::intern(c, "urn:uuid:" + head.id.text(), "batch", head.id.text());
        auto const tell = [=](db::Connection& to) -> Result<db::OperationAnswer> {
            announce(to, head, 1, batch, number);
            return batch_answer(head, 1);
        };
        if (is_refused) {
            static_cast<void>(tell(c));
            return conflict("batch.exists", {batch.lot});
        }
        if (apart == nullptr) return tell(c);
        apart->emplace_back(tell);
        return batch_answer(head, 1);
    });
}

LedgerEntry ServiceWrites::change(Chance& chance)
{
    auto const number = number_;
    auto const first = chance.below(organizations);
    auto const offset = static_cast<std::int64_t>(chance.below(8));
    return asked([=](db::Connection& c) -> Result<db::OperationAnswer> {
        auto const found = find_batch(c, first, offset);
        if (!found) return found.error();
        auto const& head = *found;
        auto batch = db::batches::fields(c, head.id, head.latest_version);
        if (!batch) return batch.error();
        batch->note = fmt::format("change {}", number);
        auto const saved = db::batches::update(c, head.org, head, *batch, change_at(number));
        if (!saved) return saved.error();
        announce(c, head, head.latest_version + 1, *batch, number);
        return batch_answer(head, head.latest_version + 1);
    });
}

LedgerEntry ServiceWrites::event(Chance& chance)
{
    auto const number = number_;
    auto const org = organization(chance.below(organizations));
    auto const mentioned = batch_id(static_cast<int>(chance.below(static_cast<std::size_t>(number) + 1)));
    auto const event = event_about(number, mentioned);
    return asked([=](db::Connection& c) -> Result<db::OperationAnswer> {
        db::events::Capture capture;
        capture.id = CaptureId{uuid_of(0xCA97, static_cast<std::uint64_t>(number))};
        capture.org = org;
        capture.declared_by = "key";
        capture.received_at = at(number);
        capture.document = canonical_json(epcis::to_document({event}, at(number)));
        db::events::insert_capture(c, capture);
        db::events::Facts facts;
        facts.org = org;
        facts.capture = capture.id;
        facts.declared_by = "key";
        facts.record_time = at(number);
        auto const appended = db::events::append(c, event, facts);
        if (!appended) return appended.error();
        return created("/captures/" + capture.id.text(), {fmt::format("event {} 1", appended->id)});
    });
}

LedgerEntry ServiceWrites::photo(Chance& chance)
{
    auto const number = number_;
    constexpr std::size_t bytes_min = 20'000;
    constexpr std::size_t bytes_more = 100'000;
    auto const bytes = chance.bytes(bytes_min + chance.below(bytes_more));
    return asked([=](db::Connection& c) -> Result<db::OperationAnswer> {
        auto const digest = db::blobs::insert(c, "image/webp", bytes, false, at(number));
        if (!digest) return digest.error();
        db::blobs::cite(c, *digest, organization(0), "product", product_of(organization(0)).text(), "public");
        return created("/f/" + *digest, {});
    });
}

LedgerEntry ServiceWrites::claim()
{
    auto entry = asked([connector = connector_, now = at(number_)](db::Connection& c) -> Result<db::OperationAnswer> {
        db::deliveries::recover(c, std::string{target}, connector->epoch, now);
        db::deliveries::ClaimRequest request;
        request.target = target;
        request.epoch = connector->epoch;
        request.now = now;
        request.records_max = claimed_max;
        request.bytes_max = claimed_bytes_max;
        connector->claimed = db::deliveries::claim(c, request);
        return created("", {});
    });
    entry.asks_again = false;
    return entry;
}

LedgerEntry ServiceWrites::settle()
{
    auto entry = asked([connector = connector_, now = at(number_)](db::Connection& c) -> Result<db::OperationAnswer> {
        std::vector<db::deliveries::Settlement> settlements;
        for (auto const& claimed : std::exchange(connector->claimed, {})) settlements.push_back(delivered(claimed));
        auto const settled = db::deliveries::settle(c, std::string{target}, connector->epoch, settlements, now);
        if (!settled) return settled.error();
        return created("", {}, static_cast<std::int64_t>(settlements.size()));
    });
    entry.asks_again = false;
    return entry;
}

void ServiceWrites::restart()
{
    connector_ = std::make_shared<Connector>();
    connector_->epoch = ++epoch_;
    apart_ = std::make_shared<std::vector<Work>>();
}

void repeat_from(std::uint64_t seed)
{
    uuid_seed = seed;
    uuid_number = 0;
    sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, static_cast<int>(seed % 1'000'000'007) + 1, nullptr);
}

/// The linker gives this to everybody who calls nguon::new_uuid (tests/CMakeLists.txt).
std::string repeatable_uuid() __asm__("__wrap__ZN5nguon8new_uuidB5cxx11Ev");
std::string repeatable_uuid() { return uuid_of(++uuid_number, uuid_seed); }

} // namespace nguon::testing
