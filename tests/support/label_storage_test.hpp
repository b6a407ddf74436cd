#pragma once

#include "core/gs1/printed_code.hpp"
#include "db/label_jobs.hpp"
#include "db/leases.hpp"
#include "db/printed_codes.hpp"
#include "tests/support/outbox_rows.hpp"
#include "tests/support/storage_test.hpp"

#include <string>
#include <vector>

namespace nguon::testing {

/// A lot of one enterprise, ready for labels, on either engine.
class LabelStorageTest : public StorageTest {
protected:
    void SetUp() override
    {
        StorageTest::SetUp();
        ASSERT_TRUE(write([this](db::Connection& c) {
                        add_organization(c, tea.text());
                        add_organization(c, rice.text());
                        add_product(c, "tea-product", tea.text());
                        c.execute("INSERT INTO batch (id, org_id, product_id, lot, latest_version, status, code,"
                                  " created_at) VALUES ($1, $2, 'tea-product', 'L1', 1, 'active', 'CODE', $3)",
                                  {lot, tea, outbox_start});
                    }).ok());
    }

    db::label_jobs::Job a_job(std::string const& id, std::int64_t count = 65, std::string kind = "batch") const
    {
        db::label_jobs::Job job;
        job.id = id;
        job.org = tea;
        job.batch = lot;
        job.kind = std::move(kind);
        job.stock = "a4-65";
        job.count = count;
        job.public_url = "https://truyxuat.example";
        job.content =
            R"({"product_name": "Chè xanh", "organization": "HTX Chè", "gtin": "08938505974019", "lot": "L1",)"
            R"( "made_on": "2026-11-20", "expires_on": "2027-11-20", "code": "0QV47TJ29KXB"})";
        job.queued_at = outbox_start;
        job.created_at = outbox_start;
        job.created_by = "clerk";
        return job;
    }

    void insert(db::label_jobs::Job const& job)
    {
        ASSERT_TRUE(write([&](db::Connection& c) { db::label_jobs::insert(c, job); }).ok());
    }

    db::label_jobs::Job job(std::string const& id)
    {
        auto found = read([&](db::Connection& c) { return db::label_jobs::find(c, tea, id); });
        EXPECT_TRUE(found.ok()) << id;
        return found.value_or(db::label_jobs::Job{});
    }

    std::string state(std::string const& id) { return job(id).state; }

    static std::vector<std::string> new_codes(std::size_t count)
    {
        std::vector<std::string> codes;
        for (std::size_t i = 0; i < count; ++i) codes.push_back(gs1::new_printed_code());
        return codes;
    }

    std::vector<std::string> codes_of(std::string const& id)
    {
        return *read([&](db::Connection& c) { return Result{db::printed_codes::codes_of_job(c, tea, id)}; });
    }

    OrganizationId const tea{"org-tea"};
    OrganizationId const rice{"org-rice"};
    BatchId const lot{"tea-lot"};
};

} // namespace nguon::testing
