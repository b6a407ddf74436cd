// Paths, queries and compressed segments of Digital Links.

#include "core/gs1/check_code.hpp"
#include "core/gs1/digital_link.hpp"
#include "core/gs1/link_compression.hpp"

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

std::vector<AiValue> sorted(std::vector<AiValue> elements)
{
    std::sort(elements.begin(), elements.end(), [](auto const& a, auto const& b) { return a.ai < b.ai; });
    return elements;
}

/// A link that was read can be written, and is the same thing then.
void check_rewriting(DigitalLink const& link)
{
    auto const written = to_digital_link(link.elements, "https://x.vn");
    check(written.ok());
    auto const again = parse_digital_link(*written);
    check(again.ok() && sorted(again->elements) == sorted(link.elements));
    auto const packed =
        to_compressed_link(link.elements, "https://x.vn", {.compress_parameters = true}, link.parameters);
    if (!packed) return;
    Verdict verdict;
    check_digital_link(*packed, {.associations = false}, verdict);
    check(verdict.valid() && sorted(to_elements(verdict.elements())) == sorted(link.elements));
}

void check_path(std::string_view path, std::string_view query)
{
    auto const reading = read_digital_link_path(path, query);
    if (reading.valid()) check_rewriting(reading.link);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    auto const split = text.find('?');
    auto const query = split == std::string_view::npos ? std::string_view{} : text.substr(split + 1);
    check_path(text.substr(0, split), query);
    check_path("/" + std::string{text.substr(0, split)}, query);
    check_path("/01/08939999000017/" + std::string{text.substr(0, split)}, query);
    for (bool const lenient : {false, true}) {
        Verdict verdict;
        auto const uri = "https://x.vn/" + std::string{text};
        check_code(uri, {.lenient = lenient}, verdict);
        for (auto const& fault : to_faults(verdict)) check(fault.position <= uri.size());
    }
    return 0;
}
