#pragma once

#include "server/app/recalls.hpp"
#include "server/app/units.hpp"
#include "tests/support/two_enterprises.hpp"

#include <nlohmann/json.hpp>

namespace nguon::testing {

/// A resolver with an approved enterprise, its product, a lot and a unit, and links of each.
class ResolverTest : public TwoEnterprises {
protected:
    static constexpr auto* gtin = "08938505974019";
    static constexpr auto* item = "/01/08938505974019";
    static constexpr auto* lot = "/01/08938505974019/10/L261120";

    void SetUp() override
    {
        TwoEnterprises::SetUp();
        settings.illustrative = false;
        given(write([this](db::Connection& c) -> Status {
            db::versions::Change const change{"officer", clock.now(), "Đủ hồ sơ", "test"};
            given(db::organizations::decide(c, a.org, "approved", change));
            given(db::products::decide(c, a.product, "published", change));
            server::app::LabelRequest wanted;
            wanted.batch = a.batch;
            wanted.kind = "unit";
            wanted.stock = "a4-65";
            wanted.count = 1;
            wanted.draw = false;
            auto const job = given(server::app::create_label_job(c, actor(), wanted, {settings.public_url, false}));
            unit = db::printed_codes::codes_of_job(c, a.org, job).front();
            given(server::app::change_units(c, actor(), {unit, {}, "activated", {}}));
            return Done{};
        }));
        keep(code_of(gtin), "instructions", "https://chebanbo.example/guide", "en");
        keep(code_of(gtin), "faqs", "https://chebanbo.example/hoi-dap?trang=1#dau");
        keep(code_of(gtin, "L261120"), "relatedVideo", "https://chebanbo.example/video-lo");
    }

    server::app::Actor actor() { return {"clerk", a.org, "test", clock.now()}; }

    /// The id of a link that the enterprise keeps from now on.
    std::string keep(server::app::Anchor const& anchor, std::string const& type, std::string const& href,
                     std::string const& language = {}, bool is_default = false, bool fwqs = true)
    {
        server::app::LinkInput input;
        input.type = type;
        input.href = href;
        input.language = language;
        input.is_default = is_default;
        input.fwqs = fwqs;
        auto work = [&](db::Connection& c) {
            return server::app::register_link(c, actor(), anchor, input, settings.public_url);
        };
        return given(write(work)).text();
    }

    /// A program asks, with these fields and no others.
    Answer ask(std::string const& target, Fields const& fields = {}, std::string const& method = "GET")
    {
        auto client = browser();
        client.headers.clear();
        return client.send(method, target, {}, fields);
    }
    Answer visit(std::string const& target) { return browser().get(target); }

    std::string host() const { return "http://127.0.0.1:" + std::to_string(port); }

    nlohmann::json linkset(std::string const& path, Fields const& fields = {{"Accept", "application/linkset+json"}})
    {
        auto const answer = ask(path, fields);
        EXPECT_EQ(answer.status, 200U) << answer.body;
        return nlohmann::json::parse(answer.body)["linkset"];
    }

    void recall()
    {
        given(write([this](db::Connection& c) {
            return server::app::recall_batch(c, actor(), a.batch, "Độ ẩm vượt mức cho phép.");
        }));
    }

    std::string unit; // AI 21 of one pack of the lot
};

} // namespace nguon::testing
