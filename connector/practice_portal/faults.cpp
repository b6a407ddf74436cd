#include "connector/practice_portal/faults.hpp"

#include "core/json.hpp"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

namespace nguon::practice_portal {

namespace {

using nlohmann::json;
using Kind = PlannedFault::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 11> kinds{{{"status", Kind::status},
                                                                   {"html", Kind::html},
                                                                   {"delay", Kind::delay},
                                                                   {"cut", Kind::cut},
                                                                   {"wrong_receipt", Kind::wrong_receipt},
                                                                   {"forget", Kind::forget},
                                                                   {"error_200", Kind::error_200},
                                                                   {"lose_answer", Kind::lose_answer},
                                                                   {"unfinished", Kind::unfinished},
                                                                   {"created", Kind::created},
                                                                   {"refuse", Kind::refuse}}};

std::optional<Kind> kind_named(std::string_view name)
{
    for (auto const& [word, kind] : kinds)
        if (word == name) return kind;
    return std::nullopt;
}

/// The whole number at `name`, or `fallback`; false when something else stands there.
bool read_number(json const& object, char const* name, std::uint64_t& value)
{
    auto const found = object.find(name);
    if (found == object.end()) return true;
    if (!found->is_number_unsigned()) return false;
    value = found->get<std::uint64_t>();
    return true;
}

} // namespace

Result<FaultPlan> FaultPlan::read(std::string_view json_text)
{
    auto const parsed = parse_json(json_text, 8);
    if (!parsed) return parsed.error();
    if (!parsed->is_array() && !parsed->is_object()) return invalid("portal.script", {""});
    FaultPlan plan;
    auto const script = parsed->is_array() ? *parsed : parsed->value("script", json::array());
    if (parsed->is_object()) {
        std::uint64_t seed = 0;
        auto const rate = parsed->find("rate");
        if (!read_number(*parsed, "seed", seed)) return invalid("portal.script", {"/seed"});
        if (rate != parsed->end() && !rate->is_number()) return invalid("portal.script", {"/rate"});
        plan.rate_ = rate == parsed->end() ? 0.0 : rate->get<double>();
        plan.random_.seed(seed);
    }
    if (!script.is_array()) return invalid("portal.script", {""});
    for (std::size_t i = 0; i < script.size(); ++i) {
        auto const pointer = "/" + std::to_string(i);
        auto const& entry = script[i];
        if (!entry.is_object() || !entry.value("fault", json{}).is_string()) return invalid("portal.script", {pointer});
        auto const kind = kind_named(entry["fault"].get<std::string>());
        Scripted scripted;
        std::uint64_t status = 503;
        std::uint64_t retry_after = UINT64_MAX;
        std::uint64_t milliseconds = 0;
        auto const path = entry.value("path", json(""));
        if (!kind || !path.is_string() || !read_number(entry, "after", scripted.after) ||
            !read_number(entry, "times", scripted.times) || !read_number(entry, "status", status) ||
            !read_number(entry, "retryAfter", retry_after) || !read_number(entry, "milliseconds", milliseconds) ||
            status < 200 || status > 599)
            return invalid("portal.script", {pointer});
        scripted.path = path.get<std::string>();
        scripted.fault.kind = *kind;
        scripted.fault.status = static_cast<unsigned>(status);
        if (retry_after != UINT64_MAX) scripted.fault.retry_after = static_cast<int>(retry_after);
        scripted.fault.delay = std::chrono::milliseconds{milliseconds};
        plan.script_.push_back(std::move(scripted));
    }
    return plan;
}

PlannedFault FaultPlan::next(std::string_view target)
{
    PlannedFault fault;
    for (auto& scripted : script_) {
        if (target.find(scripted.path) == std::string_view::npos) continue;
        auto const number = scripted.seen++;
        if (number >= scripted.after && number - scripted.after < scripted.times && fault.kind == Kind::none)
            fault = scripted.fault;
    }
    if (fault.kind != Kind::none || rate_ <= 0) return fault;
    if (std::uniform_real_distribution<double>{}(random_) >= rate_) return fault;
    constexpr std::array drawn{Kind::status,        Kind::html,      Kind::delay,      Kind::cut,
                               Kind::wrong_receipt, Kind::error_200, Kind::lose_answer};
    fault.kind = drawn[random_() % drawn.size()];
    fault.delay = std::chrono::milliseconds{random_() % 200};
    return fault;
}

} // namespace nguon::practice_portal
