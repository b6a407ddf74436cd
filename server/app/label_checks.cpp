#include "server/app/label_checks.hpp"

#include "core/bytes.hpp"
#include "db/label_check_keys.hpp"

#include <algorithm>
#include <optional>

namespace nguon::server::app {
namespace {

std::optional<LabelCheckKey> opened(Sealer const& sealer, db::label_check_keys::Key const& key)
{
    auto const secret = sealer.unseal(key.sealed, db::label_check_keys::purpose(key.id));
    if (!secret) return std::nullopt;
    return LabelCheckKey{key.id.front(), *secret};
}

std::optional<LabelCheckKey> newest_that_opens(Sealer const& sealer, std::vector<db::label_check_keys::Key> const& keys)
{
    for (auto key = keys.rbegin(); key != keys.rend(); ++key)
        if (auto found = opened(sealer, *key)) return found;
    return std::nullopt;
}

} // namespace

Result<LabelCheckKey> key_for_labels(db::Connection& c, Sealer const* sealer, Instant now)
{
    if (sealer == nullptr) return unavailable("label_check.no_key");
    auto const ids = LabelCheckKey::ids();
    for (;;) {
        auto const keys = db::label_check_keys::list(c);
        if (auto const key = newest_that_opens(*sealer, keys)) return *key;
        // There is none yet, or the sealing key was lost with those before.
        if (keys.size() >= ids.size()) return unavailable("label_check.no_key");
        std::string const id{ids[keys.size()]};
        auto const secret = LabelCheckKey::new_secret();
        auto const sealed = sealer->seal(secret, db::label_check_keys::purpose(id));
        if (db::label_check_keys::insert(c, {id, sealed, now})) return LabelCheckKey{id.front(), secret};
    }
}

Result<LabelCheckKey> find_label_key(db::Connection& c, Sealer const* sealer, std::string_view id)
{
    if (sealer == nullptr) return unavailable("label_check.no_key");
    auto const keys = db::label_check_keys::list(c);
    auto const key = std::ranges::find(keys, id, &db::label_check_keys::Key::id);
    auto const found = key == keys.end() ? std::nullopt : opened(*sealer, *key);
    if (!found) return unavailable("label_check.no_key");
    return *found;
}

LabelCheck judge_label_check(db::Connection& c, Sealer const* sealer, std::string_view code, std::string_view given)
{
    if (given.empty() || code.empty()) return LabelCheck::none;
    auto const key = find_label_key(c, sealer, given.substr(0, 1));
    if (!key) return LabelCheck::none;
    return equal_constant_time(key->check_of(code), given) ? LabelCheck::passed : LabelCheck::failed;
}

} // namespace nguon::server::app
