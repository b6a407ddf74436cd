#pragma once

#include "core/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nguon::scanner {

/// What differs from label to label.
struct LabelCode {
    std::string url = {};          // what the symbol says: the Digital Link, or the address of the printed code
    std::string printed_code = {}; // the short code for people, 12 characters; drawn in groups of four
};

/// The codes of a job, pulled in pieces, so that a job of any length needs the same memory.
class LabelCodeSource {
public:
    virtual ~LabelCodeSource() = default;

    virtual std::size_t count() const = 0;

    /// `count` codes from `first` on (counted from 0). Asked for in order while a file is written, and afterwards again
    /// for the sample sheets; the same place must have the same code. Errors end the job as they are.
    virtual Result<std::vector<LabelCode>> read(std::size_t first, std::size_t count) = 0;

    /// A text whose symbol is as large as any of the job can be: all labels are laid out for it.
    virtual std::string dearest_url() const = 0;
};

/// How many codes are asked for at once.
inline constexpr std::size_t codes_per_read = 500;

/// `common` and `rest` further characters that take the most room: a symbol mixes modes, so its size depends on the
/// letters and not only on their number. `plain`: capitals, digits and $%*+-./: only, as in printed codes.
std::string dearest_url(std::string_view common, std::size_t rest, bool plain);

/// True for capitals, digits and $%*+-./: only.
bool is_plain_code(std::string_view text);

/// Codes that are all there already.
class ListedCodes : public LabelCodeSource {
public:
    explicit ListedCodes(std::vector<LabelCode> codes) : codes_{std::move(codes)} {}

    std::size_t count() const override { return codes_.size(); }
    Result<std::vector<LabelCode>> read(std::size_t first, std::size_t count) override;
    std::string dearest_url() const override;

private:
    std::vector<LabelCode> codes_;
};

} // namespace nguon::scanner
