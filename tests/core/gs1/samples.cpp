#include "tests/core/gs1/samples.hpp"

#include "core/gs1/check_digit.hpp"

#include <algorithm>

namespace nguon::gs1::samples {
namespace {

struct RuleSample {
    Rule rule;
    std::string_view good;
    std::string_view bad;
};

/// Whole components; "" where the sample is made.
constexpr RuleSample rule_samples[] = {
    {Rule::check_digit, "", ""},
    {Rule::check_pair, "", ""},
    {Rule::prefix_at_1, "", "893AAAAA"},
    {Rule::prefix_at_2, "", ""},
    {Rule::date, "271231", "271200"},
    {Rule::date_day_zero, "280200", "271301"},
    {Rule::date_long, "20280229", "20270229"},
    {Rule::hour_minute, "2359", "2400"},
    {Rule::hour, "23", "24"},
    {Rule::minute, "59", "60"},
    {Rule::second, "59", "60"},
    {Rule::not_zero, "", "00000"},
    {Rule::zero, "0", "1"},
    {Rule::no_leading_zero, "", "01"},
    {Rule::has_letter, "", ""},
    {Rule::yes_no, "1", "2"},
    {Rule::sex, "9", "3"},
    {Rule::latitude, "1800000000", "1800000001"},
    {Rule::longitude, "3600000000", "3600000001"},
    {Rule::minus, "-", "+"},
    {Rule::winding, "9", "2"},
    {Rule::piece_of_total, "0102", "0201"},
    {Rule::place_in_sequence, "1/3", "3/1"},
    {Rule::percent_escapes, "", "A%4g"},
    {Rule::importer_index, "_", "."},
    {Rule::media_type, "80", "11"},
    {Rule::country, "704", "999"},
    {Rule::country_or_999, "999", "998"},
    {Rule::country_letters, "VN", "AA"},
    {Rule::currency, "704", "111"},
    {Rule::bank_account, "", "GB82WEST12345698765433"},
    {Rule::package_type, "", "0"},
    {Rule::coupon, "012345612345611110123", "01234561234561111012"},
    {Rule::coupon_offer, "001234561234560123456", "201234561234560123456"},
};

RuleSample const* sample_of(Rule rule)
{
    for (auto const& sample : rule_samples) {
        if (sample.rule == rule) return &sample;
    }
    return nullptr;
}

bool has_rule(Component const& component, Rule rule)
{
    return std::find(component.rules.begin(), component.rules.end(), rule) != component.rules.end();
}

std::string repeated(std::string_view pattern, std::size_t length)
{
    std::string out;
    while (out.size() < length) out += pattern;
    return out.substr(0, length);
}

std::string_view alphabet(Charset charset)
{
    switch (charset) {
    case Charset::digits:
        return "8934567012";
    case Charset::cset82:
        return "8934!\"%&'()*+,-./:;<=>?_AZaz09";
    case Charset::cset39:
        return "8934#-/AZ09";
    case Charset::base64url:
        return "AZaz09-_";
    }
    return "0";
}

std::string bank_account(std::size_t length)
{
    std::string text = "VN00" + repeated("1234567890ABC", length - 4);
    for (int check = 2; check <= 98; ++check) {
        text[2] = static_cast<char>('0' + check / 10);
        text[3] = static_cast<char>('0' + check % 10);
        if (keeps(Rule::bank_account, text)) break;
    }
    return text;
}

std::string with_pair(std::string text) { return text + check_pair(text); }

std::string with_digit(std::string digits)
{
    digits += check_digit(digits);
    return digits;
}

/// A component of this length that keeps its rules, built over `body`, which has its characters.
std::string complete(Component const& component, std::string body)
{
    if (has_rule(component, Rule::check_pair)) {
        if (body.size() < 6) body = "198700";
        return with_pair(body.substr(0, body.size() - 2));
    }
    if (has_rule(component, Rule::check_digit)) return with_digit(body.substr(0, body.size() - 1));
    if (has_rule(component, Rule::bank_account)) return bank_account(std::max<std::size_t>(body.size(), 5));
    if (has_rule(component, Rule::package_type)) return body.size() == 1 ? "8" : body.size() == 2 ? "PX" : "BRI";
    if (has_rule(component, Rule::percent_escapes)) std::replace(body.begin(), body.end(), '%', 'x');
    auto const* const sample = sample_of(component.rules[0]);
    if (sample != nullptr && !sample->good.empty()) return std::string{sample->good};
    if (has_rule(component, Rule::prefix_at_1) && body.size() < 4) body = "8934";
    if (has_rule(component, Rule::not_zero) || has_rule(component, Rule::no_leading_zero)) body[0] = '7';
    return body;
}

std::string good_component(Component const& component, std::size_t length)
{
    return complete(component, repeated(alphabet(component.charset), length));
}

std::size_t least(Component const& component)
{
    if (has_rule(component, Rule::check_pair)) return 6;
    return has_rule(component, Rule::prefix_at_1) ? std::max<std::size_t>(component.length_min, 4)
                                                  : component.length_min;
}

std::string random_component(Component const& component, std::mt19937& random)
{
    std::uniform_int_distribution<std::size_t> lengths{least(component),
                                                       std::max<std::size_t>(least(component), component.length_max)};
    auto const chars = alphabet(component.charset);
    std::uniform_int_distribution<std::size_t> pick{0, chars.size() - 1};
    std::string body = "8934";
    auto const length = lengths(random);
    while (body.size() < length) body += chars[pick(random)];
    body.resize(length);
    // Leading zeros are what is lost most easily.
    if (component.rules[0] == Rule::none && pick(random) < 3) body[0] = '0';
    return complete(component, body);
}

std::string break_component(Component const& component, Rule rule, std::string good)
{
    switch (rule) {
    case Rule::check_digit:
        good.back() = good.back() == '9' ? '0' : static_cast<char>(good.back() + 1);
        return good;
    case Rule::check_pair:
        good.back() = good.back() == 'Z' ? 'Y' : 'Z';
        return good;
    case Rule::prefix_at_1:
        if (component.charset == Charset::digits) return {};
        if (has_rule(component, Rule::check_pair)) return with_pair("198XAb");
        return "893AAAAA";
    case Rule::has_letter:
        for (int number = 1'000;; ++number) {
            auto const text = with_pair(std::to_string(number));
            if (text.find_first_not_of("0123456789") == std::string::npos) return text;
        }
    default:
        break;
    }
    auto const bad = sample_of(rule)->bad;
    if (bad.empty()) return {};
    // Where the length is fixed the sample takes it.
    return component.length_min == component.length_max ? std::string{bad.substr(0, component.length_max)}
                                                        : std::string{bad};
}

} // namespace

std::vector<Rule> content_rules()
{
    std::vector<Rule> out;
    for (auto const& sample : rule_samples) out.push_back(sample.rule);
    return out;
}

std::string good_value(AiEntry const& entry, Size size)
{
    std::string out;
    for (auto const& component : entry.format) {
        if (component.optional && size == Size::shortest) break;
        out += good_component(component, size == Size::shortest ? component.length_min : component.length_max);
    }
    return out;
}

std::string random_value(AiEntry const& entry, std::mt19937& random)
{
    std::string out;
    for (auto const& component : entry.format) {
        if (component.optional && random() % 2 == 0) break;
        out += random_component(component, random);
    }
    return out;
}

std::optional<std::string> bad_value(AiEntry const& entry, Rule rule)
{
    std::string out;
    bool broken = false;
    for (auto const& component : entry.format) {
        auto part = good_component(component, component.length_max);
        if (!broken && has_rule(component, rule)) {
            part = break_component(component, rule, part);
            if (part.empty()) return std::nullopt;
            broken = true;
        }
        out += part;
    }
    return broken ? std::optional{out} : std::nullopt;
}

std::vector<std::string> all_ais()
{
    std::vector<std::string> out;
    for (auto const& entry : ai_table()) {
        for (std::string ai{entry.first};; ++ai.back()) {
            out.push_back(ai);
            if (ai == entry.last) break;
        }
    }
    return out;
}

std::vector<AiValue> random_link_elements(std::mt19937& random, bool compressible)
{
    static auto const ais = all_ais();
    // What the standard for compressed links has no format for.
    static std::vector<std::string> const unpackable = {"03",   "235",  "395", "417",  "43",  "7011",
                                                        "7040", "7041", "715", "716",  "717", "7240",
                                                        "7241", "7242", "725", "8014", "803", "804"};
    auto const is_packable = [](std::string_view ai) {
        return std::none_of(unpackable.begin(), unpackable.end(),
                            [ai](auto const& one) { return ai.starts_with(one); });
    };
    std::vector<AiValue> out;
    auto const value_of = [&random](std::string_view ai) {
        // A compressed link has room for 31 characters of an account number.
        return ai == "8007" ? bank_account(20) : random_value(*find_ai(ai), random);
    };
    for (;;) {
        auto const& ai = ais[random() % ais.size()];
        if (!find_ai(ai)->link_key || (compressible && !is_packable(ai))) continue;
        out.push_back({ai, value_of(ai)});
        break;
    }
    auto const sequences = qualifier_sequences(out[0].ai);
    auto const sequence = sequences.empty() ? QualifierSequence{} : sequences[random() % sequences.size()];
    for (auto const qualifier : sequence) {
        bool const wanted = random() % 2 == 0 && (!compressible || is_packable(qualifier));
        if (wanted) out.push_back({std::string{qualifier}, value_of(qualifier)});
    }
    auto const in_a_sequence = [&sequences](std::string_view ai) {
        return std::any_of(sequences.begin(), sequences.end(),
                           [ai](auto one) { return std::find(one.begin(), one.end(), ai) != one.end(); });
    };
    for (auto count = random() % 5; count > 0; --count) {
        auto const& ai = ais[random() % ais.size()];
        auto const* const entry = find_ai(ai);
        bool const fits = entry->link_attribute && !entry->link_key && !in_a_sequence(ai) &&
                          find_value(out, ai) == nullptr && (!compressible || is_packable(ai));
        if (fits) out.push_back({ai, value_of(ai)});
    }
    return out;
}

} // namespace nguon::gs1::samples
