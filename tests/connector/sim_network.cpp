#include "tests/connector/sim_network.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace nguon::connector::testing {

using nlohmann::json;

namespace {

Answer fault_of(Fault fault)
{
    Answer answer;
    answer.fault = fault;
    return answer;
}

} // namespace

Answer SimNetwork::exchange(Request const& request, Instant now)
{
    if (down && !(sign_in_works && portal_.is_sign_in(request))) return fault_of(Fault::connect);
    if (!random_.chance(trouble)) return portal_.handle(request, now);
    ++troubles;
    return go_wrong(request, now);
}

Answer SimNetwork::go_wrong(Request const& request, Instant now)
{
    auto left = random_.below(std::max<std::uint64_t>(1, std::accumulate(weights_.begin(), weights_.end(), 0ULL)));
    std::size_t kind = 0;
    while (kind + 1 < weights_.size() && left >= weights_[kind]) left -= weights_[kind++];
    switch (kind) {
    case 0:
        return lose_on_the_way(request, now);
    case 1:
        return lose_answer(request, now);
    case 2:
        return say_status(request);
    case 3:
        return say_nonsense(request, now);
    case 4:
        return mangle_results(request, now);
    default:
        return send_twice(request, now);
    }
}

/// Nothing reaches the portal, or only long after everybody gave up.
Answer SimNetwork::lose_on_the_way(Request const& request, Instant now)
{
    constexpr std::array faults{Fault::resolve, Fault::connect,         Fault::handshake,         Fault::timeout,
                                Fault::reset,   Fault::own_certificate, Fault::portal_certificate};
    auto const fault = random_.one_of(faults);
    bool const was_sent = fault == Fault::timeout || fault == Fault::reset;
    if (was_sent && random_.chance(0.5)) {
        auto const delay = std::chrono::seconds{random_.below(1800)};
        later_(delay, [this, request, at = now + delay] { (void)portal_.handle(request, at); });
    }
    return fault_of(fault);
}

Answer SimNetwork::lose_answer(Request const& request, Instant now)
{
    constexpr std::array faults{Fault::timeout, Fault::reset, Fault::truncated, Fault::too_large, Fault::malformed};
    (void)portal_.handle(request, now);
    return fault_of(random_.one_of(faults));
}

/// A gateway answers in place of the portal.
Answer SimNetwork::say_status(Request const& request)
{
    constexpr std::array<unsigned, 20> statuses{202, 204, 301, 302, 401, 403, 404, 405, 408, 410,
                                                415, 418, 425, 429, 500, 501, 502, 503, 504, 505};
    constexpr std::array waits{"0",
                               "17",
                               "-5",
                               "99999999999999999999",
                               "soon",
                               "",
                               "Wed, 21 Oct 2015 07:28:00 GMT",
                               "Fri, 31 Dec 2027 23:59:59 GMT"};
    Answer answer;
    bool const is_conflict = request.method != http::Method::get && random_.chance(0.1);
    answer.status = is_conflict ? 409 : random_.one_of(statuses);
    if (is_conflict) answer.body = R"({"state":"DANG_XU_LY"})";
    if (random_.chance(0.4)) answer.headers = {{"retry-after", random_.one_of(waits)}};
    return answer;
}

Answer SimNetwork::say_nonsense(Request const& request, Instant now)
{
    constexpr std::array bodies{"",
                                "<html><body>Đăng nhập mạng</body></html>",
                                "null",
                                "[]",
                                "{",
                                "{\"data\":null}",
                                "{\"data\":{}}",
                                "{\"error\":\"ERR_SYS_DEV\",\"data\":null}",
                                "\xFF\xFE",
                                "{\"error\":\"CHUA_TUNG_THAY\"}"};
    auto answer = portal_.handle(request, now);
    if (random_.chance(0.5)) {
        answer.body = random_.one_of(bodies);
    } else {
        answer.body.resize(random_.below(answer.body.size() + 1));
    }
    return answer;
}

Answer SimNetwork::mangle_results(Request const& request, Instant now)
{
    auto answer = portal_.handle(request, now);
    // An entry that is left out would be believed until the next fetch, and nothing here fetches again.
    if (portal_.is_catalogue(request)) return answer;
    auto body = json::parse(answer.body, nullptr, false);
    if (!body.is_object() || !body.contains("data") || !body["data"].is_array() || body["data"].empty()) return answer;
    auto& results = body["data"];
    auto& one = results[random_.below(results.size())];
    auto& other = results[random_.below(results.size())];
    switch (random_.below(8)) {
    case 0:
        std::reverse(results.begin(), results.end());
        break;
    case 1:
        results.erase(random_.below(results.size()));
        break;
    case 2:
        results.push_back(json{one});
        break;
    case 3:
        results.push_back({{"khoa", std::string(64, 'f')}, {"trangThai", "CONFIRMED"}, {"id", "N1"}});
        break;
    case 4:
        if (one.contains("bienNhan")) one["bienNhan"]["signature"] = "AAAA";
        break;
    case 5:
        if (one.contains("bienNhan") && other.contains("bienNhan")) std::swap(one["bienNhan"], other["bienNhan"]);
        break;
    case 6:
        if (one.contains("bienNhan")) one["bienNhan"]["keyId"] = "0123456789abcdef";
        break;
    default:
        one["trangThai"] = "DANG_XEM_XET";
    }
    answer.body = body.dump();
    return answer;
}

Answer SimNetwork::send_twice(Request const& request, Instant now)
{
    auto const delay = std::chrono::seconds{random_.below(600)};
    later_(delay, [this, request, at = now + delay] { (void)portal_.handle(request, at); });
    return portal_.handle(request, now);
}

} // namespace nguon::connector::testing
