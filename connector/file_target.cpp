#include "connector/file_target.hpp"

#include "connector/item_conversation.hpp"
#include "core/json.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <optional>

#include <nlohmann/json.hpp>

namespace nguon::connector {

namespace {

using nlohmann::json;

constexpr std::size_t receipt_depth_max = 8;

/// In front of a bundle's name where the portal's number of a delivered record stands later.
constexpr std::string_view ticket_mark = "bundle:";

using Lines = std::multimap<std::string, json>; // by key

/// Whole lines only: what is still being written has no end yet.
Lines receipt_lines(std::string_view text)
{
    Lines lines;
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        auto line = parse_json(text.substr(0, end), receipt_depth_max);
        text.remove_prefix(end + 1);
        if (!line) continue;
        if (auto key = text_at(*line, "key"); !key.empty()) lines.emplace(std::move(key), *std::move(line));
    }
    return lines;
}

} // namespace

struct FileItem : ConversationItem {
    bool asked = false;
    std::string bundle = {}; // its name; empty: not in one
};

/// ask for the receipts of bundles that went out → freeze bytes and bundle name → put the bundle.
class FileConversation final : public ItemConversation<FileItem> {
public:
    FileConversation(FileTarget& target, std::vector<Record> records);

    Step next(Instant now) override;
    void take(Answer const& answer, Instant now) override;

private:
    enum class Sent { none, ask, put };

    using Item = FileItem;

    void prepare(Item& item);
    std::optional<Request> next_question();
    std::optional<Freeze> next_freeze(Instant now);
    std::optional<Request> next_put();

    void take_receipts(Answer const& answer, Instant now);
    void take_receipt(Item& item, Lines const& lines, Instant now);
    void take_put(Answer const& answer, Instant now);
    void wait(Item& item, std::string code, std::string text);
    void change_bundle(Item& item, std::string name);
    std::vector<Item*> open();

    FileTarget& target_;
    Sent sent_ = Sent::none;
    std::string asked_bundle_;
    std::optional<Bundle> made_;
};

FileConversation::FileConversation(FileTarget& target, std::vector<Record> records)
    : ItemConversation{std::move(records)}, target_{target}
{
    for (auto& item : items_) prepare(item);
}

void FileConversation::prepare(Item& item)
{
    auto const& record = item.record;
    auto const format = target_.settings_.format;
    if (format == BundleFormat::epcis && record.type != "event")
        return decide(item, Verdict::held, "target.type", record.type);
    auto const make = [format](Record const& made) { return make_file_wire(format, made); };
    if (!prepare_wire(item, make)) return;
    if (record.portal_id.starts_with(ticket_mark)) item.bundle = record.portal_id.substr(ticket_mark.size());
}

Step FileConversation::next(Instant now)
{
    if (!ended_) {
        if (auto question = next_question()) return *std::move(question);
        if (auto freeze = next_freeze(now)) return *std::move(freeze);
        if (auto put = next_put()) return *std::move(put);
    }
    // What the receipts refused leaves its bundle, so that it goes out in a new one when a person sends it again.
    if (!freeze_.links.empty()) return std::exchange(freeze_, {});
    return conclusion();
}

std::optional<Request> FileConversation::next_question()
{
    for (auto const* const item : open()) {
        if (item->bundle.empty() || item->asked) continue;
        asked_bundle_ = item->bundle;
        sent_ = Sent::ask;
        Request request;
        request.base_url = target_.settings_.base_url;
        request.path = "/" + asked_bundle_;
        return request;
    }
    return std::nullopt;
}

std::optional<Freeze> FileConversation::next_freeze(Instant now)
{
    std::vector<Record const*> records;
    for (auto const* const item : open())
        if (item->bundle.empty()) records.push_back(&item->record);
    if (records.empty()) return std::nullopt;
    made_ = make_bundle(target_.settings_.name, target_.settings_.format, std::move(records), now);
    for (auto* const item : open())
        if (item->bundle.empty()) {
            change_bundle(*item, made_->name);
            item->asked = true;
        }
    return std::exchange(freeze_, {});
}

std::optional<Request> FileConversation::next_put()
{
    if (!made_) return std::nullopt;
    sent_ = Sent::put;
    Request request;
    request.base_url = target_.settings_.base_url;
    request.method = http::Method::put;
    request.path = "/" + made_->name;
    request.body = to_text(*made_);
    return request;
}

void FileConversation::take(Answer const& answer, Instant now)
{
    exchanged_ = true;
    auto const sent = std::exchange(sent_, Sent::none);
    assert(sent != Sent::none);
    if (sent == Sent::ask) return take_receipts(answer, now);
    take_put(answer, now);
}

void FileConversation::take_receipts(Answer const& answer, Instant now)
{
    bool const complete = answer.fault == Fault::none;
    if (!complete || (answer.status != 200 && answer.status != 404)) return end(classify(answer, now));
    auto const lines = receipt_lines(answer.body);
    for (auto* const item : open()) {
        if (item->bundle != asked_bundle_) continue;
        item->asked = true;
        if (answer.status == 200)
            take_receipt(*item, lines, now);
        else
            item->bundle.clear(); // it was never written under that name; nothing of it has left this house
    }
}

void FileConversation::take_receipt(Item& item, Lines const& lines, Instant now)
{
    auto const& keys = target_.settings_.receipt_keys;
    std::string fault = "file.waiting";
    std::string text;
    auto const [first, last] = lines.equal_range(item.record.key);
    for (auto line = first; line != last; ++line) {
        if (line->second.contains("error")) {
            auto const refusal = keys.verify_refusal(line->second, item.record.key, item.record.wire_sha256);
            if (refusal) {
                change_bundle(item, "");
                return decide(item, Verdict::refused, refusal->error, refusal->text);
            }
            fault = refusal.error().key;
        } else {
            auto receipt = keys.verify(line->second, item.record.key, item.record.wire_sha256);
            if (receipt) {
                receipt->received_at = now;
                item.outcome.portal_id = receipt->portal_id;
                item.outcome.receipt = *std::move(receipt);
                return decide(item, Verdict::delivered, "", "");
            }
            fault = receipt.error().key;
        }
        text = storable_text(line->second.dump(-1, ' ', true));
    }
    wait(item, fault, text);
}

void FileConversation::take_put(Answer const& answer, Instant now)
{
    made_.reset();
    if (answer.fault != Fault::none || answer.status != 202) {
        auto reading = classify(answer, now);
        if (reading.answer_class == AnswerClass::conflict) reading.code = "file.other_bytes";
        return end(std::move(reading));
    }
    for (auto* const item : open())
        if (item->outcome.code.empty()) wait(*item, "file.waiting", "");
}

/// A receipt that proves nothing blocks nobody: the right one may still be on its way.
void FileConversation::wait(Item& item, std::string code, std::string text)
{
    if (reading_.answer_class != AnswerClass::accepted || code != "file.waiting")
        reading_ = {AnswerClass::accepted, {}, code, text};
    item.outcome.code = std::move(code);
    item.outcome.text = std::move(text);
}

void FileConversation::change_bundle(Item& item, std::string name)
{
    auto const number = name.empty() ? std::string{} : std::string{ticket_mark} + name;
    item.bundle = std::move(name);
    freeze_.links.push_back({item.record.type, item.record.id, number});
}

std::vector<FileConversation::Item*> FileConversation::open()
{
    std::vector<Item*> found;
    for (auto& item : items_)
        if (!item.decided) found.push_back(&item);
    return found;
}

FileTarget::FileTarget(FileSettings settings) : settings_{std::move(settings)} { assert(settings_.records_max > 0); }

std::unique_ptr<Conversation> FileTarget::begin(std::vector<Record> records)
{
    return std::make_unique<FileConversation>(*this, std::move(records));
}

} // namespace nguon::connector
