#include "tests/scanner/support.hpp"

#include <cstdlib>
#include <stdexcept>

namespace nguon::scanner::testing {

namespace {

[[noreturn]] void refuse(std::string const& why) { throw std::runtime_error{"not understood: " + why}; }

class Bytes {
public:
    explicit Bytes(std::string_view bytes) : bytes_{bytes} {}

    bool finished() const { return at_ >= bytes_.size(); }

    std::string_view take(std::size_t count)
    {
        if (at_ + count > bytes_.size()) refuse("ends too early");
        auto const taken = bytes_.substr(at_, count);
        at_ += count;
        return taken;
    }

    /// Up to `end`, which is skipped.
    std::string_view until(std::string_view end)
    {
        auto const found = bytes_.find(end, at_);
        if (found == std::string_view::npos) refuse("no " + std::string{end});
        auto const taken = bytes_.substr(at_, found - at_);
        at_ = found + end.size();
        return taken;
    }

    int number()
    {
        auto const from = at_;
        while (at_ < bytes_.size() && bytes_[at_] >= '0' && bytes_[at_] <= '9') ++at_;
        if (from == at_) refuse("no number");
        return std::atoi(std::string{bytes_.substr(from, at_ - from)}.c_str());
    }

    void expect(std::string_view text)
    {
        if (take(text.size()) != text) refuse("no " + std::string{text});
    }

    bool starts_with(std::string_view text) const { return bytes_.substr(at_).starts_with(text); }

private:
    std::string_view bytes_;
    std::size_t at_ = 0;
};

int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// ZPL II Programming Guide, "Alternative Data Compression Scheme": G to Y repeat 1 to 19 times, g to z 20 to 400
/// times; a comma fills the row with zeros, an exclamation mark with ones, a colon repeats the row above.
std::string expand(std::string_view data, std::size_t row_digits, std::size_t total)
{
    std::string digits;
    std::size_t repeat = 0;
    for (auto const c : data) {
        auto const in_row = digits.size() % row_digits;
        if (c == '\n' || c == '\r') continue;
        if (c >= 'G' && c <= 'Y') {
            repeat += static_cast<std::size_t>(c - 'G' + 1);
        } else if (c >= 'g' && c <= 'z') {
            repeat += static_cast<std::size_t>(c - 'g' + 1) * 20;
        } else if (c == ',' || c == '!') {
            digits.append(row_digits - in_row, c == ',' ? '0' : 'F');
        } else if (c == ':') {
            if (in_row != 0 || digits.size() < row_digits) refuse("no row above");
            digits += digits.substr(digits.size() - row_digits);
        } else if (hex_digit(c) >= 0) {
            digits.append(repeat == 0 ? 1 : repeat, c);
            repeat = 0;
        } else {
            refuse(std::string{"data "} + c);
        }
    }
    if (digits.size() != 2 * total) refuse("length of data");
    return digits;
}

Bitmap bitmap_of(std::string_view raw, std::size_t row_bytes, bool one_is_black)
{
    Bitmap bitmap{static_cast<int>(row_bytes) * 8, static_cast<int>(raw.size() / row_bytes)};
    for (std::size_t i = 0; i < raw.size(); ++i)
        bitmap.bits[i] = static_cast<std::uint8_t>(one_is_black ? raw[i] : ~raw[i]);
    return bitmap;
}

} // namespace

std::vector<PrintedRow> read_zpl(std::string_view bytes)
{
    Bytes in{bytes};
    std::vector<PrintedRow> rows;
    while (!in.finished()) {
        PrintedRow row;
        row.copies = 1;
        row.settings = in.until("^FO");
        if (row.settings.find("^XA") == std::string::npos) refuse("no ^XA");
        in.expect("0,0^GFA,");
        auto const sent = static_cast<std::size_t>(in.number());
        in.expect(",");
        auto const total = static_cast<std::size_t>(in.number());
        in.expect(",");
        auto const row_bytes = static_cast<std::size_t>(in.number());
        in.expect(",");
        if (sent != total || total % row_bytes != 0) refuse("counts of ^GFA");
        auto const digits = expand(in.until("^FS"), 2 * row_bytes, total);
        std::string raw;
        for (std::size_t i = 0; i < digits.size(); i += 2)
            raw += static_cast<char>(hex_digit(digits[i]) * 16 + hex_digit(digits[i + 1]));
        row.bitmap = bitmap_of(raw, row_bytes, true);
        in.expect("\n");
        if (in.starts_with("^PQ")) {
            in.expect("^PQ");
            row.copies = in.number();
            in.expect("\n");
        }
        in.expect("^XZ\n");
        rows.push_back(std::move(row));
    }
    return rows;
}

/// TSC's programming manual: BITMAP X,Y,width in bytes,height in dots,mode,data; a bit that is 0 prints.
std::vector<PrintedRow> read_tspl(std::string_view bytes)
{
    Bytes in{bytes};
    std::vector<PrintedRow> rows;
    while (!in.finished()) {
        PrintedRow row;
        row.settings = in.until("BITMAP ");
        if (row.settings.find("\r\nCLS\r\n") == std::string::npos) refuse("no CLS");
        in.expect("0,0,");
        auto const row_bytes = static_cast<std::size_t>(in.number());
        in.expect(",");
        auto const height = static_cast<std::size_t>(in.number());
        in.expect(",0,");
        row.bitmap = bitmap_of(in.take(row_bytes * height), row_bytes, false);
        in.expect("\r\nPRINT ");
        row.copies = in.number();
        in.expect(",1\r\n");
        rows.push_back(std::move(row));
    }
    return rows;
}

/// EPL2 Programmer's Manual: GWx,y,width in bytes,height in dots,data; a bit that is 0 prints.
std::vector<PrintedRow> read_epl(std::string_view bytes)
{
    Bytes in{bytes};
    std::vector<PrintedRow> rows;
    while (!in.finished()) {
        PrintedRow row;
        row.settings = in.until("GW");
        if (!row.settings.starts_with("\nN\n")) refuse("no N");
        in.expect("0,0,");
        auto const row_bytes = static_cast<std::size_t>(in.number());
        in.expect(",");
        auto const height = static_cast<std::size_t>(in.number());
        in.expect(",");
        row.bitmap = bitmap_of(in.take(row_bytes * height), row_bytes, false);
        in.expect("\nP");
        row.copies = in.number();
        in.expect("\n");
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace nguon::scanner::testing
