// Query strings of /epcis/events: whatever is read can be matched and looked up without harm.

#include "core/epcis/json.hpp"
#include "core/epcis/query.hpp"
#include "core/epcis/query_match.hpp"
#include "core/epcis/query_terms.hpp"
#include "core/limits/epcis_query.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace nguon;
using namespace nguon::epcis;

constexpr std::string_view sample =
    R"({"@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld", {"ex": "https://ns.example.com/"}],)"
    R"( "type": "ObjectEvent", "action": "ADD", "eventTime": "2026-11-20T16:00:00+07:00",)"
    R"( "eventTimeZoneOffset": "+07:00", "epcList": ["urn:epc:id:sgtin:0614141.107346.2017"],)"
    R"( "quantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.012345.L1", "quantity": 2, "uom": "KGM"}],)"
    R"( "bizStep": "receiving", "readPoint": {"id": "urn:epc:id:sgln:4012345.00005.0"}, "ilmd": {"ex:grade": "A"},)"
    R"( "sensorElementList": [{"sensorReport": [{"type": "Temperature", "value": 26.0, "uom": "CEL"}]}]})";

void check(bool holds)
{
    if (!holds) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static auto const event = parse_document(sample)->events.front();
    static auto const names = *read_extensions("ex=https://ns.example.com/");
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    static_cast<void>(read_extensions(text));
    auto const parameters = read_query_string(text);
    if (!parameters) return 0;
    auto const query = read_query(*parameters, names);
    if (!query) {
        check(!query.error().fields.empty());
        return 0;
    }
    check(query->per_page > 0 && query->per_page <= limits::query_page_max);
    static_cast<void>(matches(*query, event, event.event_time.at));
    for (auto const& condition : query->conditions) static_cast<void>(terms_for(condition));
    return 0;
}
