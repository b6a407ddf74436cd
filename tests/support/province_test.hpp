#pragma once

#include "db/batches.hpp"
#include "db/deliveries.hpp"
#include "db/installation.hpp"
#include "db/organizations.hpp"
#include "db/products.hpp"
#include "db/province_desk.hpp"
#include "db/reference.hpp"
#include "db/targets.hpp"
#include "server/app/batches.hpp"
#include "server/app/organizations.hpp"
#include "server/app/products.hpp"
#include "tests/support/service_test.hpp"

namespace nguon::testing {

inline constexpr auto bo_commune = "03595";
inline constexpr auto tam_commune = "03390";
inline constexpr auto target_name = "quoc-gia";

/// Two firms in two communes of the province, one product and one lot each, a portal, and nobody approved yet.
class ProvinceTest : public ServiceTest {
protected:
    struct Firm {
        OrganizationId org = {};
        ProductId product = {};
        BatchId batch = {};
        std::string batch_code = {};
    };

    void SetUp() override
    {
        ServiceTest::SetUp();
        ASSERT_NE(database, nullptr);
        do_write([&](db::Connection& c) { prepare(c); });
        tea = add_firm("Hợp tác xã Chè Bản Bo", "0100109106", bo_commune, "Chè Shan tuyết");
        rice = add_firm("Doanh nghiệp Gạo Tam Đường", "0100686209", tam_commune, "Gạo Séng cù");
        add_officer("mai.lo", server::Role::province_operator);
    }

    /// Runs `work` (Connection& -> void) in a transaction.
    template <typename Work>
    void do_write(Work work)
    {
        auto const done = write([&](db::Connection& c) -> Status {
            work(c);
            return Done{};
        });
        ASSERT_TRUE(done.ok()) << done.error().key << ' ' << done.error().log_text;
    }

    void prepare(db::Connection& c)
    {
        db::installation::Installation installation;
        installation.id = new_uuid();
        installation.province_code = "12";
        installation.public_url = "http://127.0.0.1";
        installation.created_at = clock.now();
        db::installation::insert(c, installation);
        db::reference::save(c, std::vector<db::reference::Province>{{"12", "Lai Châu", "2025-07-01"}});
        db::reference::save(
            c, std::vector<db::reference::Commune>{{bo_commune, "12", "xã", "Bản Bo", {}, {}, "2025-07-01"},
                                                   {tam_commune, "12", "xã", "Tam Đường", {}, {}, "2025-07-01"}});
        db::reference::save(c, std::vector<db::reference::ProductGroup>{{"tea", "Chè", "Tea", "tea", ""}});
        db::targets::put(c, {target_name, "most", true, clock.now()});
    }

    Firm add_firm(std::string const& name, std::string const& tax_code, std::string const& commune,
                  std::string const& product_name)
    {
        Firm firm;
        do_write([&](db::Connection& c) {
            server::app::Actor actor{"clerk", {}, "test", clock.now()};
            OrganizationInput input;
            input.organization.kind = "cooperative";
            input.organization.name = name;
            input.organization.tax_code = tax_code;
            input.organization.address.line = "Bản Hon 2";
            input.organization.address.commune_code = commune;
            input.phone = "0213000111";
            firm.org = server::app::register_organization(c, actor, input).value_or(OrganizationId{});
            actor.org = firm.org;
            Product product;
            product.name = product_name;
            product.group_code = "tea";
            firm.product = server::app::register_product(c, actor, product, {}).value_or(ProductId{});
            firm.batch = server::app::register_batch(c, actor, firm.product, {.lot = "L2611"}).value_or(BatchId{});
            if (auto const head = db::batches::find(c, firm.org, firm.batch)) firm.batch_code = head->code;
        });
        EXPECT_FALSE(firm.batch_code.empty());
        return firm;
    }

    /// Somebody of the state, limited to `area` unless it is empty.
    PersonId add_officer(std::string const& login, server::Role role, std::string const& area = {})
    {
        server::NewAccount wanted;
        wanted.login = login;
        wanted.password_hash = server::hash_password_now(password, server::PasswordCost::least);
        wanted.name = "Lò Thị Mai";
        wanted.role = role;
        wanted.area = area;
        wanted.created_by = "test";
        auto made = write([&](db::Connection& c) { return server::create_account(c, wanted, clock.now()); });
        EXPECT_TRUE(made.ok());
        return made.value_or(PersonId{});
    }

    template <typename T, typename Work>
    T look(Work work)
    {
        auto found = database->read_now([&](db::Connection& c) -> Result<T> { return work(c); });
        EXPECT_TRUE(found.ok()) << found.error().key << ' ' << found.error().log_text;
        return found.value_or(T{});
    }

    db::deliveries::Counts counts(OrganizationId const& org)
    {
        return look<db::deliveries::Counts>(
            [&](db::Connection& c) { return db::deliveries::count(c, org, target_name); });
    }

    std::string status_of_firm(Firm const& firm)
    {
        return look<std::string>([&](db::Connection& c) { return db::organizations::find(c, firm.org)->status; });
    }

    /// Every action in the audit, newest first.
    std::vector<std::string> actions()
    {
        return look<std::vector<std::string>>([](db::Connection& c) {
            std::vector<std::string> out;
            for (auto const& line : db::province_desk::audit(c, {.count = 1000})) out.push_back(line.action);
            return out;
        });
    }
    bool was_noted(std::string const& action)
    {
        auto const all = actions();
        return std::ranges::find(all, action) != all.end();
    }

    std::string firm_url(Firm const& firm) { return "/province/organizations/" + firm.org.text(); }
    std::string product_url(Firm const& firm) { return "/province/products/" + firm.product.text(); }

    Answer approve(Browser& client, Firm const& firm)
    {
        return client.post(firm_url(firm) + "/decision", {{"decision", "approve"}, {"version", "1"}}, firm_url(firm));
    }
    Answer publish(Browser& client, Firm const& firm)
    {
        return client.post(product_url(firm) + "/decision", {{"decision", "publish"}, {"version", "1"}},
                           product_url(firm));
    }

    std::string say(std::string const& key, std::initializer_list<std::string> values = {})
    {
        return locale->text("vi", key, values);
    }

    /// What the connector would have noted.
    void settle(Firm const& firm, std::string const& state)
    {
        do_write([&](db::Connection& c) {
            c.execute("UPDATE delivery SET state = $1, error_class = 'refused', error_text = 'thiếu <b>ảnh</b>'"
                      " WHERE org_id = $2 AND aggregate_type = 'organization'",
                      {state, firm.org});
        });
    }
    std::int64_t seq_of(Firm const& firm)
    {
        return look<std::int64_t>([&](db::Connection& c) {
            return db::deliveries::of_record(c, firm.org, "organization", firm.org.text()).front().seq;
        });
    }

    Firm tea;
    Firm rice;
};

} // namespace nguon::testing
