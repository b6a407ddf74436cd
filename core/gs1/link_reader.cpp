#include "core/gs1/link_reader.hpp"

#include "core/fold.hpp"
#include "core/gs1/check_code.hpp"
#include "core/gs1/link_compression.hpp"
#include "core/gs1/link_names.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace nguon::gs1 {
namespace {

constexpr auto npos = std::string_view::npos;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alnum(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

int hex_value(char c)
{
    if (is_digit(c)) return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// Characters of a host and its port; their form is left to those who connect.
constexpr auto host_characters = [] {
    std::array<bool, 256> made{};
    for (char const c : std::string_view{"-._~:[]"}) made[static_cast<unsigned char>(c)] = true;
    for (int c = 0; c < 128; ++c) made[static_cast<std::size_t>(c)] |= is_alnum(static_cast<char>(c));
    return made;
}();

bool is_host(std::string_view authority)
{
    auto const fits = [](char c) { return host_characters[static_cast<unsigned char>(c)]; };
    return !authority.empty() && authority.front() != ':' && std::all_of(authority.begin(), authority.end(), fits);
}

/// True when the qualifiers stand in the sequence, in its order.
bool follows(std::span<Element const> qualifiers, QualifierSequence sequence)
{
    auto from = sequence.begin();
    for (auto const& qualifier : qualifiers) {
        from = std::find(from, sequence.end(), qualifier.ai);
        if (from == sequence.end()) return false;
        ++from;
    }
    return true;
}

bool contains(QualifierSequence sequence, std::string_view ai)
{
    return std::find(sequence.begin(), sequence.end(), ai) != sequence.end();
}

/// A pair of segments of the path, "/name/value".
struct Pair {
    std::size_t name_at = 0;
    std::size_t value_at = 0;
    std::size_t end = 0;
};

class LinkReader {
public:
    LinkReader(Verdict& verdict, std::size_t start) : verdict_{verdict}, text_{verdict.text()}, link_at_{start} {}

    void read_path(std::size_t from, std::size_t to)
    {
        to = without_slash(from, to);
        Pair pair;
        auto const start = find_key(from, to, pair);
        if (start == npos) return read_other_path(from, to, pair);
        verdict_.set_stem(stem(start));
        for (auto at = start; at < to;) {
            auto const name_end = text_.find('/', at + 1);
            auto const value_at = name_end + 1;
            auto const end = std::min(text_.find('/', value_at), to);
            if (!add(ai_named(at + 1, name_end - at - 1), at + 1, value_at, end, false)) break;
            at = end;
        }
        verdict_.set_path_elements(verdict_.elements().size());
        check_order();
    }

    void read_query(std::size_t from, std::size_t to)
    {
        bool const semicolons = verdict_.options().lenient && text_.substr(from, to - from).find(';') != npos;
        for (auto at = from; at < to;) {
            auto const rest = text_.substr(at, to - at);
            auto const end = at + std::min({rest.find('&'), semicolons ? rest.find(';') : npos, rest.size()});
            if (end < to && text_[end] == ';') verdict_.note(Rewritten::semicolon, end, ";", "&");
            if (end > at) read_parameter(at, end);
            at = end + 1;
        }
    }

private:
    std::size_t without_slash(std::size_t from, std::size_t to)
    {
        if (to - from < 2 || text_[to - 1] != '/') return to;
        if (verdict_.options().lenient)
            verdict_.note(Rewritten::slash, to - 1, "/", "");
        else if (!verdict_.options().tolerant)
            verdict_.fault(Rule::link_slash, to - 1, 1);
        return to - 1;
    }

    /// What stands before the key, without slashes at its end.
    std::string_view stem(std::size_t end) const
    {
        auto const begin = link_at_;
        while (end > begin && text_[end - 1] == '/') --end;
        return text_.substr(begin, end - begin);
    }

    /// The AI that a segment names: its digits, or, read leniently, the AI of a short name.
    std::string_view ai_named(std::size_t at, std::size_t length) const
    {
        auto const name = text_.substr(at, length);
        if (name.empty() || is_digit(name.front()) || !verdict_.options().lenient) return name;
        auto const ai = ai_of_short_name(name);
        return ai.empty() ? name : ai;
    }

    /// Fills `pair` with the last two segments that end at `end`; false when there are not two.
    bool last_pair(std::size_t from, std::size_t end, Pair& pair) const
    {
        if (end <= from) return false;
        auto const value_slash = text_.rfind('/', end - 1);
        if (value_slash == npos || value_slash <= from) return false;
        auto const name_slash = text_.rfind('/', value_slash - 1);
        if (name_slash == npos || name_slash < from) return false;
        pair = {name_slash + 1, value_slash + 1, end};
        return true;
    }

    /// The slash before the rightmost primary key that values and qualifiers follow in pairs; npos when there is none.
    /// Then `pair` is the last pair whose name is no AI, if there is one.
    std::size_t find_key(std::size_t from, std::size_t to, Pair& pair) const
    {
        for (auto end = to; last_pair(from, end, pair); end = pair.name_at - 1) {
            auto const* const entry = find_ai(ai_named(pair.name_at, pair.value_at - 1 - pair.name_at));
            if (entry == nullptr) return npos;
            if (entry->link_key) return pair.name_at - 1;
        }
        pair = {};
        return npos;
    }

    /// A path without key and pairs: a compressed link, or none.
    void read_other_path(std::size_t from, std::size_t to, Pair const& pair)
    {
        auto const slash = to > from ? text_.rfind('/', to - 1) : npos;
        bool const has_segment = slash != npos && slash >= from && slash + 1 < to;
        if (has_segment && verdict_.options().compressed && read_compressed(from, slash, to)) return;
        if (pair.end > 0 && has_key_before(from, pair.end)) {
            return verdict_.fault(Rule::link_path, pair.name_at, pair.value_at - 1 - pair.name_at);
        }
        verdict_.fault(Rule::link_no_key, from);
    }

    bool has_key_before(std::size_t from, std::size_t to) const
    {
        for (auto at = from; at < to;) {
            auto const end = std::min(text_.find('/', at), to);
            auto const* const entry = find_ai(ai_named(at, end - at));
            if (entry != nullptr && entry->link_key && end < to) return true;
            at = end + 1;
        }
        return false;
    }

    /// Reads a link whose last segment, behind `slash`, is compressed; false when it is nothing of the kind.
    bool read_compressed(std::size_t from, std::size_t slash, std::size_t to)
    {
        ElementList unpacked;
        Pair key;
        auto const* const entry =
            last_pair(from, slash, key) ? find_ai(ai_named(key.name_at, key.value_at - 1 - key.name_at)) : nullptr;
        bool const partial = entry != nullptr && entry->link_key && key.value_at < key.end;
        if (partial) {
            auto const raw = text_.substr(key.value_at, key.end - key.value_at);
            auto const ai = ai_named(key.name_at, key.value_at - 1 - key.name_at);
            unpacked.add({ai, decode(raw, key.value_at, ai, false), entry, short_of(key.name_at),
                          short_of(key.value_at), short_of(raw.size())});
        }
        if (!unpack(text_.substr(slash + 1, to - slash - 1), slash + 1, verdict_, unpacked)) return false;
        auto const path = order_link(unpacked.list());
        if (path == 0) {
            verdict_.drop_parameters(0);
            return false;
        }
        verdict_.set_form(Form::compressed_link);
        verdict_.set_stem(stem(partial ? key.name_at - 1 : slash));
        verdict_.set_path_elements(path);
        for (auto const& element : unpacked.list()) {
            // What was packed is known to be right, the key outside is not.
            bool const outside = element.value_bytes > 0;
            if (!(outside ? verdict_.add(element) : verdict_.add_valid(element))) break;
        }
        for (std::size_t i = path; i < verdict_.elements().size(); ++i) {
            if (!verdict_.elements()[i].entry->link_attribute) verdict_.element_fault(Rule::link_not_in_query, i);
        }
        return true;
    }

    static std::uint16_t short_of(std::size_t number) { return static_cast<std::uint16_t>(number); }

    /// The text without its escapes; without data when one of them is broken, which is a fault then.
    std::string_view decode(std::string_view raw, std::size_t at, std::string_view ai, bool in_query)
    {
        auto const first = std::min(raw.find('%'), in_query ? raw.find('+') : npos);
        if (first == npos) return raw;
        auto const room = verdict_.scratch(raw.size());
        if (room.empty()) return {};
        std::memcpy(room.data(), raw.data(), first);
        auto used = first;
        for (auto i = first; i < raw.size(); ++i) {
            char c = raw[i];
            if (c == '+' && in_query) c = ' ';
            if (c == '%') {
                int const high = i + 2 < raw.size() ? hex_value(raw[i + 1]) : -1;
                int const low = i + 2 < raw.size() ? hex_value(raw[i + 2]) : -1;
                if (high < 0 || low < 0 || high + low == 0) {
                    verdict_.fault(Rule::link_escape, at + i, std::min<std::size_t>(3, raw.size() - i), ai);
                    return {};
                }
                c = static_cast<char>(high * 16 + low);
                i += 2;
            }
            room[used++] = c;
        }
        verdict_.shrink_scratch(room.size() - used);
        return {room.data(), used};
    }

    /// Adds the element whose value stands from `value_at` to `end`; false when there are too many.
    bool add(std::string_view ai, std::size_t name_at, std::size_t value_at, std::size_t end, bool in_query)
    {
        auto const raw = text_.substr(value_at, end - value_at);
        auto value = decode(raw, value_at, ai, in_query);
        if (value.data() == nullptr) return true;
        if (is_alnum(text_[name_at]) && !is_digit(text_[name_at])) {
            verdict_.note(Rewritten::short_name, name_at, name(name_at), ai);
        }
        value = with_leading_zeros(ai, value, value_at, verdict_);
        return verdict_.add(ai, value, name_at, value_at, raw.size());
    }

    /// The name that starts at `at`.
    std::string_view name(std::size_t at) const
    {
        auto end = at;
        while (end < text_.size() && is_alnum(text_[end])) ++end;
        return text_.substr(at, end - at);
    }

    void check_order()
    {
        auto const path = verdict_.elements();
        auto const sequences = path.empty() ? std::span<QualifierSequence const>{} : qualifier_sequences(path[0].ai);
        for (std::size_t count = 1; count < path.size(); ++count) {
            auto const qualifiers = path.subspan(1, count);
            bool const fits = std::any_of(sequences.begin(), sequences.end(),
                                          [qualifiers](auto sequence) { return follows(qualifiers, sequence); });
            if (!fits) return verdict_.element_fault(Rule::link_order, count, 0);
        }
    }

    /// The place of a further AI in the path, npos when it cannot stand there.
    std::size_t place_in_path(std::string_view ai) const
    {
        auto const path = verdict_.elements().first(verdict_.path_elements());
        if (path.empty()) return npos;
        for (auto const sequence : qualifier_sequences(path[0].ai)) {
            if (!contains(sequence, ai) || !follows(path.subspan(1), sequence)) continue;
            std::size_t place = 1;
            for (auto const before : sequence) {
                if (before == ai) return place;
                if (place < path.size() && path[place].ai == before) ++place;
            }
        }
        return npos;
    }

    bool is_there(std::string_view ai) const
    {
        auto const elements = verdict_.elements();
        return std::any_of(elements.begin(), elements.end(), [ai](auto const& element) { return element.ai == ai; });
    }

    void read_parameter(std::size_t at, std::size_t end)
    {
        auto const equals = at + std::min(text_.substr(at, end - at).find('='), end - at);
        auto const value_at = std::min(equals + 1, end);
        auto const raw_name = text_.substr(at, equals - at);
        auto const ai = ai_named(at, raw_name.size());
        if (all_digits(ai)) return read_attribute(ai, at, value_at, end);
        auto const unescaped = raw_name.find('%') == npos ? std::string_view{} : unescaped_name(raw_name);
        if (all_digits(unescaped)) return read_attribute(unescaped, at, value_at, end);
        verdict_.add_parameter({raw_name, text_.substr(value_at, end - value_at), true});
    }

    /// A name whose escapes are decoded; empty when they are broken. Only names of AIs are wanted, so long ones are
    /// not.
    std::string_view unescaped_name(std::string_view raw)
    {
        constexpr std::size_t bytes_max = 12; // four digits, all of them escaped
        if (raw.size() > bytes_max) return {};
        auto const room = verdict_.scratch(raw.size());
        std::size_t used = 0;
        for (std::size_t i = 0; i < raw.size() && used < room.size(); ++i) {
            if (raw[i] != '%') {
                room[used++] = raw[i];
                continue;
            }
            int const high = i + 2 < raw.size() ? hex_value(raw[i + 1]) : -1;
            int const low = i + 2 < raw.size() ? hex_value(raw[i + 2]) : -1;
            if (high < 0 || low < 0) return {};
            room[used++] = static_cast<char>(high * 16 + low);
            i += 2;
        }
        return {room.data(), used};
    }

    void read_attribute(std::string_view ai, std::size_t name_at, std::size_t value_at, std::size_t end)
    {
        auto const* const entry = find_ai(ai);
        if (entry == nullptr) return verdict_.fault(Rule::link_query_ai, name_at, ai.size(), ai);
        if (is_there(ai)) return verdict_.fault(Rule::link_repeated, name_at, ai.size(), ai);
        auto const place = place_in_path(ai);
        auto const before = verdict_.elements().size();
        if (!add(ai, name_at, value_at, end, true) || verdict_.elements().size() == before) return;
        if (place == npos) {
            if (!entry->link_attribute) verdict_.element_fault(Rule::link_not_in_query, before);
            return;
        }
        if (!verdict_.options().lenient) return verdict_.element_fault(Rule::link_belongs_in_path, before, 0);
        verdict_.note(Rewritten::into_path, name_at, ai, verdict_.elements().front().ai);
        verdict_.move_last_to(place);
        verdict_.set_path_elements(verdict_.path_elements() + 1);
    }

    Verdict& verdict_;
    std::string_view text_;
    std::size_t link_at_;
};

/// True when every element that is not in the path may stand in the query.
bool leaves_nothing(std::span<Element const> elements, std::string_view key, QualifierSequence sequence)
{
    return std::all_of(elements.begin(), elements.end(), [&](auto const& element) {
        return element.ai == key || contains(sequence, element.ai) || element.entry == nullptr ||
               element.entry->link_attribute;
    });
}

/// Moves the element of this AI to `place`, if there is one behind it.
bool bring_to(std::span<Element> elements, std::size_t place, std::string_view ai)
{
    auto const from = elements.begin() + static_cast<std::ptrdiff_t>(place);
    auto const found = std::find_if(from, elements.end(), [ai](auto const& element) { return element.ai == ai; });
    if (found == elements.end()) return false;
    std::rotate(from, found, found + 1);
    return true;
}

void read_target(std::size_t start, std::size_t path_at, Verdict& verdict)
{
    auto const text = verdict.text();
    auto const end = std::min(text.find('#', path_at), text.size());
    auto const query_at = path_at + std::min(text.substr(path_at, end - path_at).find('?'), end - path_at);
    LinkReader reader{verdict, start};
    reader.read_path(path_at, query_at);
    if (query_at < end) reader.read_query(query_at + 1, end);
}

} // namespace

bool has_link_scheme(std::string_view text)
{
    constexpr std::string_view https = "https";
    std::size_t same = 0;
    while (same < https.size() && same < text.size() && lower(text[same]) == https[same]) ++same;
    return same >= 4 && text.substr(same).starts_with("://");
}

std::size_t order_link(std::span<Element> elements)
{
    auto const key = std::find_if(elements.begin(), elements.end(), [](auto const& element) {
        return element.entry != nullptr && element.entry->link_key;
    });
    if (key == elements.end()) return 0;
    std::rotate(elements.begin(), key, key + 1);
    auto const ai = elements.front().ai;
    auto const sequences = qualifier_sequences(ai);
    auto const chosen = std::find_if(sequences.begin(), sequences.end(),
                                     [&](auto sequence) { return leaves_nothing(elements, ai, sequence); });
    if (sequences.empty()) return 1;
    std::size_t path = 1;
    for (auto const qualifier : chosen == sequences.end() ? sequences.front() : *chosen) {
        if (bring_to(elements, path, qualifier)) ++path;
    }
    return path;
}

Result<std::size_t> order_link(std::span<AiValue const> elements, ElementList& ordered)
{
    for (auto const& element : elements) {
        auto const list = ordered.list();
        if (std::any_of(list.begin(), list.end(), [&](auto const& e) { return e.ai == element.ai; })) continue;
        auto const* const entry = find_ai(element.ai);
        bool const added = entry != nullptr && ordered.add({element.ai, element.value, entry, 0, 0, 0});
        if (!added) return invalid("link.not_in_link", {excerpt(element.ai)});
    }
    auto const path = order_link(ordered.list());
    if (path == 0) return invalid("link.no_key");
    for (auto const& element : ordered.list().subspan(path)) {
        if (!element.entry->link_attribute) return invalid("link.not_in_link", {std::string{element.ai}});
    }
    return path;
}

void read_link(std::size_t at, Verdict& verdict)
{
    auto const text = verdict.text();
    verdict.set_form(Form::digital_link);
    auto const colon = text.find(':', at);
    auto const scheme = text.substr(at, colon - at);
    bool const one_case = scheme == "https" || scheme == "http" || scheme == "HTTPS" || scheme == "HTTP";
    if (!one_case) {
        if (!verdict.options().lenient) return verdict.fault(Rule::link_scheme, at);
        verdict.note(Rewritten::scheme, at, scheme, scheme.size() == 5 ? "https" : "http");
    }
    auto const host_at = colon + 3;
    auto path_at = host_at;
    while (path_at < text.size() && text[path_at] != '/' && text[path_at] != '?' && text[path_at] != '#') ++path_at;
    auto const host = text.substr(host_at, path_at - host_at);
    if (!is_host(host)) verdict.fault(Rule::link_host, host_at, host.size());
    read_target(at, path_at, verdict);
}

void check_digital_link(std::string_view uri, CheckOptions const& options, Verdict& verdict)
{
    verdict.begin(uri, options);
    verdict.set_form(Form::digital_link);
    if (uri.size() > code_bytes_max) return verdict.fault(Rule::link_too_long, code_bytes_max);
    if (!has_link_scheme(uri)) return verdict.fault(Rule::link_scheme, 0);
    read_link(0, verdict);
    verdict.finish();
}

void check_link_path(std::string_view target, CheckOptions const& options, Verdict& verdict)
{
    verdict.begin(target, options);
    verdict.set_form(Form::digital_link);
    if (target.size() > code_bytes_max) return verdict.fault(Rule::link_too_long, code_bytes_max);
    read_target(0, 0, verdict);
    verdict.finish();
}

} // namespace nguon::gs1
