#include "core/checkpoint.hpp"

#include "core/bytes.hpp"

#include <algorithm>
#include <charconv>

namespace nguon {

namespace {

constexpr std::string_view signed_word = "signed ";

} // namespace

std::string_view take_line(std::string_view& text)
{
    auto const end = std::min(text.find('\n'), text.size());
    auto const line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

std::string to_text(CheckpointText const& checkpoint)
{
    return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" + to_base64(checkpoint.root) + "\n" +
           std::string{signed_word} + to_iso(checkpoint.signed_at) + "\n";
}

Result<CheckpointText> read_checkpoint(std::string_view text)
{
    CheckpointText out;
    out.origin = take_line(text);
    auto const size = take_line(text);
    auto const [end, fault] = std::from_chars(size.data(), size.data() + size.size(), out.size);
    auto const root = from_base64(take_line(text));
    auto const signed_line = take_line(text);
    auto const signed_at = signed_line.starts_with(signed_word) ? parse_time(signed_line.substr(signed_word.size()))
                                                                : Result<OffsetTime>{invalid("checkpoint.format")};
    bool const formed = fault == std::errc{} && end == size.data() + size.size() && root && root->size() == 32 &&
                        signed_at && !out.origin.empty();
    if (!formed) return invalid("checkpoint.format");
    out.root = *root;
    out.signed_at = signed_at->at;
    return out;
}

} // namespace nguon
