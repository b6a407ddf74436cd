#include "core/http/framing_guard.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace nguon::http {
namespace {

constexpr std::array known_methods = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
constexpr std::size_t length_digits_max = 18;
constexpr unsigned chunk_digits_max = 15;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alphanumeric(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lowered(std::string_view text)
{
    std::string out{text};
    std::ranges::transform(out, out.begin(), lower);
    return out;
}

/// `wanted` in small letters.
bool is_named(std::string_view name, std::string_view wanted) { return std::ranges::equal(name, wanted, {}, lower); }

/// RFC 9110 §5.6.2
constexpr auto token_characters = [] {
    std::array<bool, 256> out{};
    for (int c = 0; c < 256; ++c) out[static_cast<std::size_t>(c)] = c < 0x80 && is_alphanumeric(static_cast<char>(c));
    for (char const mark : std::string_view{"!#$%&'*+-.^_`|~"}) out[static_cast<unsigned char>(mark)] = true;
    return out;
}();

bool is_token(std::string_view text)
{
    return !text.empty() &&
           std::ranges::all_of(text, [](char c) { return token_characters[static_cast<unsigned char>(c)]; });
}

bool is_control(char c)
{
    auto const byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
}

/// A host name, an IPv4 address or a bracketed IPv6 address, each with an optional port.
bool is_host(std::string_view text)
{
    auto const colon = text.rfind(':');
    bool const bracketed = text.starts_with('[');
    auto const close = bracketed ? text.find(']') : std::string_view::npos;
    if (bracketed && close == std::string_view::npos) return false;
    bool const has_port = colon != std::string_view::npos && (!bracketed || colon > close);

    auto const port = has_port ? text.substr(colon + 1) : std::string_view{};
    auto name = has_port ? text.substr(0, colon) : text;
    if (port.size() > 5 || !std::ranges::all_of(port, is_digit)) return false;
    if (bracketed) {
        name = name.substr(1);
        if (!name.ends_with(']') || name.size() < 3) return false;
        name.remove_suffix(1);
        return std::ranges::all_of(name, [](char c) { return is_alphanumeric(c) || c == ':' || c == '.'; });
    }
    return !name.empty() &&
           std::ranges::all_of(name, [](char c) { return is_alphanumeric(c) || c == '.' || c == '-' || c == '_'; });
}

std::string_view trimmed(std::string_view text)
{
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

int hex_value(char c)
{
    if (is_digit(c)) return c - '0';
    if (lower(c) >= 'a' && lower(c) <= 'f') return lower(c) - 'a' + 10;
    return -1;
}

} // namespace

std::string_view to_text(FramingFault fault)
{
    switch (fault) {
    case FramingFault::request_line:
        return "request_line";
    case FramingFault::version:
        return "version";
    case FramingFault::method_unknown:
        return "method_unknown";
    case FramingFault::method_forbidden:
        return "method_forbidden";
    case FramingFault::target_characters:
        return "target_characters";
    case FramingFault::target_form:
        return "target_form";
    case FramingFault::target_too_long:
        return "target_too_long";
    case FramingFault::header_too_long:
        return "header_too_long";
    case FramingFault::header_too_many:
        return "header_too_many";
    case FramingFault::bare_cr:
        return "bare_cr";
    case FramingFault::bare_lf:
        return "bare_lf";
    case FramingFault::header_fold:
        return "header_fold";
    case FramingFault::header_name:
        return "header_name";
    case FramingFault::header_value:
        return "header_value";
    case FramingFault::host_missing:
        return "host_missing";
    case FramingFault::host_repeated:
        return "host_repeated";
    case FramingFault::host_malformed:
        return "host_malformed";
    case FramingFault::host_mismatch:
        return "host_mismatch";
    case FramingFault::transfer_encoding:
        return "transfer_encoding";
    case FramingFault::transfer_encoding_1_0:
        return "transfer_encoding_1_0";
    case FramingFault::length_with_encoding:
        return "length_with_encoding";
    case FramingFault::length_repeated:
        return "length_repeated";
    case FramingFault::length_malformed:
        return "length_malformed";
    case FramingFault::body_on_get:
        return "body_on_get";
    case FramingFault::upgrade:
        return "upgrade";
    case FramingFault::chunk_size:
        return "chunk_size";
    case FramingFault::chunk_extension:
        return "chunk_extension";
    case FramingFault::chunk_framing:
        return "chunk_framing";
    case FramingFault::trailer:
        return "trailer";
    }
    return "request_line";
}

unsigned to_status(FramingFault fault)
{
    switch (fault) {
    case FramingFault::method_forbidden:
        return 405;
    case FramingFault::method_unknown:
        return 501;
    case FramingFault::version:
        return 505;
    case FramingFault::target_too_long:
        return 414;
    case FramingFault::header_too_long:
    case FramingFault::header_too_many:
        return 431;
    default:
        return 400;
    }
}

std::size_t FramingGuard::feed(std::string_view bytes)
{
    assert(state_ == State::more);
    std::size_t used = 0;
    while (used < bytes.size() && state_ == State::more) used += take_piece(bytes.substr(used));
    return used;
}

/// Takes what there is of the present line and returns its size, or how far it went until the byte that is refused.
std::size_t FramingGuard::take_piece(std::string_view bytes)
{
    auto const line_feed = bytes.find('\n');
    auto const wanted = line_feed == std::string_view::npos ? bytes.size() : line_feed + 1;
    auto const piece = bytes.substr(0, std::min(wanted, limits_.header_bytes_max - head_.size()));
    auto const start_of_piece = head_.size();
    head_ += piece;
    auto const carriage_return = head_.find('\r', start_of_piece - (start_of_piece > 0 ? 1 : 0));
    bool const has_return = carriage_return != std::string::npos && carriage_return + 1 < head_.size();
    if (has_return && head_[carriage_return + 1] != '\n') {
        refuse(FramingFault::bare_cr);
        return carriage_return + 2 - start_of_piece;
    }
    if (piece.size() < wanted) {
        refuse(line_start_ == 0 ? FramingFault::target_too_long : FramingFault::header_too_long);
    } else if (line_feed != std::string_view::npos && !has_return) {
        refuse(FramingFault::bare_lf);
    } else if (line_feed != std::string_view::npos) {
        auto const start = std::exchange(line_start_, head_.size());
        take_line(std::string_view{head_}.substr(start, head_.size() - start - 2));
    }
    return piece.size();
}

void FramingGuard::take_line(std::string_view line)
{
    if (method_.empty()) return take_request_line(line);
    if (line.empty()) return finish();
    if (++lines_ > limits_.header_lines_max) return refuse(FramingFault::header_too_many);
    take_field(line);
}

void FramingGuard::take_request_line(std::string_view line)
{
    auto const first = line.find(' ');
    auto const last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return refuse(FramingFault::request_line);

    auto const version = line.substr(last + 1);
    bool const formed = version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) &&
                        version[6] == '.' && is_digit(version[7]);
    auto const method = line.substr(0, first);
    if (!formed || !is_token(method)) return refuse(FramingFault::request_line);
    http_1_1_ = version == "HTTP/1.1";
    if (!http_1_1_ && version != "HTTP/1.0") return refuse(FramingFault::version);

    if (method == "TRACE" || method == "CONNECT") return refuse(FramingFault::method_forbidden);
    if (std::ranges::find(known_methods, method) == known_methods.end()) return refuse(FramingFault::method_unknown);
    method_ = method;
    take_target(line.substr(first + 1, last - first - 1));
}

void FramingGuard::take_target(std::string_view target)
{
    if (target.size() > limits_.target_bytes_max) return refuse(FramingFault::target_too_long);
    bool const plain = std::ranges::all_of(target, [](char c) { return c > 0x20 && c < 0x7F && c != '#'; });
    if (!plain) return refuse(FramingFault::target_characters);
    target_ = target;

    auto const start = lowered(target.substr(0, 8));
    if (target.starts_with('/') || (target == "*" && method_ == "OPTIONS")) {
        origin_target_ = target;
    } else if (start.starts_with("http://") || start == "https://") {
        auto const rest = target.substr(start == "https://" ? 8 : 7);
        auto const path = std::min(rest.find_first_of("/?"), rest.size());
        target_authority_ = lowered(rest.substr(0, path));
        origin_target_ = rest.substr(path);
        if (!origin_target_.starts_with('/')) origin_target_.insert(0, 1, '/');
        if (!is_host(target_authority_)) refuse(FramingFault::target_form);
    } else {
        refuse(FramingFault::target_form);
    }
}

void FramingGuard::take_field(std::string_view line)
{
    if (line.starts_with(' ') || line.starts_with('\t')) return refuse(FramingFault::header_fold);
    auto const colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return refuse(FramingFault::header_name);
    auto const value = trimmed(line.substr(colon + 1));
    if (std::ranges::any_of(value, is_control)) return refuse(FramingFault::header_value);
    take_framing_field(line.substr(0, colon), value);
}

void FramingGuard::take_framing_field(std::string_view name, std::string_view value)
{
    if (is_named(name, "host")) {
        if (std::exchange(has_host_, true)) return refuse(FramingFault::host_repeated);
        if (!is_host(value)) return refuse(FramingFault::host_malformed);
        host_ = lowered(value);
    } else if (is_named(name, "content-length")) {
        // "5, 5" is the same as two fields.
        bool const list = value.find(',') != std::string_view::npos;
        if (std::exchange(has_length_, true) || list) return refuse(FramingFault::length_repeated);
        bool const formed = !value.empty() && value.size() <= length_digits_max && std::ranges::all_of(value, is_digit);
        if (!formed) return refuse(FramingFault::length_malformed);
        for (char const c : value) content_length_ = content_length_ * 10 + static_cast<std::uint64_t>(c - '0');
    } else if (is_named(name, "transfer-encoding")) {
        bool const again = std::exchange(has_encoding_, true);
        if (again || lowered(value) != "chunked") return refuse(FramingFault::transfer_encoding);
    } else if (is_named(name, "http2-settings") ||
               (is_named(name, "upgrade") && lowered(value).find("h2c") != std::string::npos)) {
        refuse(FramingFault::upgrade);
    }
}

void FramingGuard::finish()
{
    if (!has_host_) return refuse(FramingFault::host_missing);
    if (!target_authority_.empty() && target_authority_ != host_) return refuse(FramingFault::host_mismatch);
    if (has_encoding_ && !http_1_1_) return refuse(FramingFault::transfer_encoding_1_0);
    if (has_encoding_ && has_length_) return refuse(FramingFault::length_with_encoding);
    if (has_encoding_) {
        framing_ = BodyFraming::chunked;
    } else if (content_length_ > 0) {
        framing_ = BodyFraming::length;
    }
    if (framing_ != BodyFraming::none && (method_ == "GET" || method_ == "HEAD")) {
        return refuse(FramingFault::body_on_get);
    }
    state_ = State::complete;
}

void FramingGuard::refuse(FramingFault fault)
{
    if (state_ == State::refused) return;
    state_ = State::refused;
    fault_ = fault;
}

std::size_t ChunkReader::feed(std::string_view bytes, std::string& body)
{
    std::size_t used = 0;
    while (used < bytes.size() && state_ == State::more) {
        if (at_ == At::data) {
            auto const size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - used));
            body.append(bytes.substr(used, size));
            used += size;
            left_ -= size;
            if (left_ == 0) at_ = At::data_cr;
        } else {
            take(bytes[used++]);
        }
    }
    return used;
}

void ChunkReader::take(char c)
{
    auto const expect = [&](char wanted, At next, FramingFault fault) {
        if (c != wanted) return refuse(fault);
        at_ = next;
    };
    switch (at_) {
    case At::size:
        if (auto const digit = hex_value(c); digit >= 0) {
            if (++digits_ > chunk_digits_max) return refuse(FramingFault::chunk_size);
            left_ = left_ * 16 + static_cast<unsigned>(digit);
        } else if (digits_ > 0 && c == ';') {
            at_ = At::extension;
        } else if (digits_ > 0 && c == '\r') {
            at_ = At::size_lf;
        } else {
            refuse(FramingFault::chunk_size);
        }
        break;
    case At::extension:
        if (c == '\r') {
            at_ = At::size_lf;
        } else if (is_control(c) || ++extension_bytes_ > limits::chunk_extension_bytes_max) {
            refuse(FramingFault::chunk_extension);
        }
        break;
    case At::size_lf:
        expect('\n', left_ > 0 ? At::data : At::end_cr, FramingFault::chunk_size);
        digits_ = 0;
        break;
    case At::data:
        break;
    case At::data_cr:
        expect('\r', At::data_lf, FramingFault::chunk_framing);
        break;
    case At::data_lf:
        expect('\n', At::size, FramingFault::chunk_framing);
        break;
    case At::end_cr:
        expect('\r', At::end_lf, FramingFault::trailer);
        break;
    case At::end_lf:
        expect('\n', At::end_lf, FramingFault::chunk_framing);
        if (state_ == State::more) state_ = State::complete;
        break;
    }
}

void ChunkReader::refuse(FramingFault fault)
{
    state_ = State::refused;
    fault_ = fault;
}

} // namespace nguon::http
