#include "core/gs1/digital_link.hpp"

#include "core/bytes.hpp"
#include "core/fold.hpp"
#include "core/gs1/ai_table.hpp"
#include "core/gs1/element_string.hpp"

#include <algorithm>

namespace nguon::gs1 {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alnum(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

bool is_key(std::string_view ai)
{
    auto const* const entry = find_ai(ai);
    return entry != nullptr && entry->link_key;
}

/// A piece of the URI and where it starts.
struct Segment {
    std::string_view text;
    std::size_t at = 0;
};

std::vector<Segment> split(std::string_view text, char separator, std::size_t at)
{
    std::vector<Segment> parts;
    for (;;) {
        auto const end = text.find(separator);
        parts.push_back({text.substr(0, end), at});
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
        at += end + 1;
    }
}

/// True when `ais` are a key and qualifiers in an order that the key allows.
bool is_path(std::span<AiValue const> path, std::string_view further = {})
{
    std::vector<std::string_view> qualifiers;
    for (auto const& element : path.subspan(1)) qualifiers.emplace_back(element.ai);
    auto const follows = [](std::span<std::string_view const> wanted, QualifierSequence sequence) {
        auto from = sequence.begin();
        for (auto const ai : wanted) {
            from = std::find(from, sequence.end(), ai);
            if (from == sequence.end()) return false;
            ++from;
        }
        return true;
    };
    auto const sequences = qualifier_sequences(path.front().ai);
    if (further.empty()) {
        if (qualifiers.empty()) return true;
        return std::any_of(sequences.begin(), sequences.end(), [&](auto s) { return follows(qualifiers, s); });
    }
    // The further AI may stand anywhere behind the key.
    for (std::size_t i = 0; i <= qualifiers.size(); ++i) {
        auto longer = qualifiers;
        longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(i), further);
        if (std::any_of(sequences.begin(), sequences.end(), [&](auto s) { return follows(longer, s); })) return true;
    }
    return false;
}

class Reader {
public:
    explicit Reader(LinkReading& out) : link_{out.link}, faults_{out.faults} {}

    /// `at` is where the path starts in the URI. The stem is appended to the base.
    void read_path(std::string_view path, std::size_t at)
    {
        auto segments = split(path, '/', at);
        if (segments.size() > 1 && segments.back().text.empty()) segments.pop_back();
        auto const start = find_start(segments);
        if (start == segments.size()) return;
        link_.base += path.substr(0, segments[start].at - at);
        while (link_.base.ends_with('/')) link_.base.pop_back();
        for (auto i = start; i + 1 < segments.size(); i += 2) {
            add(segments[i].text, segments[i + 1], false);
        }
        link_.path_elements = link_.elements.size();
        check_order();
    }

    void read_query(std::string_view query, std::size_t at)
    {
        for (auto const& part : split(query, '&', at)) {
            if (part.text.empty()) continue;
            auto const equals = std::min(part.text.find('='), part.text.size());
            auto const value_at = std::min(equals + 1, part.text.size());
            auto const name = percent_decode(part.text.substr(0, equals), true);
            Segment const value{part.text.substr(value_at), part.at + value_at};
            if (name && all_digits(*name))
                add_attribute(*name, value);
            else
                add_parameter(part.text.substr(0, equals), value.text);
        }
    }

private:
    /// The rightmost primary key that values and qualifiers follow in pairs; the number of segments when there is none.
    std::size_t find_start(std::vector<Segment> const& segments)
    {
        auto const none = segments.size();
        for (auto i = none; i >= 2; i -= 2) {
            auto const& segment = segments[i - 2];
            if (is_key(segment.text)) return i - 2;
            if (find_ai(segment.text) != nullptr) continue;
            bool const key_before =
                std::any_of(segments.begin(), segments.end() - 1, [](auto const& s) { return is_key(s.text); });
            if (!key_before) break;
            fault("link.path", "", segment.at, {excerpt(segment.text)});
            return none;
        }
        fault("link.no_key", "", segments.front().at, {});
        return none;
    }

    void add(std::string_view ai, Segment const& raw, bool in_query)
    {
        auto value = percent_decode(raw.text, in_query);
        if (!value) {
            fault("link.escape", std::string{ai}, raw.at, value.error().values);
            return;
        }
        auto const before = faults_.size();
        link_.elements.push_back({std::string{ai}, *std::move(value)});
        check_element(link_.elements.back(), raw.at, faults_);
        // Escapes make a value shorter than its text, so the place of its first character is as far as we can tell.
        for (auto i = before; i < faults_.size(); ++i) {
            if (raw.text.find('%') != std::string_view::npos) faults_[i].position = raw.at;
        }
    }

    void add_attribute(std::string const& ai, Segment const& value)
    {
        auto const* const entry = find_ai(ai);
        if (entry == nullptr) return fault("link.query_ai", ai, value.at, {excerpt(ai)});
        if (find_value(link_.elements, ai) != nullptr) return fault("link.repeated", ai, value.at, {ai});
        bool const has_path = link_.path_elements > 0;
        if (has_path && is_path(link_.path(), ai)) {
            return fault("link.belongs_in_path", ai, value.at, {ai, link_.elements.front().ai});
        }
        if (!entry->link_attribute) return fault("link.not_in_query", ai, value.at, {ai});
        add(ai, value, true);
    }

    void add_parameter(std::string_view name, std::string_view value)
    {
        auto const decoded = [](std::string_view text) {
            return percent_decode(text, true).value_or(std::string{text});
        };
        link_.parameters.emplace_back(decoded(name), decoded(value));
    }

    void check_order()
    {
        for (std::size_t count = 2; count <= link_.path_elements; ++count) {
            auto const path = std::span<AiValue const>{link_.elements}.first(count);
            if (is_path(path)) continue;
            return fault("link.qualifier_order", path.back().ai, 0, {path.back().ai, path.front().ai});
        }
    }

    void fault(char const* key, std::string ai, std::size_t position, std::vector<std::string> values)
    {
        faults_.push_back({key, std::move(ai), position, "link", std::move(values)});
    }

    DigitalLink& link_;
    std::vector<Fault>& faults_;
};

/// The length of "https://" in one of its two spellings; 0 for anything else.
std::size_t scheme_length(std::string_view uri)
{
    for (std::string_view const scheme : {"https://", "http://", "HTTPS://", "HTTP://"}) {
        if (uri.starts_with(scheme)) return scheme.size();
    }
    return 0;
}

bool is_host(std::string_view authority)
{
    auto const fits = [](char c) {
        return is_alnum(c) || std::string_view{"-._~:[]"}.find(c) != std::string_view::npos;
    };
    return !authority.empty() && authority.front() != ':' && std::all_of(authority.begin(), authority.end(), fits);
}

bool is_too_long(std::size_t bytes, std::vector<Fault>& faults)
{
    if (bytes <= link_bytes_max) return false;
    faults.push_back({"link.too_long", "", link_bytes_max, "link", {std::to_string(link_bytes_max)}});
    return true;
}

using Path = std::vector<AiValue>;

/// Key and qualifiers of one sequence in their order.
Path take_path(std::span<AiValue const> elements, AiValue const& key, QualifierSequence sequence)
{
    Path path{key};
    for (auto const ai : sequence) {
        if (auto const* const value = find_value(elements, ai)) path.push_back({std::string{ai}, *value});
    }
    return path;
}

/// The elements that stand in the query; error for one that may not.
Result<Path> take_attributes(std::span<AiValue const> elements, Path const& path)
{
    Path attributes;
    for (auto const& element : elements) {
        bool const used = find_value(path, element.ai) != nullptr || find_value(attributes, element.ai) != nullptr;
        if (used) continue;
        auto const* const entry = find_ai(element.ai);
        if (entry == nullptr || !entry->link_attribute) return invalid("link.not_in_link", {excerpt(element.ai)});
        attributes.push_back(element);
    }
    return attributes;
}

/// The parts of a link. Of alternative qualifier sequences the first that leaves no element without a place is taken.
struct Parts {
    Path path;
    Path attributes;
};

Result<Parts> take_parts(std::span<AiValue const> elements)
{
    auto const key = std::find_if(elements.begin(), elements.end(), [](auto const& e) { return is_key(e.ai); });
    if (key == elements.end()) return invalid("link.no_key");
    auto sequences = qualifier_sequences(key->ai);
    constexpr QualifierSequence no_qualifiers[1] = {};
    if (sequences.empty()) sequences = no_qualifiers;
    Result<Parts> parts;
    for (auto const sequence : sequences) {
        auto path = take_path(elements, *key, sequence);
        auto attributes = take_attributes(elements, path);
        if (attributes) return Parts{std::move(path), *std::move(attributes)};
        if (sequence.data() == sequences.front().data()) parts = attributes.error();
    }
    return parts;
}

std::string write_link(std::string_view base, Path const& path, Path const& attributes)
{
    while (base.ends_with('/')) base.remove_suffix(1);
    std::string out{base};
    for (auto const& [ai, value] : path) out.append("/").append(ai).append("/").append(percent_encode(value));
    char separator = '?';
    for (auto const& [ai, value] : attributes) {
        (out += separator).append(ai).append("=").append(percent_encode(value));
        separator = '&';
    }
    return out;
}

} // namespace

LinkReading read_digital_link(std::string_view uri)
{
    LinkReading out;
    if (is_too_long(uri.size(), out.faults)) return out;
    auto const scheme = scheme_length(uri);
    if (scheme == 0) {
        out.faults.push_back({"link.scheme", "", 0, "link", {}});
        return out;
    }
    uri = uri.substr(0, uri.find('#'));
    auto const path_at = std::min(uri.find_first_of("/?", scheme), uri.size());
    auto const authority = uri.substr(scheme, path_at - scheme);
    if (!is_host(authority)) out.faults.push_back({"link.host", "", scheme, "link", {excerpt(authority)}});
    out.link.base = uri.substr(0, path_at);
    auto const query_at = std::min(uri.find('?', path_at), uri.size());
    Reader reader{out};
    reader.read_path(uri.substr(path_at, query_at - path_at), path_at);
    if (query_at < uri.size()) reader.read_query(uri.substr(query_at + 1), query_at + 1);
    return out;
}

LinkReading read_digital_link_path(std::string_view path, std::string_view query)
{
    LinkReading out;
    if (is_too_long(path.size() + query.size(), out.faults)) return out;
    Reader reader{out};
    reader.read_path(path, 0);
    reader.read_query(query, path.size() + 1);
    return out;
}

Result<DigitalLink> parse_digital_link(std::string_view uri)
{
    auto reading = read_digital_link(uri);
    if (!reading.valid()) return to_error(reading.faults);
    return std::move(reading.link);
}

bool looks_like_digital_link(std::string_view uri)
{
    auto const scheme = scheme_length(uri);
    if (scheme == 0 || uri.size() > link_bytes_max) return false;
    auto const slash = uri.find('/', scheme);
    auto const end = std::min(uri.find_first_of("?#"), uri.size());
    if (slash >= end) return false;
    auto const segments = split(uri.substr(slash + 1, end - slash - 1), '/', 0);
    return std::any_of(segments.begin(), segments.end() - 1, [](auto const& s) { return is_key(s.text); });
}

Result<std::string> to_digital_link(std::span<AiValue const> elements, std::string_view base)
{
    auto const parts = take_parts(elements);
    if (!parts) return parts.error();
    return write_link(base, parts->path, parts->attributes);
}

Result<std::string> to_canonical_link(std::span<AiValue const> elements)
{
    auto parts = take_parts(elements);
    if (!parts) return parts.error();
    std::stable_sort(parts->attributes.begin(), parts->attributes.end(),
                     [](auto const& a, auto const& b) { return a.ai < b.ai; });
    return write_link(canonical_base, parts->path, parts->attributes);
}

Result<std::string> to_canonical_path(std::span<AiValue const> elements)
{
    auto const parts = take_parts(elements);
    if (!parts) return parts.error();
    return write_link(canonical_base, parts->path, {});
}

std::string percent_encode(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (char const c : text) {
        if (is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
            out += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        ((out += '%') += digits[byte >> 4U]) += digits[byte & 15U];
    }
    return out;
}

Result<std::string> percent_decode(std::string_view text, bool plus_is_space)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_space)
            out += ' ';
        else if (text[i] != '%')
            out += text[i];
        else {
            auto const escape = text.substr(i, 3);
            auto const byte = escape.size() == 3 ? from_hex(escape.substr(1)) : Result<std::string>{};
            if (!byte || (*byte)[0] == '\0') return invalid("link.escape", {excerpt(escape)});
            out += *byte;
            i += 2;
        }
    }
    return out;
}

} // namespace nguon::gs1
