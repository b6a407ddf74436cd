#include "core/http/session.hpp"

#include <nlohmann/json.hpp>

namespace nguon::http {
namespace {

/// What the session says by itself, for people who meet it.
std::string_view detail_of(unsigned status)
{
    switch (status) {
    case 400:
        return "Yêu cầu không đúng chuẩn HTTP nên không được xử lý.";
    case 405:
        return "Phương thức này không được dùng ở đây.";
    case 408:
        return "Yêu cầu được gửi quá chậm. Vui lòng thử lại.";
    case 413:
        return "Nội dung gửi lên quá lớn.";
    case 414:
        return "Địa chỉ quá dài.";
    case 417:
        return "Không đáp ứng được điều kiện trong yêu cầu (Expect).";
    case 431:
        return "Phần đầu của yêu cầu quá lớn.";
    case 501:
        return "Phương thức này không được hỗ trợ.";
    case 503:
        return "Hệ thống đang bận. Vui lòng thử lại sau ít giây.";
    case 505:
        return "Phiên bản HTTP này không được hỗ trợ.";
    default:
        return "Hệ thống gặp lỗi. Vui lòng thử lại; nếu vẫn lỗi, hãy báo mã yêu cầu cho quản trị viên.";
    }
}

} // namespace

std::string_view reason_phrase(unsigned status)
{
    switch (status) {
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 202:
        return "Accepted";
    case 204:
        return "No Content";
    case 206:
        return "Partial Content";
    case 207:
        return "Multi-Status";
    case 300:
        return "Multiple Choices";
    case 301:
        return "Moved Permanently";
    case 302:
        return "Found";
    case 303:
        return "See Other";
    case 304:
        return "Not Modified";
    case 307:
        return "Temporary Redirect";
    case 308:
        return "Permanent Redirect";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 406:
        return "Not Acceptable";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 410:
        return "Gone";
    case 411:
        return "Length Required";
    case 412:
        return "Precondition Failed";
    case 413:
        return "Content Too Large";
    case 414:
        return "URI Too Long";
    case 415:
        return "Unsupported Media Type";
    case 416:
        return "Range Not Satisfiable";
    case 417:
        return "Expectation Failed";
    case 422:
        return "Unprocessable Content";
    case 425:
        return "Too Early";
    case 428:
        return "Precondition Required";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Unknown";
    }
}

Response refusal_response(Refusal const& refusal)
{
    nlohmann::ordered_json const problem{
        {"type", "urn:nguon:problem:" + refusal.key},
        {"title", reason_phrase(refusal.status)},
        {"status", refusal.status},
        {"detail", detail_of(refusal.status)},
        {"requestId", refusal.request_id},
    };
    Response response;
    response.status = refusal.status;
    response.header("Content-Type", "application/problem+json");
    response.header("Cache-Control", "no-store");
    if (refusal.status == 405 || refusal.status == 501) {
        response.header("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    }
    if (refusal.status == 503) response.header("Retry-After", "2");
    response.body = problem.dump() + "\n";
    return response;
}

} // namespace nguon::http
