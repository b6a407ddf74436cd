#include "core/epcis/templates.hpp"

#include "core/epcis/event_hash.hpp"
#include "core/epcis/json.hpp"
#include "core/epcis/step_summary.hpp"
#include "core/epcis/validate.hpp"
#include "core/epcis/vocabulary.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace nguon::epcis {
namespace {

constexpr auto batch = "https://id.gs1.org/01/08939999000017/10/LO7";
constexpr auto place = "urn:uuid:0193a000-0000-7000-8000-0000000000aa";
constexpr auto leaf_1 = "urn:uuid:0193a000-0000-7000-8000-000000000001";
constexpr auto leaf_2 = "urn:uuid:0193a000-0000-7000-8000-000000000002";
constexpr auto farmer = "0193a000-0000-7000-8000-0000000000ff";

BuildContext context()
{
    BuildContext out;
    out.event_id = "urn:uuid:0193a000-0000-7000-8000-00000000000e";
    out.subject_uri = batch;
    out.place_uri = place;
    out.references = {{"L1", leaf_1},
                      {"L2", leaf_2},
                      {"self", batch},
                      {"kho", "https://id.gs1.org/414/8939999900010"},
                      {"gcn", "urn:uuid:0193a000-0000-7000-8000-0000000000cc"}};
    out.declared_by = "0193a000-0000-7000-8000-0000000000dd";
    out.now = parse_time("2026-11-21T15:00:00+07:00")->at;
    return out;
}

Result<Event> build(std::string_view key, FormValues const& values, BuildContext const& with = context())
{
    auto const* form = find_template(key);
    EXPECT_NE(form, nullptr) << key;
    return build_event(*form, values, with);
}

FormValues harvest() { return {{"time", {"21/11/2026 08:00"}}, {"quantity", {"1.250,5"}}, {"grade", {"1_2"}}}; }

std::vector<FieldError> faults(std::string_view key, FormValues const& values, BuildContext const& with = context())
{
    auto const event = build(key, values, with);
    return event ? std::vector<FieldError>{} : event.error().fields;
}

void expect_fault(std::string_view key, FormValues const& values, std::string const& field, std::string const& fault,
                  BuildContext const& with = context())
{
    auto const found = faults(key, values, with);
    ASSERT_EQ(found.size(), 1U) << key << " " << fault;
    EXPECT_EQ(found.front().pointer, field);
    EXPECT_EQ(found.front().key, fault);
}

/// A value that the field takes.
std::string sample(TemplateField const& field)
{
    switch (field.kind) {
    case FieldKind::date_time:
        return "2026-11-21T08:00";
    case FieldKind::date:
        return "20/11/2026";
    case FieldKind::decimal:
        return "12,5";
    case FieldKind::text:
        return "Giống Kim Tuyên";
    case FieldKind::choice:
        return std::string{field.choices.front().word};
    case FieldKind::batch:
        return "L1";
    case FieldKind::place:
        return "kho";
    case FieldKind::person:
        return farmer;
    case FieldKind::certificate:
        return "gcn";
    case FieldKind::photo:
        return std::string(64, 'a');
    }
    return {};
}

TEST(Templates, AreCompleteAndConsistent)
{
    std::set<std::string_view> keys;
    for (auto const& group : template_groups()) {
        EXPECT_GE(group.steps.size(), 12U);
        for (auto const& form : group.steps) {
            EXPECT_TRUE(keys.insert(form.key).second) << form.key;
            EXPECT_TRUE(form.key.starts_with(std::string{group.key} + ".")) << form.key;
            EXPECT_EQ(find_template(form.key), &form);
            EXPECT_FALSE(form.title.vi.empty() || form.title.en.empty() || form.verb.vi.empty()) << form.key;
            std::set<std::string_view> names;
            for (auto const* field : fields_of(form)) {
                EXPECT_TRUE(names.insert(field->name).second) << form.key << " " << field->name;
                EXPECT_FALSE(field->label.vi.empty() || field->label.en.empty() || field->hint.vi.empty() ||
                             field->hint.en.empty())
                    << form.key << " " << field->name;
                if (field->kind == FieldKind::choice) {
                    EXPECT_FALSE(field->choices.empty()) << field->name;
                }
                if (field->target == FieldTarget::quantity) {
                    EXPECT_FALSE(field->units.empty()) << field->name;
                }
                if (field->kind == FieldKind::person) {
                    EXPECT_EQ(field->visibility, Visibility::declarer);
                }
            }
        }
    }
    EXPECT_EQ(find_template("tea.unknown"), nullptr);
    EXPECT_EQ(find_template(""), nullptr);
}

TEST(Templates, SpeakNoJargonInVietnamese)
{
    for (auto const& group : template_groups()) {
        for (auto const& form : group.steps) {
            for (auto const* field : fields_of(form)) {
                for (auto const text : {form.title.vi, form.verb.vi, field->label.vi, field->hint.vi}) {
                    for (auto const word : {"GTIN", "GLN", "SSCC", "EPCIS", "bizStep", "URI"})
                        EXPECT_EQ(text.find(word), std::string_view::npos) << text;
                }
            }
        }
    }
}

TEST(Templates, EveryFullyFilledFormBecomesAValidEventThatCanBeReadBack)
{
    for (auto const& group : template_groups()) {
        for (auto const& form : group.steps) {
            FormValues values;
            for (auto const* field : fields_of(form)) {
                values[std::string{field->name}] = {sample(*field)};
                if (field->target == FieldTarget::input) values["input_quantity"] = {"20"};
            }
            auto const event = build(form.key, values);
            ASSERT_TRUE(event) << form.key << " " << event.error().fields.front().pointer << " "
                               << event.error().fields.front().key;
            EXPECT_TRUE(validate(*event).faults.empty());
            EXPECT_TRUE(validate(*event).notes.empty()) << form.key << validate(*event).notes.front().key;
            auto const again = parse_document(canonical_body(*event));
            ASSERT_TRUE(again) << form.key << " " << again.error().fields.front().pointer;
            EXPECT_EQ(event_hash(again->events.front()), event_hash(*event)) << form.key;
            EXPECT_EQ(portal_stage(*event), form.stage);

            auto const all = summarise(*event, Visibility::declarer);
            auto const open = summarise(*event);
            EXPECT_EQ(open.template_key, form.key);
            EXPECT_EQ(open.evidence.size(), 1U);
            EXPECT_LE(open.fields.size(), all.fields.size());
            for (auto const& shown : open.fields) EXPECT_EQ(shown.value.vi.find(farmer), std::string::npos) << form.key;
        }
    }
}

TEST(BuildEvent, MakesTheHarvestOfATypedForm)
{
    auto const event = build("tea.harvest", harvest());
    ASSERT_TRUE(event);
    EXPECT_EQ(event->type, EventType::object);
    EXPECT_EQ(event->action, Action::add);
    EXPECT_EQ(event->biz_step, "commissioning");
    EXPECT_EQ(event->event_time.text, "2026-11-21T08:00:00.000+07:00");
    EXPECT_EQ(event->offset_text, "+07:00");
    EXPECT_EQ(event->read_point.id, place);
    EXPECT_EQ(event->quantity_list, (std::vector{Quantity{batch, Decimal{"1250.5", 1250.5}, "KGM"}}));
    EXPECT_EQ(event->ilmd, (nlohmann::json{{"nguon:grade", "1_2"}}));
    EXPECT_EQ(event->extensions.at("nguon:template"), "tea.harvest");
    EXPECT_EQ(event->extensions.at("nguon:mark"), "self_declared");
    EXPECT_EQ(event->extensions.at("nguon:declaredBy"), context().declared_by);
    EXPECT_FALSE(event->extensions.contains("nguon:onBehalfOf"));
}

TEST(BuildEvent, TakesTimesAsVietnamesePeopleAndBrowsersWriteThem)
{
    for (auto const text :
         {"21/11/2026 08:00", "21/11/2026 8:00", " 21/11/2026 08:00 ", "08:00 21/11/2026", "2026-11-21T08:00",
          "2026-11-21T08:00:00", "2026-11-21T08:00:00+07:00", "2026-11-21 08:00"}) {
        auto values = harvest();
        values["time"] = {text};
        auto const event = build("tea.harvest", values);
        ASSERT_TRUE(event) << text;
        EXPECT_EQ(event->event_time.text, "2026-11-21T08:00:00.000+07:00") << text;
    }
    auto values = harvest();
    values["time"] = {"20/11/2026"};
    EXPECT_EQ(build("tea.harvest", values)->event_time.text, "2026-11-20T00:00:00.000+07:00");
    for (auto const text : {"31/02/2026 08:00", "21/11/26", "hôm qua", "25:00 21/11/2026", "21-11-2026", "T", " T ",
                            "21/11/2026 08:00 x", "99999999999999999999"}) {
        values["time"] = {text};
        expect_fault("tea.harvest", values, "time", "event.date_time");
    }
}

TEST(BuildEvent, RefusesTheFuture)
{
    auto with = context();
    auto values = harvest();
    values["time"] = {"2026-11-21T15:05:00+07:00"};
    EXPECT_TRUE(build("tea.harvest", values, with));
    with.now -= std::chrono::microseconds{1};
    expect_fault("tea.harvest", values, "time", "event.time_future", with);
}

TEST(BuildEvent, TakesNumbersAsVietnamesePeopleWriteThem)
{
    for (auto const& [text, wanted] : std::initializer_list<std::pair<char const*, char const*>>{
             {"1250.5", "1250.5"}, {"1250,5", "1250.5"}, {"1.250,50", "1250.5"}, {" 12 ", "12"}, {"0,125", "0.125"}}) {
        auto values = harvest();
        values["quantity"] = {text};
        auto const event = build("tea.harvest", values);
        ASSERT_TRUE(event) << text;
        EXPECT_EQ(event->quantity_list.front().quantity->text, wanted) << text;
    }
    auto values = harvest();
    for (auto const& [text, fault] :
         std::initializer_list<std::pair<char const*, char const*>>{{"1.250", "event.number_unclear"},
                                                                    {"0", "event.number_positive"},
                                                                    {"0,00", "event.number_positive"},
                                                                    {"-5", "event.number_positive"},
                                                                    {"12 kg", "event.number"},
                                                                    {"1e5", "event.number"},
                                                                    {"mười", "event.number"},
                                                                    {"1234567890123456", "event.number"}}) {
        values["quantity"] = {text};
        expect_fault("tea.harvest", values, "quantity", fault);
    }
}

TEST(BuildEvent, KnowsItsUnits)
{
    auto values = harvest();
    values["quantity_unit"] = {"tan"};
    EXPECT_EQ(build("tea.harvest", values)->quantity_list.front().uom, "TNE");
    values["quantity_unit"] = {"TNE"};
    EXPECT_EQ(build("tea.harvest", values)->quantity_list.front().uom, "TNE");
    values["quantity_unit"] = {"lit"};
    expect_fault("tea.harvest", values, "quantity_unit", "event.unit");

    auto const packed =
        build("tea.packing", {{"time", {"20/11/2026"}}, {"quantity", {"500"}}, {"quantity_unit", {"hop"}}});
    ASSERT_TRUE(packed);
    EXPECT_EQ(packed->quantity_list.front().uom, "");
    EXPECT_EQ(summarise(*packed).quantities.front().amount, (ShownText{"500 hộp", "500 boxes"}));
}

TEST(BuildEvent, ReportsEveryFieldAtOnce)
{
    auto const found = faults("tea.harvest", {{"time", {"hôm qua"}}, {"grade", {"9"}}, {"place", {"nowhere"}}});
    std::set<std::pair<std::string, std::string>> seen;
    for (auto const& fault : found) seen.insert({fault.pointer, fault.key});
    EXPECT_EQ(seen, (std::set<std::pair<std::string, std::string>>{{"time", "event.date_time"},
                                                                   {"place", "event.reference_unknown"},
                                                                   {"quantity", "event.field_required"},
                                                                   {"grade", "event.choice"}}));
}

TEST(BuildEvent, TransformsSeveralBatchesIntoOne)
{
    FormValues const values{
        {"time", {"20/11/2026 16:30"}},   {"input", {"L1", "", "L2"}}, {"input_quantity", {"100", "", "50,5"}},
        {"input_unit", {"kg", "", "kg"}}, {"quantity", {"30"}},        {"moisture_percent", {"5,5"}}};
    auto const event = build("tea.processing", values);
    ASSERT_TRUE(event);
    EXPECT_EQ(event->type, EventType::transformation);
    EXPECT_EQ(event->action, Action::none);
    EXPECT_EQ(event->input_quantity_list, (std::vector{Quantity{leaf_1, Decimal{"100", 100}, "KGM"},
                                                       Quantity{leaf_2, Decimal{"50.5", 50.5}, "KGM"}}));
    EXPECT_EQ(event->output_quantity_list, (std::vector{Quantity{batch, Decimal{"30", 30}, "KGM"}}));
    EXPECT_EQ(event->ilmd, (nlohmann::json{{"nguon:moisture_percent", "5.5"}}));

    auto const shown = summarise(*event);
    ASSERT_EQ(shown.quantities.size(), 3U);
    EXPECT_EQ(shown.quantities[1].role, QuantityRole::used);
    EXPECT_EQ(shown.quantities[1].amount, (ShownText{"50,5 kg", "50.5 kg"}));
    EXPECT_EQ(shown.quantities[2].role, QuantityRole::made);
    EXPECT_EQ(shown.verb.vi, "Chế biến");
}

TEST(BuildEvent, RefusesFaultyInputs)
{
    FormValues values{{"time", {"20/11/2026"}}, {"quantity", {"30"}}};
    expect_fault("tea.processing", values, "input", "event.field_required");
    values["input"] = {"L1"};
    expect_fault("tea.processing", values, "input_quantity", "event.field_required");
    values["input_quantity"] = {"5", "6"};
    expect_fault("tea.processing", values, "input", "event.field_required");
    values["input"] = {"L1", "L1"};
    expect_fault("tea.processing", values, "input", "event.input_twice");
    values["input"] = {"L1", "self"};
    expect_fault("tea.processing", values, "input", "event.input_is_output");
    values["input"] = {"L1", "L9"};
    expect_fault("tea.processing", values, "input", "event.reference_unknown");
    values["input"] = {"L1", "https://id.gs1.org/01/08939999000024/10/X"};
    expect_fault("tea.processing", values, "input", "event.reference_unknown");
    values["input"] = std::vector<std::string>(limits::event_inputs_max + 1, "L1");
    expect_fault("tea.processing", values, "input", "event.too_many");
}

TEST(BuildEvent, EntersALedgerRowOnBehalfOfAHousehold)
{
    auto const event = build("tea.receiving", {{"time", {"20/11/2026 09:15"}},
                                               {"quantity", {"42,5"}},
                                               {"supplier", {farmer}},
                                               {"from_place", {"kho"}},
                                               {"source_batch", {"L1"}},
                                               {"grade", {"1 tôm 2 lá"}},
                                               {"document", {"PN 2026/015"}}});
    ASSERT_TRUE(event);
    EXPECT_EQ(event->extensions.at("nguon:onBehalfOf"), farmer);
    EXPECT_EQ(event->extensions.at("nguon:source_batch"), leaf_1);
    EXPECT_EQ(event->source_list, (std::vector{TypedId{"location", "https://id.gs1.org/414/8939999900010"}}));
    EXPECT_EQ(event->biz_transaction_list, (std::vector{TypedId{"recadv", "urn:nguon:bt:PN%202026%2F015"}}));
    EXPECT_TRUE(event->ilmd.empty());

    auto const open = summarise(*event);
    EXPECT_TRUE(open.on_behalf);
    for (auto const& field : open.fields) EXPECT_NE(field.name, "document");
    auto const official = summarise(*event, Visibility::authority);
    EXPECT_TRUE(std::ranges::any_of(official.fields, [](ShownField const& f) { return f.value.vi == "PN 2026/015"; }));
    expect_fault("tea.receiving", {{"time", {"20/11/2026"}}, {"quantity", {"1"}}, {"supplier", {"Lò A Sử"}}},
                 "supplier", "event.person");
}

TEST(BuildEvent, SaysTheResultOfATestInTheDisposition)
{
    auto const event = build("tea.test", {{"time", {"20/11/2026"}},
                                          {"result", {"non_conformant"}},
                                          {"laboratory", {"Trung tâm kiểm nghiệm"}},
                                          {"valid_until", {"2027-11-20"}},
                                          {"certificate", {"gcn"}}});
    ASSERT_TRUE(event);
    EXPECT_EQ(event->disposition, "non_conformant");
    EXPECT_EQ(event->certification_info.size(), 1U);
    auto const shown = summarise(*event);
    ASSERT_GE(shown.fields.size(), 3U);
    EXPECT_EQ(shown.fields[0].value, (ShownText{"Không đạt", "Failed"}));
    EXPECT_EQ(shown.fields[2].value, (ShownText{"20/11/2027", "2027-11-20"}));
}

TEST(BuildEvent, NeedsASubjectAndAPlace)
{
    auto with = context();
    with.subject_uri.clear();
    expect_fault("tea.harvest", harvest(), "", "event.subject_missing", with);
    auto const site = build("tea.site", {{"time", {"20/11/2026"}}, {"area_ha", {"1,2"}}}, with);
    ASSERT_TRUE(site);
    EXPECT_EQ(to_json(*site).at("epcList"), nlohmann::json::array());
    with = context();
    with.place_uri.clear();
    expect_fault("tea.harvest", harvest(), "place", "event.place_missing", with);
    auto values = harvest();
    values["place"] = {"kho"};
    EXPECT_EQ(build("tea.harvest", values, with)->read_point.id, "https://id.gs1.org/414/8939999900010");
    with.place_uri = "không phải địa chỉ";
    expect_fault("tea.harvest", harvest(), "/readPoint/id", "epcis.uri", with);
}

TEST(BuildEvent, NamesASingleItemAsItem)
{
    auto with = context();
    with.subject_uri = "https://id.gs1.org/01/08939999000017/21/A1";
    auto const event = build("tea.storage", {{"time", {"20/11/2026"}}, {"direction", {"in"}}}, with);
    ASSERT_TRUE(event);
    EXPECT_EQ(event->epc_list, (std::vector<std::string>{with.subject_uri}));
    EXPECT_EQ(event->biz_location.id, place);
}

TEST(BuildEvent, TakesPhotographsByTheirDigest)
{
    auto values = harvest();
    values["photos"] = {std::string(64, 'a'), "", std::string(64, 'a'), std::string(64, 'b')};
    EXPECT_EQ(build("tea.harvest", values)->extensions.at("nguon:evidence").size(), 2U);
    values["photos"] = {std::string(63, 'a')};
    expect_fault("tea.harvest", values, "photos", "event.photo");
}

TEST(BuildEvent, RefusesTextThatMayNotBeStored)
{
    auto values = harvest();
    values["note"] = {"a\x01z"};
    EXPECT_EQ(faults("tea.harvest", values).front().pointer, "note");
    values["note"] = {std::string(limits::event_text_chars_max, 'a')};
    EXPECT_TRUE(build("tea.harvest", values));
    values["note"] = {std::string(limits::event_text_chars_max + 1, 'a')};
    EXPECT_EQ(faults("tea.harvest", values).front().pointer, "note");
}

TEST(StepSummary, ShowsEventsOfOthersByTheirBusinessStep)
{
    auto const document = parse_document(R"({"type":"ObjectEvent","action":"OBSERVE",
        "eventTime":"2026-11-21T08:00:00+07:00","eventTimeZoneOffset":"+07:00","epcList":["urn:x:1"],
        "bizStep":"https://ref.gs1.org/cbv/BizStep-shipping","bizLocation":{"id":"urn:x:2"},
        "errorDeclaration":{"declarationTime":"2026-11-22T08:00:00+07:00"}})");
    ASSERT_TRUE(document);
    auto const shown = summarise(document->events.front());
    EXPECT_EQ(shown.verb, (ShownText{"Giao hàng", "Shipping"}));
    EXPECT_EQ(shown.stage, PortalStage::transport);
    EXPECT_EQ(shown.place, "urn:x:2");
    EXPECT_EQ(shown.items, (std::vector<std::string>{"urn:x:1"}));
    EXPECT_TRUE(shown.withdrawn);
    EXPECT_TRUE(shown.template_key.empty());
    EXPECT_EQ(code_of(shown.stage), "VAN_CHUYEN");
}

TEST(StepSummary, EveryPlainStepIsAWordOfTheVocabulary)
{
    Event event;
    for (auto const word : words_of(Vocabulary::biz_step)) {
        event.biz_step = word;
        EXPECT_FALSE(summarise(event).verb.vi.empty()) << word;
    }
}

TEST(VietnameseNumber, GroupsByThousands)
{
    EXPECT_EQ(vietnamese_number("1234567.25"), "1.234.567,25");
    EXPECT_EQ(vietnamese_number("-1000"), "-1.000");
    EXPECT_EQ(vietnamese_number("999"), "999");
    EXPECT_EQ(vietnamese_number("abc"), "abc");
    EXPECT_EQ(vietnamese_number(""), "");
}

} // namespace
} // namespace nguon::epcis
