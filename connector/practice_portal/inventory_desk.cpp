#include "connector/practice_portal/inventory_desk.hpp"

#include "core/bytes.hpp"
#include "core/http/uri.hpp"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

namespace nguon::practice_portal {

namespace {

using nlohmann::json;

constexpr std::size_t records_of_page = 500;

struct Question {
    Instant from = {};
    Instant to = {};
    std::string after = {};
};

Result<Question> read_question(http::Request const& request)
{
    Question question;
    auto const parameters = http::parse_query(request.query);
    if (!parameters) return parameters.error();
    for (auto const& [name, value] : *parameters) {
        if (name == "sau") question.after = value;
        if (name != "tu" && name != "den") continue;
        auto const at = parse_time(value);
        if (!at) return at.error();
        (name == "tu" ? question.from : question.to) = at->at;
    }
    return question;
}

struct Hour {
    std::int64_t count = 0;
    std::string digest = std::string(32, '\0');

    void add(Ledger::Held const& record)
    {
        ++count;
        auto const one = sha256(record.key + ":" + record.digest);
        for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<char>(digest[i] ^ one[i]);
    }
};

json by_hour(std::vector<Ledger::Held> const& records)
{
    std::map<Instant, Hour> hours;
    for (auto const& record : records) hours[std::chrono::floor<std::chrono::hours>(record.at)].add(record);
    auto data = json::array();
    for (auto const& [at, hour] : hours)
        data.push_back({{"gio", to_iso(at)}, {"soLuong", hour.count}, {"maBam", to_hex(hour.digest)}});
    return data;
}

json page_behind(std::vector<Ledger::Held> const& records, std::string const& after)
{
    auto data = json::array();
    for (auto const& record : records) {
        if (record.key <= after || data.size() == records_of_page) continue;
        data.push_back({{"khoa", record.key},
                        {"maBam", record.digest},
                        {"loai", record.type},
                        {"maBanGhi", record.record},
                        {"phienBan", record.version},
                        {"id", record.id},
                        {"thoiGian", to_iso(record.at)}});
    }
    return data;
}

} // namespace

http::Response answer_inventory(Ledger const& ledger, http::Request const& request, std::string_view what)
{
    auto const question = read_question(request);
    if (!question) return json_answer(400, error_answer("ERR_DATA_FORMAT", "Thời gian không đúng định dạng"));
    auto const records = ledger.held(question->from, question->to);
    if (what == "/TongHop") return json_answer(200, data_answer(by_hour(records)));
    if (what == "/BanGhi") return json_answer(200, data_answer(page_behind(records, question->after)));
    return json_answer(404, error_answer("ERR_NOT_FOUND", "Không có địa chỉ này"));
}

} // namespace nguon::practice_portal
