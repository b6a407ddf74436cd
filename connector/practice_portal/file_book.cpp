#include "connector/practice_portal/file_book.hpp"

#include <nlohmann/json.hpp>

namespace nguon::practice_portal {

using nlohmann::json;

void FileBook::take(json const& entry, std::vector<std::string>& violations)
{
    auto const key = entry.value("key", "");
    auto& effect = effects_[key];
    effect.take(entry);
    order_.push_back(key);
    if (effect.effects > 1) violations.push_back("I3 file " + key);
    auto& head = heads_[{effect.type, effect.record}];
    if (effect.before != head || effect.version <= head)
        violations.push_back("I4 file " + effect.type + " " + effect.record);
    head = effect.version;
}

void FileBook::forget(std::string const& key)
{
    auto const effect = effects_.find(key);
    if (effect == effects_.end()) return;
    heads_[{effect->second.type, effect->second.record}] = effect->second.before;
    effects_.erase(effect);
    std::erase(order_, key);
}

Effect const* FileBook::find(std::string const& key) const
{
    auto const found = effects_.find(key);
    return found == effects_.end() ? nullptr : &found->second;
}

std::int64_t FileBook::version_of(std::string const& type, std::string const& record) const
{
    auto const head = heads_.find({type, record});
    return head == heads_.end() ? 0 : head->second;
}

std::string FileBook::newest() const { return order_.empty() ? std::string{} : order_.back(); }

json FileBook::describe() const
{
    auto records = json::array();
    for (auto const& [key, effect] : effects_) records.push_back(effect.describe(key));
    return records;
}

} // namespace nguon::practice_portal
