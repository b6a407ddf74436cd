#include "core/epcis/query.hpp"

#include "core/epcis/json.hpp"
#include "core/epcis/query_match.hpp"
#include "core/epcis/query_terms.hpp"
#include "core/epcis/units.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nguon::epcis {
namespace {

using nlohmann::json;

constexpr std::string_view extensions = "ex=https://ns.example.com/epcis/";
constexpr std::string_view sgtin = "urn:epc:id:sgtin:0614141.107346.2017";
constexpr std::string_view sgtin_link = "https://id.gs1.org/01/10614141073464/21/2017";

Result<Query> try_query(std::string_view text)
{
    auto const parameters = read_query_string(text);
    if (!parameters) return parameters.error();
    return read_query(*parameters, *read_extensions(extensions));
}

Query query(std::string_view text)
{
    auto read = try_query(text);
    EXPECT_TRUE(read.ok()) << text;
    return read ? *std::move(read) : Query{};
}

/// "EQ_bizStep epcis.query.value", of the first fault.
std::string fault(std::string_view text)
{
    auto const read = try_query(text);
    if (read) return "none";
    if (read.error().fields.empty()) return read.error().key;
    return read.error().fields.front().pointer + " " + read.error().fields.front().key;
}

Event event(json const& members)
{
    json whole{{"@context", {standard_context, {{"ex", "https://ns.example.com/epcis/"}}}},
               {"type", "ObjectEvent"},
               {"eventTime", "2026-11-20T16:00:00+07:00"},
               {"eventTimeZoneOffset", "+07:00"},
               {"action", "OBSERVE"}};
    whole.update(members);
    if (whole["type"] == "TransformationEvent") whole.erase("action");
    if (whole["type"] == "ObjectEvent" && !whole.contains("epcList")) whole["epcList"] = json::array({sgtin});
    auto const document = read_document(whole);
    EXPECT_TRUE(document.ok()) << (document
                                       ? ""
                                       : document.error().fields.front().pointer + document.error().fields.front().key);
    return document->events.front();
}

constexpr auto recorded = [] { return parse_time("2026-11-21T08:00:00Z")->at; };

bool fits(std::string_view text, json const& members)
{
    auto const wanted = query(text);
    auto const seen = event(members);
    bool const found = matches(wanted, seen, recorded());
    if (!found) return false;
    // What fits is found by its terms as well.
    auto const terms = terms_of(seen);
    for (auto const& condition : wanted.conditions) {
        auto const any = terms_for(condition);
        EXPECT_TRUE(!any || std::ranges::any_of(*any, [&](auto term) {
            return std::ranges::binary_search(terms, term);
        })) << text;
    }
    return true;
}

struct Case {
    std::string_view yes; // a query that the event keeps
    std::string_view no;  // the same parameter asking for something else
    json members = json::object();
};

TEST(Query, EveryParameterKeepsWhatItAsksForAndNothingElse)
{
    json const measured{{"sensorElementList",
                         {{{"sensorMetadata",
                            {{"time", "2026-11-20T15:00:00+07:00"},
                             {"startTime", "2026-11-20T14:00:00+07:00"},
                             {"endTime", "2026-11-20T15:00:00+07:00"},
                             {"deviceID", "urn:epc:id:giai:4000001.111"},
                             {"dataProcessingMethod", "https://example.com/method/7"},
                             {"bizRules", "https://example.com/rules/1"},
                             {"ex:place", "door"}}},
                           {"sensorReport",
                            {{{"type", "Temperature"},
                              {"value", 26.0},
                              {"minValue", 20.5},
                              {"maxValue", 27.5},
                              {"meanValue", 25.0},
                              {"sDev", 0.5},
                              {"percRank", 50},
                              {"percValue", 12.5},
                              {"uom", "CEL"},
                              {"ex:batch", 7}},
                             {{"type", "EffectiveDoseRate"}, {"hexBinaryValue", "F0F0"}},
                             {{"type", "Count"},
                              {"stringValue", "ok|so"},
                              {"booleanValue", true},
                              {"uriValue", "https://id.gs1.org/414/4012345000054"},
                              {"microorganism", "https://www.ncbi.nlm.nih.gov/taxonomy/1126011"},
                              {"chemicalSubstance", "https://identifiers.org/inchikey:CZMRCDWAGMRECN"}}}},
                           {"ex:element", "top"}}}}};
    json measurable = measured;
    measurable["sensorElementList"][0]["sensorReport"][1]["type"] = "Count";
    json const wrong{{"errorDeclaration",
                      {{"declarationTime", "2026-11-21T07:00:00Z"},
                       {"reason", "incorrect_data"},
                       {"correctiveEventIDs", {"urn:uuid:1"}},
                       {"ex:who", {{"ex:name", "Lan"}}}}}};
    json const made{
        {"type", "TransformationEvent"},
        {"transformationID", "urn:epc:id:gdti:0614141.12345.400"},
        {"inputEPCList", {sgtin}},
        {"outputEPCList", {"urn:epc:id:sgtin:0614141.107346.9"}},
        {"inputQuantityList",
         {{{"epcClass", "urn:epc:class:lgtin:4012345.012345.L1"}, {"quantity", 10}, {"uom", "KGM"}}}},
        {"outputQuantityList", {{{"epcClass", "urn:epc:class:lgtin:4012345.012345.L2"}, {"quantity", 200.5}}}}};
    json const packed{{"type", "AggregationEvent"},
                      {"parentID", "urn:epc:id:sscc:0614141.1234567890"},
                      {"childEPCs", {sgtin}},
                      {"childQuantityList", {{{"epcClass", "urn:epc:idpat:sgtin:4012345.098765.*"}, {"quantity", 3}}}}};
    json const traded{
        {"bizTransactionList", {{{"type", "po"}, {"bizTransaction", "https://example.com/po/1"}}}},
        {"sourceList", {{{"type", "owning_party"}, {"source", "urn:epc:id:pgln:4012345.00005"}}}},
        {"destinationList", {{{"type", "location"}, {"destination", "urn:epc:id:sgln:4012345.00006.0"}}}}};
    json const grown{{"action", "ADD"},
                     {"ilmd", {{"ex:grade", "A"}, {"ex:weight", 12.5}, {"ex:farm", {{"ex:area", 3}}}}},
                     {"ex:field", "text"},
                     {"ex:many", {"x", "y"}},
                     {"ex:when", "2026-11-01T00:00:00Z"},
                     {"ex:outer", {{"ex:inner", 5}}}};
    json const placed{{"readPoint", {{"id", "urn:epc:id:sgln:4012345.00005.0"}, {"ex:shelf", "7"}}},
                      {"bizLocation", {{"id", "urn:epc:id:sgln:4012345.00006.9"}, {"ex:room", {{"ex:row", 2}}}}}};
    json const stepped{{"bizStep", "receiving"},
                       {"disposition", "in_progress"},
                       {"persistentDisposition", {{"set", {"completeness_verified"}}, {"unset", {"reserved"}}}},
                       {"eventID", "urn:uuid:7"}};
    std::vector<Case> const cases{
        {"eventType=ObjectEvent|TransactionEvent", "eventType=AggregationEvent"},
        {"GE_eventTime=2026-11-20T09:00:00Z", "GE_eventTime=2026-11-20T09:00:01Z"},
        {"LT_eventTime=2026-11-20T09:00:01Z", "LT_eventTime=2026-11-20T09:00:00Z"},
        {"GE_recordTime=2026-11-21T08:00:00Z", "GE_recordTime=2026-11-21T08:00:01Z"},
        {"LT_recordTime=2026-11-21T08:00:01Z", "LT_recordTime=2026-11-21T08:00:00Z"},
        {"EQ_action=OBSERVE", "EQ_action=ADD|DELETE"},
        {"EQ_bizStep=receiving", "EQ_bizStep=shipping", stepped},
        {"EQ_bizStep=urn:epcglobal:cbv:bizstep:receiving", "EQ_bizStep=https://example.com/receiving", stepped},
        {"EQ_bizStep=https://ref.gs1.org/cbv/BizStep-receiving", "EQ_bizStep=storing", stepped},
        {"EQ_disposition=urn:epcglobal:cbv:disp:in_progress", "EQ_disposition=active", stepped},
        {"EQ_persistentDisposition_set=completeness_verified", "EQ_persistentDisposition_set=reserved", stepped},
        {"EQ_persistentDisposition_unset=reserved", "EQ_persistentDisposition_unset=completeness_verified", stepped},
        {"EQ_eventID=urn:uuid:7|urn:uuid:8", "EQ_eventID=urn:uuid:8", stepped},
        {"EQ_readPoint=https://example.com/414/4012345000054", "EQ_readPoint=urn:epc:id:sgln:4012345.00005.1", placed},
        {"WD_readPoint=urn:epc:id:sgln:4012345.00005.0", "WD_readPoint=urn:epc:id:sgln:4012345.00006.0", placed},
        {"EQ_bizLocation=https://id.gs1.org/414/4012345000061/254/9",
         "EQ_bizLocation=https://id.gs1.org/414/4012345000061", placed},
        {"WD_bizLocation=urn:epc:id:sgln:4012345.00006.9", "WD_bizLocation=urn:epc:id:sgln:4012345.00005.0", placed},
        {"EQ_readPoint_ex:shelf=7", "EQ_readPoint_ex:shelf=8", placed},
        {"EXISTS_bizLocation_ex:room", "EXISTS_bizLocation_ex:row", placed},
        {"EQ_INNER_bizLocation_ex:row=2", "EQ_INNER_bizLocation_ex:row=3", placed},
        {"EQ_transformationID=urn:epc:id:gdti:0614141.12345.400", "EQ_transformationID=urn:epc:id:gdti:0614141.12345.4",
         made},
        {"MATCH_epc=urn:epc:id:sgtin:0614141.107346.2017", "MATCH_epc=urn:epc:id:sgtin:0614141.107346.20"},
        {"MATCH_epc=https://shop.example/01/10614141073464/21/2017",
         "MATCH_epc=https://id.gs1.org/01/10614141073464/21/20"},
        {"MATCH_epc=urn:epc:idpat:sgtin:0614141.107346.*", "MATCH_epc=urn:epc:idpat:sgtin:0614141.107347.*"},
        {"MATCH_epc=urn:epc:idpat:sgtin:0614141.*.*", "MATCH_epc=urn:epc:idpat:sgtin:06141412.*.*"},
        {"MATCH_epc=urn:epc:idpat:sgtin:*.*.*", "MATCH_epc=urn:epc:idpat:grai:*.*.*"},
        {"MATCH_epc=https://id.gs1.org/01/10614141073464/21/*", "MATCH_epc=https://id.gs1.org/01/04012345123456/21/*"},
        {"MATCH_epc=urn:epc:idpat:sgtin:0614141.107346.*", "MATCH_parentID=urn:epc:idpat:sgtin:0614141.107346.*",
         packed},
        {"MATCH_parentID=https://id.gs1.org/00/106141412345678908", "MATCH_parentID=urn:epc:id:sscc:0614141.1234567891",
         packed},
        {"MATCH_epcClass=https://id.gs1.org/01/04012345987652", "MATCH_epcClass=urn:epc:class:lgtin:4012345.098765.L1",
         packed},
        {"MATCH_inputEPC=https://id.gs1.org/01/10614141073464/21/2017",
         "MATCH_inputEPC=urn:epc:id:sgtin:0614141.107346.9", made},
        {"MATCH_outputEPC=urn:epc:id:sgtin:0614141.107346.9", "MATCH_outputEPC=urn:epc:id:sgtin:0614141.107346.2017",
         made},
        {"MATCH_anyEPC=urn:epc:id:sgtin:0614141.107346.9", "MATCH_anyEPC=urn:epc:class:lgtin:4012345.012345.L1", made},
        {"MATCH_inputEPCClass=urn:epc:class:lgtin:4012345.012345.L1",
         "MATCH_inputEPCClass=urn:epc:class:lgtin:4012345.012345.L2", made},
        {"MATCH_outputEPCClass=https://id.gs1.org/01/04012345123456/10/L2",
         "MATCH_outputEPCClass=https://id.gs1.org/01/04012345123456/10/L1", made},
        {"MATCH_anyEPCClass=urn:epc:idpat:lgtin:4012345.012345.*",
         "MATCH_anyEPCClass=urn:epc:id:sgtin:0614141.107346.9", made},
        {"EQ_quantity=10", "EQ_quantity=11", made},
        {"GT_quantity=200", "GT_quantity=200.5", made},
        {"GE_quantity_KGM=10", "GE_quantity_KGM=11", made},
        {"LT_quantity=3.5", "LT_quantity=3", packed},
        {"LE_quantity=3", "LE_quantity_KGM=3", packed},
        {"EQ_bizTransaction_po=https://example.com/po/1", "EQ_bizTransaction_inv=https://example.com/po/1", traded},
        {"EQ_bizTransaction_urn:epcglobal:cbv:btt:po=https://example.com/po/1",
         "EQ_bizTransaction_po=https://example.com/po/2", traded},
        {"EQ_source_owning_party=https://id.gs1.org/417/4012345000054",
         "EQ_source_location=https://id.gs1.org/417/4012345000054", traded},
        {"EQ_destination_location=urn:epc:id:sgln:4012345.00006.0",
         "EQ_destination_location=urn:epc:id:sgln:4012345.00007.0", traded},
        {"EXISTS_errorDeclaration=true", "GE_errorDeclarationTime=2026-11-21T07:00:01Z", wrong},
        {"GE_errorDeclaration_Time=2026-11-21T07:00:00Z", "LT_errorDeclarationTime=2026-11-21T07:00:00Z", wrong},
        {"EQ_errorReason=urn:epcglobal:cbv:er:incorrect_data", "EQ_errorReason=did_not_occur", wrong},
        {"EQ_correctiveEventID=urn:uuid:1", "EQ_correctiveEventID=urn:uuid:2", wrong},
        {"EXISTS_ERROR_DECLARATION_ex:who=1", "EXISTS_ERROR_DECLARATION_ex:whom=1", wrong},
        {"EQ_INNER_ERROR_DECLARATION_ex:name=Lan", "EQ_ERROR_DECLARATION_ex:name=Lan", wrong},
        {"EQ_ex:field=text", "EQ_ex:field=other", grown},
        {"EQ_ex:many=y", "EQ_ex:many=z", grown},
        {"EQ_https://ns.example.com/epcis/field=text", "EQ_https://ns.example.com/other/field=text", grown},
        {"EQ_https://ns.example.com/epcis%23field=text", "EXISTS_https://ns.example.com/epcis%23none", grown},
        {"GE_ex:when=2026-11-01T07:00:00%2B07:00", "LT_ex:when=2026-11-01T00:00:00Z", grown},
        {"GT_INNER_ex:inner=4", "GT_ex:inner=4", grown},
        {"EXISTS_INNER_ex:inner", "EXISTS_INNER_ex:outer", grown},
        {"EQ_ILMD_ex:grade=A", "EQ_ILMD_ex:grade=B", grown},
        {"LE_ILMD_ex:weight=12.50", "LT_ILMD_ex:weight=12.5", grown},
        {"EXISTS_ILMD_ex:grade=true", "EXISTS_ILMD_ex:area", grown},
        {"EQ_INNER_ILMD_ex:area=3.0", "EQ_INNER_ILMD_ex:area=4", grown},
        {"EXISTS_sensorElementList", "EXISTS_errorDeclaration", measurable},
        {"GE_time=2026-11-20T08:00:00Z", "LT_time=2026-11-20T08:00:00Z", measurable},
        {"GE_startTime=2026-11-20T07:00:00Z", "LT_startTime=2026-11-20T07:00:00Z", measurable},
        {"LT_endTime=2026-11-20T08:00:01Z", "GE_endTime=2026-11-20T08:00:01Z", measurable},
        {"EQ_type=gs1:Temperature", "EQ_type=Speed", measurable},
        {"EQ_deviceID=https://id.gs1.org/8004/4000001111", "EQ_deviceID=https://id.gs1.org/8004/4000001112",
         measurable},
        {"EQ_dataProcessingMethod=https://example.com/method/7", "EQ_dataProcessingMethod=https://example.com/method/8",
         measurable},
        {"EQ_microorganism=https://www.ncbi.nlm.nih.gov/taxonomy/1126011", "EQ_microorganism=https://example.com/m",
         measurable},
        {"EQ_chemicalSubstance=https://identifiers.org/inchikey:CZMRCDWAGMRECN",
         "EQ_chemicalSubstance=https://example.com/c", measurable},
        {"EQ_bizRules=https://example.com/rules/1", "EQ_bizRules=https://example.com/rules/2", measurable},
        {"EQ_stringValue=ok%7Cso|other", "EQ_stringValue=ok", measurable},
        {"EQ_hexBinaryValue=f0f0", "EQ_hexBinaryValue=F0F1", measurable},
        {"EQ_uriValue=urn:epc:id:sgln:4012345.00005.0", "EQ_uriValue=urn:epc:id:sgln:4012345.00006.0", measurable},
        {"EQ_booleanValue=true", "EQ_booleanValue=false", measurable},
        {"EQ_value_KEL=299.15", "EQ_value_KEL=299.16", measurable},
        {"GE_value_FAH=78.8", "GT_value_FAH=78.8", measurable},
        {"GT_minValue_CEL=20", "LE_minValue_CEL=20", measurable},
        {"LT_maxValue_KEL=300.66", "LT_maxValue_KEL=300.65", measurable},
        {"EQ_meanValue_CEL=25", "EQ_meanValue_MTR=25", measurable},
        {"EQ_sDev_KEL=0.5", "EQ_sDev_KEL=273.65", measurable},
        {"GE_percValue_CEL=12.5", "GT_percValue_CEL=12.5", measurable},
        {"GE_percRank=50", "LT_percRank=50", measurable},
        {"EQ_SENSORELEMENT_ex:element=top", "EQ_SENSORELEMENT_ex:element=low", measurable},
        {"EQ_SENSORMETADATA_ex:place=door", "EXISTS_SENSORMETADATA_ex:batch", measurable},
        {"GT_SENSORREPORT_ex:batch=6", "GT_SENSORREPORT_ex:batch=7", measurable},
    };
    for (auto const& one : cases) {
        EXPECT_TRUE(fits(one.yes, one.members)) << one.yes;
        EXPECT_FALSE(fits(one.no, one.members)) << one.no;
    }
}

TEST(Query, AttributesOfMasterDataAreNeverFound)
{
    EXPECT_FALSE(fits("HASATTR_bizLocation=urn:epcglobal:cbv:mda%23site", json::object()));
    EXPECT_FALSE(fits("EQATTR_bizLocation_urn:epcglobal:cbv:mda%23site=x", json::object()));
    EXPECT_FALSE(fits("EQ_ATTR_ex:f_a=x", json::object()));
}

TEST(Query, WhatCannotBeMeantIsRefusedByName)
{
    std::vector<std::pair<std::string_view, std::string_view>> const cases{
        {"EQ_bizstep=receiving", "EQ_bizstep epcis.query.unknown"},
        {"EQ_bizStep=reciving", "EQ_bizStep epcis.query.value"},
        {"EQ_bizStep=", "EQ_bizStep epcis.query.empty"},
        {"eventType=LookEvent", "eventType epcis.query.value"},
        {"EQ_action=LOOK", "EQ_action epcis.query.value"},
        {"GE_eventTime=yesterday", "GE_eventTime epcis.query.time"},
        {"GE_eventTime=2026-11-20T00:00:00Z|2026-11-21T00:00:00Z", "GE_eventTime epcis.query.once"},
        {"EQ_quantity=many", "EQ_quantity epcis.query.number"},
        {"GE_quantity=1|2", "GE_quantity epcis.query.once"},
        {"EQ_value=26", "EQ_value epcis.query.unknown"},
        {"EQ_value_cel=26", "EQ_value_cel epcis.query.unknown"},
        {"GT_ex:field=text", "GT_ex:field epcis.query.number"},
        {"EQ_none:field=text", "EQ_none:field epcis.query.prefix"},
        {"EQ_field=text", "EQ_field epcis.query.unknown"},
        {"EQ_readPoint=here", "EQ_readPoint epcis.query.uri"},
        {"MATCH_epc=7", "MATCH_epc epcis.query.pattern"},
        {"MATCH_epc=urn:epc:idpat:sgtin:*.107346.1", "MATCH_epc epcis.query.pattern"},
        {"EXISTS_errorDeclaration=perhaps", "EXISTS_errorDeclaration epcis.query.value"},
        {"EQ_booleanValue=1", "EQ_booleanValue epcis.query.value"},
        {"orderBy=bizStep", "orderBy epcis.query.value"},
        {"orderDirection=UP", "orderDirection epcis.query.value"},
        {"eventCountLimit=3", "eventCountLimit epcis.query.limit_without_order"},
        {"orderBy=eventTime&eventCountLimit=3&maxEventCount=3", "maxEventCount epcis.query.two_limits"},
        {"perPage=0", "perPage epcis.query.value"},
        {"perPage=two", "perPage epcis.query.value"},
        {"EQ_bizStep=%zz", "epcis.query.text"},
    };
    for (auto const& [text, wanted] : cases) EXPECT_EQ(fault(text), wanted) << text;
}

TEST(Query, ValuesStandBetweenPipes)
{
    auto const values = [](std::string_view text) { return read_query_string(text)->front().values; };
    using Texts = std::vector<std::string>;
    EXPECT_EQ(values("p=a|b"), (Texts{"a", "b"}));
    EXPECT_EQ(values("p=a%7Cb"), (Texts{"a", "b"})) << "most clients encode everything";
    EXPECT_EQ(values("p=a%7Cb|c"), (Texts{"a|b", "c"}));
    EXPECT_EQ(values("p=a&p=b"), (Texts{"a", "b"}));
    EXPECT_EQ(query("GE_eventTime=2026-11-20T00:00:00+07:00").conditions.front().time,
              parse_time("2026-11-20T00:00:00+07:00")->at)
        << "a bare plus";
}

TEST(Query, JsonAndQueryStringsMeanTheSame)
{
    json const body{{"eventType", {"ObjectEvent"}},    {"GE_eventTime", "2026-11-20T09:00:00Z"},
                    {"EQ_quantity", {10, 20}},         {"EXISTS_ILMD_ex:grade", nullptr},
                    {"EXISTS_errorDeclaration", true}, {"perPage", 5}};
    auto const parameters = read_query_body(body);
    ASSERT_TRUE(parameters.ok());
    auto const read = read_query(*parameters, *read_extensions(extensions));
    ASSERT_TRUE(read.ok());
    auto const same = query("EXISTS_errorDeclaration=true&perPage=7&EXISTS_ILMD_ex:grade&EQ_quantity=20|10&"
                            "GE_eventTime=2026-11-20T09:00:00Z&eventType=ObjectEvent");
    EXPECT_EQ(read->conditions.size(), same.conditions.size());
    EXPECT_EQ(read->per_page, 5);
    EXPECT_FALSE(read_query_body(json::array()).ok());
    EXPECT_FALSE(read_query_body({{"EQ_bizStep", {{"a", 1}}}}).ok());
}

TEST(Query, SignsOfSqlAreSignsOfNames)
{
    json const odd{{"epcList", {"https://example.com/item/50%25_off*"}}};
    EXPECT_TRUE(fits("MATCH_epc=https://example.com/item/50%2525_off*", odd));
    EXPECT_FALSE(fits("MATCH_epc=https://example.com/item/5*", odd));
    EXPECT_FALSE(fits("MATCH_epc=https://example.com/item/50%2525_of_*", odd));
}

TEST(Query, AManyValuedEventIsStillFound)
{
    json many = json::object();
    for (int i = 0; i < 400; ++i) many["ex:f" + std::to_string(i)] = i;
    auto const terms = terms_of(event(many));
    EXPECT_LE(terms.size(), 201U);
    EXPECT_TRUE(std::ranges::binary_search(terms, overflow_term()));
}

TEST(Units, ConvertWithinOneKindOnly)
{
    EXPECT_NEAR(*convert(0, "CEL", "KEL"), 273.15, 1e-9);
    EXPECT_NEAR(*convert(32, "FAH", "CEL"), 0, 1e-9);
    EXPECT_NEAR(*convert(1, "CEL", "KEL", true), 1, 1e-9) << "a spread has no offset";
    EXPECT_NEAR(*convert(1, "LBR", "GRM"), 453.59237, 1e-9);
    EXPECT_NEAR(*convert(36, "KMH", "MTS"), 10, 1e-9);
    EXPECT_FALSE(convert(1, "CEL", "MTR"));
    EXPECT_FALSE(convert(1, "P1", "KGM"));
    EXPECT_EQ(convert(1, "P1", "P1"), 1);
}

} // namespace
} // namespace nguon::epcis
