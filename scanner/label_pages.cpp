#include "scanner/label_pages.hpp"

#include "scanner/preflight.hpp"

#include <algorithm>
#include <cassert>

namespace nguon::scanner {

int LabelPages::count() const
{
    auto const per_sheet = static_cast<std::size_t>(job_.stock.labels_per_sheet());
    auto const places = labels() + static_cast<std::size_t>(job_.start - 1);
    return static_cast<int>((places + per_sheet - 1) / per_sheet);
}

Result<LabelPage> LabelPages::read(int number)
{
    assert(number >= 1 && number <= count());
    auto const per_sheet = static_cast<std::size_t>(job_.stock.labels_per_sheet());
    auto const skipped = static_cast<std::size_t>(job_.start - 1);
    auto const before = per_sheet * static_cast<std::size_t>(number - 1);

    LabelPage page;
    page.number = number;
    page.place = number == 1 ? job_.start - 1 : 0;
    page.first = number == 1 ? 0 : before - skipped;
    auto const end = std::min(labels(), before + per_sheet - skipped);
    page.labels.reserve(end - page.first);
    for (auto label = page.first; label < end; ++label) {
        auto code = code_of(label);
        if (!code) return code.error();
        page.labels.push_back(*std::move(code));
    }
    return page;
}

Result<LabelCode> LabelPages::code_of(std::size_t label)
{
    auto const code = label / static_cast<std::size_t>(job_.copies);
    if (code < piece_first_ || code >= piece_first_ + piece_.size())
        if (auto const loaded = load(code); !loaded) return loaded.error();
    return piece_[code - piece_first_];
}

Status LabelPages::load(std::size_t code)
{
    auto const count = std::min(codes_per_read, codes_.count() - code);
    auto read = codes_.read(code, count);
    if (!read) return read.error();
    if (read->size() != count) return internal("the source of codes has fewer than it said");
    std::vector<FieldError> faults;
    for (std::size_t i = 0; i < count && faults.empty(); ++i) faults = code_faults((*read)[i], code + i);
    if (!faults.empty()) return invalid_fields(std::move(faults));
    piece_ = *std::move(read);
    piece_first_ = code;
    return Done{};
}

} // namespace nguon::scanner
