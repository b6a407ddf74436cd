#include "connector/answers.hpp"

#include <algorithm>

namespace nguon::connector {

namespace {

/// Bytes of the valid UTF-8 sequence at `at`, 0 when there is none.
std::size_t sequence_length(std::string_view text, std::size_t at)
{
    auto const byte = [text, at](std::size_t offset) { return static_cast<unsigned char>(text[at + offset]); };
    auto const lead = byte(0);
    if (lead < 0x80) return 1;
    std::size_t const length = lead >= 0xC2 && lead < 0xE0   ? 2
                               : lead >= 0xE0 && lead < 0xF0 ? 3
                               : lead >= 0xF0 && lead < 0xF5 ? 4
                                                             : 0;
    if (length == 0 || at + length > text.size()) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0U) != 0x80U) return 0;
    // Overlong forms, surrogates and what lies beyond U+10FFFF are decided by the second byte.
    auto const second = byte(1);
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second >= 0xA0)) return 0;
    if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second >= 0x90)) return 0;
    return length;
}

AnswerClass class_of(Fault fault)
{
    switch (fault) {
    case Fault::own_certificate:
        return AnswerClass::identity;
    case Fault::portal_certificate:
        return AnswerClass::portal_certificate;
    case Fault::malformed:
    case Fault::too_large:
        return AnswerClass::unknown;
    case Fault::none:
    case Fault::resolve:
    case Fault::connect:
    case Fault::handshake:
    case Fault::timeout:
    case Fault::reset:
    case Fault::truncated:
        break;
    }
    return AnswerClass::transient;
}

AnswerClass class_of_conflict(Answer const& answer)
{
    // RFC 9110 gives 409 no finer meaning; portals say which it is in a word of the body.
    for (std::string_view const word : {"progress", "processing", "DANG_XU_LY", "PROCESSING"})
        if (answer.body.find(word) != std::string::npos) return AnswerClass::in_progress;
    return AnswerClass::conflict;
}

AnswerClass class_of(unsigned status, Answer const& answer)
{
    switch (status) {
    case 200:
    case 201:
    case 207:
        return AnswerClass::decided;
    case 202:
        return AnswerClass::accepted;
    case 400:
    case 422:
        return AnswerClass::record_fault;
    case 401:
    case 403:
        return AnswerClass::identity;
    case 404:
    case 405:
    case 410:
    case 415:
    case 501:
        return AnswerClass::contract;
    case 408:
    case 425:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
        return AnswerClass::transient;
    case 409:
        return class_of_conflict(answer);
    case 413:
        return AnswerClass::too_big;
    default:
        break;
    }
    if (status >= 300 && status < 400) return AnswerClass::contract;
    return AnswerClass::unknown;
}

} // namespace

std::string_view Answer::header(std::string_view lower_case_name) const
{
    for (auto const& [name, value] : headers)
        if (name == lower_case_name) return value;
    return {};
}

std::string_view to_text(Fault fault)
{
    switch (fault) {
    case Fault::none:
        return "none";
    case Fault::resolve:
        return "resolve";
    case Fault::connect:
        return "connect";
    case Fault::portal_certificate:
        return "portal_certificate";
    case Fault::own_certificate:
        return "own_certificate";
    case Fault::handshake:
        return "handshake";
    case Fault::timeout:
        return "timeout";
    case Fault::reset:
        return "reset";
    case Fault::truncated:
        return "truncated";
    case Fault::malformed:
        return "malformed";
    case Fault::too_large:
        return "too_large";
    }
    return "none";
}

std::string_view to_text(AnswerClass answer_class)
{
    switch (answer_class) {
    case AnswerClass::decided:
        return "decided";
    case AnswerClass::accepted:
        return "accepted";
    case AnswerClass::unknown:
        return "unknown";
    case AnswerClass::record_fault:
        return "record_fault";
    case AnswerClass::identity:
        return "identity";
    case AnswerClass::contract:
        return "contract";
    case AnswerClass::transient:
        return "transient";
    case AnswerClass::in_progress:
        return "in_progress";
    case AnswerClass::conflict:
        return "conflict";
    case AnswerClass::too_big:
        return "too_big";
    case AnswerClass::portal_certificate:
        return "portal_certificate";
    }
    return "unknown";
}

std::string storable_text(std::string_view raw, std::size_t bytes_max)
{
    std::string out;
    for (std::size_t at = 0; at < raw.size();) {
        auto const length = sequence_length(raw, at);
        bool const control = length == 1 && (static_cast<unsigned char>(raw[at]) < 0x20 || raw[at] == 0x7F);
        auto const piece = length == 0 ? std::string_view{"?"}
                           : control   ? std::string_view{" "}
                                       : raw.substr(at, length);
        if (out.size() + piece.size() > bytes_max) break;
        out += piece;
        at += std::max<std::size_t>(length, 1);
    }
    return out;
}

Reading classify(Answer const& answer, Instant now)
{
    Reading reading;
    if (answer.fault != Fault::none) {
        reading.answer_class = class_of(answer.fault);
        reading.code = to_text(answer.fault);
        reading.text = storable_text(answer.fault_text);
        return reading;
    }
    reading.answer_class = class_of(answer.status, answer);
    reading.code = std::to_string(answer.status);
    if (reading.answer_class != AnswerClass::decided) reading.text = storable_text(answer.body);
    reading.retry_after = read_retry_after(answer.header("retry-after"), answer.header("date"), now);
    return reading;
}

} // namespace nguon::connector
