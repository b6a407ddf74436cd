#include "connector/file_target.hpp"

#include "connector/file_drop.hpp"
#include "connector/practice_portal/drop_desk.hpp"
#include "core/bytes.hpp"
#include "tests/connector/signing_keys.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nguon::connector {
namespace {

using connector::testing::make_signing_key;
using nlohmann::json;
using practice_portal::DropDesk;
using practice_portal::FaultPlan;
using practice_portal::Ledger;
using practice_portal::ReceiptSigner;
namespace fs = std::filesystem;

constexpr Instant now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

Record record(int number, std::string type = "place", std::int64_t version = 1)
{
    Record record;
    record.seq = number;
    record.type = std::move(type);
    record.id = "0190-" + std::to_string(number);
    record.version = version;
    record.delivered_version = version - 1;
    record.key = "key-" + std::to_string(number);
    record.payload =
        json{{"type", record.type}, {"id", record.id}, {"version", version}, {"fields", {{"name", "Nương"}}}}.dump();
    record.sha256 = sha256_hex(record.payload);
    return record;
}

std::string text_of(fs::path const& file)
{
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

/// Conversations of one target with its directory, and the practice portal on the directory's other side.
class FileTalk : public ::testing::Test {
protected:
    void SetUp() override
    {
        auto opened = FileDrop::open(dir.path() / "drop", ours.secret);
        ASSERT_TRUE(opened.ok()) << opened.error().key;
        drop = *std::move(opened);
        make_target(BundleFormat::ndjson);
    }

    void make_target(BundleFormat format)
    {
        FileSettings settings;
        settings.base_url = drop->base_url();
        settings.format = format;
        ASSERT_TRUE(settings.receipt_keys.add(theirs.open).ok());
        target = std::make_unique<FileTarget>(std::move(settings));
    }

    /// Goes on until the conclusion, keeping in `records` what a store would keep. `crash_before`: ends before that
    /// many requests were answered.
    std::optional<Conclusion> talk(std::vector<Record>& records, int crash_before = 100, Instant at = now)
    {
        auto const conversation = target->begin(records);
        for (int requests = 0;;) {
            auto step = conversation->next(at);
            if (auto* const freeze = std::get_if<Freeze>(&step)) {
                store(records, *freeze);
            } else if (auto* const request = std::get_if<Request>(&step)) {
                if (++requests > crash_before) return std::nullopt;
                conversation->take(drop->send_now(*request), at);
            } else {
                return std::get<Conclusion>(step);
            }
        }
    }

    static void store(std::vector<Record>& records, Freeze const& freeze)
    {
        for (auto& one : records) {
            for (auto const& wire : freeze.wires)
                if (wire.seq == one.seq) {
                    ASSERT_TRUE(one.wire.empty() || one.wire == wire.wire) << "bytes are made once";
                    one.wire = wire.wire;
                    one.wire_sha256 = wire.wire_sha256;
                }
            for (auto const& link : freeze.links)
                if (link.id == one.id) one.portal_id = link.portal_id;
        }
    }

    void serve_portal(std::string const& script = "[]")
    {
        auto ledger = Ledger::open(dir.path() / "ledger.jsonl");
        auto desk = DropDesk::open(dir.path() / "drop", ours.open);
        auto faults = FaultPlan::read(script);
        ASSERT_TRUE(ledger.ok() && desk.ok() && faults.ok());
        desk->serve(*ledger, *ReceiptSigner::load(theirs.secret), *faults, now);
        described = ledger->describe();
    }

    std::vector<std::string> files_in(char const* folder) const
    {
        std::vector<std::string> names;
        for (auto const& entry : fs::directory_iterator{dir.path() / "drop" / folder})
            names.push_back(entry.path().filename().string());
        std::ranges::sort(names);
        return names;
    }

    nguon::testing::TempDir dir;
    testing::SigningKey ours = make_signing_key(dir.path(), "ours");
    testing::SigningKey theirs = make_signing_key(dir.path(), "theirs");
    std::shared_ptr<FileDrop> drop;
    std::unique_ptr<FileTarget> target;
    json described;
};

TEST_F(FileTalk, PutsASignedBundleWithItsManifestIntoTheFolder)
{
    std::vector records{record(12), record(11)};
    auto const end = talk(records);
    EXPECT_EQ(end->reading.answer_class, AnswerClass::accepted);
    for (auto const& outcome : end->records) EXPECT_EQ(outcome.verdict, Verdict::undecided) << "nothing has come back";

    auto const files = files_in("outgoing");
    ASSERT_EQ(files.size(), 3U);
    auto const name = records[0].portal_id.substr(7);
    EXPECT_EQ(name, records[1].portal_id.substr(7));
    EXPECT_TRUE(name.starts_with("file-20261122T000000000Z-000000000011-")) << name;
    EXPECT_EQ(files[0], name + ".manifest.json");
    auto const content = text_of(dir.path() / "drop/outgoing" / (name + ".ndjson"));
    EXPECT_EQ(content, records[1].wire + "\n" + records[0].wire + "\n") << "in the order of the numbers";
    auto const manifest = json::parse(text_of(dir.path() / "drop/outgoing" / (name + ".manifest.json")));
    EXPECT_EQ(manifest["count"], 2);
    EXPECT_EQ(manifest["first_seq"], 11);
    EXPECT_EQ(manifest["last_seq"], 12);
    EXPECT_EQ(manifest["sha256"], sha256_hex(content));
    EXPECT_EQ(manifest["records"][0]["key"], "key-11");
    EXPECT_EQ(manifest["records"][0]["sha256"], records[1].wire_sha256);
    auto const command = "openssl pkeyutl -verify -pubin -inkey " + ours.open.string() + " -rawin -in " +
                         (dir.path() / "drop/outgoing" / (name + ".manifest.json")).string() + " -sigfile " +
                         (dir.path() / "drop/outgoing" / (name + ".manifest.sig")).string() + " > /dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0) << "anybody can check it";
}

TEST_F(FileTalk, DeliversOnlyWhatAReceiptProves)
{
    std::vector records{record(1), record(2)};
    (void)talk(records);
    EXPECT_EQ(talk(records)->records[0].code, "file.waiting");
    serve_portal();
    EXPECT_TRUE(files_in("outgoing").empty()) << "the portal has taken it";
    auto const end = talk(records);
    EXPECT_EQ(end->reading.answer_class, AnswerClass::decided);
    for (std::size_t i = 0; i < 2; ++i) {
        ASSERT_EQ(end->records[i].verdict, Verdict::delivered);
        EXPECT_EQ(end->records[i].receipt->payload_sha256, records[i].wire_sha256);
        EXPECT_FALSE(end->records[i].receipt->signature.empty());
        EXPECT_EQ(end->records[i].portal_id, end->records[i].receipt->portal_id);
    }
    EXPECT_EQ(described["files"].size(), 2U);
    EXPECT_EQ(described["violations"], json::array());
}

TEST_F(FileTalk, WaitsForTheRightReceiptBesideAForgedOneAndRubbish)
{
    std::vector records{record(1)};
    (void)talk(records);
    serve_portal(R"([{"fault":"error_200","path":"/drop/"},{"after":1,"fault":"wrong_receipt","path":"/drop/"}])");
    auto const rubbish = talk(records);
    EXPECT_EQ(rubbish->records[0].verdict, Verdict::undecided);
    serve_portal(R"([{"fault":"wrong_receipt","path":"/drop/"}])");
    auto const forged = talk(records);
    EXPECT_EQ(forged->records[0].verdict, Verdict::undecided);
    EXPECT_EQ(forged->reading.code, "receipt.signature") << "counted as an invalid receipt";
    EXPECT_EQ(forged->reading.answer_class, AnswerClass::accepted) << "and blocks nobody";
    serve_portal();
    EXPECT_EQ(talk(records)->records[0].verdict, Verdict::delivered);
    EXPECT_EQ(described["files"][0]["effects"], 1);
}

TEST_F(FileTalk, IsAnsweredAgainWhenThePortalCouldNotLeaveItsReceipts)
{
    std::vector records{record(1)};
    (void)talk(records);
    auto const name = records[0].portal_id.substr(std::string_view{"bundle:"}.size());
    // A folder stands where the receipts are to lie.
    auto const occupied = dir.path() / "drop/incoming" / (name + ".receipts.ndjson");
    fs::create_directories(occupied / "x");
    serve_portal();
    EXPECT_FALSE(files_in("outgoing").empty()) << "the bundle stays";
    fs::remove_all(occupied);
    serve_portal();
    EXPECT_TRUE(files_in("outgoing").empty());
    EXPECT_EQ(talk(records)->records[0].verdict, Verdict::delivered);
    EXPECT_EQ(described["files"][0]["effects"], 1);
}

TEST_F(FileTalk, RefusesWhatASignedRefusalNamesAndSendsItAgainInANewBundle)
{
    auto nameless = record(1, "product");
    nameless.payload =
        json{{"type", "product"}, {"id", nameless.id}, {"version", 1}, {"fields", json::object()}}.dump();
    std::vector records{nameless, record(2, "product")};
    (void)talk(records);
    auto const bundle = records[0].portal_id;
    serve_portal();
    auto const end = talk(records);
    EXPECT_EQ(end->records[0].verdict, Verdict::refused);
    EXPECT_EQ(end->records[0].code, "ERR_VALIDATE_TEN");
    EXPECT_EQ(end->records[0].text, "Thiếu tên sản phẩm");
    EXPECT_EQ(end->records[1].verdict, Verdict::delivered);
    EXPECT_EQ(records[0].portal_id, "");

    std::vector again{records[0]};
    EXPECT_EQ(talk(again, 100, now + std::chrono::hours{1})->records[0].verdict, Verdict::undecided);
    EXPECT_NE(again[0].portal_id, bundle);
    EXPECT_EQ(files_in("outgoing").size(), 3U) << "the portal decides anew";
}

TEST_F(FileTalk, WritesABundleAgainOnlyWhenItWasNeverWritten)
{
    // The name was stored, then the power went before anything was written.
    std::vector records{record(1), record(2)};
    EXPECT_FALSE(talk(records, 0));
    auto const wires = std::pair{records[0].wire, records[1].wire};
    auto const lost = records[0].portal_id;
    EXPECT_FALSE(lost.empty());
    EXPECT_TRUE(files_in("outgoing").empty());

    // Now they come one by one.
    std::vector first{records[0]};
    std::vector second{records[1]};
    (void)talk(first, 100, now + std::chrono::seconds{9});
    (void)talk(second, 100, now + std::chrono::seconds{10});
    EXPECT_NE(first[0].portal_id, lost);
    EXPECT_EQ(first[0].wire, wires.first);
    EXPECT_EQ(second[0].wire, wires.second);
    serve_portal();
    EXPECT_EQ(talk(first)->records[0].verdict, Verdict::delivered);
    EXPECT_EQ(talk(second)->records[0].verdict, Verdict::delivered);
    EXPECT_EQ(described["files"].size(), 2U);
}

TEST_F(FileTalk, FinishesWhatACrashLeftHalfWayOut)
{
    std::vector records{record(1)};
    (void)talk(records);
    auto const name = records[0].portal_id.substr(7);
    auto const content = text_of(dir.path() / "drop/outgoing" / (name + ".ndjson"));
    // As if only the first step had happened: the bundle is kept, and the content half written under its other name.
    for (auto const& file : files_in("outgoing")) fs::remove(dir.path() / "drop/outgoing" / file);
    fs::remove(dir.path() / "drop/kept" / (name + ".sent"));
    std::ofstream{dir.path() / "drop/outgoing" / ("." + name + ".ndjson.tmp")} << "{\"ke";
    (void)talk(records);
    EXPECT_EQ(text_of(dir.path() / "drop/outgoing" / (name + ".ndjson")), content);
    serve_portal();
    EXPECT_EQ(talk(records)->records[0].verdict, Verdict::delivered);
}

TEST_F(FileTalk, WritesNothingASecondTimeOnceThePortalHasTakenIt)
{
    std::vector records{record(1)};
    (void)talk(records);
    auto const again = make_bundle("file", BundleFormat::ndjson, {&records[0]}, now);
    serve_portal(R"([{"fault":"lose_answer","path":"/drop/"}])");
    for (auto const& file : files_in("outgoing")) fs::remove(dir.path() / "drop/outgoing" / file);
    EXPECT_EQ(drop->send_now({drop->base_url(), http::Method::put, "/" + again.name, {}, to_text(again)}).status, 202U);
    EXPECT_EQ(talk(records)->records[0].code, "file.waiting");
    EXPECT_TRUE(files_in("outgoing").empty());
}

TEST_F(FileTalk, NeverWritesOtherBytesUnderAName)
{
    std::vector records{record(1)};
    (void)talk(records);
    auto bundle = make_bundle("file", BundleFormat::ndjson, {&records[0]}, now);
    bundle.content += "\n";
    EXPECT_EQ(drop->send_now({drop->base_url(), http::Method::put, "/" + bundle.name, {}, to_text(bundle)}).status,
              409U);
    EXPECT_EQ(text_of(dir.path() / "drop/outgoing" / bundle.file), records[0].wire + "\n");
}

TEST_F(FileTalk, LeavesTheFolderOnlyByNamesOfItsOwn)
{
    for (auto const* const path : {"/../x", "/.hidden", "/", "", "/a/b", "/a.b"})
        EXPECT_EQ(drop->send_now({drop->base_url(), http::Method::put, path, {}, "{}"}).status, 400U) << path;
}

TEST_F(FileTalk, TakesADiskThatIsAwayForABrokenLine)
{
    std::vector records{record(1)};
    fs::remove_all(dir.path() / "drop/kept");
    auto const end = talk(records);
    EXPECT_EQ(end->reading.answer_class, AnswerClass::transient);
    EXPECT_NE(drop->probe_now().fault, Fault::none);
    fs::create_directory(dir.path() / "drop/kept");
    EXPECT_EQ(drop->probe_now().fault, Fault::none);
    (void)talk(records);
    serve_portal();
    EXPECT_EQ(talk(records)->records[0].verdict, Verdict::delivered);
}

TEST_F(FileTalk, WritesEventsAsOneEpcisDocument)
{
    make_target(BundleFormat::epcis);
    auto event = record(1, "event");
    event.payload = json{{"event",
                          {{"type", "ObjectEvent"},
                           {"eventTime", "2026-11-21T08:00:00.000+07:00"},
                           {"eventTimeZoneOffset", "+07:00"},
                           {"action", "OBSERVE"},
                           {"epcList", {"urn:uuid:0190-b"}}}}}
                        .dump();
    std::vector records{event};
    (void)talk(records);
    auto const name = records[0].portal_id.substr(7);
    auto const document = json::parse(text_of(dir.path() / "drop/outgoing" / (name + ".epcis.json")));
    EXPECT_EQ(document["type"], "EPCISDocument");
    EXPECT_EQ(document["epcisBody"]["eventList"][0]["eventID"], "urn:uuid:0190-1");
    serve_portal();
    EXPECT_EQ(talk(records)->records[0].verdict, Verdict::delivered);

    std::vector batch{record(2, "batch")};
    EXPECT_EQ(talk(batch)->records[0].verdict, Verdict::held);
}

TEST_F(FileTalk, IsAnsweredNothingWhenTheSignatureIsAnothers)
{
    auto const stranger = make_signing_key(dir.path(), "stranger");
    drop = *FileDrop::open(dir.path() / "drop", stranger.secret);
    make_target(BundleFormat::ndjson);
    std::vector records{record(1)};
    (void)talk(records);
    serve_portal();
    EXPECT_EQ(talk(records)->records[0].code, "file.waiting");
    EXPECT_EQ(described["files"], json::array());
}

TEST_F(FileTalk, OpensNoFolderWithoutAKeyToSign)
{
    EXPECT_EQ(FileDrop::open(dir.path() / "drop", dir.path() / "none").error().key, "target.signing_key");
    std::ofstream{dir.path() / "file"} << "x";
    EXPECT_EQ(FileDrop::open(dir.path() / "file", ours.secret).error().key, "target.directory");
}

} // namespace
} // namespace nguon::connector
