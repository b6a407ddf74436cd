#include "server/http/form.hpp"

#include "core/fold.hpp"
#include "core/http/uri.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include <nlohmann/json.hpp>

namespace nguon::server {
namespace {

/// Browsers send CR LF for a line end in a text area, others LF or CR.
std::string with_plain_line_ends(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\r') {
            out += text[i];
            continue;
        }
        out += '\n';
        if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
    }
    return out;
}

bool equal_ignoring_case(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
    });
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

/// "multipart/form-data; boundary=abc" -> "multipart/form-data", and the rest.
std::pair<std::string_view, std::string_view> split_at(std::string_view text, char mark)
{
    auto const at = text.find(mark);
    if (at == std::string_view::npos) return {trimmed(text), {}};
    return {trimmed(text.substr(0, at)), text.substr(at + 1)};
}

/// A quoted parameter value as browsers write it: %22, %0D and %0A stand for what would break out of the quotes
/// (WHATWG HTML §4.10.21.8); a backslash before a quote is taken too.
std::optional<std::string> read_quoted(std::string_view& rest)
{
    if (rest.empty() || rest.front() != '"') return std::nullopt;
    rest.remove_prefix(1);
    std::string value;
    while (!rest.empty() && rest.front() != '"') {
        if (rest.starts_with("\\\"")) {
            rest.remove_prefix(1);
        } else if (rest.starts_with("%22")) {
            value += '"';
            rest.remove_prefix(3);
            continue;
        }
        value += rest.front();
        rest.remove_prefix(1);
    }
    if (rest.empty()) return std::nullopt;
    rest.remove_prefix(1);
    return value;
}

/// What the header lines of one part say.
struct PartHead {
    std::string name = {};
    std::optional<std::string> file_name = {};
    std::string media_type = {};
};

/// form-data; name="photo"; filename="tra.jpg"
bool read_disposition(std::string_view value, PartHead& head)
{
    auto [kind, rest] = split_at(value, ';');
    if (!equal_ignoring_case(kind, "form-data")) return false;
    bool named = false;
    while (!trimmed(rest).empty()) {
        rest = trimmed(rest);
        auto const equals = rest.find('=');
        if (equals == std::string_view::npos) return false;
        auto const parameter = trimmed(rest.substr(0, equals));
        rest.remove_prefix(equals + 1);
        auto quoted = read_quoted(rest);
        if (!quoted) return false;
        if (equal_ignoring_case(parameter, "name")) {
            if (named) return false;
            head.name = *std::move(quoted);
            named = true;
        } else if (equal_ignoring_case(parameter, "filename")) {
            head.file_name = *std::move(quoted);
        }
        rest = trimmed(rest);
        if (rest.empty()) break;
        if (rest.front() != ';') return false;
        rest.remove_prefix(1);
    }
    return named && !head.name.empty() && head.name.size() <= limits::form_name_bytes_max && is_utf8(head.name);
}

std::optional<PartHead> read_part_head(std::string_view lines)
{
    PartHead head;
    bool disposed = false;
    while (!lines.empty()) {
        auto const end = lines.find("\r\n");
        auto const line = lines.substr(0, end);
        lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 2);
        if (line.empty() || line.front() == ' ' || line.front() == '\t') return std::nullopt; // folded lines
        auto const colon = line.find(':');
        if (colon == std::string_view::npos) return std::nullopt;
        auto const field = line.substr(0, colon);
        auto const value = trimmed(line.substr(colon + 1));
        if (equal_ignoring_case(field, "content-disposition")) {
            if (disposed || !read_disposition(value, head)) return std::nullopt;
            disposed = true;
        } else if (equal_ignoring_case(field, "content-type")) {
            head.media_type = std::string{value.substr(0, limits::form_name_bytes_max)};
        }
    }
    if (!disposed) return std::nullopt;
    return head;
}

/// Only the last part of a path, and nothing that a log, a header or a screen could stumble over.
std::string safe_file_name(std::string_view name)
{
    auto const slash = name.find_last_of("/\\");
    if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
    std::string out;
    for (char const c : name.substr(0, limits::form_name_bytes_max)) {
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) out += c;
    }
    return is_utf8(out) ? out : std::string{"file"};
}

bool is_boundary(std::string_view boundary)
{
    // RFC 2046 §5.1.1: at most 70 characters of this alphabet.
    constexpr std::string_view marks = "'()+_,-./:=? ";
    return !boundary.empty() && boundary.size() <= 70 && boundary.back() != ' ' &&
           std::ranges::all_of(boundary, [&](char c) {
               return std::isalnum(static_cast<unsigned char>(c)) != 0 || marks.find(c) != std::string_view::npos;
           });
}

Error too_many()
{
    return Error{ErrorCode::too_large, "form.too_many", {std::to_string(limits::form_fields_max)}, {}, {}};
}

/// Adds one part. Errors: "form.broken", "form.too_many".
Status add_part(std::string_view part, Form& form)
{
    auto const blank = part.starts_with("\r\n") ? 0 : part.find("\r\n\r\n");
    if (blank == std::string_view::npos) return invalid("form.broken");
    auto head = read_part_head(part.substr(0, blank));
    if (!head) return invalid("form.broken");
    auto const content = part.substr(blank == 0 ? 2 : blank + 4);

    if (!head->file_name) {
        if (!is_utf8(content) || content.find('\0') != std::string_view::npos) return invalid("form.broken");
        if (form.fields().size() >= limits::form_fields_max) return too_many();
        form.add(std::move(head->name), with_plain_line_ends(content));
        return Done{};
    }
    if (head->file_name->empty() && content.empty()) return Done{}; // a file input that was left empty
    if (form.files().size() >= limits::form_files_max) return too_many();
    form.add(UploadedFile{std::move(head->name), safe_file_name(*head->file_name), std::move(head->media_type),
                          std::string{content}});
    return Done{};
}

} // namespace

std::string_view Form::get(std::string_view name) const
{
    auto const found =
        std::ranges::find(fields_, name, [](auto const& field) { return std::string_view{field.first}; });
    return found == fields_.end() ? std::string_view{} : std::string_view{found->second};
}

bool Form::has(std::string_view name) const
{
    return std::ranges::any_of(fields_, [&](auto const& field) { return field.first == name; });
}

std::vector<std::string> Form::all(std::string_view name) const
{
    std::vector<std::string> values;
    for (auto const& [field, value] : fields_) {
        if (field == name) values.push_back(value);
    }
    return values;
}

UploadedFile const* Form::file(std::string_view name) const
{
    auto const found = std::ranges::find(files_, name, [](auto const& file) { return std::string_view{file.field}; });
    return found == files_.end() ? nullptr : &*found;
}

std::map<std::string, std::string, std::less<>> Form::first() const
{
    return {fields_.begin(), fields_.end()}; // a map keeps the first of equal names
}

nlohmann::json Form::to_json() const
{
    auto out = nlohmann::json::object();
    for (auto const& [name, value] : fields_) {
        auto& member = out[name];
        if (member.is_null()) {
            member = value;
        } else if (member.is_array()) {
            member.push_back(value);
        } else {
            auto first = std::move(member);
            member = nlohmann::json::array({std::move(first), value});
        }
    }
    return out;
}

void Form::add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }

void Form::add(UploadedFile file) { files_.push_back(std::move(file)); }

Result<Form> read_urlencoded(std::string_view text)
{
    Form form;
    while (!text.empty()) {
        auto const end = std::min(text.find('&'), text.size());
        auto const piece = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (piece.empty()) continue;
        auto const equals = std::min(piece.find('='), piece.size());
        auto name = http::percent_decode(piece.substr(0, equals), true);
        if (!name) return std::move(name).error();
        auto value = http::percent_decode(piece.substr(std::min(equals + 1, piece.size())), true);
        if (!value) return std::move(value).error();
        if (form.fields().size() >= limits::form_fields_max) return too_many();
        form.add(*std::move(name), with_plain_line_ends(*value));
    }
    return form;
}

Result<Form> read_multipart(std::string_view body, std::string_view boundary)
{
    if (!is_boundary(boundary)) return invalid("form.broken");
    auto const delimiter = "--" + std::string{boundary};
    auto const separator = "\r\n" + delimiter;
    if (!body.starts_with(delimiter)) return invalid("form.broken");
    body.remove_prefix(delimiter.size());

    Form form;
    while (true) {
        if (body == "--" || body == "--\r\n") return form;
        if (!body.starts_with("\r\n")) return invalid("form.broken");
        body.remove_prefix(2);
        auto const end = body.find(separator);
        if (end == std::string_view::npos) return invalid("form.broken");
        if (auto added = add_part(body.substr(0, end), form); !added) return std::move(added).error();
        body.remove_prefix(end + separator.size());
    }
}

Result<Form> read_form(http::Request const& request)
{
    if (request.body.size() == 0) return Form{};
    auto [media_type, rest] = split_at(request.header("Content-Type"), ';');
    if (equal_ignoring_case(media_type, "application/x-www-form-urlencoded")) {
        return read_urlencoded(request.body.bytes());
    }
    if (equal_ignoring_case(media_type, "multipart/form-data")) {
        auto const [name, value] = split_at(rest, '=');
        auto boundary = trimmed(value);
        if (boundary.size() >= 2 && boundary.front() == '"' && boundary.back() == '"') {
            boundary = boundary.substr(1, boundary.size() - 2);
        }
        if (!equal_ignoring_case(name, "boundary")) return invalid("form.broken");
        return read_multipart(request.body.bytes(), boundary);
    }
    return invalid("form.media_type");
}

} // namespace nguon::server
