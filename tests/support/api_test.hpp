#pragma once

#include "db/deliveries.hpp"
#include "db/delivery_log.hpp"
#include "server/api/description.hpp"
#include "tests/support/two_enterprises.hpp"

#include <map>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

namespace nguon::testing {

using nlohmann::json;

/// A program of the first enterprise's owner calls the API.
class ApiTest : public TwoEnterprises {
protected:
    void SetUp() override
    {
        TwoEnterprises::SetUp();
        owner = std::make_unique<Browser>(program(key_of(server::Role::enterprise_owner, a.org)));
    }

    static Answer send(Browser& client, std::string const& method, std::string const& path, json const& body,
                       Fields more = {})
    {
        more.emplace_back("Content-Type", "application/json");
        return client.send(method, path, body.dump(), more);
    }
    Answer post(std::string const& path, json const& body, Fields const& more = {})
    {
        return send(*owner, "POST", path, body, more);
    }
    Answer put(std::string const& path, json const& body, std::string const& tag)
    {
        return send(*owner, "PUT", path, body, tag.empty() ? Fields{} : Fields{{"If-Match", tag}});
    }
    json get(std::string const& path)
    {
        auto const answer = owner->get(path);
        EXPECT_EQ(answer.status, 200U) << path << answer.body;
        return json::parse(answer.body);
    }

    static json example(std::string_view name) { return json::parse(server::api::find_schema(name)->example); }
    json new_batch(std::string const& lot)
    {
        return {{"product_id", a.product.text()}, {"lot", lot}, {"made_on", "2026-11-21"}};
    }
    std::size_t batches() { return get("/api/v1/batches?limit=100")["items"].size(); }

    /// The first record of the enterprise has arrived at the portal; its number.
    std::int64_t deliver_first()
    {
        auto const seq =
            get("/api/v1/deliveries?type=organization&id=" + a.org.text())["items"][0]["seq"].get<std::int64_t>();
        auto const written = write([&](db::Connection& c) -> Status {
            c.execute("UPDATE delivery SET state = 'delivered' WHERE outbox_seq = $1", {seq});
            db::receipts::Receipt receipt;
            receipt.portal_id = "VN-77";
            receipt.body = "{}";
            db::receipts::insert(c, "most", seq, receipt);
            db::delivery_log::append(c, "most", seq);
            return Done{};
        });
        EXPECT_TRUE(written.ok());
        return seq;
    }
    /// The root of the delivery log was signed.
    void sign_log()
    {
        auto const written = write([&](db::Connection& c) -> Status {
            auto const size = db::delivery_log::size(c);
            db::delivery_log::put(c, {size, db::delivery_log::root(c, size), "note\n", clock.now()});
            return Done{};
        });
        EXPECT_TRUE(written.ok());
    }

    std::unique_ptr<Browser> owner;
};

inline std::string key_of_problem(Answer const& answer)
{
    auto const problem = json::parse(answer.body);
    auto const type =
        problem.value("problem", problem.value("type", "")); // the standard's interface has types of its own
    constexpr std::string_view start = "urn:nguon:problem:";
    return type.starts_with(start) ? type.substr(start.size()) : type;
}

/// {"/lot": "batch.exists", …}
inline std::map<std::string, std::string> faults_of(Answer const& answer)
{
    std::map<std::string, std::string> out;
    auto const problem = json::parse(answer.body);
    for (auto const& fault : problem.value("errors", json::array())) out[fault["pointer"]] = fault["key"];
    return out;
}

} // namespace nguon::testing
