#include "core/model/mark.hpp"

#include <nlohmann/json.hpp>

namespace nguon {

std::string_view to_text(MarkKind kind)
{
    switch (kind) {
    case MarkKind::confirmed:
        return "confirmed";
    case MarkKind::evidenced:
        return "evidenced";
    case MarkKind::self_declared:
        break;
    }
    return "self_declared";
}

MarkKind read_mark_kind(std::string_view text)
{
    if (text == "confirmed") return MarkKind::confirmed;
    if (text == "evidenced") return MarkKind::evidenced;
    return MarkKind::self_declared;
}

nlohmann::json to_json(Marks const& marks)
{
    auto json = nlohmann::json::object();
    for (auto const& [field, mark] : marks) {
        auto& out = json[field];
        out["kind"] = to_text(mark.kind);
        if (!mark.confirmed_by.empty()) out["confirmed_by"] = mark.confirmed_by;
        if (!mark.at.empty()) out["at"] = mark.at;
        if (!mark.evidence.empty()) out["evidence"] = mark.evidence;
    }
    return json;
}

Marks read_marks(nlohmann::json const& json)
{
    Marks marks;
    for (auto const& [field, in] : json.items())
        marks[field] = Mark{read_mark_kind(in.value("kind", "")), in.value("confirmed_by", ""), in.value("at", ""),
                            in.value("evidence", std::vector<std::string>{})};
    return marks;
}

} // namespace nguon
