#include "server/app/alarm_watch.hpp"

#include "core/runtime/disk_watch.hpp"
#include "db/connections.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/http_test.hpp"
#include "tests/support/outbox_rows.hpp"
#include "tests/support/storage_test.hpp"

#include <functional>
#include <map>
#include <thread>

#include <boost/asio/io_context.hpp>

namespace nguon::server::app {
namespace {

using namespace std::chrono_literals;
using db::alarms::Notice;

/// What arrived, and whether anything does.
struct Inbox {
    std::mutex mutex;
    std::vector<Notice> notices;
    std::atomic<bool> broken = false;
    std::atomic<int> tries = 0;

    std::size_t size()
    {
        std::lock_guard const lock{mutex};
        return notices.size();
    }
};

class TestChannel final : public NoticeChannel {
public:
    TestChannel(std::string name, Inbox& inbox) : name_{std::move(name)}, inbox_{inbox} {}
    std::string const& name() const override { return name_; }
    net::awaitable<Status> send(Notice notice) override
    {
        ++inbox_.tries;
        if (inbox_.broken) co_return unavailable("mail.failed", "Connection refused");
        std::lock_guard const lock{inbox_.mutex};
        inbox_.notices.push_back(std::move(notice));
        co_return Done{};
    }
    void stop() override {}

private:
    std::string name_;
    Inbox& inbox_;
};

/// Servers on one database, each with a thread and a disk of its own that can fill up.
class AlarmServers : public nguon::testing::StorageTest {
protected:
    struct Server {
        nguon::testing::IoThreads threads{1};
        AlarmBoard board;
        Metrics metrics;
        nguon::testing::TempDir folder;
        TargetTitles titles;
        std::atomic<std::uint64_t> free = 90;
        DiskWatch disk{folder.path(), 0, DiskRules{}, [this](auto const&) { return DiskSpace{free, 100}; }};
        std::unique_ptr<AlarmWatch> watch;

        void leave_room(std::uint64_t percent)
        {
            free = percent;
            disk.look();
        }
    };

    std::unique_ptr<Server> start(std::string const& holder)
    {
        auto server = std::make_unique<Server>();
        std::vector<std::unique_ptr<NoticeChannel>> channels;
        channels.push_back(std::make_unique<TestChannel>("email", email));
        channels.push_back(std::make_unique<TestChannel>("webhook", webhook));
        AlarmWatchOptions options;
        options.holder = holder;
        options.server = "may-chu-" + holder;
        options.titles = &server->titles;
        options.tick = 20ms;
        auto const executor = server->threads.executor();
        server->watch = std::make_unique<AlarmWatch>(executor, database(), clock, server->metrics, &server->disk,
                                                     server->board, std::move(channels), options);
        boost::asio::post(executor, [watch = server->watch.get()] { watch->start(); });
        return server;
    }

    void stop(Server& server)
    {
        auto work = [&server]() -> net::awaitable<int> {
            co_await server.watch->stop();
            co_return 0;
        };
        server.threads.run(work());
        // The database's thread may still be leaving the call that answered; its io_context must outlive that.
        EXPECT_TRUE(write([](db::Connection&) -> Status { return Done{}; }).ok());
    }

    static bool until(std::function<bool()> const& reached)
    {
        auto const end = std::chrono::steady_clock::now() + 20s;
        while (!reached() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(10ms);
        return reached();
    }

    nguon::testing::FakeClock clock;
    Inbox email;
    Inbox webhook;
};

NGUON_ON_BOTH_ENGINES(AlarmServers);

TEST_P(AlarmServers, OneOfThemTellsAndAllShow)
{
    auto first = start("first");
    auto second = start("second");
    first->leave_room(1);
    EXPECT_TRUE(until([&] { return email.size() > 0 && webhook.size() > 0; }));
    EXPECT_TRUE(until([&] { return first->board.get()->size() == 1 && second->board.get()->size() == 1; }));
    std::this_thread::sleep_for(300ms); // rounds of both
    EXPECT_EQ(email.size(), 1U);
    EXPECT_EQ(webhook.size(), 1U);
    EXPECT_NE(first->metrics.text().find("alarms_active{severity=\"critical\"} 1"), std::string::npos);
    auto const sent = [](Server& server) {
        return server.metrics.text().find("outcome=\"sent\"") != std::string::npos;
    };
    EXPECT_NE(sent(*first), sent(*second));
    // The one that led goes; the other goes on where it was.
    auto& leader = sent(*first) ? first : second;
    auto& other = sent(*first) ? second : first;
    stop(*leader);
    leader.reset(); // with its disk
    other->leave_room(90);
    auto const ended = [&] {
        clock.advance(30s);
        std::this_thread::sleep_for(150ms);
        return other->board.get()->empty();
    };
    EXPECT_TRUE(until(ended));
    stop(*other);
    EXPECT_EQ(email.size(), 1U);
}

TEST_P(AlarmServers, EachMeasuresItsOwnDiskAndTheAlarmNamesIt)
{
    auto first = start("first");
    auto second = start("second");
    auto const leads = [](Server& server) {
        return server.metrics.text().find("outcome=\"sent\"") != std::string::npos;
    };
    first->leave_room(4);
    second->leave_room(9);
    EXPECT_TRUE(until([&] { return email.size() == 2; })) << "the one that does not lead is seen too";
    EXPECT_NE(leads(*first), leads(*second));
    EXPECT_TRUE(until([&] { return first->board.get()->size() == 2 && second->board.get()->size() == 2; }));
    auto const board = *first->board.get();
    std::map<std::string, std::string> found;
    for (auto const& alarm : board) found[alarm.subject] = db::alarms::to_text(alarm.severity);
    EXPECT_EQ(found, (std::map<std::string, std::string>{{"may-chu-first", "critical"}, {"may-chu-second", "high"}}));
    stop(*first);
    stop(*second);
}

TEST_P(AlarmServers, EachKnowsWhatPortalsAreCalled)
{
    ASSERT_TRUE(write([&](db::Connection& c) -> Status {
                    nguon::testing::add_installation(c);
                    db::targets::Target target{"quoc-gia", "most", true, clock.now()};
                    db::targets::put(c, target);
                    db::connections::PortalConnection draft;
                    draft.target = "tay-bac";
                    draft.adapter = "most";
                    draft.title = "Cổng vùng Tây Bắc";
                    draft.changed_by = "mai.lo";
                    return db::connections::insert(c, draft);
                }).ok());
    auto server = start("only");
    EXPECT_TRUE(until([&] { return server->titles.get()->size() == 2; }));
    auto const labels = server->titles.get();
    EXPECT_EQ(labels->at("tay-bac").title, "Cổng vùng Tây Bắc");
    EXPECT_EQ(labels->at("quoc-gia").title, "");
    EXPECT_TRUE(labels->at("quoc-gia").alone);
    stop(*server);
}

TEST_P(AlarmServers, AChannelThatIsAwayHoldsUpNobodyAndIsTriedAgain)
{
    email.broken = true;
    auto server = start("only");
    server->leave_room(1);
    EXPECT_TRUE(until([&] { return webhook.size() == 1 && email.tries == 1; }));
    std::this_thread::sleep_for(200ms);
    EXPECT_EQ(email.tries, 1); // not before its time
    clock.advance(10s);
    EXPECT_TRUE(until([&] { return email.tries == 2; }));
    clock.advance(20s);
    // Three tries are an alarm of their own, told where something arrives.
    EXPECT_TRUE(until([&] { return email.tries == 3 && webhook.size() == 2; }));
    email.broken = false;
    clock.advance(40s);
    EXPECT_TRUE(until([&] { return email.size() == 1; }));
    std::this_thread::sleep_for(200ms);
    EXPECT_EQ(email.tries, 4);
    EXPECT_EQ(email.size(), 1U);
    stop(*server);
}

TEST_P(AlarmServers, WhatCannotBeSentIsGivenUpAfterADay)
{
    email.broken = true;
    auto server = start("only");
    Actor const actor{"mai.lo", {}, "test", clock.now()};
    ASSERT_TRUE(write([&](db::Connection& c) { return send_trials(c, actor, {"email"}); }).ok());
    EXPECT_TRUE(until([&] { return email.tries == 1; }));
    clock.advance(std::chrono::hours{23});
    EXPECT_TRUE(until([&] { return email.tries == 2; }));
    clock.advance(std::chrono::minutes{59} + 30s);
    EXPECT_TRUE(until([&] { return email.tries == 3; }));
    clock.advance(1min);
    EXPECT_TRUE(until([&] { return server->metrics.text().find("outcome=\"given_up\"") != std::string::npos; }));
    stop(*server);
}

} // namespace
} // namespace nguon::server::app
