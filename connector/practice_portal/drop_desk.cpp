#include "connector/practice_portal/drop_desk.hpp"

#include "connector/practice_portal/event_book.hpp"
#include "core/bytes.hpp"
#include "core/files.hpp"
#include "core/json.hpp"
#include "core/runtime/log.hpp"

#include <algorithm>
#include <vector>

#include <nlohmann/json.hpp>

namespace nguon::practice_portal {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view manifest_suffix = ".manifest.json";
constexpr std::string_view signature_suffix = ".manifest.sig";

/// The line of a bundle as the portal understands it.
FiledRecord read_record(std::string_view bytes)
{
    FiledRecord record;
    record.digest = sha256_hex(bytes);
    auto const line = parse_json(bytes, 32);
    auto const content = line && line->is_object() ? line->value("record", json::object()) : json::object();
    if (content.empty() || !content.is_object()) {
        record.fault = "ERR_DATA_FORMAT";
        return record;
    }
    record.key = text_at(*line, "key");
    record.version_before = number_at(*line, "previous");
    record.type = text_at(content, "type");
    record.record_id = text_at(content, "id");
    record.version = number_at(content, "version");
    auto const fields = content.value("fields", json::object());
    if (record.type == "product" && text_at(fields, "name").empty()) {
        record.fault = "ERR_VALIDATE_TEN";
        record.fault_text = "Thiếu tên sản phẩm";
    }
    return record;
}

std::vector<FiledRecord> read_lines(std::string_view content)
{
    std::vector<FiledRecord> records;
    while (!content.empty()) {
        auto const end = std::min(content.find('\n'), content.size());
        if (end > 0) records.push_back(read_record(content.substr(0, end)));
        content.remove_prefix(std::min(end + 1, content.size()));
    }
    return records;
}

/// An EPCIS document has no keys of ours; the manifest names them in the order of the events.
std::vector<FiledRecord> read_events(std::string_view content, json const& entries)
{
    auto const capture = read_capture(content);
    std::vector<FiledRecord> records;
    if (!capture || capture->events.size() != entries.size()) return records;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        FiledRecord record;
        record.key = text_at(entries[i], "key");
        record.digest = capture->events[i].digest;
        record.type = text_at(entries[i], "type");
        record.record_id = text_at(entries[i], "id");
        record.version = number_at(entries[i], "version");
        records.push_back(std::move(record));
    }
    return records;
}

/// Whether the bundle holds what its manifest says, record by record.
bool fits(std::vector<FiledRecord> const& records, json const& entries)
{
    if (records.empty() || records.size() != entries.size()) return false;
    for (std::size_t i = 0; i < records.size(); ++i)
        if (text_at(entries[i], "key") != records[i].key || text_at(entries[i], "sha256") != records[i].digest)
            return false;
    return true;
}

} // namespace

Result<DropDesk> DropDesk::open(fs::path directory, fs::path const& sender_key)
{
    std::error_code fault;
    for (auto const* const name : {"outgoing", "incoming"})
        if (!fault) fs::create_directories(directory / name, fault);
    if (fault) return invalid("portal.data_dir", {directory.string()});
    auto key = ed25519::PublicKey::read_pem(sender_key);
    if (!key) return invalid("receipt.key_unreadable", {sender_key.string()});
    return DropDesk{std::move(directory), *std::move(key)};
}

void DropDesk::serve(Ledger& ledger, ReceiptSigner const& signer, FaultPlan& faults, Instant now)
{
    std::vector<std::string> names;
    for (auto const& entry : fs::directory_iterator{directory_ / "outgoing"}) {
        auto const file = entry.path().filename().string();
        if (!file.starts_with('.') && file.ends_with(signature_suffix))
            names.push_back(file.substr(0, file.size() - signature_suffix.size()));
    }
    std::ranges::sort(names);
    for (auto const& name : names)
        if (!rejected_.contains(name)) take_bundle(name, ledger, signer, faults.next("/drop/" + name), now);
}

void DropDesk::take_bundle(std::string const& name, Ledger& ledger, ReceiptSigner const& signer,
                           PlannedFault const& fault, Instant now)
{
    using Kind = PlannedFault::Kind;
    auto const incoming = directory_ / "incoming";
    if (fault.kind == Kind::html || fault.kind == Kind::error_200) {
        auto const rubbish = "<!DOCTYPE html>\n{\"key\": 7}\n{\"key\n";
        static_cast<void>(write_file(incoming / (name + ".rubbish.ndjson"), rubbish, readable_by_group));
        return;
    }
    if (fault.kind == Kind::status || fault.kind == Kind::cut || fault.kind == Kind::delay) return; // not this time
    if (fault.kind == Kind::forget) ledger.forget_newest_file(now);

    auto const outgoing = directory_ / "outgoing";
    auto const manifest = read_file(outgoing / (name + std::string{manifest_suffix}));
    auto const signature = read_file(outgoing / (name + std::string{signature_suffix}));
    auto const read = manifest ? json::parse(*manifest, nullptr, false) : json{};
    auto const file = text_at(read, "file");
    auto const content = file.starts_with(name + ".") ? read_file(outgoing / file)
                                                      : Result<std::string>{invalid("file.cannot_read", {file})};
    auto const entries = read.is_object() ? read.value("records", json::array()) : json::array();
    bool sound = signature && content && sender_key_.verify(*manifest, *signature) &&
                 sha256_hex(*content) == text_at(read, "sha256");
    auto const records = !sound                               ? std::vector<FiledRecord>{}
                         : text_at(read, "format") == "epcis" ? read_events(*content, entries)
                                                              : read_lines(*content);
    sound = sound && fits(records, entries);
    if (!sound) {
        log::warning("a bundle is not what its signature says", {{"bundle", name}});
        rejected_.insert(name);
        return;
    }
    std::string lines;
    for (auto const& record : records) {
        auto const outcome = ledger.file(record, now);
        auto answer = outcome.error.empty()
                          ? signer.sign({record.key, record.digest, outcome.accepted_at, outcome.id})
                          : signer.refuse(record.key, record.digest, to_iso(now), outcome.error, outcome.text);
        if (fault.kind == Kind::wrong_receipt) answer = forged(std::move(answer));
        lines += canonical_json(answer) + "\n";
    }
    ledger.sync();
    if (fault.kind == Kind::lose_answer) return;
    if (auto const left = write_file(incoming / (name + ".receipts.ndjson"), lines, readable_by_group); !left) {
        // The bundle stays: it is read again, and answered as before.
        log::error("receipts cannot be left", {{"bundle", name}, {"fault", left.error().log_text}});
        return;
    }
    if (fault.kind == Kind::wrong_receipt) return;
    // The signature first: without it nothing is a bundle any more.
    for (auto const& gone : {name + std::string{signature_suffix}, name + std::string{manifest_suffix}, file})
        fs::remove(outgoing / gone);
}

} // namespace nguon::practice_portal
