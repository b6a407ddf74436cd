#include "core/epcis/event_hash.hpp"
#include "core/epcis/json.hpp"
#include "core/epcis/step_summary.hpp"
#include "core/epcis/validate.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace nguon;
using namespace nguon::epcis;

void check(bool holds)
{
    if (!holds) std::abort();
}

/// What was read can be written, read again and is the same event.
void check_event(Event const& event)
{
    auto const hash = event_hash(event);
    auto const body = canonical_body(event);
    auto const again = parse_document(body);
    check(again.ok() && again->events.size() == 1);
    auto const& copy = again->events.front();
    check(canonical_body(copy) == body);
    check(event_hash(copy) == hash);
    check(event_hash(copy, HashVersion::cbv_2_1) == event_hash(event, HashVersion::cbv_2_1));
    check(validate(copy).faults == validate(event).faults);
    check(validate(copy, "/x", Syntax::xml).notes.size() == validate(event).notes.size());
    check(summarise(copy, Visibility::declarer).fields.size() >= summarise(event).fields.size());
    // A canonical identifier is its own canonical form.
    for (auto const& epc : event.epc_list) {
        auto const canonical = canonical_identifier(epc);
        check(canonical_identifier(canonical) == canonical);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    auto const number = canonical_number(text);
    check(canonical_number(number) == number || number == text);
    auto const document = parse_document(text);
    if (!document) {
        check(!document.error().key.empty() && document.error().key != "internal");
        return 0;
    }
    for (auto const& event : document->events) check_event(event);
    return 0;
}
