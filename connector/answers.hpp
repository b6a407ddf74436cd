#pragma once

#include "connector/backoff.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Reading what came back, or did not. Total: everything has a class, and what is not understood is `unknown`.
namespace nguon::connector {

/// Why there is no whole answer; `none` when there is one.
enum class Fault {
    none,
    resolve,
    connect,
    portal_certificate, // theirs is expired, of another host, of an unknown authority, not pinned: nothing was sent
    own_certificate,    // ours was refused, in the handshake or on the first read
    handshake,          // no TLS in common
    timeout,
    reset,
    truncated,
    malformed,
    too_large,
};

std::string_view to_text(Fault fault);

/// One exchange's end, as plain values.
struct Answer {
    Fault fault = Fault::none;
    std::string fault_text = {};
    unsigned status = 0;
    std::vector<std::pair<std::string, std::string>> headers = {}; // names in lower case
    std::string body = {};
    std::string peer_certificate_sha256 = {};
    std::optional<Instant> peer_certificate_expires = {};

    std::string_view header(std::string_view lower_case_name) const;
};

enum class AnswerClass {
    decided,           // 200, 201, 207: the body says what became of each record
    accepted,          // 202: being worked on
    unknown,           // may or may not have had an effect: the same bytes go again under the same key
    record_fault,      // 400, 422: at least one record of this request is at fault
    identity,          // our certificate or sign-in was refused
    contract,          // not the interface that was agreed on
    transient,         // the network, or the portal for the moment
    in_progress,       // 409: the same key is still being worked on
    conflict,          // 409: order or content disputed
    too_big,           // 413
    portal_certificate // the other side does not prove who it is
};

/// "transient": the label of metrics and the key "sync.class.transient" of the catalogue.
std::string_view to_text(AnswerClass answer_class);

struct Reading {
    AnswerClass answer_class = AnswerClass::unknown;
    std::optional<Duration> retry_after = {};
    std::string code = {}; // "503", "timeout", or the portal's own word
    std::string text = {}; // raw, for the administrators
};

/// At most `bytes_max` bytes of what a stranger sent, as text that every database stores: valid UTF-8 without control
/// characters, cut between two characters.
std::string storable_text(std::string_view raw, std::size_t bytes_max = 500);

/// By fault, status and headers alone; the body is the target's to read. `now` dates Retry-After.
Reading classify(Answer const& answer, Instant now);

} // namespace nguon::connector
