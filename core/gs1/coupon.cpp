#include "core/gs1/coupon.hpp"

#include "core/gs1/linters.hpp"

#include <algorithm>

namespace nguon::gs1 {
namespace {

/// Walks over digits; once something does not fit, nothing fits any more.
class Fields {
public:
    explicit Fields(std::string_view text) : rest_{text}
    {
        fits_ = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    }

    bool at_end() const { return fits_ && rest_.empty(); }

    /// Takes so many digits.
    std::string_view take(std::size_t count)
    {
        if (!fits_ || rest_.size() < count) {
            fits_ = false;
            return {};
        }
        auto const taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }

    /// Takes one digit, which must be among `allowed`.
    char take_of(std::string_view allowed)
    {
        auto const digit = take(1);
        if (digit.empty() || allowed.find(digit.front()) == std::string_view::npos) {
            fits_ = false;
            return '0';
        }
        return digit.front();
    }

    /// A digit that says how many further digits follow, `more` besides.
    void take_counted(std::string_view allowed, std::size_t more)
    {
        auto const digit = take_of(allowed);
        take(static_cast<std::size_t>(digit - '0') + more);
    }

    /// Starts an optional field: true when its digit stands here.
    bool starts(char field)
    {
        if (!fits_ || !rest_.starts_with(field)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    /// Takes a date; empty when it is none.
    std::string_view take_date()
    {
        auto const date = take(6);
        if (fits_) fits_ = keeps(Rule::date, date);
        return fits_ ? date : std::string_view{};
    }

    void require(bool holds) { fits_ = fits_ && holds; }

private:
    std::string_view rest_;
    bool fits_ = true;
};

constexpr std::string_view prefix_lengths = "0123456";
constexpr std::size_t prefix_digits_min = 6;
constexpr std::size_t offer_digits = 6;
constexpr std::size_t serial_digits_min = 6;

/// Value, code and family of a purchase requirement.
void take_requirement(Fields& fields)
{
    fields.take_counted("12345", 0);
    fields.take_of("012349");
    fields.take(3);
}

/// The company of a further purchase; 9 stands for the first one's.
void take_company(Fields& fields)
{
    if (fields.starts('9')) return;
    fields.take_counted(prefix_lengths, prefix_digits_min);
}

void take_dates(Fields& fields)
{
    auto const expiry = fields.starts('3') ? fields.take_date() : std::string_view{};
    if (!fields.starts('4')) return;
    auto const start = fields.take_date();
    fields.require(expiry.empty() || start <= expiry);
}

} // namespace

bool is_coupon(std::string_view text)
{
    Fields fields{text};
    fields.take_counted(prefix_lengths, prefix_digits_min);
    fields.take(offer_digits);
    fields.take_counted("12345", 0); // what is saved
    take_requirement(fields);
    if (fields.starts('1')) {
        fields.take_of("0123"); // how the purchases join
        take_requirement(fields);
        take_company(fields);
    }
    if (fields.starts('2')) {
        take_requirement(fields);
        take_company(fields);
    }
    take_dates(fields);
    if (fields.starts('5')) fields.take_counted("0123456789", serial_digits_min);
    if (fields.starts('6')) fields.take_counted("1234567", prefix_digits_min);
    if (fields.starts('9')) {
        fields.take_of("01256"); // what the saved value means
        fields.take_of("012");   // which purchase it applies to
        fields.take(1);          // coupon of one store
        fields.take_of("01");    // whether it may be multiplied
    }
    return fields.at_end();
}

bool is_coupon_offer(std::string_view text)
{
    Fields fields{text};
    fields.take_of("01"); // format
    fields.take_counted(prefix_lengths, prefix_digits_min);
    fields.take(offer_digits);
    fields.take_counted("0123456789", serial_digits_min);
    return fields.at_end();
}

} // namespace nguon::gs1
