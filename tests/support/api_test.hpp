#pragma once

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

    std::unique_ptr<Browser> owner;
};

inline std::string key_of_problem(Answer const& answer)
{
    auto const type = json::parse(answer.body).value("type", "");
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
