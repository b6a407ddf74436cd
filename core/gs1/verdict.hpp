#pragma once

#include "core/gs1/ai_table.hpp"
#include "core/gs1/ai_value.hpp"
#include "core/gs1/associations.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

/// What a check of a code found. A verdict has a fixed size and is made without touching it, so that checking a code
/// allocates nothing; texts for people are made from it afterwards.
namespace nguon::gs1 {

inline constexpr std::size_t code_bytes_max = 8 * 1024;
inline constexpr std::size_t code_elements_max = 128;

/// How codes are read.
struct CheckOptions {
    bool associations = true; // judge which AIs must and must not come together
    bool lenient = false;     // read older and careless spellings too, and note each
    bool tolerant = false;    // what resolvers and readers put up with: "/" at the end, UPC digits without zeros
    bool compressed = true;   // a last segment that no AI explains may be a compressed link
    Edition edition = current_edition;
};

enum class Form : std::uint8_t {
    unknown,
    bracketed,
    element_string,
    scan_data,
    digits,
    digital_link,
    compressed_link,
};

/// "bracketed", "elementString" …: for programs.
std::string_view form_name(Form form);

/// One AI and its value; both refer to the text that was checked or to the verdict.
struct Element {
    std::string_view ai;
    std::string_view value;    // without escapes
    AiEntry const* entry;      // nullptr for an unknown AI
    std::uint16_t ai_at;       // byte in the text
    std::uint16_t value_at;    // byte in the text
    std::uint16_t value_bytes; // as it stands in the text, escapes included
};

/// Elements in a list of fixed size. Nothing is touched until something is put there.
class ElementList {
public:
    ElementList() {} // NOLINT: the array stays as it is

    /// False when the list is full.
    bool add(Element const& element)
    {
        if (count_ == elements_.size()) return false;
        elements_[count_++] = element;
        return true;
    }
    void truncate(std::size_t count) { count_ = count; }
    std::span<Element> list() { return {elements_.data(), count_}; }

private:
    std::array<Element, code_elements_max> elements_;
    std::size_t count_ = 0;
};

/// One fault. `element` is the one it is about, or `no_element`; then `position` and `length` are a piece of the text.
struct Finding {
    static constexpr std::uint16_t no_element = 0xFFFF;

    Rule rule;
    std::uint16_t element;
    std::uint16_t position; // byte in the text
    std::uint16_t offset;   // of the broken part in the element's value
    std::uint16_t length;
    std::uint16_t other; // excludes, order, belongs_in_path: the other element; needs: the demand;
                         // gtin_check: the right digit; symbol_digits: their right number
    std::string_view ai; // empty when the fault is not about one AI
};

/// What a lenient reading took for something else.
enum class Rewritten : std::uint8_t {
    short_name,    // "gtin" for 01
    zeros,         // digits of a GTIN without its leading zeros
    into_path,     // an attribute that belongs into the path
    scheme,        // "Https:"
    slash,         // "/" at the end
    semicolon,     // ";" between attributes
    start,         // element string without FNC1, or the digits of an SSCC
    brackets,      // brackets in scan data, as some readers of DataBar Expanded give them
    plain_carrier, // a symbol that does not promise GS1 data
};

struct Rewrite {
    Rewritten what;
    std::uint16_t position;
    std::string_view from;
    std::string_view to;
};

/// "rewrite.short_name" …: catalogue key of the sentence; its values are {from, to}.
std::string_view rewrite_key(Rewritten what);

/// A query parameter of a Digital Link that is no AI, as it stands there, or as a compressed link held it.
struct RawParameter {
    std::string_view name;
    std::string_view value;
    bool escaped;
};

class Verdict {
public:
    static constexpr std::size_t findings_max = 256;
    static constexpr std::size_t rewrites_max = 64;
    static constexpr std::size_t parameters_max = 64;

    Verdict() {} // NOLINT: the arrays stay as they are until something is put there
    Verdict(Verdict const&) = delete;
    Verdict& operator=(Verdict const&) = delete;

    bool valid() const { return finding_count_ == 0; }
    Form form() const { return form_; }
    Edition edition() const { return options_.edition; }
    std::string_view text() const { return text_; }
    CheckOptions const& options() const { return options_; }
    std::span<Element const> elements() const { return {elements_.data(), element_count_}; }
    std::span<Finding const> findings() const { return {findings_.data(), finding_count_}; }
    std::span<Rewrite const> rewrites() const { return {rewrites_.data(), rewrite_count_}; }
    /// Faults beyond `findings_max`.
    std::size_t findings_dropped() const { return findings_dropped_; }

    /// Of a Digital Link: what stands before the key, how many elements stand in the path, and the other parameters.
    std::string_view stem() const { return stem_; }
    std::size_t path_elements() const { return path_elements_; }
    std::span<RawParameter const> parameters() const { return {parameters_.data(), parameter_count_}; }

    // For the readers.

    /// Forgets what was found. The text must live as long as the verdict is looked at.
    void begin(std::string_view text, CheckOptions const& options);
    void set_form(Form form) { form_ = form; }
    void set_stem(std::string_view stem) { stem_ = stem; }
    void set_path_elements(std::size_t count) { path_elements_ = count; }

    /// Adds an element and checks its value; false when there are too many, which is a finding.
    bool add(std::string_view ai, std::string_view value, std::size_t ai_at, std::size_t value_at,
             std::size_t value_bytes);
    bool add(Element const& element);
    /// The same for an element whose value is known to be right.
    bool add_valid(Element const& element);
    /// Moves the last element to `index`; findings keep meaning the same elements.
    void move_last_to(std::size_t index);
    void add_parameter(RawParameter parameter);
    void drop_parameters(std::size_t keep) { parameter_count_ = keep; }

    void fault(Rule rule, std::size_t position, std::size_t length = 0, std::string_view ai = {},
               std::size_t other = 0);
    void element_fault(Rule rule, std::size_t element, std::size_t other = 0);
    void note(Rewritten what, std::size_t position, std::string_view from, std::string_view to);

    /// Room for `bytes` further bytes of values; empty when there is none left.
    std::span<char> scratch(std::size_t bytes);
    /// Gives back what was not used of the last piece.
    void shrink_scratch(std::size_t bytes) { scratch_used_ -= bytes; }

    /// What can be judged when all elements are there: repetitions and associations.
    void finish();

private:
    void check_element(std::size_t index);
    void check_repeated(std::size_t index, Rule rule);
    void check_associations(RowSet const& present);
    void check_exclusions(std::size_t index);
    void check_serials();
    bool has_gaps() const;
    std::size_t text_position(Element const& element, std::size_t offset) const;

    std::string_view text_ = {};
    std::string_view stem_ = {};
    CheckOptions options_ = {};
    std::size_t element_count_ = 0;
    std::size_t finding_count_ = 0;
    std::size_t findings_dropped_ = 0;
    std::size_t rewrite_count_ = 0;
    std::size_t parameter_count_ = 0;
    std::size_t path_elements_ = 0;
    std::size_t scratch_used_ = 0;
    Form form_ = Form::unknown;
    std::array<Element, code_elements_max> elements_;
    std::array<Finding, findings_max> findings_;
    std::array<Rewrite, rewrites_max> rewrites_;
    std::array<RawParameter, parameters_max> parameters_;
    std::array<char, 2 * code_bytes_max> scratch_;
};

inline constexpr std::size_t gtin_digits = 14;

constexpr bool is_gtin_length(std::size_t digits) { return digits == 8 || (digits >= 12 && digits <= gtin_digits); }

/// At most fourteen digits filled to fourteen, in the verdict's room.
std::string_view fill_gtin(std::string_view digits, Verdict& verdict);

/// A GTIN (01, 02) written with fewer digits than it has, filled and noted, where the options allow it.
std::string_view with_leading_zeros(std::string_view ai, std::string_view value, std::size_t at, Verdict& verdict);

/// A finding with the values that its sentence mentions.
Fault to_fault(Verdict const& verdict, Finding const& finding);

std::vector<Fault> to_faults(Verdict const& verdict);

std::vector<AiValue> to_elements(std::span<Element const> elements);

/// Elements and faults as values of their own.
Reading to_reading(Verdict const& verdict);

} // namespace nguon::gs1
