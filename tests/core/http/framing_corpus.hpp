#pragma once

#include "core/http/framing_guard.hpp"

#include <ostream>
#include <string>
#include <vector>

namespace nguon::testing {

/// A message that must be refused, and as what.
struct RefusedMessage {
    std::string name = {};
    std::string bytes = {};
    http::FramingFault fault = {};
    unsigned status = 400;
    bool in_body = false; // the head is sound, the chunked body is not
};

/// What a failing test shows of it.
inline void PrintTo(RefusedMessage const& message, std::ostream* out) { *out << message.name; }

/// The eleven classes that Beast 1.81 lets through, each with its variants, and the limits and forms beside them.
inline std::vector<RefusedMessage> refused_messages()
{
    using enum http::FramingFault;
    using namespace std::string_literals;
    std::string const post = "POST /echo HTTP/1.1\r\nHost: a\r\n";
    std::string const get = "GET /echo HTTP/1.1\r\nHost: a\r\n";
    std::string const smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    std::string const chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
    return {
        {"1_gzip_then_length", post + "Transfer-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello", transfer_encoding},
        {"1_chunked_then_length", post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
         length_with_encoding},
        {"1_length_then_chunked", post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         length_with_encoding},
        {"2_identity", post + "Transfer-Encoding: identity\r\n\r\n" + smuggled, transfer_encoding},
        {"2_xchunked", post + "Transfer-Encoding: xchunked\r\n\r\n" + smuggled, transfer_encoding},
        {"2_chunked_identity", post + "Transfer-Encoding: chunked, identity\r\n\r\n" + smuggled, transfer_encoding},
        {"2_two_fields", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n", transfer_encoding},
        {"3_empty_member", post + "Transfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n", transfer_encoding},
        {"4_chunked_in_1_0", "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         transfer_encoding_1_0},
        {"5_equal_lengths", post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", length_repeated},
        {"5_length_list", post + "Content-Length: 5, 5\r\n\r\nhello", length_repeated},
        {"6_fold", get + "X-A: b\r\n c\r\n\r\n", header_fold},
        {"6_fold_in_encoding", post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", transfer_encoding},
        {"6_fold_tab", get + "X-A: b\r\n\tc\r\n\r\n", header_fold},
        {"6_fold_first_field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", header_fold},
        {"7_trailer", chunked + "5\r\nhello\r\n0\r\nX-User: admin\r\n\r\n", trailer, 400, true},
        {"8_long_trailer", chunked + "5\r\nhello\r\n0\r\nX-A: " + std::string(20'000, 'a') + "\r\n\r\n", trailer, 400,
         true},
        {"9_long_extension", chunked + "5;" + std::string(257, 'a') + "\r\nhello\r\n0\r\n\r\n", chunk_extension, 400,
         true},
        {"9_megabyte_extension", chunked + "5;" + std::string(1024 * 1024, 'a') + "\r\nhello\r\n0\r\n\r\n",
         chunk_extension, 400, true},
        {"9_control_in_extension", chunked + "5;a=\"\x01\"\r\nhello\r\n0\r\n\r\n", chunk_extension, 400, true},
        {"9_lf_in_extension", chunked + "5;a=\n5\r\nhello\r\n0\r\n\r\n", chunk_extension, 400, true},
        {"10_no_host", "GET /echo HTTP/1.1\r\n\r\n", host_missing},
        {"10_two_hosts", get + "Host: b\r\n\r\n", host_repeated},
        {"10_equal_hosts", get + "Host: a\r\n\r\n", host_repeated},
        {"11_raw_utf8", "GET /nguồn HTTP/1.1\r\nHost: a\r\n\r\n", target_characters},
        {"11_raw_byte", "GET /\xFF HTTP/1.1\r\nHost: a\r\n\r\n", target_characters},

        {"http_0_9", "GET /\r\n", request_line},
        {"http_2_preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", version, 505},
        {"http_1_2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", version, 505},
        {"lower_case_version", "GET / http/1.1\r\nHost: a\r\n\r\n", request_line},
        {"empty_line_first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", request_line},
        {"two_spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", target_characters},
        {"space_in_target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", target_characters},
        {"fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", target_characters},
        {"nul_in_target", "GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n"s, target_characters},
        {"trace", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", method_forbidden, 405},
        {"connect", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", method_forbidden, 405},
        {"unknown_method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", method_unknown, 501},
        {"lower_case_method", "get / HTTP/1.1\r\nHost: a\r\n\r\n", method_unknown, 501},
        {"relative_target", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", target_form},
        {"star_on_get", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", target_form},
        {"ftp_target", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", target_form},
        {"user_in_target", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", target_form},
        {"other_host_in_target", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", host_mismatch},
        {"bare_lf", "GET / HTTP/1.1\nHost: a\n\n", bare_lf},
        {"bare_lf_in_field", get + "X-A: b\nX-B: c\r\n\r\n", bare_lf},
        {"bare_cr", get + "X-A: b\rX-B: c\r\n\r\n", bare_cr},
        {"nul_in_value", get + "X-A: b\0c\r\n\r\n"s, header_value},
        {"escape_in_value", get + "X-A: \x1b[2J\r\n\r\n", header_value},
        {"space_before_colon", post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", header_name},
        {"no_colon", get + "X-A\r\n\r\n", header_name},
        {"empty_name", get + ": b\r\n\r\n", header_name},
        {"signed_length", post + "Content-Length: +5\r\n\r\nhello", length_malformed},
        {"hexadecimal_length", post + "Content-Length: 0x5\r\n\r\nhello", length_malformed},
        {"empty_length", post + "Content-Length:\r\n\r\n", length_malformed},
        {"endless_length", post + "Content-Length: 1234567890123456789\r\n\r\n", length_malformed},
        {"host_with_user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", host_malformed},
        {"host_list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", host_malformed},
        {"host_empty", "GET / HTTP/1.1\r\nHost:\r\n\r\n", host_malformed},
        {"body_on_get", get + "Content-Length: 5\r\n\r\nhello", body_on_get},
        {"chunked_get", get + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", body_on_get},
        {"h2c", get + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n", upgrade},
        {"no_chunk_size", chunked + "\r\nhello", chunk_size, 400, true},
        {"signed_chunk_size", chunked + "+5\r\nhello\r\n0\r\n\r\n", chunk_size, 400, true},
        {"space_after_chunk_size", chunked + "5 \r\nhello\r\n0\r\n\r\n", chunk_size, 400, true},
        {"endless_chunk_size", chunked + "0000000000000005\r\nhello\r\n0\r\n\r\n", chunk_size, 400, true},
        {"chunk_lf", chunked + "5\nhello\r\n0\r\n\r\n", chunk_size, 400, true},
        {"chunk_too_long", chunked + "5\r\nhello!\r\n0\r\n\r\n", chunk_framing, 400, true},
    };
}

} // namespace nguon::testing
