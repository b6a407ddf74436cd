#include "connector/epcis_target.hpp"

#include "connector/epcis_reconciliation.hpp"
#include "connector/epcis_wire.hpp"
#include "connector/item_conversation.hpp"
#include "core/bytes.hpp"
#include "core/http/uri.hpp"
#include "core/json.hpp"

#include <algorithm>
#include <cassert>
#include <optional>

#include <nlohmann/json.hpp>

namespace nguon::connector {

namespace {

using nlohmann::json;

constexpr std::size_t answer_depth_max = 32;
constexpr std::size_t job_bytes_max = 64 * 1024; // stands in the receipt of each of its events
constexpr std::size_t ticket_bytes_max = 500;
constexpr std::size_t absent_max = 10'000;
constexpr int captures_max = 2; // a second one for what a duplicate kept out of the first

/// In front of the address of a capture job where the portal's number of a delivered event stands later.
constexpr std::string_view ticket_mark = "capture:";

/// Why a job did not succeed.
struct JobFault {
    AnswerClass answer_class = AnswerClass::unknown;
    bool duplicate = false;
    std::string code = "capture.failed";
    std::string text = {};
};

JobFault fault_of(json const& job)
{
    JobFault fault;
    auto const errors = job.find("errors");
    if (errors == job.end() || !errors->is_array() || errors->empty()) return fault;
    auto const& first = errors->front();
    if (!first.is_object()) return fault;
    auto const type = text_at(first, "type");
    auto const number = number_at(first, "status");
    fault.text = storable_text(errors->dump(-1, ' ', true));
    if (auto const bare = type.substr(type.rfind(':') + 1); !bare.empty()) fault.code = storable_text(bare, 64);
    if (number == 409 || type.ends_with("ResourceAlreadyExistsException"))
        fault.duplicate = true;
    else if (number == 413)
        fault.answer_class = AnswerClass::too_big;
    else if (number == 400 || number == 422 || type.ends_with("ValidationException"))
        fault.answer_class = AnswerClass::record_fault;
    else if (number >= 500)
        fault.answer_class = AnswerClass::transient;
    return fault;
}

bool is_sure_refusal(AnswerClass answer_class)
{
    return answer_class == AnswerClass::record_fault || answer_class == AnswerClass::too_big;
}

} // namespace

struct EpcisItem : ConversationItem {
    enum class Progress {
        to_capture, // known not to be there
        to_look_up, // may be there
        captured,   // the job `ticket` has it
        waiting,    // the job goes on, or the portal does not show it yet
    };

    Progress progress = Progress::to_capture;
    bool announced = false; // the portal said that it has it
    std::string event_id = {};
    std::string ticket = {};
};

/// freeze → ask for open jobs → ask for events that may be there → capture → keep the job's address → ask for the job.
/// Any exchange that fails ends it.
class EpcisConversation final : public ItemConversation<EpcisItem> {
public:
    EpcisConversation(EpcisTarget& target, std::vector<Record> records);

    Step next(Instant now) override;
    void take(Answer const& answer, Instant now) override;

private:
    enum class Sent { none, job, look_up, capture };
    using Item = EpcisItem;
    using Progress = Item::Progress;

    void prepare(Item& item);
    std::optional<Freeze> next_freeze();
    std::optional<Request> next_job();
    std::optional<Request> next_look_up();
    std::optional<Request> next_capture();

    void take_job(Answer const& answer, Instant now);
    void take_job_end(json const& job, Answer const& answer, Instant now);
    void take_look_up(Answer const& answer, Instant now);
    void take_capture(Answer const& answer, Instant now);
    void take_ticket(Answer const& answer, Instant now);
    void take_refusal(Answer const& answer, Instant now);

    /// `asked`: how long the portal wants not to be asked.
    void wait(Item& item, char const* code, std::optional<Duration> asked = {});
    void deliver(Item& item, Answer const& answer, Instant accepted_at, Instant now);
    void change_ticket(Item& item, std::string ticket);
    void ask_again(std::vector<Item*> const& items);
    void read_back(std::vector<Item*> const& items);
    std::vector<Item*> open(Progress progress);
    std::vector<Item*> open_of_ticket(std::string const& ticket);

    EpcisTarget& target_;
    Sent sent_ = Sent::none;
    std::string asked_ticket_;
    Item* asked_ = nullptr;
    std::vector<Item*> capturing_;
    int captures_ = 0;
};

EpcisConversation::EpcisConversation(EpcisTarget& target, std::vector<Record> records)
    : ItemConversation{std::move(records)}, target_{target}
{
    for (auto& item : items_) prepare(item);
}

void EpcisConversation::prepare(Item& item)
{
    auto const& record = item.record;
    if (record.type != "event") return decide(item, Verdict::held, "target.type", record.type);
    bool const was_sent = !record.wire.empty();
    if (!prepare_wire(item, &make_event_wire)) return;
    if (was_sent && !target_.absent_.contains(record.key)) item.progress = Progress::to_look_up;
    item.event_id = event_id_of(record.wire);
    if (record.portal_id.starts_with(ticket_mark)) {
        item.ticket = record.portal_id.substr(ticket_mark.size());
        item.progress = Progress::captured;
    }
}

Step EpcisConversation::next(Instant)
{
    // What an answer changed of the tickets is kept even when that answer was the end.
    if (auto freeze = next_freeze()) return *std::move(freeze);
    if (ended_) return conclusion();
    if (auto job = next_job()) return *std::move(job);
    if (auto look_up = next_look_up()) return *std::move(look_up);
    if (auto capture = next_capture()) return *std::move(capture);
    return conclusion();
}

std::optional<Freeze> EpcisConversation::next_freeze()
{
    if (freeze_.wires.empty() && freeze_.links.empty()) return std::nullopt;
    return std::exchange(freeze_, {});
}

std::optional<Request> EpcisConversation::next_job()
{
    auto const captured = open(Progress::captured);
    if (captured.empty()) return std::nullopt;
    asked_ticket_ = captured.front()->ticket;
    sent_ = Sent::job;
    return target_.request(http::Method::get, asked_ticket_);
}

std::optional<Request> EpcisConversation::next_look_up()
{
    auto const unsure = open(Progress::to_look_up);
    if (unsure.empty()) return std::nullopt;
    asked_ = unsure.front();
    sent_ = Sent::look_up;
    return target_.event_request(asked_->event_id);
}

std::optional<Request> EpcisConversation::next_capture()
{
    capturing_ = open(Progress::to_capture);
    if (capturing_.empty() || captures_ == captures_max) return std::nullopt;
    ++captures_;
    std::vector<std::string_view> wires;
    Instant newest{};
    for (auto const* const item : capturing_) {
        wires.push_back(item->record.wire);
        newest = std::max(newest, item->record.created_at);
        target_.absent_.erase(item->record.key);
    }
    sent_ = Sent::capture;
    auto message = target_.request(http::Method::post, target_.settings_.base_path + "/capture");
    message.body = epcis_document(wires, newest);
    message.headers.emplace_back("Content-Type", "application/json");
    message.headers.emplace_back("Content-Digest", "sha-256=:" + to_base64(sha256(message.body)) + ":");
    message.headers.emplace_back("GS1-EPCIS-Version", "2.0.0");
    message.headers.emplace_back("GS1-Capture-Error-Behaviour", "rollback");
    return message;
}

void EpcisConversation::take(Answer const& answer, Instant now)
{
    exchanged_ = true;
    switch (std::exchange(sent_, Sent::none)) {
    case Sent::job:
        return take_job(answer, now);
    case Sent::look_up:
        return take_look_up(answer, now);
    case Sent::capture:
        return take_capture(answer, now);
    case Sent::none:
        break;
    }
    assert(false);
}

void EpcisConversation::take_job(Answer const& answer, Instant now)
{
    bool const complete = answer.fault == Fault::none;
    // A job that the portal has forgotten says nothing of its events.
    if (complete && (answer.status == 404 || answer.status == 410)) return ask_again(open_of_ticket(asked_ticket_));
    if (!complete || answer.status != 200) return end(classify(answer, now));
    auto const job = parse_json(answer.body, answer_depth_max);
    bool const readable = job && job->is_object() && answer.body.size() <= job_bytes_max &&
                          (job->contains("running") || job->contains("finishedAt"));
    if (!readable) return end({AnswerClass::unknown, {}, "body", storable_text(answer.body)});
    take_job_end(*job, answer, now);
}

void EpcisConversation::take_job_end(json const& job, Answer const& answer, Instant now)
{
    auto const items = open_of_ticket(asked_ticket_);
    // `success` is true from the start; it means something once the job has ended.
    if (flag_at(job, "running")) {
        for (auto* const item : items) wait(*item, "capture.running", classify(answer, now).retry_after);
        return;
    }
    if (flag_at(job, "success")) {
        auto const finished = parse_time(text_at(job, "finishedAt"));
        if (!finished) return read_back(items);
        for (auto* const item : items) deliver(*item, answer, finished->at, now);
        return;
    }
    auto const fault = fault_of(job);
    ask_again(items);
    if (fault.duplicate) return;
    if (is_sure_refusal(fault.answer_class))
        for (auto const* const item : items)
            if (items.size() > 1 && target_.absent_.size() < absent_max) target_.absent_.insert(item->record.key);
    end({fault.answer_class, {}, fault.code, fault.text});
}

void EpcisConversation::take_look_up(Answer const& answer, Instant now)
{
    auto& item = *std::exchange(asked_, nullptr);
    if (answer.fault != Fault::none || (answer.status != 200 && answer.status != 404))
        return end(classify(answer, now));
    auto const match = answer.status == 404 ? EventMatch::absent : match_event(item.record.wire, answer.body);
    switch (match) {
    case EventMatch::absent:
        if (item.announced) return wait(item, "event.unseen");
        item.progress = Progress::to_capture;
        return;
    case EventMatch::same:
        return deliver(item, answer, now, now);
    case EventMatch::differs:
        return decide(item, Verdict::conflict, "event.differs", storable_text(answer.body));
    case EventMatch::unreadable:
        return end({AnswerClass::unknown, {}, "body", storable_text(answer.body)});
    }
}

void EpcisConversation::take_capture(Answer const& answer, Instant now)
{
    if (answer.fault != Fault::none) return end(classify(answer, now));
    switch (answer.status) {
    case 202:
        return take_ticket(answer, now);
    case 200:
    case 201:
        return read_back(capturing_);
    default:
        return take_refusal(answer, now);
    }
}

void EpcisConversation::take_ticket(Answer const& answer, Instant now)
{
    auto const& settings = target_.settings_;
    std::string ticket{answer.header("location")};
    if (ticket.starts_with(settings.base_url + "/")) ticket.erase(0, settings.base_url.size());
    // Our secret and certificate are for this host only.
    if (ticket.find("://") != std::string::npos || ticket.starts_with("//"))
        return end({AnswerClass::contract, {}, "location", storable_text(ticket)});
    if (!ticket.empty() && ticket.front() != '/') ticket = settings.base_path + "/" + ticket;
    bool const usable = !ticket.empty() && ticket.size() <= ticket_bytes_max && storable_text(ticket) == ticket &&
                        ticket.find(' ') == std::string::npos;
    for (auto* const item : capturing_) {
        // Without an address the events themselves are asked for, next time.
        if (!usable) {
            wait(*item, "capture.running", classify(answer, now).retry_after);
            continue;
        }
        change_ticket(*item, ticket);
        item->progress = Progress::captured;
    }
}

void EpcisConversation::take_refusal(Answer const& answer, Instant now)
{
    // One of them is there already: each is asked for, and what is missing goes without the others.
    if (answer.status == 409 && captures_ < captures_max) {
        for (auto* const item : capturing_) item->progress = Progress::to_look_up;
        return;
    }
    auto reading = classify(answer, now);
    if (answer.status == 409) {
        // It is there and not shown: an earlier capture goes on, perhaps. No word in the body says more in EPCIS.
        if (items_.size() == 1) return decide(items_.front(), Verdict::retry, "event.unseen", reading.text);
        reading.answer_class = AnswerClass::conflict;
    }
    if (is_sure_refusal(reading.answer_class) && capturing_.size() > 1)
        for (auto const* const item : capturing_)
            if (target_.absent_.size() < absent_max) target_.absent_.insert(item->record.key);
    end(std::move(reading));
}

void EpcisConversation::wait(Item& item, char const* code, std::optional<Duration> asked)
{
    item.progress = Progress::waiting;
    item.outcome.code = code;
    if (!ended_) reading_ = {AnswerClass::accepted, std::max(asked, reading_.retry_after), code, {}};
}

void EpcisConversation::deliver(Item& item, Answer const& answer, Instant accepted_at, Instant now)
{
    // Nothing is signed here, so everything that was said is kept.
    json const evidence{{"signed", false},
                        {"status", answer.status},
                        {"date", storable_text(answer.header("date"))},
                        {"address", item.ticket.empty() ? "/events/" + item.event_id : item.ticket},
                        {"body", answer.body}};
    db::receipts::Receipt receipt;
    receipt.portal_id = item.event_id;
    receipt.accepted_at = accepted_at;
    receipt.payload_sha256 = item.record.wire_sha256;
    receipt.body = canonical_json(evidence);
    receipt.peer_certificate_sha256 = answer.peer_certificate_sha256;
    receipt.received_at = now;
    item.outcome.portal_id = item.event_id;
    item.outcome.receipt = std::move(receipt);
    decide(item, Verdict::delivered, "", "");
}

void EpcisConversation::change_ticket(Item& item, std::string ticket)
{
    item.ticket = std::move(ticket);
    auto const number = item.ticket.empty() ? std::string{} : std::string{ticket_mark} + item.ticket;
    freeze_.links.push_back({item.record.type, item.record.id, number});
}

void EpcisConversation::ask_again(std::vector<Item*> const& items)
{
    for (auto* const item : items) {
        change_ticket(*item, "");
        item->progress = Progress::to_look_up;
    }
}

/// They are said to be there, which may also be a sign-in page's opinion.
void EpcisConversation::read_back(std::vector<Item*> const& items)
{
    for (auto* const item : items) {
        item->announced = true;
        item->progress = Progress::to_look_up;
    }
}

std::vector<EpcisConversation::Item*> EpcisConversation::open(Progress progress)
{
    std::vector<Item*> found;
    for (auto& item : items_)
        if (!item.decided && item.progress == progress) found.push_back(&item);
    return found;
}

std::vector<EpcisConversation::Item*> EpcisConversation::open_of_ticket(std::string const& ticket)
{
    auto found = open(Progress::captured);
    std::erase_if(found, [&ticket](auto const* item) { return item->ticket != ticket; });
    return found;
}

EpcisTarget::EpcisTarget(EpcisSettings settings) : settings_{std::move(settings)} { assert(settings_.records_max > 0); }

Request EpcisTarget::request(http::Method method, std::string path) const
{
    Request message;
    message.base_url = settings_.base_url;
    message.method = method;
    message.path = std::move(path);
    message.headers.emplace_back("Accept", "application/json");
    if (!settings_.secret.empty()) {
        bool const bearer = settings_.secret_header == "Authorization";
        message.headers.emplace_back(settings_.secret_header, (bearer ? "Bearer " : "") + settings_.secret);
    }
    return message;
}

Request EpcisTarget::event_request(std::string const& event_id) const
{
    return request(http::Method::get, settings_.base_path + "/events/" + http::percent_encode(event_id));
}

std::unique_ptr<Reconciliation> EpcisTarget::reconcile(ReconcileRange range)
{
    return make_epcis_reconciliation(*this, range);
}

std::unique_ptr<Conversation> EpcisTarget::begin(std::vector<Record> records)
{
    return std::make_unique<EpcisConversation>(*this, std::move(records));
}

} // namespace nguon::connector
