#include "server/app/labels.hpp"

#include "core/gs1/printed_code.hpp"
#include "core/limits.hpp"
#include "db/audit_log.hpp"
#include "db/batches.hpp"
#include "db/organizations.hpp"
#include "db/printed_codes.hpp"
#include "db/products.hpp"
#include "scanner/stock.hpp"
#include "server/app/label_checks.hpp"
#include "server/app/label_designs.hpp"
#include "server/app/label_printers.hpp"
#include "server/app/naming.hpp"

#include <algorithm>

#include <boost/asio/ip/address.hpp>
#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

std::string_view host_of(std::string_view url)
{
    auto const scheme = url.find("://");
    if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
    url = url.substr(0, url.find('/'));
    if (url.starts_with('[')) return url.substr(1, url.find(']') - 1);
    return url.substr(0, url.find(':'));
}

/// RFC 5737: addresses that no network routes.
bool is_for_documentation(boost::asio::ip::address_v4::bytes_type const& bytes)
{
    auto const starts = [&bytes](unsigned a, unsigned b, unsigned c) {
        return bytes[0] == a && bytes[1] == b && bytes[2] == c;
    };
    return starts(192, 0, 2) || starts(198, 51, 100) || starts(203, 0, 113);
}

bool is_private_v4(boost::asio::ip::address_v4 const& address)
{
    auto const bytes = address.to_bytes();
    return address.is_loopback() || address.is_unspecified() || bytes[0] == 10 ||
           (bytes[0] == 172 && bytes[1] >= 16 && bytes[1] < 32) || (bytes[0] == 192 && bytes[1] == 168) ||
           (bytes[0] == 169 && bytes[1] == 254) || (bytes[0] == 100 && bytes[1] >= 64 && bytes[1] < 128) ||
           is_for_documentation(bytes);
}

/// What a job is printed on and with.
struct Means {
    scanner::Stock stock = {};
    scanner::OwnDesign design = {};
    DesignOfJob named = {};
    scanner::LabelOutput output = {};
};

Result<Means> read_means(db::Connection& c, OrganizationId const& org, LabelRequest const& wanted)
{
    std::vector<FieldError> faults;
    Means out;
    auto const stock = find_any_stock(c, org, wanted.stock);
    if (!stock) faults.push_back({"/stock", stock.error().key, stock.error().values});
    auto const max = static_cast<std::int64_t>(limits::labels_per_job_max);
    if (wanted.count < 1 || wanted.count > max) faults.push_back({"/count", "label.count", {std::to_string(max)}});
    if (stock && (wanted.first_position < 1 || wanted.first_position > stock->labels_per_sheet()))
        faults.push_back({"/first_position", "label.start", {std::to_string(stock->labels_per_sheet())}});
    auto design = find_any_design(c, org, wanted.design);
    if (!design) faults.push_back({"/design", design.error().key, {}});
    if (!wanted.printer.empty()) {
        auto const printer = db::label_printers::find(c, org, wanted.printer);
        if (printer)
            out.output = to_output(*printer);
        else
            faults.push_back({"/printer", printer.error().key, {}});
    }
    if (!faults.empty()) return invalid_fields(std::move(faults));
    out.stock = *stock;
    out.design = *std::move(design);
    out.named.id = wanted.design;
    if (auto const own = db::label_designs::find(c, org, wanted.design)) out.named.name = own->name;
    return out;
}

/// One enterprise cannot fill the queue of all.
Status check_room(db::Connection& c, OrganizationId const& org)
{
    if (db::label_jobs::count_open(c, org) < limits::label_jobs_open_max) return Done{};
    return Error{ErrorCode::rate_limited, "label_job.too_many", {std::to_string(limits::label_jobs_open_max)}, {}, {}};
}

Status check_units(db::Connection& c, OrganizationId const& org, LabelRequest const& wanted)
{
    if (wanted.kind != "unit") return Done{};
    auto const units = db::label_jobs::units_promised(c, org, wanted.batch);
    auto const max = static_cast<std::int64_t>(limits::units_per_batch_max);
    if (units + wanted.count <= max) return Done{};
    return invalid_fields({{"/count", "label.count", {std::to_string(std::max<std::int64_t>(max - units, 0))}}});
}

/// What stands on the labels of a batch.
struct Printed {
    db::batches::Head batch = {};
    db::products::Head product = {};
    std::string organization = {};
};

Result<Printed> read_printed(db::Connection& c, OrganizationId const& org, BatchId const& id)
{
    auto batch = db::batches::find(c, org, id);
    if (!batch) return batch.error();
    auto product = db::products::find(c, org, batch->product);
    if (!product) return product.error();
    auto const organization = db::organizations::find(c, org);
    if (!organization) return organization.error();
    return Printed{*std::move(batch), *std::move(product), organization->name};
}

/// Everything that decides what is drawn, as it is when the job is made.
nlohmann::json content_of(Printed const& printed, Means const& means)
{
    nlohmann::json out{{"product_name", printed.product.name}, {"organization", printed.organization},
                       {"gtin", printed.product.gtin},         {"lot", printed.batch.lot},
                       {"made_on", printed.batch.made_on},     {"expires_on", printed.batch.expires_on},
                       {"code", printed.batch.code},           {"output", to_json(means.output)},
                       {"design", to_json(means.design)},      {"design_id", means.named.id},
                       {"design_name", means.named.name}};
    if (scanner::find_stock(means.stock.id) == nullptr) {
        out["stock"] = to_json(means.stock);
        out["stock_name"] = means.stock.name_vi;
    }
    return out;
}

/// Of jobs that have one: see `content_of`.
nlohmann::json content_of(db::label_jobs::Job const& job)
{
    return job.content.empty() ? nlohmann::json::object() : nlohmann::json::parse(job.content); // of our own making
}

/// How many labels a sheet of the job has.
std::int64_t places_of(db::label_jobs::Job const& job)
{
    auto const stock = stock_of(job);
    return stock ? stock->labels_per_sheet() : 1;
}

Printed printed_from(nlohmann::json const& content)
{
    Printed out;
    out.product.name = text_at(content, "product_name");
    out.product.gtin = text_at(content, "gtin");
    out.organization = text_at(content, "organization");
    out.batch.lot = text_at(content, "lot");
    out.batch.made_on = text_at(content, "made_on");
    out.batch.expires_on = text_at(content, "expires_on");
    out.batch.code = text_at(content, "code");
    return out;
}

/// Jobs from before designs were chosen have the first one.
scanner::OwnDesign design_drawn(db::label_jobs::Job const& job)
{
    auto const content = content_of(job);
    return content.contains("design") ? design_from(content["design"]) : scanner::OwnDesign{};
}

/// Jobs from before contents were kept show what their batch says now.
Result<Printed> printed_of(db::Connection& c, db::label_jobs::Job const& job)
{
    if (job.content.empty()) return read_printed(c, job.org, job.batch);
    return printed_from(content_of(job));
}

scanner::LabelJob job_of(Printed const& printed)
{
    scanner::LabelJob job;
    job.product_name = printed.product.name;
    job.lot = printed.batch.lot;
    if (auto const made = parse_date(printed.batch.made_on)) job.made_on = *made;
    if (auto const expires = parse_date(printed.batch.expires_on)) job.use_by = *expires;
    job.organization = printed.organization;
    job.gtin = printed.product.gtin;
    return job;
}

/// Of the unit, or of the whole lot when `unit` is empty. The smallest labels have room for the short address only.
scanner::LabelCode code_of(Printed const& printed, scanner::Stock const& stock, std::string const& public_url,
                           std::string const& unit)
{
    auto const& batch = printed.batch;
    auto const gtin = stock.wants_short_link() ? std::string_view{} : std::string_view{printed.product.gtin};
    return {label_url(public_url, gtin, batch.lot, unit, batch.code), unit.empty() ? batch.code : unit};
}

/// Nothing for a job without checks.
Result<std::optional<LabelCheckKey>> check_key_of(db::Connection& c, db::label_jobs::Job const& job,
                                                  Sealer const* sealer)
{
    auto const id = text_at(content_of(job), "check_key");
    if (id.empty()) return std::optional<LabelCheckKey>{};
    auto const key = find_label_key(c, sealer, id);
    if (!key) return key.error();
    return std::optional<LabelCheckKey>{*key};
}

scanner::LabelCode with_check(scanner::LabelCode code, std::optional<LabelCheckKey> const& key)
{
    if (key) code.url += std::string{label_check_query} + key->check_of(code.printed_code);
    return code;
}

void note(db::Connection& c, Actor const& actor, db::label_jobs::Job const& job, std::string action)
{
    db::audit_log::Entry entry;
    entry.org = actor.org;
    entry.action = std::move(action);
    entry.entity_kind = "batch";
    entry.entity_id = job.batch.text();
    nlohmann::json detail{{"job", job.id}, {"count", job.count}, {"kind", job.kind}};
    if (!job.source.empty()) detail["of"] = job.source;
    if (!job.reason.empty()) detail["reason"] = job.reason;
    entry.detail = detail.dump();
    db::audit_log::append(c, actor.change(), entry);
}

/// A further job for labels of `job`.
db::label_jobs::Job part_of(db::label_jobs::Job const& job, Actor const& actor, std::string purpose)
{
    auto part = job;
    part.id = new_uuid();
    part.source = job.codes_of();
    part.purpose = std::move(purpose);
    part.state = "queued";
    part.queued_at = actor.at;
    part.created_at = actor.at;
    part.created_by = actor.subject;
    return part;
}

/// The first of a job's labels lies on its test sheet, so that many are all of it.
std::int64_t labels_of(db::label_jobs::Job const& job) { return job.first_label - 1 + job.count; }

/// Random numbers of 55 bits hardly ever meet; those that do are drawn again.
std::vector<std::string> new_codes(std::int64_t count)
{
    std::vector<std::string> codes;
    for (std::int64_t i = 0; i < count; ++i) codes.push_back(gs1::new_printed_code());
    return codes;
}

} // namespace

bool is_private_url(std::string_view url)
{
    auto const host = host_of(url);
    boost::system::error_code failed;
    auto const address = boost::asio::ip::make_address(std::string{host}, failed);
    if (failed) return host.find('.') == std::string_view::npos || host.ends_with(".local");
    if (address.is_v4()) return is_private_v4(address.to_v4());
    auto const v6 = address.to_v6();
    if (v6.is_v4_mapped()) return is_private_v4(boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6));
    return v6.is_loopback() || v6.is_link_local() || v6.is_unspecified() || (v6.to_bytes()[0] & 0xFEU) == 0xFCU;
}

Result<std::string> create_label_job(db::Connection& c, Actor const& actor, LabelRequest const& wanted,
                                     PrintAddress const& address)
{
    auto const means = read_means(c, actor.org, wanted);
    if (!means) return means.error();
    auto const printed = read_printed(c, actor.org, wanted.batch);
    if (!printed) return printed.error();
    if (auto checked = check_units(c, actor.org, wanted); !checked) return checked.error();
    if (auto room = wanted.draw ? check_room(c, actor.org) : Done{}; !room) return room.error();

    db::label_jobs::Job job;
    job.id = new_uuid();
    job.org = actor.org;
    job.batch = wanted.batch;
    job.kind = wanted.kind == "unit" ? "unit" : "batch";
    job.stock = wanted.stock;
    job.first_position = wanted.first_position;
    job.count = wanted.count;
    job.public_url = address.public_url;
    job.specimen = address.specimen;
    auto content = content_of(*printed, *means);
    if (wanted.keyed) {
        auto const key = key_for_labels(c, address.sealer.get(), actor.at);
        if (!key) return key.error();
        content["check_key"] = std::string{key->id()};
    }
    job.content = content.dump();
    job.created_at = actor.at;
    job.created_by = actor.subject;
    bool const held = wanted.test_first && wanted.count > 1;
    job.state = held ? "held" : wanted.draw ? "queued" : "done";
    if (job.state == "queued") job.queued_at = actor.at;
    db::label_jobs::insert(c, job);
    if (auto given = allocate_units(c, job.org, job.id, actor.at); !given) return given.error();
    if (held) {
        auto test = part_of(job, actor, "test");
        test.count = 1;
        db::label_jobs::insert(c, test);
    }
    db::batches::mark_printed(c, actor.org, wanted.batch, actor.at);
    note(c, actor, job, "label.print");
    return job.id;
}

Result<std::int64_t> allocate_units(db::Connection& c, OrganizationId const& org, std::string const& id, Instant at)
{
    auto const job = db::label_jobs::find(c, org, id);
    if (!job) return job.error();
    if (job->kind != "unit" || !job->source.empty()) return std::int64_t{0};
    auto missing = labels_of(*job) - db::printed_codes::count_of_job(c, org, id);
    auto block = std::min(missing, static_cast<std::int64_t>(limits::units_per_block));
    while (block > 0) {
        auto const added = db::printed_codes::insert_units(c, org, job->batch, id, new_codes(block), at);
        block -= added;
        missing -= added;
    }
    return missing;
}

Status release_label_job(db::Connection& c, Actor const& actor, std::string const& id)
{
    auto const job = db::label_jobs::find(c, actor.org, id);
    if (!job) return job.error();
    auto const beside = job->first_position % places_of(*job) + 1;
    if (auto released = db::label_jobs::release(c, actor.org, id, beside, actor.at); !released) return released;
    note(c, actor, *job, "label.tested");
    return Done{};
}

Status cancel_label_job(db::Connection& c, Actor const& actor, std::string const& id)
{
    auto const job = db::label_jobs::find(c, actor.org, id);
    if (!job) return job.error();
    if (auto cancelled = db::label_jobs::cancel(c, actor.org, id, actor.at); !cancelled) return cancelled;
    if (job->source.empty() && job->kind == "unit") {
        static constexpr std::array<std::string_view, 1> from{"printed"};
        auto const range = db::printed_codes::range_of_job(c, actor.org, id);
        db::printed_codes::change_state(c, actor.org, range, {from, "void", "cancelled", actor.at});
    }
    note(c, actor, *job, "label.cancel");
    return Done{};
}

Result<std::string> reprint_labels(db::Connection& c, Actor const& actor, std::string const& id,
                                   ReprintRequest const& wanted)
{
    auto const job = db::label_jobs::find(c, actor.org, id);
    if (!job) return job.error();
    if (job->state != "done" || job->purpose != "print") return conflict("label_job.state");
    auto const labels = labels_of(*job);
    auto const last = wanted.last_label == 0 ? labels : wanted.last_label;
    auto const places = places_of(*job);
    std::vector<FieldError> faults;
    if (wanted.first_label < 1 || wanted.first_label > labels)
        faults.push_back({"/first_label", "label.range", {std::to_string(labels)}});
    else if (last < wanted.first_label || last > labels)
        faults.push_back({"/last_label", "label.range", {std::to_string(labels)}});
    if (wanted.first_position < 1 || wanted.first_position > places)
        faults.push_back({"/first_position", "label.start", {std::to_string(places)}});
    if (wanted.reason.empty()) faults.push_back({"/reason", "field.required", {}});
    if (!faults.empty()) return invalid_fields(std::move(faults));
    if (auto room = check_room(c, actor.org); !room) return room.error();

    auto again = part_of(*job, actor, "reprint");
    again.first_label = wanted.first_label;
    again.count = last - wanted.first_label + 1;
    again.first_position = wanted.first_position;
    again.reason = wanted.reason;
    again.reprint =
        1 + std::ranges::count(db::label_jobs::of_source(c, actor.org, id), "reprint", &db::label_jobs::Job::purpose);
    db::label_jobs::insert(c, again);
    note(c, actor, again, "label.reprint");
    return again.id;
}

Status redraw_label_job(db::Connection& c, Actor const& actor, std::string const& id)
{
    auto const job = db::label_jobs::find(c, actor.org, id);
    if (!job) return job.error();
    if (job->has_file()) return conflict("label_job.state");
    if (auto room = check_room(c, actor.org); !room) return room;
    if (auto queued = db::label_jobs::queue(c, actor.org, id, actor.at); !queued) return queued;
    note(c, actor, *job, "label.redraw");
    return Done{};
}

Result<scanner::Stock> stock_of(db::label_jobs::Job const& job)
{
    if (auto const* const shipped = scanner::find_stock(job.stock); shipped != nullptr) return *shipped;
    auto const content = content_of(job);
    if (!content.contains("stock")) return invalid("label.stock_unknown", {job.stock});
    auto stock = stock_from(content["stock"]);
    stock.id = job.stock;
    stock.name_vi = text_at(content, "stock_name");
    stock.name_en = stock.name_vi;
    return stock;
}

std::string_view label_format(db::label_jobs::Job const& job)
{
    auto const content = content_of(job);
    return scanner::to_name(content.contains("output") ? output_from(content["output"]).format
                                                       : scanner::LabelFormat::pdf);
}

DesignOfJob design_of(db::label_jobs::Job const& job)
{
    auto const content = content_of(job);
    DesignOfJob out;
    if (auto id = text_at(content, "design_id"); !id.empty()) out.id = std::move(id);
    out.name = text_at(content, "design_name");
    return out;
}

bool is_keyed(db::label_jobs::Job const& job) { return !text_at(content_of(job), "check_key").empty(); }

db::label_jobs::Job without_check(db::label_jobs::Job job)
{
    auto content = content_of(job);
    content.erase("check_key");
    job.content = content.dump();
    return job;
}

Result<LabelPrint> draft_label_job(db::Connection& c, OrganizationId const& org, LabelRequest const& wanted,
                                   PrintAddress const& address)
{
    auto const means = read_means(c, org, wanted);
    if (!means) return means.error();
    auto const printed = read_printed(c, org, wanted.batch);
    if (!printed) return printed.error();
    LabelPrint print{job_of(*printed), means->output, {}};
    print.job.stock = means->stock;
    print.job.use(means->design);
    print.job.start = static_cast<int>(wanted.first_position);
    print.job.copies = static_cast<int>(wanted.count);
    print.job.specimen = address.specimen;
    auto const unit = wanted.kind == "unit" ? gs1::new_printed_code() : std::string{};
    auto code = code_of(*printed, print.job.stock, address.public_url, unit);
    // As long as a real one; nobody's code needs no key.
    if (wanted.keyed) code.url += std::string{label_check_query} + std::string(LabelCheckKey::check_chars, 'A');
    print.codes.push_back(std::move(code));
    return print;
}

Result<LabelPrint> sketch_label_job(db::Connection& c, db::label_jobs::Job const& stored, Sealer const* sealer)
{
    auto const printed = printed_of(c, stored);
    if (!printed) return printed.error();
    auto const stock = stock_of(stored);
    if (!stock) return stock.error();
    LabelPrint print{job_of(*printed), {}, {}};
    if (auto const content = content_of(stored); content.contains("output"))
        print.output = output_from(content["output"]);
    auto& job = print.job;
    job.id = stored.codes_of().substr(0, 8);
    job.stock = *stock;
    job.use(design_drawn(stored));
    job.start = static_cast<int>(stored.first_position);
    job.copies = static_cast<int>(stored.count);
    job.specimen = stored.specimen;
    job.created = stored.created_at;
    job.reprint = static_cast<int>(stored.reprint);
    auto const first = codes_of_label_job(c, stored, 0, 1, sealer);
    if (!first) return first.error();
    if (first->empty()) return internal("a label job without codes");
    print.codes = *first;
    return print;
}

Result<std::vector<scanner::LabelCode>> codes_of_label_job(db::Connection& c, db::label_jobs::Job const& stored,
                                                           std::size_t first, std::size_t count, Sealer const* sealer)
{
    auto const printed = printed_of(c, stored);
    if (!printed) return printed.error();
    auto const stock = stock_of(stored);
    if (!stock) return stock.error();
    auto const key = check_key_of(c, stored, sealer);
    if (!key) return key.error();
    std::vector<scanner::LabelCode> out;
    if (stored.kind != "unit") {
        out.assign(count, with_check(code_of(*printed, *stock, stored.public_url, {}), *key));
        return out;
    }
    auto const from = stored.first_label - 1 + static_cast<std::int64_t>(first);
    for (auto const& unit :
         db::printed_codes::list(c, stored.org, stored.codes_of(), {}, from, static_cast<std::int64_t>(count)))
        out.push_back(with_check(code_of(*printed, *stock, stored.public_url, unit.code), *key));
    return out;
}

} // namespace nguon::server::app
