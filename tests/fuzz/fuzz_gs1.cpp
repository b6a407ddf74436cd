#include "core/gs1/check_code.hpp"
#include "core/gs1/digital_link.hpp"
#include "core/gs1/element_string.hpp"
#include "core/gs1/epc_uri.hpp"
#include "core/gs1/link_compression.hpp"
#include "core/gs1/printed_code.hpp"
#include "core/gs1/read_code.hpp"

#include <algorithm>
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

std::vector<AiValue> sorted(std::vector<AiValue> elements)
{
    std::sort(elements.begin(), elements.end(), [](auto const& a, auto const& b) { return a.ai < b.ai; });
    return elements;
}

/// What a strict reader makes of a text that must be right.
std::vector<AiValue> strictly(std::string const& text)
{
    Verdict verdict;
    check_code(text, {.associations = false}, verdict);
    check(verdict.valid() && verdict.rewrites().empty());
    return to_elements(verdict.elements());
}

/// Valid elements survive every spelling.
void check_round_trips(std::vector<AiValue> const& elements)
{
    check(strictly(to_bracketed(elements)) == elements);
    for (char const separator : {'^', group_separator}) {
        check(strictly(to_element_string(elements, separator)) == elements);
    }
    check(strictly(*to_scan_data(elements, "]Q3")) == elements);
    auto const link = to_canonical_link(elements);
    if (!link) return;
    auto const parsed = parse_digital_link(*link);
    check(parsed.ok());
    check(*to_canonical_link(parsed->elements) == *link);
    for (bool const keep_key : {false, true}) {
        auto const compressed = to_compressed_link(elements, "https://x.vn", {.keep_key = keep_key});
        if (compressed) check(sorted(strictly(*compressed)) == sorted(parsed->elements));
    }
    for (std::size_t const prefix_length : {4U, 7U, 12U}) {
        auto const urn = to_epc_uri(parsed->path(), prefix_length);
        if (urn) check(read_epc_uri(*urn).ok());
    }
}

void check_verdict(std::string_view text, CheckOptions const& options)
{
    Verdict verdict;
    check_code(text, options, verdict);
    check_faults(to_faults(verdict), text);
    check(verdict.path_elements() <= verdict.elements().size());
    for (auto const& rewrite : verdict.rewrites()) {
        check((options.lenient || rewrite.what == Rewritten::brackets || rewrite.what == Rewritten::start) &&
              rewrite.position <= text.size() && !rewrite_key(rewrite.what).empty());
    }
    if (verdict.valid()) check_round_trips(to_elements(verdict.elements()));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    for (bool const lenient : {false, true}) {
        check_verdict(text, {.associations = false, .lenient = lenient});
        check_verdict(text, {.lenient = lenient, .tolerant = true, .edition = Edition::of_2026_07});
    }
    auto const code = read_code(text);
    check(code.valid() || !code.faults.empty());
    if (code.valid() && !code.elements.empty()) check_round_trips(code.elements);
    if (code.valid() && code.kind == CodeKind::printed_code)
        check(*read_printed_code(code.printed_code) == code.printed_code);

    check_faults(read_bracketed(text).faults, text);
    check_faults(read_element_string(text).faults, text);
    check_faults(read_scan_data(text).faults, text);
    check_faults(read_digital_link(text).faults, text);
    static_cast<void>(CompanyPrefixTable::parse(text));
    if (auto const elements = read_epc_uri(text)) check(epc_to_digital_link(text).ok());
    return 0;
}
