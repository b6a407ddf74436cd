#include "server/app/label_checks.hpp"
#include "server/app/labels.hpp"
#include "tests/support/api_test.hpp"

#include <thread>

namespace nguon::server {
namespace {

using namespace std::chrono_literals;
using nguon::testing::Answer;
using nguon::testing::Browser;
using nguon::testing::faults_of;
using nguon::testing::Fields;
using nguon::testing::given;
using nguon::testing::key_of_problem;
using nlohmann::json;
using FaultsByPlace = std::map<std::string, std::string>;

/// Label jobs as the API and the console show them. `TEST_F`s that look at a job before it is drawn hold the worker.
class LabelJobs : public nguon::testing::ApiTest {
protected:
    void SetUp() override
    {
        ApiTest::SetUp();
        add_person("chu", Role::enterprise_owner, a.org);
    }

    std::string jobs_url() const { return "/api/v1/batches/" + a.batch.text() + "/label-jobs"; }
    std::string form_url() const { return "/console/batches/" + a.batch.text() + "/labels"; }
    static std::string url_of(json const& job) { return "/api/v1/label-jobs/" + job["id"].get<std::string>(); }
    static std::string page_of(json const& job) { return "/console/labels/" + job["id"].get<std::string>(); }

    json make(json wanted)
    {
        wanted.emplace("stock", "a4-24");
        auto const made = post(jobs_url(), wanted);
        EXPECT_EQ(made.status, 201U) << made.body;
        return json::parse(made.body);
    }

    Answer act(std::string const& path) { return owner->send("POST", path, {}, {}); }

    json wait_for(std::string const& url, std::string const& state)
    {
        auto const end = std::chrono::steady_clock::now() + 20s;
        auto job = get(url);
        for (; job["state"] != state && std::chrono::steady_clock::now() < end; job = get(url))
            std::this_thread::sleep_for(10ms);
        EXPECT_EQ(job["state"], state);
        return job;
    }

    std::string said(std::string_view key, std::initializer_list<std::string> values = {})
    {
        return locale->text("vi", key, values);
    }

    std::int64_t hits(std::string const& limit)
    {
        return static_cast<std::int64_t>(metrics.counter("limit_hits_total", "", {{"limit", limit}}).value());
    }
};

class HeldLabelJobs : public LabelJobs {
protected:
    void SetUp() override
    {
        draws_labels = false;
        LabelJobs::SetUp();
    }
};

TEST_F(LabelJobs, AreDrawnInTheBackgroundAndGiveTheirFile)
{
    auto const made = make({{"kind", "unit"}, {"count", 1'300}});
    auto const job = wait_for(url_of(made), "done");
    EXPECT_EQ(job["labels_done"], 1'300);
    auto const file = owner->get(job["file"].get<std::string>());
    ASSERT_EQ(file.status, 200U);
    EXPECT_EQ(file.header("Content-Type"), "application/pdf");
    EXPECT_NE(file.header("Content-Disposition").find("tem-L261120-"), std::string::npos);
    EXPECT_EQ(sha256_hex(file.body), job["sha256"]);
    EXPECT_EQ(file.body.size(), job["file_size"]);
    EXPECT_GT(file.body.size(), limits::label_piece_bytes) << "sent piece by piece";
    EXPECT_EQ(get("/api/v1/label-jobs")["items"][0]["id"], job["id"]);
    EXPECT_EQ(get(url_of(job) + "/units?limit=100")["items"].size(), 100U);
}

TEST_F(LabelJobs, OfAFewLabelsAreReadyWhenTheirPageComes)
{
    auto chu = signed_in("chu");
    auto const saved = chu.post(form_url(), {{"stock", "a4-65"}, {"count", "65"}, {"kind", "batch"}});
    ASSERT_EQ(saved.status, 303U) << saved.body;
    auto const page = chu.get(saved.header("Location"));
    EXPECT_TRUE(page.says(said("console.label.download")));
    EXPECT_EQ(page.header("Refresh"), "");
    EXPECT_TRUE(chu.get(saved.header("Location") + ".pdf").body.starts_with("%PDF-"));
    auto const list = chu.get("/console/labels");
    EXPECT_TRUE(list.says(saved.header("Location")));
    EXPECT_TRUE(list.says("Trà Shan tuyết · L261120")) << "whose labels they are";
    EXPECT_TRUE(chu.get("/console/batches/" + a.batch.text()).says(saved.header("Location")));
}

TEST_F(HeldLabelJobs, SayHowFarTheyAreUntilTheyAreDrawn)
{
    auto const job = make({{"count", 50}});
    EXPECT_EQ(job["state"], "queued");
    EXPECT_EQ(key_of_problem(owner->get(job["file"].get<std::string>())), "label_job.not_ready");
    auto chu = signed_in("chu");
    auto const page = chu.get(page_of(job));
    EXPECT_EQ(page.header("Refresh"), "2; url=" + page_of(job));
    EXPECT_TRUE(page.says(said("console.label.progress", {"0", "50"})));
    EXPECT_FALSE(page.says(said("console.label.download")));
    label_worker->start();
    wait_for(url_of(job), "done");
}

TEST_F(HeldLabelJobs, AreCancelledWithTheirCodes)
{
    auto const job = make({{"kind", "unit"}, {"count", 5}});
    auto chu = signed_in("chu");
    EXPECT_EQ(chu.post(page_of(job), {{"action", "cancel"}}).header("Location"), page_of(job));
    EXPECT_EQ(get(url_of(job))["state"], "cancelled");
    for (auto const& unit : get(url_of(job) + "/units")["items"]) EXPECT_EQ(unit["state"], "void");
    EXPECT_TRUE(chu.get(page_of(job)).says(said("console.label.cancelled")));
    EXPECT_EQ(key_of_problem(owner->get(job["file"].get<std::string>())), "label_job.no_file");
    EXPECT_EQ(key_of_problem(act(url_of(job) + "/cancel")), "label_job.state");
    EXPECT_EQ(get("/api/v1/units/" + a.unit)["state"], "printed") << "codes of another job";
}

TEST_F(HeldLabelJobs, AreLimitedForEachOrganizationAndCounted)
{
    for (std::int64_t i = 0; i < limits::label_jobs_open_max; ++i) make({{"count", 1}});
    auto const refused = post(jobs_url(), {{"stock", "a4-24"}, {"count", 1}});
    EXPECT_EQ(refused.status, 429U);
    EXPECT_EQ(key_of_problem(refused), "label_job.too_many");
    EXPECT_EQ(hits("label_job.too_many"), 1);
    auto chu = signed_in("chu");
    auto const told = chu.post(form_url(), {{"stock", "a4-24"}, {"count", "1"}, {"kind", "batch"}});
    EXPECT_TRUE(told.says(said("label_job.too_many", {std::to_string(limits::label_jobs_open_max)})));
    EXPECT_EQ(hits("label_job.too_many"), 2);
    auto other = program(key_of(Role::enterprise_owner, b.org));
    EXPECT_EQ(
        send(other, "POST", "/api/v1/batches/" + b.batch.text() + "/label-jobs", {{"stock", "a4-24"}, {"count", 1}})
            .status,
        201U)
        << "others are not held up";
}

TEST_F(HeldLabelJobs, GiveOutNoMoreUnitsThanABatchMayHave)
{
    auto const all = static_cast<std::int64_t>(limits::labels_per_job_max);
    EXPECT_EQ(post(jobs_url(), {{"stock", "a4-24"}, {"count", all + 1}}).status, 400U);
    ASSERT_TRUE(write([&](db::Connection& c) -> Status {
                    c.execute("UPDATE label_job SET count = $1 WHERE id = $2",
                              {static_cast<std::int64_t>(limits::units_per_batch_max) - all, a.unit_job});
                    return Done{};
                }).ok());
    make({{"kind", "unit"}, {"count", all}});
    auto const refused = post(jobs_url(), {{"stock", "a4-24"}, {"kind", "unit"}, {"count", 1}});
    EXPECT_EQ(faults_of(refused), (FaultsByPlace{{"/count", "label.count"}}));
    EXPECT_EQ(hits("label.count"), 1);
    EXPECT_EQ(get(url_of(make({{"count", 1}})))["state"], "queued") << "labels of the lot need no codes";
}

TEST_F(LabelJobs, PrintOneTestLabelAndThenTheOthers)
{
    auto chu = signed_in("chu");
    auto const saved = chu.post(
        form_url(),
        {{"stock", "a4-24"}, {"count", "30"}, {"kind", "unit"}, {"first_position", "24"}, {"test_first", "1"}});
    ASSERT_EQ(saved.status, 303U) << saved.body;
    auto const page = saved.header("Location");
    auto const job = get("/api/v1/label-jobs/" + page.substr(page.rfind('/') + 1));
    EXPECT_EQ(job["state"], "held");
    auto const test = get("/api/v1/label-jobs")["items"];
    auto const found = std::ranges::find_if(test, [](json const& one) { return one["purpose"] == "test"; });
    ASSERT_NE(found, test.end());
    EXPECT_EQ((*found)["source_id"], job["id"]);
    EXPECT_EQ((*found)["count"], 1);
    wait_for(url_of(*found), "done");
    EXPECT_TRUE(chu.get(page).says(page_of(*found) + ".pdf")) << chu.get(page).body;

    auto const unseen = chu.post(page, {{"action", "release"}});
    EXPECT_EQ(unseen.status, 400U);
    EXPECT_TRUE(unseen.says(said("label.test_unseen")));
    EXPECT_EQ(get(url_of(job))["state"], "held");
    EXPECT_EQ(chu.post(page, {{"action", "release"}, {"seen", "1"}}).status, 303U);
    auto const rest = wait_for(url_of(job), "done");
    EXPECT_EQ(rest["count"], 29);
    EXPECT_EQ(rest["first_label"], 2);
    EXPECT_EQ(rest["first_position"], 1) << "the test label took the last place of its sheet";
    EXPECT_EQ(get(url_of(job) + "/units?limit=100")["items"].size(), 30U);
    EXPECT_EQ(key_of_problem(act(url_of(job) + "/release")), "label_job.state");
}

TEST_F(LabelJobs, PrintAgainWithAReason)
{
    auto const job = wait_for(url_of(make({{"kind", "unit"}, {"count", 10}})), "done");
    auto const ask = [&](json const& body) { return post(url_of(job) + "/reprints", body); };
    EXPECT_EQ(faults_of(ask({{"reason", ""}})), (FaultsByPlace{{"/reason", "field.required"}}));
    EXPECT_EQ(faults_of(ask({{"reason", "Nhăn"}, {"first_label", 11}})),
              (FaultsByPlace{{"/first_label", "label.range"}}));
    EXPECT_EQ(faults_of(ask({{"reason", "Nhăn"}, {"first_label", 5}, {"last_label", 4}})),
              (FaultsByPlace{{"/last_label", "label.range"}}));
    auto const made = ask({{"reason", "Kẹt giấy"}, {"first_label", 3}, {"last_label", 6}});
    ASSERT_EQ(made.status, 201U) << made.body;
    auto const again = wait_for(made.header("Location"), "done");
    EXPECT_EQ(again["purpose"], "reprint");
    EXPECT_EQ(again["source_id"], job["id"]);
    EXPECT_EQ(again["count"], 4);
    EXPECT_EQ(again["reason"], "Kẹt giấy");
    EXPECT_EQ(get(url_of(job) + "/units?limit=100")["items"].size(), 10U) << "no further codes";
    EXPECT_EQ(key_of_problem(post(url_of(again) + "/reprints", {{"reason", "Nữa"}})), "label_job.state");

    auto chu = signed_in("chu");
    auto const page = chu.get(page_of(job));
    EXPECT_TRUE(page.says(page_of(again)));
    EXPECT_TRUE(page.says("Kẹt giấy"));
    auto const refused = chu.post(page_of(job), {{"action", "reprint"}, {"reason", ""}});
    EXPECT_EQ(refused.status, 400U);
    auto const saved = chu.post(page_of(job), {{"action", "reprint"}, {"reason", "Mờ mực"}});
    ASSERT_EQ(saved.status, 303U) << saved.body;
    EXPECT_TRUE(chu.get(saved.header("Location")).says("Mờ mực"));
}

TEST_F(LabelJobs, AreDrawnAgainWhenTheirFileIsNotKeptAnyLonger)
{
    auto const job = wait_for(url_of(make({{"count", 24}})), "done");
    EXPECT_EQ(key_of_problem(act(url_of(job) + "/redraw")), "label_job.state");
    ASSERT_TRUE(write([&](db::Connection& c) -> Status {
                    auto const after = clock.now() + limits::label_file_kept_time;
                    while (db::label_jobs::forget_files(c, after)) {
                    }
                    return Done{};
                }).ok());
    EXPECT_EQ(key_of_problem(owner->get(job["file"].get<std::string>())), "label_job.no_file");
    auto chu = signed_in("chu");
    EXPECT_TRUE(chu.get(page_of(job)).says(said("console.label.no_file")));
    EXPECT_EQ(chu.post(page_of(job), {{"action", "redraw"}}).status, 303U);
    EXPECT_EQ(wait_for(url_of(job), "done")["sha256"], job["sha256"]);
    EXPECT_TRUE(owner->get(job["file"].get<std::string>()).body.starts_with("%PDF-"));
}

TEST_F(LabelJobs, OfOthersDoNotExist)
{
    auto const job = wait_for(url_of(make({{"count", 1}})), "done");
    auto stranger = program(key_of(Role::enterprise_owner, b.org));
    for (auto const* part : {"", ".pdf", "/units"}) EXPECT_EQ(stranger.get(url_of(job) + part).status, 404U) << part;
    for (auto const* part : {"/cancel", "/release", "/redraw"})
        EXPECT_EQ(stranger.send("POST", url_of(job) + part, {}, {}).status, 404U) << part;
    EXPECT_EQ(send(stranger, "POST", url_of(job) + "/reprints", {{"reason", "x"}}).status, 404U);
    for (auto const& one : json::parse(stranger.get("/api/v1/label-jobs").body)["items"])
        EXPECT_NE(one["id"], job["id"]);
}

/// An installation that can seal, with one keyed job of units.
class KeyedLabels : public LabelJobs {
protected:
    void adjust() override { label_options.sealer = std::make_shared<Sealer const>(std::string(32, 's')); }

    void SetUp() override
    {
        LabelJobs::SetUp();
        services->sealer = label_options.sealer;
    }

    /// What stands in the symbols of a job, from the address's path on.
    std::vector<std::string> paths_of(json const& job)
    {
        auto work = [id = job["id"].get<std::string>(), org = a.org,
                     sealer = label_options.sealer](db::Connection& c) -> Result<std::vector<scanner::LabelCode>> {
            auto const stored = db::label_jobs::find(c, org, id);
            if (!stored) return stored.error();
            return app::codes_of_label_job(c, *stored, 0, static_cast<std::size_t>(stored->count), sealer.get());
        };
        std::vector<std::string> paths;
        for (auto const& code : given(database->read_now(std::move(work))))
            paths.push_back(code.url.substr(settings.public_url.size()));
        return paths;
    }

    bool shows(std::string const& path, std::string const& key)
    {
        auto client = browser();
        auto page = client.get(path);
        if (page.status == 307) page = client.get(page.header("Location"));
        EXPECT_EQ(page.status, 200U) << path;
        return page.says(said(key));
    }
};

TEST_F(KeyedLabels, CarryACheckThatTheirPageConfirms)
{
    auto const made = make({{"kind", "unit"}, {"count", 3}, {"keyed", true}});
    auto const job = wait_for(url_of(made), "done");
    auto const paths = paths_of(job);
    ASSERT_EQ(paths.size(), 3U);
    auto const code = get(url_of(job) + "/units")["items"][0]["code"].get<std::string>();
    for (auto const& path : paths) {
        auto const check = path.substr(path.find("?k="));
        EXPECT_EQ(check.size(), 3 + LabelCheckKey::check_chars) << path;
        EXPECT_TRUE(shows(path, "origin.label_check.passed"));
        EXPECT_EQ(check == paths.front().substr(paths.front().find("?k=")), path == paths.front());
    }
    auto const check = paths.front().substr(paths.front().find("?k="));
    EXPECT_TRUE(shows("/t/" + code + check, "origin.label_check.passed")) << "the short address carries it on";
    EXPECT_EQ(paths_of(job), paths) << "the same job has the same addresses";
}

TEST_F(KeyedLabels, OfAWholeLotCarryOneCheck)
{
    auto const job = wait_for(url_of(make({{"count", 2}, {"keyed", true}})), "done");
    EXPECT_TRUE(shows(paths_of(job).front(), "origin.label_check.passed"));
}

TEST_F(KeyedLabels, TellOfACheckThatDoesNotFitAndNothingOfOthersParameters)
{
    auto const job = wait_for(url_of(make({{"kind", "unit"}, {"count", 2}, {"keyed", true}})), "done");
    auto const paths = paths_of(job);
    auto const bare = [](std::string const& path) { return path.substr(0, path.find('?')); };
    auto const check = [](std::string const& path) { return path.substr(path.find('?')); };
    EXPECT_TRUE(shows(bare(paths[0]) + check(paths[1]), "origin.label_check.failed"));
    EXPECT_TRUE(shows(bare(paths[0]) + check(paths[0]).substr(0, 10), "origin.label_check.failed"));
    for (auto const* const other : {"", "?k=", "?k=Z123", "?k=utm", "?K=0"}) {
        EXPECT_FALSE(shows(bare(paths[0]) + other, "origin.label_check.failed")) << other;
        EXPECT_FALSE(shows(bare(paths[0]) + other, "origin.label_check.passed")) << other;
    }
    services->sealer = std::make_shared<Sealer const>(std::string(32, 'x'));
    EXPECT_FALSE(shows(bare(paths[0]) + check(paths[1]), "origin.label_check.failed")) << "the key cannot be opened";
}

TEST_F(KeyedLabels, WhoseKeyIsLostStillShowTheirPageAndHowToMendIt)
{
    auto const job = wait_for(url_of(make({{"kind", "unit"}, {"count", 3}, {"keyed", true}})), "done");
    EXPECT_EQ(job["keyed"], true);
    auto chu = signed_in("chu");
    EXPECT_FALSE(chu.get(page_of(job)).says(said("console.label.key_lost")));

    services->sealer = std::make_shared<Sealer const>(std::string(32, 'x'));
    auto const page = chu.get(page_of(job));
    EXPECT_EQ(page.status, 200U) << page.body;
    EXPECT_TRUE(page.says(said("console.label.key_lost")));
    EXPECT_TRUE(page.says(said("console.label.key_lost.file")));
    EXPECT_TRUE(page.says(page_of(job) + ".pdf"));
    EXPECT_FALSE(page.says(said("console.label.reprint.make"))) << "nothing can be drawn any more";
    EXPECT_EQ(chu.get(page_of(job) + ".pdf").status, 200U);
}

TEST_F(LabelJobs, AreNotKeyedWhereNothingCanBeSealed)
{
    auto const refused = post(jobs_url(), {{"stock", "a4-24"}, {"count", 1}, {"keyed", true}});
    EXPECT_EQ(refused.status, 503U);
    EXPECT_EQ(key_of_problem(refused), "label_check.no_key");
}

} // namespace
} // namespace nguon::server
