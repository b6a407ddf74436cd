#include "core/model/batch.hpp"

#include <nlohmann/json.hpp>

namespace nguon {
namespace {

/// GS1 General Specifications, set 82: what a lot number may hold.
constexpr std::string_view set_82 =
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

constexpr std::size_t lot_chars_max = 20;

std::string first_character(std::string_view text)
{
    std::size_t length = 1;
    while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) ++length;
    return std::string{text.substr(0, length)};
}

} // namespace

Batch read_batch(JsonReader& in)
{
    Batch out;
    out.lot = in.text("lot", lot_chars_max);
    if (auto const at = out.lot.find_first_not_of(set_82); at != std::string::npos)
        in.fault("lot", "batch.lot_character", {first_character(std::string_view{out.lot}.substr(at))});
    auto const made_on = in.optional_date("made_on");
    auto const expires_on = in.optional_date("expires_on");
    if (made_on) out.made_on = to_iso(*made_on);
    if (expires_on) out.expires_on = to_iso(*expires_on);
    if (made_on && expires_on && *expires_on < *made_on)
        in.fault("expires_on", "batch.expires_before_made", {to_vietnamese(*made_on), to_vietnamese(*expires_on)});
    out.quantity = in.optional_decimal("quantity", {.digits_max = 12, .decimals_max = 3}).value_or("");
    out.unit = in.optional_text("unit", 20).value_or("");
    out.note = in.optional_text("note", 500, Lines::many).value_or("");
    return out;
}

nlohmann::json to_json(Batch const& batch)
{
    return {{"lot", batch.lot},           {"made_on", batch.made_on}, {"expires_on", batch.expires_on},
            {"quantity", batch.quantity}, {"unit", batch.unit},       {"note", batch.note}};
}

Batch batch_from_json(nlohmann::json const& json)
{
    return {json.value("lot", ""),      json.value("made_on", ""), json.value("expires_on", ""),
            json.value("quantity", ""), json.value("unit", ""),    json.value("note", "")};
}

} // namespace nguon
