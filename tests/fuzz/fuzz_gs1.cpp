#include "core/gs1/digital_link.hpp"
#include "core/gs1/element_string.hpp"
#include "core/gs1/epc_uri.hpp"
#include "core/gs1/printed_code.hpp"
#include "core/gs1/read_code.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace nguon;
using namespace nguon::gs1;

void check(bool holds)
{
    if (!holds) std::abort();
}

void check_faults(std::vector<Fault> const& faults, std::string_view text)
{
    for (auto const& fault : faults) {
        check(!fault.key.empty() && fault.key != "internal");
        check(fault.position <= text.size());
    }
}

/// Valid elements survive every spelling.
void check_round_trips(std::vector<AiValue> const& elements)
{
    auto const bracketed = read_bracketed(to_bracketed(elements));
    check(bracketed.valid() && bracketed.elements == elements);
    for (char const separator : {'^', group_separator}) {
        auto const read = read_element_string(to_element_string(elements, separator));
        check(read.valid() && read.elements == elements);
    }
    auto const link = to_canonical_link(elements);
    if (!link) return;
    auto const parsed = parse_digital_link(*link);
    check(parsed.ok());
    check(*to_canonical_link(parsed->elements) == *link);
    for (std::size_t const prefix_length : {4U, 7U, 12U}) {
        auto const urn = to_epc_uri(parsed->path(), prefix_length);
        if (urn) check(read_epc_uri(*urn).ok());
    }
}

void check_link(std::string_view text)
{
    auto const reading = read_digital_link(text);
    check_faults(reading.faults, text);
    if (reading.valid()) check_round_trips(reading.link.elements);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    auto const code = read_code(text);
    check(code.valid() || !code.faults.empty());
    if (code.valid() && !code.elements.empty()) check_round_trips(code.elements);
    if (code.valid() && code.kind == CodeKind::printed_code)
        check(*read_printed_code(code.printed_code) == code.printed_code);

    check_faults(read_bracketed(text).faults, text);
    check_faults(read_element_string(text).faults, text);
    check_faults(read_scan_data(text).faults, text);
    check_link(text);
    auto const split = text.find('?');
    auto const query = split == std::string_view::npos ? std::string_view{} : text.substr(split + 1);
    static_cast<void>(read_digital_link_path(text.substr(0, split), query));
    static_cast<void>(CompanyPrefixTable::parse(text));
    if (auto const elements = read_epc_uri(text)) check(epc_to_digital_link(text).ok());
    return 0;
}
