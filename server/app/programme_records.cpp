#include "server/app/programme_records.hpp"

#include "core/fold.hpp"
#include "core/limits/programme.hpp"
#include "core/model/identifiers.hpp"
#include "db/audit_log.hpp"
#include "db/blobs.hpp"
#include "db/people.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

constexpr std::size_t title_chars_max = 300;
constexpr std::size_t name_chars_max = 200;
constexpr std::size_t word_chars_max = 60;
constexpr std::size_t firm_digits = 10; // of a tax code; what follows names a branch

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words)
{
    return std::ranges::find(words, word) != words.end();
}

std::string once_key_of(std::string_view item, std::string_view org_key)
{
    return std::string{item} + "|" + std::string{org_key};
}

/// Puts what is known here of the organization into the record.
void complete(db::Connection& c, db::programme::Record& record)
{
    if (record.tax_code.empty()) return;
    auto const party = db::programme::find_party(c, record.tax_code);
    if (!party) return;
    record.org = party->org;
    record.org_name = party->name;
    record.org_kind = party->kind;
    if (record.commune_code.empty()) record.commune_code = party->commune_code;
}

void check_organization(programme::Plan const& plan, db::programme::Record const& record,
                        std::vector<FieldError>& faults)
{
    if (concerns_organization(record.kind) && record.org_name.empty())
        faults.push_back({"org_name", "programme.organization_missing"});
    if (!record.commune_code.empty() && !plan.covers(record.commune_code))
        faults.push_back({"commune_code", "programme.outside", {record.commune_code}});
    // In a plan that counts in an old area only, an organization of nowhere would count by mistake.
    if (concerns_organization(record.kind) && !plan.communes.empty() && record.commune_code.empty())
        faults.push_back({"commune_code", "field.required"});
}

std::vector<FieldError> faults_of(db::Connection& c, programme::Plan const& plan, RecordInput const& input,
                                  db::programme::Record const& record)
{
    std::vector<FieldError> faults;
    if (std::ranges::find(programme::record_kinds, record.kind) == programme::record_kinds.end())
        faults.push_back({"kind", "programme.kind"});
    bool const needs_item = is_one_of(record.kind, {"support", "applied", "certificate", "award", "factor"});
    if (record.item.empty() ? needs_item : plan.item(record.item) == nullptr)
        faults.push_back({"item", "programme.item"});
    if (!record.task.empty() && plan.task(record.task) == nullptr) faults.push_back({"task", "programme.item"});
    check_organization(plan, record, faults);
    if (record.kind == "expert" && input.person_name.empty())
        faults.push_back({"person_name", "programme.person_missing"});
    bool const counted = record.kind == "attendance";
    if (record.amount <= 0 || (counted && std::floor(record.amount) != record.amount))
        faults.push_back({"amount", "programme.amount"});
    if (!record.valid_to.empty() && record.valid_to < record.happened_on)
        faults.push_back({"valid_to", "programme.ends_early"});
    if (!record.parent.empty()) {
        auto const parent = db::programme::find(c, plan.id, record.parent);
        if (!parent || parent->kind != "training" || record.kind != "attendance")
            faults.push_back({"parent", "programme.parent"});
    }
    return faults;
}

Result<std::vector<std::string>> store_files(db::Connection& c, Instant at, std::vector<NewFile> const& files)
{
    if (files.size() > limits::record_files_max)
        return invalid_fields({{"file", "programme.too_many_files", {std::to_string(limits::record_files_max)}}});
    std::vector<std::string> out;
    for (auto const& file : files) {
        auto const media_type = media_type_of(file.bytes);
        if (media_type.empty()) return invalid_fields({{"file", "file.kind", {}}});
        auto digest = db::blobs::insert(c, media_type, file.bytes, false, at);
        if (!digest) return invalid_fields({{"file", digest.error().key, digest.error().values}});
        out.push_back(*std::move(digest));
    }
    return out;
}

std::string file_name(std::string const& sha256, std::string_view bytes)
{
    auto const type = media_type_of(bytes);
    return sha256.substr(0, 12) + "." + type.substr(type.find('/') + 1);
}

void note(db::Connection& c, Actor const& actor, std::string action, db::programme::Record const& record)
{
    db::audit_log::Entry entry;
    entry.org = record.org;
    entry.action = std::move(action);
    entry.entity_kind = "programme_record";
    entry.entity_id = record.id;
    entry.detail = nlohmann::json{{"plan", record.plan}, {"kind", record.kind}, {"item", record.item}}.dump();
    db::audit_log::append(c, actor.change(), entry);
}

db::programme::Record record_of(Actor const& actor, programme::Plan const& plan, RecordInput const& input)
{
    db::programme::Record out;
    out.id = new_uuid();
    out.plan = plan.id;
    out.kind = input.kind;
    out.item = input.item;
    out.title = input.title;
    out.org_name = input.org_name;
    out.org_kind = input.org_kind;
    out.tax_code = input.tax_code;
    out.commune_code = input.commune_code;
    out.parent = input.parent;
    out.task = input.task;
    out.happened_on = input.happened_on;
    out.valid_to = input.valid_to;
    out.amount = input.amount;
    out.recorded_at = actor.at;
    out.recorded_by = actor.subject;
    return out;
}

} // namespace

std::string organization_key(std::string_view tax_code, OrganizationId const& org, std::string_view name)
{
    if (!tax_code.empty()) return "t:" + std::string{tax_code.substr(0, firm_digits)};
    if (!org.empty()) return "o:" + org.text();
    return name.empty() ? std::string{} : "n:" + fold(name);
}

bool concerns_organization(std::string_view kind)
{
    return is_one_of(
        kind, {"support", "applied", "certificate", "attendance", "model", "award", "laboratory", "conformity_body"});
}

bool has_amount(std::string_view kind) { return is_one_of(kind, {"attendance", "spending", "factor"}); }

bool is_lasting(std::string_view kind)
{
    return is_one_of(kind, {"applied", "certificate", "expert", "laboratory", "conformity_body", "system"});
}

RecordInput read_record(JsonReader& in)
{
    RecordInput out;
    out.kind = in.text("kind", word_chars_max);
    out.item = in.optional_text("item", word_chars_max).value_or("");
    out.title = in.text("title", title_chars_max);
    if (auto const code = in.optional_text("tax_code", word_chars_max); code && !code->empty())
        out.tax_code = in.take("tax_code", read_tax_code(*code));
    // A household's number is a person's: it is named by its id here, or by name.
    if (is_personal_tax_code(out.tax_code)) in.fault("tax_code", "programme.personal_tax_code");
    out.org_name = in.optional_text("org_name", name_chars_max).value_or("");
    out.org_kind = in.optional_text("org_kind", word_chars_max).value_or("");
    out.commune_code = in.optional_text("commune_code", word_chars_max).value_or("");
    out.person_name = in.optional_text("person_name", name_chars_max).value_or("");
    out.parent = in.optional_text("parent", word_chars_max).value_or("");
    out.task = in.optional_text("task", word_chars_max).value_or("");
    out.happened_on = to_iso(in.date("happened_on"));
    if (auto const end = in.optional_date("valid_to")) out.valid_to = to_iso(*end);
    if (auto const amount = in.optional_decimal("amount")) out.amount = std::strtod(amount->c_str(), nullptr);
    return out;
}

std::optional<Error> once_only_refusal(db::Connection& c, programme::Plan const& plan, std::string const& item,
                                       std::string const& org_key)
{
    if (!plan.once_only) return std::nullopt;
    auto const first = db::programme::holder(c, plan.id, once_key_of(item, org_key));
    if (!first) return std::nullopt;
    auto const* known = plan.item(item);
    auto const day = parse_date(first->happened_on);
    return conflict("programme.once_only", {first->org_name, known == nullptr ? item : known->name,
                                            day ? to_vietnamese(*day) : first->happened_on});
}

Result<std::string> record_evidence(db::Connection& c, Actor const& actor, programme::Plan const& plan,
                                    RecordInput const& input, std::vector<NewFile> const& files,
                                    std::string const& replaces)
{
    if (db::programme::count_records(c, plan.id) >= limits::plan_records_max)
        return conflict("programme.too_many_records", {std::to_string(limits::plan_records_max)});
    auto record = record_of(actor, plan, input);
    complete(c, record);
    if (auto faults = faults_of(c, plan, input, record); !faults.empty()) return invalid_fields(std::move(faults));
    auto const stored = store_files(c, actor.at, files);
    if (!stored) return stored.error();

    if (!replaces.empty()) {
        auto reason = actor.change("programme.corrected");
        if (auto const gone = db::programme::withdraw(c, plan.id, replaces, reason); !gone) return gone.error();
        record.replaces = replaces;
    }
    auto const org_key = organization_key(record.tax_code, record.org, record.org_name);
    if (plan.once_only && record.kind == "support") {
        if (auto refused = once_only_refusal(c, plan, record.item, org_key)) return *refused;
        record.once_key = once_key_of(record.item, org_key);
    }
    if (!input.person_name.empty()) {
        record.person = new_id<struct PersonKind>();
        db::people::Detail detail;
        detail.name = input.person_name;
        db::people::insert(c, record.person, record.org, "contact", detail, actor.at);
    }
    if (auto const saved = db::programme::insert(c, record); !saved) return saved.error();
    for (std::size_t i = 0; i < stored->size(); ++i) {
        auto const& sha256 = (*stored)[i];
        db::blobs::cite(c, sha256, record.org, "programme_record", record.id, "authority");
        db::programme::add_file(c, record.id, static_cast<std::int64_t>(i),
                                {sha256, file_name(sha256, files[i].bytes)});
    }
    note(c, actor, replaces.empty() ? "programme.record" : "programme.correct", record);
    return record.id;
}

Status withdraw_evidence(db::Connection& c, Actor const& actor, programme::Plan const& plan, std::string const& id,
                         std::string const& reason)
{
    if (reason.empty()) return invalid_fields({{"reason", "field.required"}});
    auto const record = db::programme::find(c, plan.id, id);
    if (!record) return record.error();
    if (auto const done = db::programme::withdraw(c, plan.id, id, actor.change(reason)); !done) return done;
    note(c, actor, "programme.withdraw", *record);
    return Done{};
}

} // namespace nguon::server::app
