#pragma once

#include "core/bytes.hpp"
#include "core/runtime/worker_process.hpp"
#include "db/events.hpp"
#include "db/installation.hpp"
#include "scanner/picture_workers.hpp"
#include "server/app/catalogues.hpp"
#include "server/app/sheet_workers.hpp"
#include "server/file_worker.hpp"
#include "tests/support/service_test.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nguon::testing {

/// The service of a province with its catalogues, its workers and a public address.
class ConsoleTest : public ServiceTest {
protected:
    ConsoleTest() : pool_{worker_options()}, pictures_{pool_}, sheets_{pool_, cpu_pool} {}

    void adjust() override
    {
        settings.public_url = "https://nguon.laichau.example.vn";
        pictures = &pictures_;
        sheet_workers = &sheets_;
    }

    void SetUp() override
    {
        ServiceTest::SetUp();
        auto const ready = write([this](db::Connection& c) -> Status {
            db::installation::Installation installation;
            installation.id = "0199aaaa-0000-7000-8000-000000000001";
            installation.province_code = settings.province_code;
            installation.public_url = settings.public_url;
            installation.created_at = clock.now();
            db::installation::insert(c, installation);
            return server::app::load_catalogues(c);
        });
        ASSERT_TRUE(ready.ok()) << ready.error().key << ' ' << ready.error().log_text;
    }

    /// A sentence of ours, as pages say it.
    std::string said(std::string_view key, std::initializer_list<std::string> values = {})
    {
        return locale->text("vi", key, values);
    }

    std::int64_t events_stored()
    {
        auto const count =
            database->read_now([](db::Connection& c) -> Result<std::int64_t> { return db::events::count(c); });
        return count.value_or(-1);
    }

    /// A sign-up as people type it.
    static Fields sign_up_fields(std::string const& login = "htx.banbo", std::string const& tax_code = "0100109106")
    {
        return {{"kind", "cooperative"},      {"name", "Hợp tác xã Chè Bản Bo"},
                {"tax_code", tax_code},       {"commune_code", "03424"},
                {"commune_text", ""},         {"address_line", "bản Hợp Nhất"},
                {"former_address", ""},       {"phone", "0912 345 678"},
                {"owner_name", "Lò Thị Mai"}, {"login", login},
                {"password", password},       {"slip", ""}};
    }

    /// A browser whose person has just signed an enterprise up.
    Browser signed_up(std::string const& login = "htx.banbo", std::string const& tax_code = "0100109106")
    {
        auto client = browser();
        auto const answer = client.post("/console/sign-up", sign_up_fields(login, tax_code));
        EXPECT_EQ(answer.status, 303U) << answer.body;
        return client;
    }

    static Upload photo(std::string field = "photo")
    {
        auto const png = scanner::encode_png(scanner::blank_picture(640, 480, scanner::Colors::rgb, 180));
        return {std::move(field), "anh.png", "image/png", png.value_or("")};
    }

    static Fields product_fields()
    {
        return {{"name", "Chè xanh Kim Tuyên"}, {"group_code", "tea"}, {"net_weight", "200"},
                {"weight_unit", "g"},           {"gtin", ""},          {"shelf_life_days", "365"}};
    }

    /// What stands between `prefix` and the next of `? & /` in a Location.
    static std::string id_in(std::string const& location, std::string_view prefix)
    {
        auto const at = location.find(prefix);
        if (at == std::string::npos) return {};
        auto const begin = at + prefix.size();
        return location.substr(begin, location.find_first_of("?&/", begin) - begin);
    }

    /// A product with a photograph; returns its id.
    static std::string add_product(Browser& client, Fields fields = product_fields())
    {
        auto const saved = post_files(client, "/console/products/new", std::move(fields), {photo()});
        EXPECT_EQ(saved.status, 303U) << saved.body;
        return id_in(saved.header("Location"), "product=");
    }

    static Fields batch_fields(std::string const& product, std::string const& lot = "L261121")
    {
        return {{"product", product},
                {"lot", lot},
                {"made_on", "2026-11-21"},
                {"expires_on", "2027-11-21"},
                {"quantity", "120"},
                {"unit", "goi"},
                {"note", ""}};
    }

    static std::string add_batch(Browser& client, std::string const& product, std::string const& lot = "L261121")
    {
        auto const saved =
            client.post("/console/batches/new", batch_fields(product, lot), "/console/batches/new?product=" + product);
        EXPECT_EQ(saved.status, 303U) << saved.body;
        return id_in(saved.header("Location"), "/console/batches/");
    }

private:
    static WorkerPoolOptions worker_options()
    {
        WorkerPoolOptions options;
        options.arguments = {std::string{server::file_worker_argument}};
        options.processes = 1;
        return options;
    }

    WorkerPool pool_;
    scanner::PictureWorkers pictures_;
    server::app::SheetWorkers sheets_;
};

} // namespace nguon::testing
