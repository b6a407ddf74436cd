#include "scanner/decode_worker.hpp"

#include "core/limits.hpp"
#include "core/runtime/worker_answer.hpp"

#include <exception>
#include <optional>

namespace nguon::scanner {

namespace {

constexpr std::size_t code_text_bytes_max = 8 * 1024; // QR version 40 holds 7,089 digits
constexpr std::size_t name_bytes_max = 64;

std::string answer_decode(std::string_view picture, bool databar)
{
    SearchOptions options;
    options.databar = databar;
    auto const found = decode_codes(picture, options);
    if (!found) return worker_answer::refuse(found.error().key);
    worker_answer::Writer writer;
    writer.number(found->cut_short ? 1 : 0);
    writer.number(static_cast<std::uint32_t>(found->codes.size()));
    for (auto const& code : found->codes) {
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
    if (!photos) return worker_answer::refuse(photos.error().key);
    worker_answer::Writer writer;
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
    auto const key = worker_answer::refusal(answer);
    if (key == "picture.too_large") return Error{ErrorCode::too_large, key, {}, {}, {}};
    if (key == "picture.format") return invalid(key);
    return invalid("picture.broken");
}

/// A photograph must be the file it is said to be: it will be served to browsers.
std::optional<Photo> read_photo(worker_answer::Reader& reader, PictureFormat format)
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
        if (task == static_cast<char>(PictureTask::decode)) return answer_decode(picture, true);
        if (task == static_cast<char>(PictureTask::decode_again)) return answer_decode(picture, false);
        if (task == static_cast<char>(PictureTask::photos)) return answer_photos(picture);
    } catch (std::exception const&) {
        // Memory that the limits do not grant, or a codec that gives up: the picture is at fault.
    }
    return worker_answer::refuse("picture.broken");
}

Result<FoundCodes> read_decode_answer(std::string_view answer)
{
    if (!worker_answer::is_good(answer)) return read_refusal(answer);

    worker_answer::Reader reader{answer};
    FoundCodes found;
    found.cut_short = reader.number() != 0;
    auto const count = reader.number();
    if (count > limits::picture_symbols_max) return invalid("picture.broken");
    found.codes.resize(count);
    for (auto& code : found.codes) {
        code.symbology = reader.utf8(name_bytes_max);
        code.identifier = reader.utf8(name_bytes_max);
        code.text = reader.utf8(code_text_bytes_max);
        for (auto& corner : code.corners) {
            corner.x = static_cast<std::int32_t>(reader.number());
            corner.y = static_cast<std::int32_t>(reader.number());
        }
    }
    if (!reader.finished()) return invalid("picture.broken");
    return found;
}

Result<Photos> read_photos_answer(std::string_view answer)
{
    if (!worker_answer::is_good(answer)) return read_refusal(answer);

    worker_answer::Reader reader{answer};
    auto small = read_photo(reader, PictureFormat::webp);
    auto large = read_photo(reader, PictureFormat::webp);
    auto jpeg = read_photo(reader, PictureFormat::jpeg);
    if (!small || !large || !jpeg || !reader.finished()) return invalid("picture.broken");
    return Photos{*std::move(small), *std::move(large), *std::move(jpeg)};
}

} // namespace nguon::scanner
