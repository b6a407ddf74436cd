#include "core/gs1/verdict.hpp"

#include "core/fold.hpp"
#include "core/gs1/check_digit.hpp"

#include <algorithm>
#include <cstring>

namespace nguon::gs1 {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::uint16_t narrow(std::size_t number) { return static_cast<std::uint16_t>(std::min<std::size_t>(number, 0xFFFF)); }

/// Keys whose serial is the end of their own value, and the length without it.
struct SerialKey {
    std::string_view ai;
    std::size_t bare;
};
constexpr SerialKey serial_keys[] = {{"253", 13}, {"255", 13}, {"8003", 14}};

/// The characters that would make the broken part right, where they can be known.
std::string right_characters(Rule rule, std::string_view part)
{
    if (rule == Rule::check_digit && part.size() > 1) return {check_digit(part.substr(0, part.size() - 1))};
    if (rule == Rule::check_pair && part.size() > 2) return check_pair(part.substr(0, part.size() - 2));
    return {};
}

std::vector<std::string> value_fault_values(Element const& element, Finding const& finding)
{
    auto const part = element.value.substr(finding.offset, finding.length);
    std::vector<std::string> values = {std::string{element.ai}, excerpt(element.value, ai_value_chars_max)};
    switch (finding.rule) {
    case Rule::too_short:
        values.push_back(std::to_string(element.entry->length_min()));
        break;
    case Rule::too_long:
        values.push_back(std::to_string(element.entry->length_max()));
        break;
    case Rule::characters:
        values.push_back(excerpt(first_char(element.value.substr(finding.offset))));
        break;
    default:
        values.push_back(excerpt(part));
        values.push_back(right_characters(finding.rule, part));
        break;
    }
    return values;
}

std::string alternatives(Verdict const& verdict, Finding const& finding)
{
    auto const& element = verdict.elements()[finding.element];
    return to_text(associations(row_of(*element.entry), verdict.edition()).demands[finding.other]);
}

std::vector<std::string> fault_values(Verdict const& verdict, Finding const& finding)
{
    auto const slice = verdict.text().substr(std::min<std::size_t>(finding.position, verdict.text().size()));
    auto const piece = slice.substr(0, finding.length);
    std::string const ai{finding.ai};
    switch (finding.rule) {
    case Rule::syntax:
        return {std::to_string(finding.position + 1)};
    case Rule::code_too_long:
    case Rule::link_too_long:
        return {std::to_string(code_bytes_max)};
    case Rule::too_many:
        return {std::to_string(code_elements_max)};
    case Rule::needs:
        return {ai, alternatives(verdict, finding)};
    case Rule::excludes:
    case Rule::link_order:
    case Rule::link_belongs_in_path:
        return {ai, std::string{verdict.elements()[finding.other].ai}};
    case Rule::ai_unknown:
    case Rule::repeated:
    case Rule::serial_missing:
    case Rule::link_repeated:
    case Rule::link_not_in_query:
        return {ai};
    case Rule::symbol_digits:
        return {std::string{verdict.text().substr(0, 3)}, std::to_string(piece.size()), std::to_string(finding.other)};
    case Rule::gtin_length:
        return {std::string{piece}, std::to_string(piece.size())};
    case Rule::gtin_check:
        return {std::string{piece}, std::string(1, static_cast<char>(finding.other))};
    case Rule::gtin_digits:
    case Rule::unknown_form:
    case Rule::symbology_plain:
    case Rule::symbology_unknown:
    case Rule::link_host:
    case Rule::link_escape:
    case Rule::link_path:
    case Rule::link_query_ai:
        return {excerpt(piece)};
    case Rule::no_data:
    case Rule::no_start:
    case Rule::link_scheme:
    case Rule::link_no_key:
    case Rule::link_slash:
        return {};
    default:
        return value_fault_values(verdict.elements()[finding.element], finding);
    }
}

} // namespace

std::string_view form_name(Form form)
{
    switch (form) {
    case Form::unknown:
        break;
    case Form::bracketed:
        return "bracketed";
    case Form::element_string:
        return "elementString";
    case Form::scan_data:
        return "scanData";
    case Form::digits:
        return "digits";
    case Form::digital_link:
        return "digitalLink";
    case Form::compressed_link:
        return "compressedLink";
    }
    return "unknown";
}

std::string_view rewrite_key(Rewritten what)
{
    constexpr std::string_view keys[] = {
        "rewrite.short_name", "rewrite.zeros", "rewrite.into_path", "rewrite.scheme",        "rewrite.slash",
        "rewrite.semicolon",  "rewrite.start", "rewrite.brackets",  "rewrite.plain_carrier",
    };
    return keys[static_cast<std::size_t>(what)];
}

void Verdict::begin(std::string_view text, CheckOptions const& options)
{
    text_ = text;
    stem_ = {};
    options_ = options;
    element_count_ = finding_count_ = findings_dropped_ = rewrite_count_ = parameter_count_ = path_elements_ =
        scratch_used_ = 0;
    form_ = Form::unknown;
}

bool Verdict::add(std::string_view ai, std::string_view value, std::size_t ai_at, std::size_t value_at,
                  std::size_t value_bytes)
{
    return add({ai, value, find_ai(ai), narrow(ai_at), narrow(value_at), narrow(value_bytes)});
}

bool Verdict::add(Element const& element)
{
    if (!add_valid(element)) return false;
    check_element(element_count_ - 1);
    return true;
}

bool Verdict::add_valid(Element const& element)
{
    if (element_count_ == elements_.size()) {
        fault(Rule::too_many, element.ai_at);
        return false;
    }
    elements_[element_count_++] = element;
    return true;
}

void Verdict::move_last_to(std::size_t index)
{
    auto const last = element_count_ - 1;
    auto const begin = elements_.begin();
    std::rotate(begin + static_cast<std::ptrdiff_t>(index), begin + static_cast<std::ptrdiff_t>(last),
                begin + static_cast<std::ptrdiff_t>(element_count_));
    auto const moved = [index, last](std::uint16_t& element) {
        if (element == last)
            element = narrow(index);
        else if (element >= index && element < last)
            ++element;
    };
    for (std::size_t i = 0; i < finding_count_; ++i) {
        auto& finding = findings_[i];
        moved(finding.element);
        bool const names_other = finding.rule == Rule::link_order || finding.rule == Rule::link_belongs_in_path;
        if (names_other) moved(finding.other);
    }
}

void Verdict::add_parameter(RawParameter parameter)
{
    if (parameter_count_ < parameters_.size()) parameters_[parameter_count_++] = parameter;
}

void Verdict::check_element(std::size_t index)
{
    auto const& element = elements_[index];
    if (element.entry == nullptr) return element_fault(Rule::ai_unknown, index);
    auto const faults = check_value(*element.entry, element.value);
    if (faults.empty()) return;
    for (auto const& found : faults.all()) {
        element_fault(found.rule, index);
        if (findings_dropped_ > 0) return;
        auto& finding = findings_[finding_count_ - 1];
        finding.position = narrow(text_position(element, found.offset));
        finding.offset = narrow(found.offset);
        finding.length = narrow(found.length);
    }
}

std::size_t Verdict::text_position(Element const& element, std::size_t offset) const
{
    if (element.value_bytes == element.value.size()) return element.value_at + offset;
    if (element.value_bytes < element.value.size()) return element.value_at; // written shorter than it is
    auto at = std::size_t{element.value_at};
    bool const bracketed = form_ == Form::bracketed;
    for (std::size_t i = 0; i < offset && at < text_.size(); ++i) {
        bool const escaped = bracketed ? text_.substr(at).starts_with("\\(") : text_[at] == '%';
        at += !escaped ? 1 : bracketed ? 2 : 3;
    }
    return std::min(at, text_.size());
}

void Verdict::fault(Rule rule, std::size_t position, std::size_t length, std::string_view ai, std::size_t other)
{
    if (finding_count_ == findings_.size()) {
        ++findings_dropped_;
        return;
    }
    findings_[finding_count_++] = {rule, Finding::no_element, narrow(position), 0, narrow(length), narrow(other), ai};
}

void Verdict::element_fault(Rule rule, std::size_t element, std::size_t other)
{
    fault(rule, elements_[element].ai_at, 0, elements_[element].ai, other);
    if (findings_dropped_ == 0) findings_[finding_count_ - 1].element = narrow(element);
}

void Verdict::note(Rewritten what, std::size_t position, std::string_view from, std::string_view to)
{
    if (rewrite_count_ < rewrites_.size()) rewrites_[rewrite_count_++] = {what, narrow(position), from, to};
}

std::span<char> Verdict::scratch(std::size_t bytes)
{
    if (scratch_.size() - scratch_used_ < bytes) return {};
    std::span<char> const room{scratch_.data() + scratch_used_, bytes};
    scratch_used_ += bytes;
    return room;
}

void Verdict::finish()
{
    // The reader of links has looked for repetitions itself, because a path has its order.
    bool const judged = form_ == Form::digital_link;
    auto const rule = form_ == Form::compressed_link ? Rule::link_repeated : Rule::repeated;
    RowSet present;
    for (std::size_t i = 0; i < element_count_; ++i) {
        auto const* const entry = elements_[i].entry;
        if (entry == nullptr) {
            check_repeated(i, rule);
            continue;
        }
        auto const row = row_of(*entry);
        if (!judged && present.contains(row)) check_repeated(i, rule);
        present.add(row);
    }
    if (options_.associations) check_associations(present);
}

void Verdict::check_repeated(std::size_t index, Rule rule)
{
    auto const& element = elements_[index];
    for (std::size_t i = 0; i < index; ++i) {
        if (elements_[i].ai != element.ai) continue;
        // An element string may say the same twice, a link may not.
        bool const differs = elements_[i].value != element.value;
        if (differs || rule == Rule::link_repeated) element_fault(rule, index);
        return;
    }
}

bool Verdict::has_gaps() const
{
    constexpr auto hides = [](Finding const& finding) {
        return finding.rule == Rule::syntax || finding.rule == Rule::link_escape || finding.rule == Rule::link_path ||
               finding.rule == Rule::too_many;
    };
    return std::any_of(findings_.begin(), findings_.begin() + static_cast<std::ptrdiff_t>(finding_count_), hides);
}

void Verdict::check_associations(RowSet const& present)
{
    // What could not be read may be what another AI needs.
    bool const complete = finding_count_ == 0 || !has_gaps();
    bool signature = false;
    for (std::size_t i = 0; i < element_count_; ++i) {
        auto const* const entry = elements_[i].entry;
        if (entry == nullptr) continue;
        auto const& rules = associations(row_of(*entry), options_.edition);
        for (std::size_t demand = 0; complete && demand < rules.demands.size(); ++demand) {
            if (!rules.demands[demand].exists()) break;
            if (!is_met(rules.demands[demand], present)) element_fault(Rule::needs, i, demand);
        }
        if (rules.excludes.meets(present)) check_exclusions(i);
        signature = signature || elements_[i].ai == "8030";
    }
    if (signature) check_serials();
}

void Verdict::check_exclusions(std::size_t index)
{
    auto const& element = elements_[index];
    auto const row = row_of(*element.entry);
    auto const& excluded = associations(row, options_.edition).excludes;
    for (std::size_t i = 0; i < element_count_; ++i) {
        auto const& other = elements_[i];
        if (other.entry == nullptr || other.ai == element.ai) continue;
        auto const other_row = row_of(*other.entry);
        if (!excluded.contains(other_row)) continue;
        // Of two that exclude each other the later one is told, once.
        bool const mutual = associations(other_row, options_.edition).excludes.contains(row);
        if (mutual && i > index) continue;
        element_fault(Rule::excludes, index, i);
    }
}

void Verdict::check_serials()
{
    for (std::size_t i = 0; i < element_count_; ++i) {
        for (auto const& key : serial_keys) {
            if (elements_[i].ai == key.ai && elements_[i].value.size() == key.bare) {
                element_fault(Rule::serial_missing, i);
            }
        }
    }
}

std::string_view fill_gtin(std::string_view digits, Verdict& verdict)
{
    auto const room = verdict.scratch(gtin_digits);
    if (room.empty()) return digits;
    auto const zeros = gtin_digits - digits.size();
    std::memset(room.data(), '0', zeros);
    std::memcpy(room.data() + zeros, digits.data(), digits.size());
    return {room.data(), room.size()};
}

std::string_view with_leading_zeros(std::string_view ai, std::string_view value, std::size_t at, Verdict& verdict)
{
    bool const shortened = verdict.options().lenient && (ai == "01" || ai == "02") && value.size() < gtin_digits &&
                           is_gtin_length(value.size()) && std::all_of(value.begin(), value.end(), is_digit);
    if (!shortened) return value;
    auto const filled = fill_gtin(value, verdict);
    verdict.note(Rewritten::zeros, at, value, filled);
    return filled;
}

Fault to_fault(Verdict const& verdict, Finding const& finding)
{
    return {std::string{rule_key(finding.rule)}, std::string{finding.ai}, finding.position,
            std::string{rule_name(finding.rule)}, fault_values(verdict, finding)};
}

std::vector<Fault> to_faults(Verdict const& verdict)
{
    std::vector<Fault> faults;
    faults.reserve(verdict.findings().size());
    for (auto const& finding : verdict.findings()) faults.push_back(to_fault(verdict, finding));
    return faults;
}

std::vector<AiValue> to_elements(std::span<Element const> elements)
{
    std::vector<AiValue> out;
    out.reserve(elements.size());
    for (auto const& element : elements) out.push_back({std::string{element.ai}, std::string{element.value}});
    return out;
}

Reading to_reading(Verdict const& verdict)
{
    return {to_elements(verdict.elements()), to_faults(verdict), edition_name(verdict.edition())};
}

} // namespace nguon::gs1
