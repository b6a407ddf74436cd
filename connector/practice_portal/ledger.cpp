#include "connector/practice_portal/ledger.hpp"

#include "core/bytes.hpp"
#include "core/json.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

namespace nguon::practice_portal {

namespace {

using nlohmann::json;

/// An operating system that cannot write the ledger leaves nothing to answer with.
[[noreturn]] void stop_program(char const* what)
{
    std::fprintf(stderr, "practice portal: the ledger cannot be %s: %s\n", what, std::strerror(errno));
    std::abort();
}

/// A new file survives a power cut only with the directory that names it.
void sync_directory(std::filesystem::path const& directory)
{
    auto const descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0 || ::fsync(descriptor) != 0) stop_program("made durable");
    ::close(descriptor);
}

std::string_view prefix_of(std::string_view type)
{
    for (auto const& name : resource_names())
        if (name.type == type) return name.id_prefix;
    return "X";
}

std::string const& lookup_of(Line const& line) { return line.type == "product" ? line.gtin : line.tax_code; }

} // namespace

Ledger::Ledger(Ledger&& other) noexcept
    : file_{std::exchange(other.file_, -1)}, unsynced_{other.unsynced_}, next_number_{other.next_number_},
      effects_{std::move(other.effects_)}, heads_{std::move(other.heads_)}, types_{std::move(other.types_)},
      lookups_{std::move(other.lookups_)}, confirmed_{std::move(other.confirmed_)}, events_{std::move(other.events_)},
      files_{std::move(other.files_)}, pictures_{std::move(other.pictures_)}, violations_{std::move(other.violations_)}
{
}

Ledger::~Ledger()
{
    if (file_ >= 0) ::close(file_);
}

Result<Ledger> Ledger::open(std::filesystem::path const& file)
{
    auto const descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (descriptor < 0) return invalid("portal.ledger_unreadable", {file.string()});
    Ledger ledger{descriptor};
    // Two portals on one ledger would each answer for what only the other knows.
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) return conflict("portal.ledger_locked", {file.string()});
    sync_directory(file.parent_path());
    std::string text;
    if (std::ifstream in{file, std::ios::binary}; in)
        text.assign(std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{});
    auto const whole = text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1;
    text.resize(whole);
    if (::ftruncate(descriptor, static_cast<off_t>(whole)) != 0)
        return invalid("portal.ledger_unreadable", {file.string()});
    if (auto const replayed = ledger.replay(text, file); !replayed) return replayed.error();
    return ledger;
}

Status Ledger::replay(std::string const& text, std::filesystem::path const& file)
{
    std::size_t number = 1;
    for (std::size_t from = 0; from < text.size(); ++number) {
        auto const to = text.find('\n', from);
        auto const entry = json::parse(text.begin() + static_cast<std::ptrdiff_t>(from),
                                       text.begin() + static_cast<std::ptrdiff_t>(to), nullptr, false);
        if (!entry.is_object() || !take(entry))
            return invalid("portal.ledger_damaged", {file.string(), std::to_string(number)});
        from = to + 1;
    }
    return Done{};
}

/// One entry of the file takes effect; also while the portal runs, so that replay and running cannot differ.
bool Ledger::take(json const& entry)
{
    auto const what = entry.value("what", std::string{});
    auto const key = entry.value("key", std::string{});
    if (what == "created") {
        take_created(entry);
    } else if (what == "confirmed") {
        effects_[key].confirmed = true;
        confirmed_.push_back(key);
    } else if (what == "altered") {
        effects_[key].digest = entry.value("sha256", "");
    } else if (what == "entered") {
        types_[entry.value("id", "")] = entry.value("type", "");
        lookups_[{entry.value("type", ""), entry.value("lookup", "")}].push_back(entry.value("id", ""));
        ++next_number_;
    } else if (what == "forgotten") {
        take_forgotten(key);
    } else if (what == "captured") {
        events_.take(entry, violations_);
    } else if (what == "event_forgotten") {
        events_.forget(entry.value("event", std::string{}));
    } else if (what == "filed") {
        files_.take(entry, violations_);
    } else if (what == "file_forgotten") {
        files_.forget(key);
    } else if (what == "picture") {
        auto const sha256 = entry.value("sha256", "");
        if (pictures_.contains(sha256)) violations_.push_back("picture twice " + sha256);
        pictures_[sha256] = {entry.value("id", ""), entry.value("bytes", std::size_t{0})};
    } else {
        return false;
    }
    return true;
}

void Ledger::take_created(json const& entry)
{
    auto& effect = effects_[entry.value("key", "")];
    effect.take(entry);
    effect.lookup = entry.value("lookup", "");
    ++next_number_;
    // The invariants are checked here, on what the file says, apart from the rules that should have kept them.
    if (effect.effects > 1) violations_.push_back("I3 " + entry.value("key", ""));
    auto& head = heads_[{effect.type, effect.record}];
    if (effect.before != head.version || effect.version <= head.version)
        violations_.push_back("I4 " + effect.type + " " + effect.record);
    head = {effect.id, effect.version};
    types_[effect.id] = effect.type;
    if (effect.lookup.empty()) return;
    auto& ids = lookups_[{effect.type, effect.lookup}];
    if (std::find(ids.begin(), ids.end(), effect.id) == ids.end()) ids.push_back(effect.id);
}

void Ledger::take_forgotten(std::string const& key)
{
    auto const effect = effects_.find(key);
    if (effect == effects_.end()) return;
    auto& head = heads_[{effect->second.type, effect->second.record}];
    head.version = effect->second.before;
    if (head.version == 0) {
        types_.erase(head.id);
        std::erase(lookups_[{effect->second.type, effect->second.lookup}], head.id);
        heads_.erase({effect->second.type, effect->second.record});
    }
    std::erase(confirmed_, key);
    effects_.erase(effect);
}

void Ledger::append(json const& entry)
{
    auto const line = canonical_json(entry) + "\n";
    for (std::size_t sent = 0; sent < line.size();) {
        auto const count = ::write(file_, line.data() + sent, line.size() - sent);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) stop_program("written");
        sent += static_cast<std::size_t>(count);
    }
    unsynced_ = true;
    take(entry);
}

void Ledger::sync()
{
    if (!unsynced_) return;
    if (::fdatasync(file_) != 0) stop_program("synced");
    unsynced_ = false;
}

Ledger::Outcome Ledger::apply(Line const& line, Instant now)
{
    auto const known = effects_.find(line.key);
    if (known == effects_.end()) return refuse_or_apply(line, now);
    auto const& effect = known->second;
    if (effect.digest != line.digest)
        return {"", "", false, "ERR_KEY_CONFLICT", "Khóa này đã được dùng cho nội dung khác"};
    return {effect.confirmed ? "CONFIRMED" : "CREATED", effect.id, true, "", ""};
}

Ledger::Outcome Ledger::refuse_or_apply(Line const& line, Instant now)
{
    if (!line.fault.empty()) return {"", "", false, line.fault, line.fault_text};
    for (auto const& [id, type] : line.numbers) {
        auto const known = types_.find(id);
        if (known == types_.end() || known->second != type)
            return {"", "", false, "ERR_PARENT_UNKNOWN", "Không tìm thấy " + id};
    }
    for (auto const& id : line.pictures) {
        bool const known =
            std::ranges::any_of(pictures_, [&id](auto const& picture) { return picture.second.id == id; });
        if (!known && !id.starts_with("https://"))
            return {"", "", false, "ERR_VALIDATE_HINHANH", "Không có ảnh " + id, ""};
    }
    auto const head = heads_.find({line.type, line.record_id});
    auto const applied = head == heads_.end() ? 0 : head->second.version;
    if (line.version_before != applied || line.version <= applied)
        return {"", "", false, "ERR_VERSION_ORDER", "Phiên bản hiện có là " + std::to_string(applied)};
    auto const& lookup = lookup_of(line);
    std::string id = line.link;
    if (line.is_create) {
        if (line.type == "product" && !look_up(line.type, lookup).empty())
            return {"", "", false, "ERR_DUPLICATE_GTIN", "GTIN đã được đăng ký"};
        id = std::string{prefix_of(line.type)} + std::to_string(next_number_);
    } else if (types_.find(id) == types_.end() || types_.at(id) != line.type) {
        return {"", "", false, "ERR_PARENT_UNKNOWN", "Không tìm thấy bản ghi cần cập nhật"};
    }
    append({{"what", "created"},
            {"key", line.key},
            {"sha256", line.digest},
            {"type", line.type},
            {"record", line.record_id},
            {"version", line.version},
            {"before", line.version_before},
            {"id", id},
            {"lookup", lookup},
            {"line", line.bytes},
            {"at", to_iso(now)}});
    return {"CREATED", id, false, "", ""};
}

Result<Ledger::Confirmed> Ledger::confirm(std::string const& key, Instant now)
{
    auto const found = effects_.find(key);
    if (found == effects_.end()) return invalid("ERR_KEY_UNKNOWN");
    auto const& effect = found->second;
    if (!effect.confirmed) append({{"what", "confirmed"}, {"key", key}, {"at", to_iso(now)}});
    return Confirmed{effect.digest, effect.id, effect.accepted_at};
}

std::vector<std::string> Ledger::look_up(std::string const& type, std::string const& value) const
{
    auto const found = lookups_.find({type, value});
    if (value.empty() || found == lookups_.end()) return {};
    return found->second;
}

std::vector<Ledger::Held> Ledger::held(Instant from, Instant to) const
{
    std::vector<Held> records;
    for (auto const& [key, effect] : effects_) {
        auto const at = parse_time(effect.accepted_at);
        if (!effect.confirmed || !at || at->at < from || at->at >= to) continue;
        records.push_back({key, effect.digest, effect.type, effect.record, effect.version, effect.id, at->at});
    }
    return records;
}

bool Ledger::alter(std::string const& key, Instant now)
{
    auto const found = effects_.find(key);
    if (found == effects_.end()) return false;
    append({{"what", "altered"}, {"key", key}, {"sha256", sha256_hex(found->second.digest)}, {"at", to_iso(now)}});
    return true;
}

std::string Ledger::picture_number(std::string const& sha256) const
{
    auto const found = pictures_.find(sha256);
    return found == pictures_.end() ? std::string{} : found->second.id;
}

std::string Ledger::keep_picture(std::string const& sha256, std::size_t bytes, Instant now)
{
    auto const id = "ANH" + std::to_string(pictures_.size() + 1);
    append({{"what", "picture"}, {"sha256", sha256}, {"id", id}, {"bytes", bytes}, {"at", to_iso(now)}});
    return id;
}

std::string Ledger::enter_by_hand(std::string const& type, std::string const& value, Instant now)
{
    auto const id = std::string{prefix_of(type)} + std::to_string(next_number_);
    append({{"what", "entered"}, {"type", type}, {"lookup", value}, {"id", id}, {"at", to_iso(now)}});
    return id;
}

void Ledger::forget_newest(Instant now)
{
    if (confirmed_.empty()) return;
    auto const key = confirmed_.back();
    append({{"what", "forgotten"}, {"key", key}, {"at", to_iso(now)}});
}

std::string Ledger::capture(std::vector<CapturedEvent> const& events, json const& errors, Instant now)
{
    auto const job = "job-" + std::to_string(events_.jobs() + 1);
    auto list = json::array();
    for (auto const& event : events)
        list.push_back({{"event", event.id},
                        {"declaresError", event.declares_error},
                        {"sha256", event.digest},
                        {"body", event.body}});
    append({{"what", "captured"}, {"job", job}, {"at", to_iso(now)}, {"errors", errors}, {"events", std::move(list)}});
    return job;
}

void Ledger::forget_newest_event(Instant now)
{
    if (auto const id = events_.newest(); !id.empty())
        append({{"what", "event_forgotten"}, {"event", id}, {"at", to_iso(now)}});
}

Ledger::Outcome Ledger::file(FiledRecord const& record, Instant now)
{
    if (auto const* const known = files_.find(record.key)) {
        if (known->digest != record.digest)
            return {"", "", false, "ERR_KEY_CONFLICT", "Khóa này đã được dùng cho nội dung khác", ""};
        return {"CONFIRMED", known->id, true, "", "", known->accepted_at};
    }
    if (!record.fault.empty()) return {"", "", false, record.fault, record.fault_text, ""};
    auto const head = files_.version_of(record.type, record.record_id);
    if (record.version_before != head || record.version <= head)
        return {"", "", false, "ERR_VERSION_ORDER", "Phiên bản hiện có là " + std::to_string(head), ""};
    auto const id = "T" + std::to_string(files_.size() + 1);
    auto const at = to_iso(now);
    append({{"what", "filed"},
            {"key", record.key},
            {"sha256", record.digest},
            {"type", record.type},
            {"record", record.record_id},
            {"version", record.version},
            {"before", record.version_before},
            {"id", id},
            {"at", at}});
    return {"CONFIRMED", id, false, "", "", at};
}

void Ledger::forget_newest_file(Instant now)
{
    if (auto const key = files_.newest(); !key.empty())
        append({{"what", "file_forgotten"}, {"key", key}, {"at", to_iso(now)}});
}

json Ledger::describe() const
{
    auto records = json::array();
    for (auto const& [key, effect] : effects_) {
        auto described = effect.describe(key);
        described["confirmed"] = effect.confirmed;
        records.push_back(std::move(described));
    }
    auto pictures = json::array();
    for (auto const& [sha256, picture] : pictures_)
        pictures.push_back({{"sha256", sha256}, {"id", picture.id}, {"bytes", picture.bytes}});
    return {{"records", std::move(records)},
            {"pictures", std::move(pictures)},
            {"events", events_.describe()},
            {"files", files_.describe()},
            {"violations", violations_}};
}

} // namespace nguon::practice_portal
