#include "tests/connector/sim_portal.hpp"

#include "core/bytes.hpp"
#include "core/http/uri.hpp"

#include <algorithm>
#include <sstream>

namespace nguon::connector::testing {

using nlohmann::json;

namespace {

Answer answer_of(unsigned status, json const& body)
{
    Answer answer;
    answer.status = status;
    answer.body = body.dump();
    return answer;
}

Answer data_of(json data) { return answer_of(200, {{"data", std::move(data)}, {"error", nullptr}}); }

json fault_of(std::string const& key, char const* word) { return {{"khoa", key}, {"error", word}, {"message", word}}; }

} // namespace

std::int64_t SimPortal::version_of(std::string const& type, std::string const& id) const
{
    auto const head = heads_.find({type, id});
    return head == heads_.end() ? 0 : head->second.version;
}

void SimPortal::enter_by_hand(std::string const& type, std::string const& value)
{
    auto const& id = lookups_[{type, value}].emplace_back("H" + std::to_string(++numbers_));
    known_.insert(id);
}

bool SimPortal::is_catalogue(Request const& request) const
{
    return std::ranges::any_of(settings_.catalogues, [&](auto const& catalogue) {
        return request.path == settings_.base_path + catalogue.second.path;
    });
}

Answer SimPortal::handle(Request const& request, Instant now)
{
    if (is_sign_in(request)) {
        token_ = "token-" + std::to_string(++tokens_);
        return answer_of(200, {{"access_token", token_}, {"expires_in", 300}});
    }
    ++requests;
    auto const wanted = std::pair<std::string, std::string>{"Authorization", "Bearer " + token_};
    if (token_.empty() || std::ranges::find(request.headers, wanted) == request.headers.end())
        return answer_of(401, {{"error", "ERR_TOKEN"}});
    auto path = request.path.substr(settings_.base_path.size());
    auto const question = std::min(path.find('?'), path.size());
    auto const query = path.substr(std::min(question + 1, path.size()));
    path.resize(question);
    bool const confirms = path.ends_with(settings_.confirm_suffix);
    if (confirms) path.resize(path.size() - settings_.confirm_suffix.size());
    for (auto const& [name, catalogue] : settings_.catalogues)
        if (path == catalogue.path)
            return data_of(json::array({{{catalogue.code_field, "g"}, {catalogue.name_field, "Gam"}},
                                        {{catalogue.code_field, "shipping"}, {catalogue.name_field, "Giao hàng"}}}));
    if (path == settings_.pictures.path) return take_picture(request.file);
    for (auto const& [type, resource] : settings_.resources) {
        if (resource.path != path) continue;
        if (confirms) return confirm(request.body, now);
        if (request.method != http::Method::get) return write(type, resource, request.body);
        auto const value = http::percent_decode(query.substr(query.find('=') + 1));
        return look_up(type, resource, value.value_or(""));
    }
    return answer_of(404, json::object());
}

Answer SimPortal::take_picture(std::string const& sha256)
{
    auto const& id = *known_.insert("A" + sha256.substr(0, 8)).first;
    return data_of(json::array({{{settings_.pictures.answer_field, id}, {settings_.pictures.digest_field, sha256}}}));
}

Answer SimPortal::look_up(std::string const& type, MostResource const& resource, std::string const& value) const
{
    auto found = json::array();
    if (auto const at = lookups_.find({type, value}); at != lookups_.end())
        for (auto const& id : at->second) found.push_back({{resource.id_field, id}});
    return data_of(std::move(found));
}

Answer SimPortal::write(std::string const& type, MostResource const& resource, std::string const& body)
{
    std::istringstream lines{body};
    auto results = json::array();
    for (std::string line; std::getline(lines, line);) {
        auto result = write_line(type, resource, line);
        if (result.is_null()) return answer_of(500, json::object());
        results.push_back(std::move(result));
    }
    return data_of(std::move(results));
}

/// Nothing when the line brings the portal down.
json SimPortal::write_line(std::string const& type, MostResource const& resource, std::string const& line)
{
    auto const read = json::parse(line);
    auto const key = read.at("khoa").get<std::string>();
    if (breaking.contains(key)) return {};
    has_refused_all = has_refused_all || refuses_all;
    if (refuses_all || poison.contains(key)) return fault_of(key, "ERR_DATA");
    if (busy.contains(key)) return fault_of(key, "ERR_LOCKED");
    auto const digest = sha256_hex(line);
    auto const known = effects_.find(key);
    if (known == effects_.end()) return apply(type, resource, read, digest);
    auto const& effect = known->second;
    if (effect.digest != digest) {
        violations.push_back("other bytes under " + key);
        return fault_of(key, "ERR_KEY_CONFLICT");
    }
    return {{"khoa", key}, {"trangThai", "CREATED"}, {"id", effect.id}};
}

json SimPortal::apply(std::string const& type, MostResource const& resource, json const& line,
                      std::string const& digest)
{
    auto const key = line.at("khoa").get<std::string>();
    auto const record = line.at("maBanGhi").get<std::string>();
    auto const& data = line.at("duLieu");
    bool const creates = line.at("thaoTac") == "TAO";
    auto& head = heads_[{type, record}];
    auto const version = line.at("phienBan").get<std::int64_t>();
    if (creates && !head.id.empty()) violations.push_back("created twice: " + type + "/" + record);
    if (line.at("phienBanTruoc") != head.version || version <= head.version)
        violations.push_back("order of " + type + "/" + record);
    auto const named = data.value(resource.id_field, std::string{});
    if (!creates && !known_.contains(named)) violations.push_back("update of nothing: " + type + "/" + record);
    check_parents(data, resource.id_field, key);
    if (type == "product" && data.value("hinhAnh", json::array()).empty()) violations.push_back("no picture: " + key);
    for (auto const& picture : data.value("hinhAnh", json::array()))
        if (!known_.contains(picture.get<std::string>())) violations.push_back("no such picture: " + key);
    head.version = version;
    if (head.id.empty()) head.id = creates ? "N" + std::to_string(++numbers_) : named;
    known_.insert(head.id);
    if (creates && !resource.lookup_parameter.empty())
        lookups_[{type, data.value(resource.lookup_parameter, std::string{})}].push_back(head.id);
    effects_[key] = {digest, head.id, false};
    return {{"khoa", key}, {"trangThai", "CREATED"}, {"id", head.id}};
}

void SimPortal::check_parents(json const& data, std::string const& own_field, std::string const& key)
{
    for (auto const& [type, field] : settings_.parent_fields) {
        if (field == own_field || !data.contains(field)) continue;
        auto const numbers = data[field].is_array() ? data[field] : json::array({data[field]});
        for (auto const& number : numbers)
            if (!known_.contains(number.get<std::string>())) violations.push_back("no such parent: " + key);
    }
}

Answer SimPortal::confirm(std::string const& body, Instant now)
{
    auto results = json::array();
    std::vector<std::size_t> places;
    std::vector<practice_portal::Acceptance> accepted;
    auto const list = json::parse(body);
    for (auto const& wanted : list.at("banGhi")) {
        auto const key = wanted.at("khoa").get<std::string>();
        auto const effect = effects_.find(key);
        if (effect == effects_.end()) {
            results.push_back(fault_of(key, "ERR_DATA"));
            continue;
        }
        effect->second.confirmed = true;
        places.push_back(results.size());
        accepted.push_back({key, effect->second.digest, to_iso(now), effect->second.id});
        results.push_back({{"khoa", key}, {"trangThai", "CONFIRMED"}, {"id", effect->second.id}});
    }
    auto receipts = signer_.sign_all(accepted);
    for (std::size_t i = 0; i < places.size(); ++i) results[places[i]]["bienNhan"] = std::move(receipts[i]);
    return data_of(std::move(results));
}

} // namespace nguon::connector::testing
