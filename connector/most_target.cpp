#include "connector/most_target.hpp"

#include "connector/item_conversation.hpp"
#include "connector/most_catalogues.hpp"
#include "connector/most_reconciliation.hpp"
#include "connector/most_wire.hpp"
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

constexpr std::size_t answer_depth_max = 16;
constexpr Duration token_margin = std::chrono::seconds{30};
constexpr Duration token_life_default = std::chrono::minutes{5};

AnswerClass class_of(ErrorMeaning meaning)
{
    switch (meaning) {
    case ErrorMeaning::identity:
        return AnswerClass::identity;
    case ErrorMeaning::transient:
    case ErrorMeaning::retry:
        return AnswerClass::transient;
    case ErrorMeaning::refused:
        return AnswerClass::record_fault;
    case ErrorMeaning::conflict:
        return AnswerClass::conflict;
    case ErrorMeaning::unknown:
        break;
    }
    return AnswerClass::unknown;
}

std::string content_digest(std::string const& body) { return "sha-256=:" + to_base64(sha256(body)) + ":"; }

} // namespace

struct MostItem : ConversationItem {
    json content = {}; // what the record says, until its bytes are made
    bool looked_up = false;
    bool is_create = false;
    bool created = false; // the portal has it and waits for the confirmation
    std::string portal_id = {};
};

/// token → catalogues that were never asked for → look-up → pictures → freeze → create → update → confirm. Any exchange
/// that fails ends it; what has not been decided by then is undecided and goes again, byte for byte.
class MostConversation final : public ItemConversation<MostItem> {
public:
    MostConversation(MostTarget& target, std::vector<Record> records);

    Step next(Instant now) override;
    void take(Answer const& answer, Instant now) override;

private:
    enum class Stage { catalogue, look_up, picture, freeze, create, update, confirm, end };
    enum class Sent { none, token, catalogue, look_up, picture, create, update, confirm };

    using Item = MostItem;

    std::optional<Step> next_of_stage();
    std::optional<Step> next_catalogue();
    std::optional<Step> next_look_up();
    std::optional<Step> next_picture();
    std::optional<Step> next_freeze();
    std::optional<Step> next_write(bool create);
    std::optional<Step> next_confirm();

    void take_catalogue(Answer const& answer, Instant now);
    void hold_gaps();
    void take_look_up(json const& data);
    void take_picture(Reading reading, Answer const& answer);
    void refuse_picture(Reading const& reading);
    void check_before_sending(Item& item);
    static void hold(Item& item, std::string_view code, std::string text);
    void take_results(json const& data, Instant now, Answer const& answer);
    void take_result(Item& item, json const& result, Instant now, Answer const& answer);
    void take_receipt(Item& item, json const& result, Instant now, Answer const& answer);
    void take_error(Item& item, std::string const& word, std::string const& text);
    Item* find(std::string const& key);

    MostTarget& target_;
    Stage stage_ = Stage::catalogue;
    Sent sent_ = Sent::none;
    Item* looking_up_ = nullptr;
    std::string fetching_;  // the catalogue that was asked for
    std::string uploading_; // SHA-256 of the picture under way
    std::size_t uploads_ = 0;
    bool token_renewed_ = false;
    std::size_t next_result_ = 0;               // results come in the order of the request
    ReceiptKeys::GoodSignature signature_ = {}; // of the receipts that came last
};

MostConversation::MostConversation(MostTarget& target, std::vector<Record> records)
    : ItemConversation{std::move(records)}, target_{target}
{
    for (auto& item : items_) {
        item.portal_id = item.record.portal_id;
        // Bytes that were made once passed these checks then.
        if (!item.record.wire.empty()) continue;
        item.content = content_of(item.record);
        check_before_sending(item);
    }
}

void MostConversation::check_before_sending(Item& item)
{
    auto const& record = item.record;
    auto const& settings = target_.settings();
    if (!settings.resources.contains(record.type)) return decide(item, Verdict::held, "target.type", record.type);
    std::optional<std::string> missing;
    try {
        missing = missing_for_most(record.type, item.content);
    } catch (json::exception const& fault) {
        return decide(item, Verdict::conflict, "payload.shape", storable_text(fault.what()));
    }
    if (missing) return hold(item, hold_incomplete, *missing);
    if (record.type != "product" || settings.pictures.path.empty()) return;
    if (record.pictures.empty()) return hold(item, hold_incomplete, "images");
    for (auto const& picture : record.pictures) {
        if (!picture.portal_id.empty()) continue;
        if (!picture.bytes) return hold(item, hold_incomplete, "images");
        if (static_cast<std::size_t>(*picture.bytes) > settings.pictures.bytes_max)
            return hold(item, hold_picture_too_large, std::to_string(settings.pictures.bytes_max / 1024));
    }
}

/// It waits for what its enterprise must mend; when that is done already, the later version goes in its place.
void MostConversation::hold(Item& item, std::string_view code, std::string text)
{
    decide(item, item.record.has_newer ? Verdict::superseded : Verdict::held, std::string{code}, std::move(text));
}

Step MostConversation::next(Instant now)
{
    // What the portal called a picture is kept before anything else happens: it is sent once.
    if (stage_ == Stage::picture && !freeze_.links.empty()) return std::exchange(freeze_, {});
    if (!freeze_.catalogues.empty()) return std::exchange(freeze_, {});
    if (ended_ || std::ranges::all_of(items_, &Item::decided)) return conclusion();
    if (auto sign_in = target_.sign_in(now)) {
        sent_ = Sent::token;
        return *std::move(sign_in);
    }
    while (stage_ != Stage::end)
        if (auto step = next_of_stage()) return std::move(*step);
    return conclusion();
}

std::optional<Step> MostConversation::next_of_stage()
{
    switch (stage_) {
    case Stage::catalogue:
        return next_catalogue();
    case Stage::look_up:
        return next_look_up();
    case Stage::picture:
        return next_picture();
    case Stage::freeze:
        return next_freeze();
    case Stage::create:
        return next_write(true);
    case Stage::update:
        return next_write(false);
    case Stage::confirm:
        return next_confirm();
    case Stage::end:
        break;
    }
    return conclusion();
}

std::optional<Step> MostConversation::next_catalogue()
{
    for (auto const& item : items_) {
        if (item.decided || !item.record.wire.empty()) continue;
        for (auto const& one : catalogued(target_.settings(), item.record.type, item.content)) {
            if (target_.known_catalogues().is_known(one.rule.catalogue)) continue;
            fetching_ = one.rule.catalogue;
            sent_ = Sent::catalogue;
            return catalogue_request(target_, fetching_);
        }
    }
    hold_gaps();
    stage_ = Stage::look_up;
    return std::nullopt;
}

void MostConversation::take_catalogue(Answer const& answer, Instant now)
{
    auto read = read_catalogue(target_, fetching_, answer, now);
    if (auto* const fault = std::get_if<Reading>(&read)) return end(std::move(*fault));
    auto& fetched = std::get<db::portal_catalogues::Fetched>(read);
    target_.catalogues()->take(fetched);
    freeze_.catalogues.push_back(std::move(fetched));
}

void MostConversation::hold_gaps()
{
    for (auto& item : items_) {
        if (item.decided || !item.record.wire.empty()) continue;
        auto gaps = gaps_of(catalogued(target_.settings(), item.record.type, item.content), target_.known_catalogues());
        if (gaps.empty()) continue;
        std::string text;
        for (auto const& gap : gaps)
            text += (text.empty() ? "" : "; ") + gap.catalogue + ": " + storable_text(gap.value, 100);
        hold(item, hold_catalogue, std::move(text));
        if (item.outcome.verdict == Verdict::held)
            item.outcome.lack = {target_.known_catalogues().revision(), std::move(gaps)};
    }
}

std::optional<Step> MostConversation::next_look_up()
{
    for (auto& item : items_) {
        if (item.decided || item.looked_up || !item.record.wire.empty() || !item.portal_id.empty()) continue;
        auto const value = lookup_value(target_.settings(), item.record.type, item.content);
        if (value.empty()) continue;
        auto const& resource = target_.settings().resources.at(item.record.type);
        looking_up_ = &item;
        sent_ = Sent::look_up;
        return target_.request(http::Method::get,
                               resource.path + "?" + resource.lookup_parameter + "=" + http::percent_encode(value));
    }
    stage_ = Stage::picture;
    return std::nullopt;
}

std::optional<Step> MostConversation::next_picture()
{
    auto const& settings = target_.settings().pictures;
    for (auto& item : items_) {
        if (item.decided || !item.record.wire.empty() || settings.path.empty()) continue;
        auto const unknown = std::ranges::find(item.record.pictures, "", &db::deliveries::Picture::portal_id);
        if (unknown == item.record.pictures.end()) continue;
        if (uploads_ == limits::portal_pictures_in_batch_max) {
            decide(item, Verdict::later, "", "");
            continue;
        }
        ++uploads_;
        uploading_ = unknown->sha256;
        sent_ = Sent::picture;
        auto form = make_picture_form(settings, uploading_);
        auto message = target_.request(http::Method::post, settings.path);
        message.headers.emplace_back("Content-Type", std::move(form.media_type));
        message.headers.emplace_back("Idempotency-Key", uploading_);
        message.body = std::move(form.before);
        message.file = uploading_;
        message.after_file = std::move(form.after);
        return message;
    }
    stage_ = Stage::freeze;
    return std::nullopt;
}

std::optional<Step> MostConversation::next_freeze()
{
    stage_ = Stage::create;
    for (auto& item : items_) {
        if (item.decided) continue;
        auto& record = item.record;
        if (record.wire.empty()) {
            try {
                record.wire = make_wire(target_.settings(), record, std::exchange(item.content, {}), item.portal_id,
                                        target_.known_catalogues());
            } catch (json::exception const& fault) {
                decide(item, Verdict::conflict, "payload.shape", storable_text(fault.what()));
                continue;
            }
            record.wire_sha256 = sha256_hex(record.wire);
            item.is_create = item.portal_id.empty();
            freeze_.wires.push_back({record.seq, record.wire, record.wire_sha256});
            if (item.portal_id != record.portal_id) freeze_.links.push_back({record.type, record.id, item.portal_id});
        } else if (sha256_hex(record.wire) != record.wire_sha256) {
            decide(item, Verdict::conflict, "wire.damaged", "");
            continue;
        } else {
            item.is_create = is_create(record.wire);
        }
    }
    if (freeze_.wires.empty() && freeze_.links.empty()) return std::nullopt;
    return std::exchange(freeze_, {});
}

std::optional<Step> MostConversation::next_write(bool create)
{
    stage_ = create ? Stage::update : Stage::confirm;
    std::string body;
    Item const* only = nullptr;
    std::size_t count = 0;
    for (auto const& item : items_) {
        if (item.decided || item.is_create != create) continue;
        body += item.record.wire + "\n";
        only = &item;
        ++count;
    }
    if (count == 0) return std::nullopt;
    sent_ = create ? Sent::create : Sent::update;
    auto const& resource = target_.settings().resources.at(only->record.type);
    auto message = target_.request(create ? http::Method::post : http::Method::put, resource.path, std::move(body),
                                   "application/x-ndjson");
    // Each line carries its own key; a lone record's stands in the header as well.
    if (count == 1) message.headers.emplace_back("Idempotency-Key", only->record.key);
    return message;
}

std::optional<Step> MostConversation::next_confirm()
{
    auto keys = json::array();
    for (auto const& item : items_)
        if (!item.decided && item.created) keys.push_back({{"khoa", item.record.key}, {"id", item.portal_id}});
    // Each record gets at most one confirmation request; what it leaves open goes again with the whole record.
    stage_ = Stage::end;
    if (keys.empty()) return std::nullopt;
    sent_ = Sent::confirm;
    auto const& resource = target_.settings().resources.at(items_.front().record.type);
    return target_.request(http::Method::post, resource.path + target_.settings().confirm_suffix,
                           canonical_json({{"banGhi", std::move(keys)}}), "application/json");
}

void MostConversation::take(Answer const& answer, Instant now)
{
    exchanged_ = true;
    auto const sent = std::exchange(sent_, Sent::none);
    auto reading = classify(answer, now);
    if (answer.status == 401 && sent != Sent::token && !token_renewed_) {
        // It may have run out or been withdrawn early: once, the same stage is gone through again with a new one.
        token_renewed_ = true;
        target_.drop_token();
        if (sent == Sent::create) stage_ = Stage::create;
        if (sent == Sent::update) stage_ = Stage::update;
        if (sent == Sent::confirm) stage_ = Stage::confirm;
        return;
    }
    if (reading.answer_class == AnswerClass::identity) target_.drop_token();
    if (sent == Sent::catalogue) return take_catalogue(answer, now);
    if (sent == Sent::picture) return take_picture(std::move(reading), answer);
    if (reading.answer_class != AnswerClass::decided) return end(std::move(reading));
    if (sent == Sent::token) {
        if (auto refused = target_.take_token(answer, now)) end(*std::move(refused));
        return;
    }
    auto data = target_.read_data(answer);
    if (auto* const fault = std::get_if<Reading>(&data)) return end(std::move(*fault));
    if (sent == Sent::look_up) return take_look_up(std::get<json>(data));
    take_results(std::get<json>(data), now, answer);
}

void MostConversation::take_look_up(json const& data)
{
    assert(looking_up_ != nullptr);
    auto& item = *std::exchange(looking_up_, nullptr);
    item.looked_up = true;
    if (data.empty()) return;
    auto const& id_field = target_.settings().resources.at(item.record.type).id_field;
    auto const id = text_at(data.front(), id_field);
    if (data.size() == 1 && !id.empty()) {
        item.portal_id = storable_text(id, 200);
        return;
    }
    decide(item, Verdict::conflict, "portal.several", storable_text(data.dump(-1, ' ', true)));
}

void MostConversation::take_picture(Reading reading, Answer const& answer)
{
    json data;
    if (reading.answer_class == AnswerClass::decided) {
        auto read = target_.read_data(answer);
        if (auto* const fault = std::get_if<Reading>(&read))
            reading = std::move(*fault);
        else
            data = std::move(std::get<json>(read));
    }
    // The picture is at fault, not the records of the others.
    if (reading.answer_class == AnswerClass::record_fault || reading.answer_class == AnswerClass::too_big)
        return refuse_picture(reading);
    if (reading.answer_class != AnswerClass::decided) return end(std::move(reading));
    auto const& settings = target_.settings().pictures;
    auto const number = data.size() == 1 ? storable_text(text_at(data.front(), settings.answer_field), 500) : "";
    auto const digest = data.size() == 1 ? text_at(data.front(), settings.digest_field) : "";
    if (number.empty() || (!digest.empty() && digest != uploading_))
        return end({AnswerClass::unknown, {}, "picture", storable_text(answer.body)});
    for (auto& item : items_)
        for (auto& picture : item.record.pictures)
            if (picture.sha256 == uploading_) picture.portal_id = number;
    freeze_.links.push_back({std::string{db::deliveries::picture_type}, uploading_, number});
}

void MostConversation::refuse_picture(Reading const& reading)
{
    auto const code = reading.answer_class == AnswerClass::too_big ? hold_picture_too_large : hold_picture_refused;
    for (auto& item : items_) {
        bool const shows = std::ranges::find(item.record.pictures, uploading_, &db::deliveries::Picture::sha256) !=
                           item.record.pictures.end();
        if (!item.decided && shows) hold(item, code, reading.code + " " + reading.text);
    }
}

MostConversation::Item* MostConversation::find(std::string const& key)
{
    for (std::size_t tried = 0; tried < items_.size(); ++tried) {
        auto& item = items_[next_result_++ % items_.size()];
        if (item.record.key == key) return &item;
    }
    return nullptr;
}

void MostConversation::take_results(json const& data, Instant now, Answer const& answer)
{
    for (auto const& result : data) {
        auto* const item = find(text_at(result, "khoa"));
        if (item == nullptr) {
            // Results for what we never sent: the portal has mixed something up and none of its answer is believed.
            return end({AnswerClass::unknown, {}, "foreign_key", storable_text(result.dump(-1, ' ', true))});
        }
        if (!item->decided) take_result(*item, result, now, answer);
    }
}

void MostConversation::take_result(Item& item, json const& result, Instant now, Answer const& answer)
{
    auto const state = text_at(result, "trangThai");
    auto const word = text_at(result, "error");
    if (auto id = text_at(result, "id"); !id.empty()) item.portal_id = storable_text(id, 200);
    if (state == "CREATED" && word.empty()) {
        item.created = true;
        return;
    }
    if (state == "CONFIRMED" && word.empty()) return take_receipt(item, result, now, answer);
    auto const text = storable_text(text_at(result, "message"));
    if (!word.empty()) return take_error(item, word, text);
    item.outcome.code = "status";
    item.outcome.text = storable_text(result.dump(-1, ' ', true));
}

void MostConversation::take_receipt(Item& item, json const& result, Instant now, Answer const& answer)
{
    static json const none;
    auto const found = result.find("bienNhan");
    auto const& raw = found == result.end() ? none : *found;
    auto receipt = target_.settings().receipt_keys.verify(raw, item.record.key, item.record.wire_sha256, &signature_);
    if (!receipt) {
        // Whatever was meant, it proves nothing: unknown, and the endpoint pays for it.
        auto const text = raw.is_null() ? std::string{} : storable_text(raw.dump(-1, ' ', true));
        item.outcome.code = receipt.error().key;
        item.outcome.text = text;
        reading_ = {AnswerClass::unknown, {}, receipt.error().key, text};
        return;
    }
    receipt->received_at = now;
    receipt->peer_certificate_sha256 = answer.peer_certificate_sha256;
    item.outcome.portal_id = receipt->portal_id;
    item.outcome.receipt = std::move(*receipt);
    decide(item, Verdict::delivered, "", "");
}

void MostConversation::take_error(Item& item, std::string const& word, std::string const& text)
{
    auto const code = storable_text(word, 64);
    switch (meaning_of(target_.settings(), word)) {
    case ErrorMeaning::refused:
        return decide(item, Verdict::refused, code, text);
    case ErrorMeaning::retry:
        return decide(item, Verdict::retry, code, text);
    case ErrorMeaning::conflict:
        return decide(item, Verdict::conflict, code, text);
    case ErrorMeaning::identity:
    case ErrorMeaning::transient:
    case ErrorMeaning::unknown:
        break;
    }
    item.created = false;
    item.outcome.code = code;
    item.outcome.text = text;
}

MostTarget::MostTarget(MostSettings settings) : settings_{std::move(settings)} { assert(settings_.records_max > 0); }

std::optional<Request> MostTarget::sign_in(Instant now) const
{
    if (!token_.value.empty() && token_.expires_at - token_margin > now) return std::nullopt;
    Request message;
    message.base_url = settings_.sso_url.empty() ? settings_.api_url : settings_.sso_url;
    message.method = http::Method::post;
    message.path = settings_.token_path;
    message.headers = {{"Accept", "application/json"}, {"Content-Type", "application/x-www-form-urlencoded"}};
    message.body = http::to_query({{"grant_type", "client_credentials"},
                                   {"client_id", settings_.client_id},
                                   {"client_secret", settings_.client_secret}});
    return message;
}

std::optional<Reading> MostTarget::take_token(Answer const& answer, Instant now)
{
    auto const body = parse_json(answer.body, answer_depth_max);
    auto token = body ? text_at(*body, "access_token") : std::string{};
    bool const usable = !token.empty() && token.find_first_of("\r\n\0") == std::string::npos;
    if (!usable) {
        auto const word = body ? text_at(*body, "error") : std::string{};
        auto const refused = word.starts_with("invalid_client") || word.starts_with("unauthorized_client") ||
                             meaning_of(settings_, word) == ErrorMeaning::identity;
        return Reading{refused ? AnswerClass::identity : AnswerClass::unknown,
                       {},
                       word.empty() ? "token" : word,
                       storable_text(answer.body)};
    }
    auto life = token_life_default;
    if (auto const seconds = body->find("expires_in"); seconds != body->end() && seconds->is_number_unsigned())
        life = std::chrono::seconds{std::min<std::uint64_t>(seconds->get<std::uint64_t>(), 24 * 3600)};
    // A token that lives shorter than the margin would be asked for again before its first use.
    token_ = {std::move(token), now + std::max(life, token_margin + std::chrono::seconds{5})};
    return std::nullopt;
}

Request MostTarget::request(http::Method method, std::string path, std::string body, std::string media_type) const
{
    Request message;
    message.base_url = settings_.api_url;
    message.method = method;
    message.path = settings_.base_path + std::move(path);
    message.headers.emplace_back("Accept", "application/json");
    message.headers.emplace_back("Authorization", "Bearer " + token_.value);
    if (!media_type.empty()) {
        message.headers.emplace_back("Content-Type", std::move(media_type));
        message.headers.emplace_back("Content-Digest", content_digest(body));
    }
    message.body = std::move(body);
    return message;
}

MostTarget::Data MostTarget::read_data(Answer const& answer)
{
    auto body = parse_json(answer.body, answer_depth_max);
    if (!body || !body->is_object()) return Reading{AnswerClass::unknown, {}, "body", storable_text(answer.body)};
    auto const word = text_at(*body, "error");
    if (!word.empty()) {
        auto const meaning = meaning_of(settings_, word);
        if (meaning == ErrorMeaning::identity) drop_token();
        return Reading{class_of(meaning),
                       {},
                       storable_text(word, 64),
                       storable_text(word + ": " + text_at(*body, "debugMessage"))};
    }
    auto const data = body->find("data");
    if (data == body->end() || !data->is_array())
        return Reading{AnswerClass::unknown, {}, "data", storable_text(answer.body)};
    return std::move(*data);
}

ReconcileReach MostTarget::reach() const
{
    if (settings_.reconcile_path.empty()) return {};
    // One question each, as long as nothing differs.
    return {std::chrono::hours{24}, std::chrono::hours{7 * 24}};
}

std::unique_ptr<Reconciliation> MostTarget::reconcile(ReconcileRange range)
{
    if (settings_.reconcile_path.empty()) return nullptr;
    return make_most_reconciliation(*this, range);
}

std::unique_ptr<CatalogueFetch> MostTarget::fetch_catalogues()
{
    return settings_.catalogues.empty() ? nullptr : make_most_catalogue_fetch(*this);
}

std::unique_ptr<Conversation> MostTarget::begin(std::vector<Record> records)
{
    return std::make_unique<MostConversation>(*this, std::move(records));
}

} // namespace nguon::connector
