#include "connector/most_target.hpp"

#include "connector/most_wire.hpp"
#include "core/bytes.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace nguon::connector {
namespace {

using nlohmann::json;

Record product(json fields, std::string op = "upsert")
{
    Record record;
    record.seq = 1;
    record.type = "product";
    record.id = "0190-product";
    record.version = 1;
    record.op = std::move(op);
    record.key = "key-1";
    record.payload = json{{"type", "product"}, {"id", record.id}, {"version", 1}, {"fields", std::move(fields)}}.dump();
    record.sha256 = sha256_hex(record.payload);
    record.parents = {{"organization", "org-1", "TC1"}};
    record.pictures = {{"abc", "ANH1", 1000}, {"def", "ANH2", 1000}};
    return record;
}

json complete_fields()
{
    return {{"name", "Chè Shan tuyết Tả Lèng"},
            {"gtin", "08939999000017"},
            {"net_weight", "200.5"},
            {"weight_unit", "g"},
            {"jpegs", {"abc", "def"}},
            {"applied_standards", {"TCVN 12377:2018", "TCCS 01"}},
            {"origin", "Lai Châu"}};
}

MostSettings test_settings()
{
    auto settings = default_most_settings();
    settings.api_url = "https://portal.example";
    settings.public_url = "https://truyxuat.example";
    return settings;
}

std::string wire_of(MostSettings const& settings, Record const& record, std::string const& portal_id)
{
    return make_wire(settings, record, content_of(record), portal_id, {});
}

TEST(MostWire, MapsAProductToThePortalsNames)
{
    auto const wire = json::parse(wire_of(test_settings(), product(complete_fields()), ""));
    EXPECT_EQ(wire["loai"], "product");
    EXPECT_EQ(wire["khoa"], "key-1");
    EXPECT_EQ(wire["thaoTac"], "TAO");
    EXPECT_EQ(wire["phienBan"], 1);
    EXPECT_EQ(wire["phienBanTruoc"], 0);
    auto const& data = wire["duLieu"];
    EXPECT_EQ(data["ten"], "Chè Shan tuyết Tả Lèng");
    EXPECT_EQ(data["gtinCode"], "08939999000017");
    EXPECT_EQ(data["netWeight"], 200.5);
    EXPECT_EQ(data["hinhAnh"], (json{"ANH1", "ANH2"}));
    EXPECT_EQ(data["tieuChuanApDung"], "TCVN 12377:2018; TCCS 01");
    EXPECT_EQ(data["idToChuc"], "TC1");
    EXPECT_EQ(data["trangThai"], 1);
}

TEST(MostWire, NamesOurAddressesToAPortalThatTakesNoPictures)
{
    auto settings = test_settings();
    settings.pictures.path.clear();
    auto const wire = json::parse(wire_of(settings, product(complete_fields()), ""));
    EXPECT_EQ(wire["duLieu"]["hinhAnh"], (json{"https://truyxuat.example/f/abc", "https://truyxuat.example/f/def"}));
}

TEST(MostWire, SendsAWithdrawalAsAnUpdateWithStatusZero)
{
    auto const wire = json::parse(wire_of(test_settings(), product(complete_fields(), "withdraw"), "SP7"));
    EXPECT_EQ(wire["thaoTac"], "CAP_NHAT");
    EXPECT_EQ(wire["duLieu"]["trangThai"], 0);
    EXPECT_EQ(wire["duLieu"]["idSanPham"], "SP7");
}

TEST(MostWire, MapsAnEventToItsKind)
{
    Record record;
    record.type = "event";
    record.id = "urn:uuid:1";
    record.version = 1;
    record.payload = json{{"event",
                           {{"type", "ObjectEvent"},
                            {"eventID", "urn:uuid:1"},
                            {"eventTime", "2026-11-21T08:00:00.000+07:00"},
                            {"bizStep", "https://ref.gs1.org/cbv/BizStep-shipping"},
                            {"readPoint", {{"id", "https://id.gs1.org/414/8939999000000"}}}}}}
                         .dump();
    record.parents = {{"batch", "b", "CS4"}, {"place", "p", "DD1"}, {"place", "q", "DD2"}};
    auto const wire = json::parse(wire_of(test_settings(), record, ""));
    auto const& data = wire["duLieu"];
    EXPECT_EQ(data["loaiSuKien"], "VAN_CHUYEN");
    EXPECT_EQ(data["noiThucHien"], "https://id.gs1.org/414/8939999000000");
    EXPECT_EQ(data["idChuoiSanXuat"], "CS4");
    EXPECT_EQ(data["idDiaDiem"], (json{"DD1", "DD2"}));
}

TEST(MostWire, MakesTheSameBytesForTheSameRecord)
{
    auto const record = product(complete_fields());
    EXPECT_EQ(wire_of(test_settings(), record, ""), wire_of(test_settings(), record, ""));
    EXPECT_TRUE(is_create(wire_of(test_settings(), record, "")));
    EXPECT_FALSE(is_create(wire_of(test_settings(), record, "SP1")));
    EXPECT_FALSE(is_create("no JSON"));
}

TEST(MostWire, NamesTheFirstThingAProductLacks)
{
    EXPECT_EQ(missing_for_most("product", complete_fields()), std::nullopt);
    struct Case {
        char const* field;
        json value;
        char const* expected;
    };
    for (auto const& one : std::vector<Case>{{"name", "", "name"},
                                             {"gtin", "", "gtin"},
                                             {"gtin", "08939999000018", "gtin"},
                                             {"jpegs", json::array(), "images"},
                                             {"net_weight", "0", "net_weight"},
                                             {"net_weight", "", "net_weight"},
                                             {"weight_unit", "", "weight_unit"}}) {
        auto fields = complete_fields();
        fields[one.field] = one.value;
        EXPECT_EQ(missing_for_most("product", fields), one.expected) << one.field;
    }
}

TEST(MostSettings, TakesPathsNamesAndErrorWordsFromAMapping)
{
    auto settings = default_most_settings();
    auto const applied = apply_mapping(settings, R"({"basePath":"/api/v6","recordsMax":1,"errorClasses":{"E99":"retry"},
        "resources":{"product":{"path":"/Products","fields":{"ten":"productName"}}}})");
    ASSERT_TRUE(applied.ok());
    EXPECT_EQ(settings.base_path, "/api/v6");
    EXPECT_EQ(settings.records_max, 1U);
    EXPECT_EQ(settings.resources.at("product").path, "/Products");
    EXPECT_EQ(meaning_of(settings, "E99_LOCK"), ErrorMeaning::retry);
    auto const wire = json::parse(wire_of(settings, product(complete_fields()), ""));
    EXPECT_TRUE(wire["duLieu"].contains("productName"));
    EXPECT_FALSE(wire["duLieu"].contains("ten"));
}

TEST(MostSettings, TakesCataloguesAndTheirFieldsFromAMapping)
{
    auto settings = default_most_settings();
    auto const applied = apply_mapping(settings, R"({"catalogues":{"quocGia":{"path":"/QuocGia","codeField":"id"},
        "donViTinh":{"path":""}},"resources":{"product":{"fieldCatalogues":{"xuatXu":"quocGia","idNhomSanPham":""}}}})");
    ASSERT_TRUE(applied.ok());
    EXPECT_FALSE(settings.catalogues.contains("donViTinh")) << "without a path there is none";
    EXPECT_EQ(settings.catalogues.at("quocGia").code_field, "id");
    auto const values = catalogued(settings, "product", complete_fields());
    ASSERT_EQ(values.size(), 1U);
    EXPECT_EQ(values.front().rule.catalogue, "quocGia");
}

TEST(MostSettings, RefusesAMappingItDoesNotUnderstand)
{
    for (auto const* const text :
         {"[]", "{", R"({"unknown":1})", R"({"recordsMax":0})", R"({"recordsMax":"many"})",
          R"({"resources":{"tractor":{}}})", R"({"pictures":{"path":1}})", R"({"pictures":{"fileField":"a\"b"}})",
          R"({"pictures":{"colour":"red"}})", R"({"catalogues":{"donViTinh":{"colour":"red"}}})",
          R"({"resources":{"product":{"fieldCatalogues":{"mau":"x"}}}})", R"({"resources":{"product":{"path":1}}})"}) {
        auto settings = default_most_settings();
        EXPECT_FALSE(apply_mapping(settings, text).ok()) << text;
    }
}

TEST(MostSettings, TakesTheLongestRuleForAnErrorWord)
{
    auto settings = default_most_settings();
    settings.error_classes["ERR_SYS_LIMIT"] = "retry";
    EXPECT_EQ(meaning_of(settings, "ERR_SYS_DEV"), ErrorMeaning::transient);
    EXPECT_EQ(meaning_of(settings, "ERR_SYS_LIMIT_5"), ErrorMeaning::retry);
    EXPECT_EQ(meaning_of(settings, "SOMETHING"), ErrorMeaning::unknown);
}

/// A conversation whose answers the test gives.
class MostTalk : public ::testing::Test {
protected:
    /// A portal that has no catalogues, until a test says otherwise.
    MostTalk()
    {
        for (auto const& [name, catalogue] : target.settings().catalogues) target.catalogues()->take({name, true, {}});
    }

    void begin(std::vector<Record> records) { talk = target.begin(std::move(records)); }

    Request request()
    {
        auto step = talk->next(now);
        if (auto* const wanted = std::get_if<Request>(&step)) return *wanted;
        ADD_FAILURE() << "no request";
        return {};
    }
    void answer(json const& body, unsigned status = 200)
    {
        Answer answer;
        answer.status = status;
        answer.body = body.dump();
        talk->take(answer, now);
    }
    void sign_in()
    {
        EXPECT_EQ(request().path, "/sso/token");
        answer({{"access_token", "secret"}, {"expires_in", 600}});
    }
    Conclusion conclusion()
    {
        auto step = talk->next(now);
        if (auto* const end = std::get_if<Conclusion>(&step)) return *end;
        ADD_FAILURE() << "no conclusion";
        return {};
    }

    Instant now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21}};
    MostTarget target{test_settings()};
    std::unique_ptr<Conversation> talk;
};

TEST_F(MostTalk, LooksUpLinksFreezesAndUpdatesWhatThePortalKnowsAlready)
{
    begin({product(complete_fields())});
    sign_in();
    EXPECT_EQ(request().path, "/gwdev/tochuc/v5/ToChuc_SanPham?gtinCode=08939999000017");
    answer({{"error", nullptr}, {"data", {{{"idSanPham", "SP9"}, {"gtinCode", "08939999000017"}}}}});
    auto const step = talk->next(now);
    auto const& freeze = std::get<Freeze>(step);
    ASSERT_EQ(freeze.links.size(), 1U);
    EXPECT_EQ(freeze.links.front().portal_id, "SP9");
    ASSERT_EQ(freeze.wires.size(), 1U);
    auto const sent = request();
    EXPECT_EQ(sent.method, http::Method::put);
    EXPECT_EQ(sent.body, freeze.wires.front().wire + "\n") << "what is stored is what is sent";
}

TEST_F(MostTalk, SendsStoredBytesAgainUnchangedAndWithoutLookingUp)
{
    auto record = product(complete_fields());
    record.wire = wire_of(test_settings(), record, "");
    record.wire_sha256 = sha256_hex(record.wire);
    record.payload = R"({"fields":{"name":"khác"}})"; // whatever a later program would make of it
    begin({record});
    sign_in();
    auto const sent = request();
    EXPECT_EQ(sent.method, http::Method::post);
    EXPECT_EQ(sent.body, record.wire + "\n");
    bool has_key = false;
    for (auto const& [name, value] : sent.headers) has_key = has_key || (name == "Idempotency-Key" && value == "key-1");
    EXPECT_TRUE(has_key);
}

TEST_F(MostTalk, HoldsWhatLacksDataAndPassesOverWhatANewerVersionReplaces)
{
    auto fields = complete_fields();
    fields["gtin"] = "";
    auto held = product(fields);
    auto replaced = product(fields);
    replaced.seq = 2;
    replaced.key = "key-2";
    replaced.has_newer = true;
    begin({held, replaced});
    auto const end = conclusion();
    EXPECT_FALSE(end.exchanged) << "nothing was sent";
    EXPECT_EQ(end.records[0].verdict, Verdict::held);
    EXPECT_EQ(end.records[0].code, "product.incomplete");
    EXPECT_EQ(end.records[0].text, "gtin");
    EXPECT_EQ(end.records[1].verdict, Verdict::superseded);
}

/// A product whose pictures the portal does not have.
Record with_new_pictures(std::vector<db::deliveries::Picture> pictures)
{
    auto record = product(complete_fields());
    record.portal_id = "SP1";
    record.pictures = std::move(pictures);
    return record;
}

TEST_F(MostTalk, SendsPicturesOnceBeforeTheRecordAndKeepsTheirNumbers)
{
    auto first = with_new_pictures({{"abc", "", 1000}, {"def", "ANH2", 1000}});
    auto second = first;
    second.seq = 2;
    second.key = "key-2";
    begin({first, second});
    sign_in();
    auto const sent = request();
    EXPECT_EQ(sent.method, http::Method::post);
    EXPECT_EQ(sent.path, "/gwdev/tochuc/v5/HinhAnh");
    EXPECT_EQ(sent.file, "abc");
    EXPECT_NE(sent.body.find("name=\"maBam\"\r\n\r\nabc\r\n"), std::string::npos);
    answer({{"error", nullptr}, {"data", {{{"idAnh", "ANH1"}, {"maBam", "abc"}}}}});
    auto const step = talk->next(now);
    auto const& numbers = std::get<Freeze>(step);
    ASSERT_EQ(numbers.links.size(), 1U) << "kept before anything else is sent";
    EXPECT_EQ(numbers.links.front().type, db::deliveries::picture_type);
    EXPECT_EQ(numbers.links.front().id, "abc");
    EXPECT_EQ(numbers.links.front().portal_id, "ANH1");
    auto const frozen = talk->next(now);
    auto const& wires = std::get<Freeze>(frozen).wires;
    ASSERT_EQ(wires.size(), 2U) << "the same picture of the second is not sent again";
    for (auto const& wire : wires) EXPECT_EQ(json::parse(wire.wire)["duLieu"]["hinhAnh"], (json{"ANH1", "ANH2"}));
}

TEST_F(MostTalk, HoldsTheRecordWhosePictureIsRefusedAndNoOther)
{
    struct Case {
        json body;
        unsigned status;
        std::string_view verdict;
    };
    for (auto const& one : std::vector<Case>{{{{"error", "ERR_DATA_HINHANH"}}, 200, hold_picture_refused},
                                             {json::object(), 413, hold_picture_too_large},
                                             {json::object(), 422, hold_picture_refused}}) {
        target.drop_token();
        auto bad = with_new_pictures({{"abc", "", 1000}});
        auto good = with_new_pictures({{"def", "ANH2", 1000}});
        good.seq = 2;
        begin({bad, good});
        sign_in();
        EXPECT_EQ(request().file, "abc");
        answer(one.body, one.status);
        EXPECT_TRUE(std::holds_alternative<Freeze>(talk->next(now)));
        EXPECT_EQ(request().method, http::Method::put) << "the other goes";
        answer({{"data", json::array()}});
        auto const end = conclusion();
        EXPECT_EQ(end.records[0].verdict, Verdict::held);
        EXPECT_EQ(end.records[0].code, one.verdict);
        EXPECT_EQ(end.records[1].verdict, Verdict::undecided);
    }
}

TEST_F(MostTalk, HoldsWithoutSendingWhatHasNoPictureOrOneThatIsTooLarge)
{
    auto const limit = static_cast<std::int64_t>(limits::portal_picture_bytes_max);
    begin({with_new_pictures({{"abc", "", std::nullopt}}), with_new_pictures({{"abc", "", limit + 1}}),
           with_new_pictures({})});
    auto const end = conclusion();
    EXPECT_FALSE(end.exchanged);
    EXPECT_EQ(end.records[0].code, hold_incomplete);
    EXPECT_EQ(end.records[1].code, hold_picture_too_large);
    EXPECT_EQ(end.records[2].code, hold_incomplete);
    begin({with_new_pictures({{"abc", "", limit}})});
    sign_in();
    EXPECT_EQ(request().file, "abc");
}

TEST_F(MostTalk, BelievesNoAnswerThatNamesAnotherPictureOrNone)
{
    for (auto const& body : {json{{"data", json::array()}}, json{{"data", {{{"idAnh", ""}, {"maBam", "abc"}}}}},
                             json{{"data", {{{"idAnh", "ANH1"}, {"maBam", "other"}}}}}, json("text")}) {
        target.drop_token();
        begin({with_new_pictures({{"abc", "", 1000}})});
        sign_in();
        EXPECT_EQ(request().file, "abc");
        answer(body);
        auto const end = conclusion();
        EXPECT_EQ(end.reading.answer_class, AnswerClass::unknown) << body;
        EXPECT_EQ(end.records[0].verdict, Verdict::undecided);
    }
}

TEST_F(MostTalk, LeavesRecordsForTheNextBatchWhenThereAreTooManyPictures)
{
    std::vector<Record> records;
    for (std::size_t i = 0; i <= limits::portal_pictures_in_batch_max; ++i) {
        auto record = with_new_pictures({{"picture-" + std::to_string(i), "", 1000}});
        record.seq = static_cast<std::int64_t>(i);
        record.key = "key-" + std::to_string(i);
        records.push_back(record);
    }
    begin(records);
    sign_in();
    for (std::size_t i = 0; i < limits::portal_pictures_in_batch_max; ++i) {
        auto const sent = request();
        ASSERT_EQ(sent.file, "picture-" + std::to_string(i));
        answer({{"data", {{{"idAnh", "ANH" + std::to_string(i)}}}}});
        EXPECT_TRUE(std::holds_alternative<Freeze>(talk->next(now)));
    }
    auto const frozen = talk->next(now);
    EXPECT_EQ(std::get<Freeze>(frozen).wires.size(), limits::portal_pictures_in_batch_max);
    EXPECT_EQ(request().method, http::Method::put);
    answer({{"data", json::array()}});
    EXPECT_EQ(conclusion().records.back().verdict, Verdict::later);
}

TEST_F(MostTalk, AsksForTheCataloguesOfItsValuesAndSendsThePortalsCodes)
{
    MostTarget fresh{test_settings()};
    auto record = product(complete_fields());
    record.portal_id = "SP1";
    talk = fresh.begin({record});
    sign_in();
    EXPECT_EQ(request().path, "/gwdev/tochuc/v5/DanhMuc/donViTinh");
    answer({{"data", {{{"ma", "GRM"}, {"ten", "Gam"}}, {{"ma", 7}, {"ten", "Lít"}, {"maCha", "THE_TICH"}}}}});
    auto const stored = talk->next(now);
    auto const& catalogues = std::get<Freeze>(stored).catalogues;
    ASSERT_EQ(catalogues.size(), 1U);
    EXPECT_EQ(catalogues[0].entries,
              (std::vector<db::portal_catalogues::Entry>{{"GRM", "Gam", ""}, {"7", "Lít", "THE_TICH"}}));
    auto const end = conclusion();
    EXPECT_EQ(end.records[0].verdict, Verdict::held) << "nothing there is called g";
    EXPECT_EQ(end.records[0].code, hold_catalogue);
    EXPECT_EQ(end.records[0].text, "donViTinh: g");
    ASSERT_TRUE(end.records[0].lack.has_value());
    EXPECT_EQ(end.records[0].lack->gaps, (std::vector<db::portal_catalogues::Gap>{{"donViTinh", "g", {}}}));

    // A person says what it is there.
    db::portal_catalogues::Known known;
    known.revision = 3;
    known.entries["donViTinh"] = catalogues[0].entries;
    known.matches["donViTinh"]["g"] = "GRM";
    fresh.catalogues()->load(known);
    talk = fresh.begin({record});
    auto const frozen = talk->next(now);
    auto const wire = json::parse(std::get<Freeze>(frozen).wires.at(0).wire);
    EXPECT_EQ(wire["duLieu"]["weightUnit"], "GRM");
}

TEST_F(MostTalk, PassesOverWhatLacksAnEntryWhenANewerVersionReplacesIt)
{
    target.catalogues()->take({"donViTinh", false, {{"GRM", "Gam", ""}}});
    auto record = product(complete_fields());
    record.has_newer = true;
    begin({record});
    sign_in();
    EXPECT_EQ(conclusion().records[0].verdict, Verdict::superseded);
}

TEST_F(MostTalk, TakesNoListForACatalogueThatIsNone)
{
    for (auto const& list :
         {json{{{"ten", "Gam"}}}, json{"g"}, json{{{"ma", "g"}}, {{"ma", "g"}}}, json{{{"ma", ""}}}}) {
        MostTarget fresh{test_settings()};
        talk = fresh.begin({product(complete_fields())});
        sign_in();
        EXPECT_EQ(request().path, "/gwdev/tochuc/v5/DanhMuc/donViTinh");
        answer({{"data", list}});
        auto const end = conclusion();
        EXPECT_EQ(end.reading.answer_class, AnswerClass::unknown) << list;
        EXPECT_EQ(end.records[0].verdict, Verdict::undecided);
    }
}

TEST_F(MostTalk, SendsValuesAsTheyStandToAPortalWithoutThatCatalogue)
{
    MostTarget fresh{test_settings()};
    auto record = product(complete_fields());
    record.portal_id = "SP1";
    talk = fresh.begin({record});
    sign_in();
    (void)request();
    answer(json::object(), 404);
    EXPECT_TRUE(std::get<Freeze>(talk->next(now)).catalogues.at(0).absent);
    auto const frozen = talk->next(now);
    auto const wire = json::parse(std::get<Freeze>(frozen).wires.at(0).wire);
    EXPECT_EQ(wire["duLieu"]["weightUnit"], "g");
}

TEST_F(MostTalk, RenewsARefusedTokenOnceAndThenBlamesTheIdentity)
{
    auto record = product(complete_fields());
    record.wire = wire_of(test_settings(), record, "");
    record.wire_sha256 = sha256_hex(record.wire);
    begin({record});
    sign_in();
    EXPECT_EQ(request().method, http::Method::post);
    answer({{"error", "ERR_TOKEN_EXPIRED"}}, 401);
    sign_in();
    EXPECT_EQ(request().method, http::Method::post);
    answer({{"error", "ERR_TOKEN_EXPIRED"}}, 401);
    EXPECT_EQ(conclusion().reading.answer_class, AnswerClass::identity);
}

TEST_F(MostTalk, ReadsErrorsUnderStatus200)
{
    struct Case {
        json body;
        AnswerClass expected;
    };
    auto const error = [](char const* word) { return json{{"error", word}, {"debugMessage", "null reference"}}; };
    for (auto const& one : std::vector<Case>{{error("ERR_SYS_DEV"), AnswerClass::transient},
                                             {error("ERR_NOBODY_TOLD_US"), AnswerClass::unknown},
                                             {error("ERR_TOKEN_EXPIRED"), AnswerClass::identity},
                                             {error("ERR_DATA_FORMAT"), AnswerClass::record_fault},
                                             {error("ERR_KEY_CONFLICT"), AnswerClass::conflict},
                                             {json{{"error", nullptr}}, AnswerClass::unknown},
                                             {json::array(), AnswerClass::unknown},
                                             {json("text"), AnswerClass::unknown}}) {
        auto record = product(complete_fields());
        record.wire = wire_of(test_settings(), record, "");
        record.wire_sha256 = sha256_hex(record.wire);
        begin({record});
        if (request().path == "/sso/token") {
            answer({{"access_token", "secret"}, {"expires_in", 600}});
            (void)request();
        }
        answer(one.body);
        auto const end = conclusion();
        EXPECT_EQ(end.reading.answer_class, one.expected) << one.body;
        EXPECT_EQ(end.records.front().verdict, Verdict::undecided);
    }
}

TEST_F(MostTalk, DecidesEachRecordOfABatchAndBelievesNoForeignKey)
{
    std::vector<Record> records;
    for (int i = 0; i < 4; ++i) {
        auto record = product(complete_fields());
        record.seq = i;
        record.key = "key-" + std::to_string(i);
        record.wire = wire_of(test_settings(), record, "");
        record.wire_sha256 = sha256_hex(record.wire);
        records.push_back(record);
    }
    begin(records);
    sign_in();
    (void)request();
    answer({{"data",
             {{{"khoa", "key-0"}, {"trangThai", "FAILED"}, {"error", "ERR_GTIN_INVALID"}, {"message", "sai GTIN"}},
              {{"khoa", "key-1"}, {"trangThai", "FAILED"}, {"error", "ERR_PARENT_UNKNOWN"}},
              {{"khoa", "key-2"}, {"trangThai", "CONFIRMED"}, {"id", "SP3"}}}}});
    auto const end = conclusion();
    EXPECT_EQ(end.records[0].verdict, Verdict::refused);
    EXPECT_EQ(end.records[0].text, "sai GTIN");
    EXPECT_EQ(end.records[1].verdict, Verdict::retry);
    EXPECT_EQ(end.records[2].verdict, Verdict::undecided) << "confirmed without a receipt proves nothing";
    EXPECT_EQ(end.records[3].verdict, Verdict::undecided) << "missing from the list";
    EXPECT_EQ(end.reading.answer_class, AnswerClass::unknown);

    begin({records[0]});
    (void)request();
    answer({{"data", {{{"khoa", "somebody-else"}, {"trangThai", "CREATED"}}}}});
    EXPECT_EQ(conclusion().reading.answer_class, AnswerClass::unknown);
}

TEST_F(MostTalk, ParksBytesThatWereDamagedInTheStore)
{
    auto record = product(complete_fields());
    record.wire = wire_of(test_settings(), record, "");
    record.wire_sha256 = sha256_hex("other");
    begin({record});
    sign_in();
    EXPECT_EQ(conclusion().records.front().verdict, Verdict::conflict);
}

} // namespace
} // namespace nguon::connector
