#pragma once

#include "core/bytes.hpp"
#include "db/blobs.hpp"
#include "db/installation.hpp"
#include "db/outbox.hpp"
#include "db/targets.hpp"

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

/// Organizations, products and outbox messages with just the columns that deliveries look at.
namespace nguon::testing {

inline constexpr Instant outbox_start{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21}};

/// What a portal takes for a JPEG: its first and last bytes are one's.
inline std::string sample_jpeg(std::string const& content = "chè") { return "\xFF\xD8\xFF\xE0" + content + "\xFF\xD9"; }

/// Stores a picture; its SHA-256.
inline std::string add_picture(db::Connection& c, std::string const& content)
{
    return db::blobs::insert(c, "image/jpeg", sample_jpeg(content), false, outbox_start).value_or("");
}

/// Of the picture that products show here; `add_installation` stores it.
inline std::string sample_picture() { return sha256_hex(sample_jpeg()); }

inline void add_installation(db::Connection& c)
{
    db::installation::Installation installation;
    installation.id = "0190aaaa-0000-7000-8000-000000000001";
    installation.province_code = "12";
    installation.public_url = "https://truyxuat.example";
    installation.created_at = outbox_start;
    db::installation::insert(c, installation);
    add_picture(c, "chè");
}

inline void add_target(db::Connection& c, std::string const& name)
{
    db::targets::put(c, {name, "most", true, outbox_start});
}

inline void add_organization(db::Connection& c, std::string const& id, bool approved = true)
{
    c.execute("INSERT INTO organization (id, latest_version, status, kind, name, sort_key, created_at, submitted_at)"
              " VALUES ($1, 1, $2, 'cooperative', $1, $3, $4, $4)",
              {id, approved ? "approved" : "pending", db::Blob{id}, outbox_start});
}

inline void add_product(db::Connection& c, std::string const& id, std::string const& org,
                        std::string const& missing = "")
{
    c.execute("INSERT INTO product (id, org_id, latest_version, public_version, status, name, sort_key, code,"
              " group_code, missing, created_at, submitted_at)"
              " VALUES ($1, $2, 1, 1, 'approved', $1, $3, $1, 'tea', $4, $5, $5)",
              {id, org, db::Blob{id}, missing, outbox_start});
}

struct Sample {
    std::string org = {};
    std::string product = {};
    std::string type = {};
    std::string id = {};
    std::int64_t version = 1;
    std::vector<db::outbox::Parent> parents = {};
    nlohmann::json content = nlohmann::json::object();
    Instant at = outbox_start;
};

inline void enqueue(db::Connection& c, Sample const& sample)
{
    db::outbox::Message message;
    message.org = OrganizationId{sample.org};
    message.product = ProductId{sample.product};
    message.aggregate_type = sample.type;
    message.aggregate_id = sample.id;
    message.version = sample.version;
    message.parents = sample.parents;
    message.at = sample.at;
    db::outbox::enqueue(c, message, sample.content);
}

/// 13 digits and the check digit of GTIN-14.
inline std::string gtin_of(int number)
{
    auto digits = std::to_string(number);
    digits = "0893999" + std::string(6 - digits.size(), '0') + digits;
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) sum += (digits[i] - '0') * (i % 2 == 0 ? 3 : 1);
    return digits + static_cast<char>('0' + (10 - sum % 10) % 10);
}

/// One organization with a product, `batches` batches and `events` events of each, approved and complete.
/// Returns the number of outbox rows.
inline std::size_t add_history(db::Connection& c, std::string const& org, int number, int batches, int events)
{
    auto const product = org + "-p";
    add_organization(c, org);
    add_product(c, product, org);
    nlohmann::json const organization{{"name", "Hợp tác xã " + org}, {"kind", "cooperative"}};
    enqueue(c, {org, "", "organization", org, 1, {}, organization});
    nlohmann::json const fields{{"name", "Chè " + org}, {"gtin", gtin_of(number)},     {"net_weight", "200"},
                                {"weight_unit", "g"},   {"jpegs", {sample_picture()}}, {"origin", "Lai Châu"}};
    enqueue(c, {org, product, "product", product, 1, {{"organization", org}}, fields});
    std::size_t rows = 2;
    for (int b = 0; b < batches; ++b) {
        auto const batch = org + "-b" + std::to_string(b);
        nlohmann::json lot{{"lot", "L" + std::to_string(b)}, {"made_on", "2026-11-20"}};
        enqueue(c, {org, product, "batch", batch, 1, {{"product", product}}, lot});
        for (int e = 0; e < events; ++e) {
            auto const id = batch + "-e" + std::to_string(e);
            nlohmann::json const event{{"type", "ObjectEvent"}, {"eventID", id}, {"bizStep", "shipping"}};
            enqueue(c, {org, product, "event", id, 1, {{"batch", batch}}, event});
        }
        lot["expires_on"] = "2027-11-20";
        enqueue(c, {org, product, "batch", batch, 2, {{"product", product}}, lot});
        rows += 2 + static_cast<std::size_t>(events);
    }
    return rows;
}

} // namespace nguon::testing
