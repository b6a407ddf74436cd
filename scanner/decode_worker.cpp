#include "scanner/decode_worker.hpp"

#include "core/limits.hpp"

#include <glib.h>

#include <exception>
#include <optional>

namespace nguon::scanner {

namespace {

constexpr char answer_good = '+';
constexpr char answer_refused = '-';
constexpr std::size_t codes_max = 64;
constexpr std::size_t code_text_bytes_max = 8 * 1024; // QR version 40 holds 7,089 digits
constexpr std::size_t name_bytes_max = 64;

class AnswerWriter {
public:
    explicit AnswerWriter(char kind) : bytes_(1, kind) {}

    void number(std::uint32_t value)
    {
        for (int shift = 0; shift < 32; shift += 8) bytes_ += static_cast<char>(value >> shift & 0xFF);
    }
    void text(std::string_view value)
    {
        number(static_cast<std::uint32_t>(value.size()));
        bytes_ += value;
    }
    std::string take() { return std::move(bytes_); }

private:
    std::string bytes_;
};

/// Once something is missing or too long, everything that follows is empty and `good` is false.
class AnswerReader {
public:
    explicit AnswerReader(std::string_view bytes) : bytes_{bytes} {}

    std::uint32_t number()
    {
        auto const raw = take(4);
        std::uint32_t value = 0;
        for (std::size_t i = raw.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(raw[i]);
        return value;
    }
    std::string text(std::size_t bytes_max)
    {
        auto const size = number();
        if (size > bytes_max) good_ = false;
        return std::string{take(size)};
    }
    std::string utf8(std::size_t bytes_max)
    {
        auto value = text(bytes_max);
        // U+0000 is a letter like others here; GLib takes it for the end.
        for (std::size_t at = 0; at <= value.size(); ++at) {
            auto const end = std::min(value.find('\0', at), value.size());
            if (!g_utf8_validate(value.data() + at, static_cast<gssize>(end - at), nullptr)) good_ = false;
            at = end;
        }
        return value;
    }
    bool good() const { return good_; }
    bool finished() const { return good_ && bytes_.empty(); }

private:
    std::string_view take(std::size_t count)
    {
        if (!good_ || bytes_.size() < count) {
            good_ = false;
            return {};
        }
        auto const taken = bytes_.substr(0, count);
        bytes_.remove_prefix(count);
        return taken;
    }

    std::string_view bytes_;
    bool good_ = true;
};

std::string refuse(Error const& error)
{
    AnswerWriter writer{answer_refused};
    writer.text(error.key);
    return writer.take();
}

std::string answer_decode(std::string_view picture)
{
    auto const codes = decode_codes(picture);
    if (!codes) return refuse(codes.error());
    AnswerWriter writer{answer_good};
    writer.number(static_cast<std::uint32_t>(codes->size()));
    for (auto const& code : *codes) {
        writer.text(code.symbology);
        writer.text(code.identifier);
        writer.text(code.text);
        for (auto const& corner : code.corners) {
            writer.number(static_cast<std::uint32_t>(corner.x));
            writer.number(static_cast<std::uint32_t>(corner.y));
        }
    }
    return writer.take();
}

std::string answer_photos(std::string_view picture)
{
    auto const photos = make_photos(picture);
    if (!photos) return refuse(photos.error());
    AnswerWriter writer{answer_good};
    for (auto const* photo : {&photos->webp_small, &photos->webp_large, &photos->jpeg}) {
        writer.number(static_cast<std::uint32_t>(photo->width));
        writer.number(static_cast<std::uint32_t>(photo->height));
        writer.text(photo->bytes);
    }
    return writer.take();
}

/// The child may say anything: only refusals that we know pass.
Error read_refusal(std::string_view answer)
{
    AnswerReader reader{answer};
    auto const key = reader.text(name_bytes_max);
    if (key == "picture.too_large") return Error{ErrorCode::too_large, key, {}, {}, {}};
    if (key == "picture.format" || key == "picture.no_code") return invalid(key);
    return invalid("picture.broken");
}

/// A photograph must be the file it is said to be: it will be served to browsers.
std::optional<Photo> read_photo(AnswerReader& reader, PictureFormat format)
{
    Photo photo;
    photo.width = static_cast<int>(reader.number() & 0xFFFF);
    photo.height = static_cast<int>(reader.number() & 0xFFFF);
    photo.bytes = reader.text(limits::picture_bytes_max);
    auto const magic = format == PictureFormat::jpeg ? std::string_view{"\xFF\xD8\xFF"} : std::string_view{"RIFF"};
    if (!reader.good() || std::string_view{photo.bytes}.substr(0, magic.size()) != magic) return {};
    return photo;
}

} // namespace

std::string picture_request(PictureTask task, std::string_view picture)
{
    std::string request(1, static_cast<char>(task));
    request += picture;
    return request;
}

std::string answer_picture_request(std::string_view request)
{
    try {
        auto const task = request.empty() ? '\0' : request.front();
        auto const picture = request.substr(request.empty() ? 0 : 1);
        if (task == static_cast<char>(PictureTask::decode)) return answer_decode(picture);
        if (task == static_cast<char>(PictureTask::photos)) return answer_photos(picture);
    } catch (std::exception const&) {
        // Memory that the limits do not grant, or a codec that gives up: the picture is at fault.
    }
    return refuse(invalid("picture.broken"));
}

Result<std::vector<DecodedCode>> read_decode_answer(std::string_view answer)
{
    if (answer.empty()) return invalid("picture.broken");
    if (answer.front() != answer_good) return read_refusal(answer.substr(1));

    AnswerReader reader{answer.substr(1)};
    auto const count = reader.number();
    if (count == 0 || count > codes_max) return invalid("picture.broken");
    std::vector<DecodedCode> codes(count);
    for (auto& code : codes) {
        code.symbology = reader.utf8(name_bytes_max);
        code.identifier = reader.utf8(name_bytes_max);
        code.text = reader.utf8(code_text_bytes_max);
        for (auto& corner : code.corners) {
            corner.x = static_cast<std::int32_t>(reader.number());
            corner.y = static_cast<std::int32_t>(reader.number());
        }
    }
    if (!reader.finished()) return invalid("picture.broken");
    return codes;
}

Result<Photos> read_photos_answer(std::string_view answer)
{
    if (answer.empty()) return invalid("picture.broken");
    if (answer.front() != answer_good) return read_refusal(answer.substr(1));

    AnswerReader reader{answer.substr(1)};
    auto small = read_photo(reader, PictureFormat::webp);
    auto large = read_photo(reader, PictureFormat::webp);
    auto jpeg = read_photo(reader, PictureFormat::jpeg);
    if (!small || !large || !jpeg || !reader.finished()) return invalid("picture.broken");
    return Photos{*std::move(small), *std::move(large), *std::move(jpeg)};
}

} // namespace nguon::scanner
