#include "tests/connector/sim_records.hpp"

#include "db/deliveries.hpp"

namespace nguon::connector::testing {

using nlohmann::json;

namespace {

constexpr std::int64_t full = 40; // for the mutant that drops

} // namespace

void SimRecords::add(Firm const& firm, std::string const& type, std::string const& id,
                     std::vector<db::outbox::Parent> parents, json const& content, Instant at)
{
    db::Transaction transaction{c_, db::Transaction::Kind::write};
    nguon::testing::Sample sample;
    sample.org = firm.org;
    if (type != "organization" && type != "place") sample.product = firm.org + "-p";
    sample.type = type;
    sample.id = id;
    sample.version = ++versions_[{type, id}];
    sample.parents = std::move(parents);
    sample.content = content;
    sample.at = at;
    bool const drops = drops_when_full && db::deliveries::count(c_, "most").pending > full;
    if (!drops) nguon::testing::enqueue(c_, sample);
    transaction.commit();
    if (!drops && !calm && random_.chance(0.03)) spoil(type, id, sample.version);
    if (type == "event" && never_taken_.size() < poisoned && random_.chance(0.2)) poison_for_ever(type, id);
}

std::string SimRecords::key_of(std::string const& type, std::string const& id, std::int64_t version)
{
    auto const rows = c_.query("SELECT idempotency_key FROM outbox WHERE aggregate_type = $1 AND aggregate_id = $2"
                               " AND version = $3",
                               {type, id, version});
    return rows.front().text(0);
}

/// Something is wrong with it at the portal's side until somebody mends that.
void SimRecords::spoil(std::string const& type, std::string const& id, std::int64_t version)
{
    auto const key = key_of(type, id, version);
    spoilt_.insert(key);
    (random_.chance(0.7) ? portal_.poison : portal_.breaking).insert(key);
}

void SimRecords::poison_for_ever(std::string const& type, std::string const& id)
{
    auto const key = key_of(type, id, 1);
    spoilt_.insert(key);
    never_taken_.insert(key);
    poisoned_.emplace(type, id);
    portal_.breaking.erase(key);
    portal_.poison.insert(key);
}

void SimRecords::begin(std::size_t firms, Instant at)
{
    auto const count = firms != 0 ? firms : 2 + random_.below(4);
    for (std::uint64_t number = 0; number < count; ++number) {
        Firm firm{"org" + std::to_string(number), !calm && random_.chance(0.25), 0, 0};
        auto const tax_code = "010000000" + std::to_string(number);
        {
            db::Transaction transaction{c_, db::Transaction::Kind::write};
            nguon::testing::add_organization(c_, firm.org);
            nguon::testing::add_product(c_, firm.org + "-p", firm.org, firm.lacks_picture ? "images" : "");
            transaction.commit();
        }
        if (random_.chance(0.2)) portal_.enter_by_hand("organization", tax_code);
        add(firm, "organization", firm.org, {}, {{"name", firm.org}, {"tax_code", tax_code}}, at);
        add(firm, "place", firm.org + "-d", {{"organization", firm.org}}, {{"name", "Kho"}}, at);
        firms_.push_back(firm);
        add_product(firm, at);
    }
    for (auto& firm : firms_) add_batch(firm, at);
}

void SimRecords::add_product(Firm const& firm, Instant at)
{
    auto const number = static_cast<int>(std::hash<std::string>{}(firm.org) % 900'000);
    json fields{{"name", "Chè " + firm.org},
                {"gtin", nguon::testing::gtin_of(number)},
                {"net_weight", "200"},
                {"weight_unit", "g"},
                {"jpegs", {nguon::testing::sample_picture()}}};
    if (firm.lacks_picture) fields["jpegs"] = json::array();
    add(firm, "product", firm.org + "-p", {{"organization", firm.org}}, fields, at);
}

void SimRecords::add_batch(Firm& firm, Instant at)
{
    auto const id = firm.org + "-b" + std::to_string(++firm.batches);
    add(firm, "batch", id, {{"product", firm.org + "-p"}}, {{"lot", id}, {"made_on", "2026-11-20"}}, at);
    for (auto count = random_.below(12); count > 0; --count) add_event(firm, at);
}

void SimRecords::add_event(Firm& firm, Instant at)
{
    auto const batch = firm.org + "-b" + std::to_string(1 + random_.below(static_cast<std::uint64_t>(firm.batches)));
    auto const id = firm.org + "-e" + std::to_string(++firm.events);
    json const event{{"type", "ObjectEvent"}, {"eventID", id}, {"bizStep", "shipping"}};
    add(firm, "event", id, {{"batch", batch}, {"place", firm.org + "-d"}}, event, at);
}

void SimRecords::add_some(Instant at)
{
    auto& firm = firms_[random_.below(firms_.size())];
    switch (random_.below(5)) {
    case 0:
        return add_batch(firm, at);
    case 1:
        return add_product(firm, at);
    case 2:
        return add(firm, "batch", firm.org + "-b1", {{"product", firm.org + "-p"}},
                   {{"lot", firm.org + "-b1"}, {"expires_on", "2027-11-20"}}, at);
    default:
        return add_event(firm, at);
    }
}

void SimRecords::complete_products(Instant at)
{
    for (auto& firm : firms_) {
        if (!std::exchange(firm.lacks_picture, false)) continue;
        add_product(firm, at);
        db::Transaction transaction{c_, db::Transaction::Kind::write};
        c_.execute("UPDATE product SET missing = '' WHERE id = $1", {firm.org + "-p"});
        db::outbox::reconsider_holds(c_, OrganizationId{firm.org}, at);
        transaction.commit();
    }
}

void SimRecords::requeue_stopped(Instant at)
{
    db::Transaction transaction{c_, db::Transaction::Kind::write};
    for (auto const& row : c_.query("SELECT org_id, outbox_seq FROM delivery WHERE state IN ('refused', 'parked')", {}))
        static_cast<void>(db::deliveries::requeue(c_, row.id<OrganizationId>(0), "most", row.integer(1), at));
    transaction.commit();
}

void SimRecords::make_busy()
{
    for (auto const& row : c_.query("SELECT idempotency_key FROM outbox ORDER BY seq DESC LIMIT 20", {}))
        if (random_.chance(0.3)) portal_.busy.insert(row.text(0));
}

bool SimRecords::may_be_refused(std::int64_t seq)
{
    if (portal_.has_refused_all) return true;
    auto const rows = c_.query("SELECT idempotency_key FROM outbox WHERE seq = $1", {seq});
    return !rows.empty() && spoilt_.contains(rows.front().text(0));
}

std::vector<std::string> SimRecords::missing_in_outbox() const
{
    std::vector<std::string> missing;
    for (auto const& [record, version] : versions_) {
        auto const rows = c_.query("SELECT COUNT(*) FROM outbox WHERE aggregate_type = $1 AND aggregate_id = $2"
                                   " AND version = $3",
                                   {record.first, record.second, version});
        if (rows.front().integer(0) != 1)
            missing.push_back(record.first + "/" + record.second + " is not in the outbox");
    }
    return missing;
}

std::vector<std::string> SimRecords::missing_at_portal() const
{
    std::vector<std::string> missing;
    for (auto const& [record, version] : versions_) {
        auto const there = portal_.version_of(record.first, record.second);
        if (there != (poisoned_.contains(record) ? 0 : version))
            missing.push_back(record.first + "/" + record.second + " has version " + std::to_string(version) +
                              " here, " + std::to_string(there) + " at the portal");
    }
    return missing;
}

} // namespace nguon::connector::testing
