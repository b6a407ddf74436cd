#include "connector/practice_portal/picture_desk.hpp"

#include "connector/practice_portal/wire.hpp"
#include "core/bytes.hpp"
#include "core/files.hpp"

#include <map>
#include <optional>
#include <string>
#include <system_error>

#include <nlohmann/json.hpp>

namespace nguon::practice_portal {

namespace {

using nlohmann::json;

constexpr std::size_t picture_bytes_max = 1024 * 1024;
constexpr std::string_view jpeg_beginning = "\xFF\xD8\xFF";
constexpr std::string_view jpeg_end = "\xFF\xD9";

/// The text between `before` and `after`, and what stands behind; nothing when one of them is missing.
std::optional<std::string_view> between(std::string_view text, std::string_view before, std::string_view after)
{
    auto const from = text.find(before);
    if (from == std::string_view::npos) return std::nullopt;
    text.remove_prefix(from + before.size());
    auto const to = text.find(after);
    if (to == std::string_view::npos) return std::nullopt;
    return text.substr(0, to);
}

/// The parts of the form by name; nothing when it is none.
std::optional<std::map<std::string, std::string_view>> read_form(std::string_view type, std::string_view body)
{
    auto const mark = type.find("boundary=");
    if (!type.starts_with("multipart/form-data") || mark == std::string_view::npos) return std::nullopt;
    auto const boundary = "--" + std::string{type.substr(mark + 9)};
    std::map<std::string, std::string_view> parts;
    if (!body.starts_with(boundary)) return std::nullopt;
    body.remove_prefix(boundary.size());
    while (!body.starts_with("--\r\n")) {
        auto const end = body.find("\r\n" + boundary);
        auto const head = body.find("\r\n\r\n");
        if (!body.starts_with("\r\n") || end == std::string_view::npos || head == std::string_view::npos || head > end)
            return std::nullopt;
        auto const name = between(body.substr(0, head), " name=\"", "\"");
        if (!name) return std::nullopt;
        parts[std::string{*name}] = body.substr(head + 4, end - head - 4);
        body.remove_prefix(end + 2 + boundary.size());
    }
    return parts;
}

http::Response refuse(std::string_view word, std::string_view text)
{
    return json_answer(200, error_answer(word, text));
}

} // namespace

http::Response answer_picture(Ledger& ledger, std::filesystem::path const& directory, http::Request const& request,
                              Instant now)
{
    auto const body = request.body.bytes();
    auto const form = read_form(request.header("Content-Type"), body);
    if (!form || !form->contains("file") || !form->contains("maBam"))
        return json_answer(400, error_answer("ERR_DATA_FORMAT", "Thiếu ảnh hoặc mã băm"));
    auto const bytes = form->at("file");
    auto const digest = std::string{form->at("maBam")};
    if (bytes.size() > picture_bytes_max) return json_answer(413, error_answer("ERR_DATA_SIZE", "Ảnh quá lớn"));
    if (sha256_hex(bytes) != digest) return json_answer(400, error_answer("ERR_DIGEST", "Ảnh bị hỏng trên đường đi"));
    if (!bytes.starts_with(jpeg_beginning) || !bytes.ends_with(jpeg_end))
        return refuse("ERR_DATA_HINHANH", "Không phải ảnh JPEG");
    auto id = ledger.picture_number(digest);
    if (id.empty()) {
        std::error_code fault;
        std::filesystem::create_directories(directory, fault);
        auto const stored = write_file(directory / (digest + ".jpg"), bytes, owner_only);
        if (fault || !stored) return json_answer(503, error_answer("ERR_SYS_DEV", "Không lưu được ảnh"));
        id = ledger.keep_picture(digest, bytes.size(), now);
        ledger.sync();
    }
    return json_answer(200, data_answer(json::array({{{"idAnh", id}, {"maBam", digest}}})));
}

} // namespace nguon::practice_portal
