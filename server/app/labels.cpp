#include "server/app/labels.hpp"

#include "core/gs1/printed_code.hpp"
#include "core/limits.hpp"
#include "db/audit_log.hpp"
#include "db/batches.hpp"
#include "db/organizations.hpp"
#include "db/products.hpp"
#include "scanner/stock.hpp"
#include "server/app/naming.hpp"

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

Status check(LabelRequest const& wanted)
{
    std::vector<FieldError> faults;
    auto const* stock = scanner::find_stock(wanted.stock);
    if (stock == nullptr) faults.push_back({"/stock", "label.stock_unknown", {wanted.stock}});
    auto const max = static_cast<std::int64_t>(limits::labels_per_job_max);
    if (wanted.count < 1 || wanted.count > max) faults.push_back({"/count", "label.count", {std::to_string(max)}});
    if (stock != nullptr && (wanted.first_position < 1 || wanted.first_position > stock->labels_per_sheet()))
        faults.push_back({"/first_position", "label.start", {std::to_string(stock->labels_per_sheet())}});
    if (!faults.empty()) return invalid_fields(std::move(faults));
    return Done{};
}

std::vector<std::string> new_codes(std::int64_t count)
{
    std::vector<std::string> codes;
    for (std::int64_t i = 0; i < count; ++i) codes.push_back(gs1::new_printed_code());
    return codes;
}

/// 55 random bits: a collision is next to impossible, and then the write is refused instead of a code given twice.
Status insert_units(db::Connection& c, db::printed_codes::Job const& job)
{
    auto const units = db::printed_codes::count_units(c, job.org, job.batch);
    auto const max = static_cast<std::int64_t>(limits::units_per_batch_max);
    if (units + job.count > max) return invalid_fields({{"/count", "label.count", {std::to_string(max - units)}}});
    if (!db::printed_codes::insert_units(c, job.org, job.batch, job.id, new_codes(job.count), job.created_at))
        return unavailable("storage.busy", "a new printed code existed already");
    return Done{};
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

/// Of the unit, or of the whole lot when `unit` is empty.
scanner::LabelCode code_of(Printed const& printed, std::string const& public_url, std::string const& unit)
{
    auto const& batch = printed.batch;
    return {label_url(public_url, printed.product.gtin, batch.lot, unit, batch.code), unit.empty() ? batch.code : unit};
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
    if (auto checked = check(wanted); !checked) return checked.error();
    auto const batch = db::batches::find(c, actor.org, wanted.batch);
    if (!batch) return batch.error();

    db::printed_codes::Job job;
    job.id = new_uuid();
    job.org = actor.org;
    job.batch = wanted.batch;
    job.kind = wanted.kind == "unit" ? "unit" : "batch";
    job.stock = wanted.stock;
    job.first_position = wanted.first_position;
    job.count = wanted.count;
    job.public_url = address.public_url;
    job.specimen = address.specimen;
    job.created_at = actor.at;
    job.created_by = actor.subject;
    db::printed_codes::insert_job(c, job);
    if (job.kind == "unit")
        if (auto inserted = insert_units(c, job); !inserted) return inserted.error();
    db::batches::mark_printed(c, actor.org, wanted.batch, actor.at);

    db::audit_log::Entry entry;
    entry.org = actor.org;
    entry.action = "label.print";
    entry.entity_kind = "batch";
    entry.entity_id = wanted.batch.text();
    entry.detail = nlohmann::json{{"job", job.id}, {"count", job.count}, {"kind", job.kind}}.dump();
    db::audit_log::append(c, actor.change(), entry);
    return job.id;
}

Result<LabelPrint> draft_label_job(db::Connection& c, OrganizationId const& org, LabelRequest const& wanted,
                                   PrintAddress const& address)
{
    if (auto checked = check(wanted); !checked) return checked.error();
    auto printed = read_printed(c, org, wanted.batch);
    if (!printed) return printed.error();
    LabelPrint print{job_of(*printed), {}};
    print.job.stock = *scanner::find_stock(wanted.stock);
    print.job.start = static_cast<int>(wanted.first_position);
    print.job.copies = static_cast<int>(wanted.count);
    print.job.specimen = address.specimen;
    auto const unit = wanted.kind == "unit" ? gs1::new_printed_code() : std::string{};
    print.codes.push_back(code_of(*printed, address.public_url, unit));
    return print;
}

Result<LabelPrint> load_label_job(db::Connection& c, OrganizationId const& org, std::string const& id)
{
    auto const stored = db::printed_codes::find_job(c, org, id);
    if (!stored) return stored.error();
    auto printed = read_printed(c, org, stored->batch);
    if (!printed) return printed.error();
    auto const* const stock = scanner::find_stock(stored->stock);
    if (stock == nullptr) return invalid("label.stock_unknown", {stored->stock});
    LabelPrint print{job_of(*printed), {}};
    auto& job = print.job;
    job.id = stored->id.substr(0, 8);
    job.stock = *stock;
    job.start = static_cast<int>(stored->first_position);
    job.specimen = stored->specimen;
    job.created = stored->created_at;
    if (stored->kind == "unit") {
        for (auto const& code : db::printed_codes::codes_of_job(c, org, id))
            print.codes.push_back(code_of(*printed, stored->public_url, code));
    } else {
        job.copies = static_cast<int>(stored->count);
        print.codes.push_back(code_of(*printed, stored->public_url, {}));
    }
    return print;
}

} // namespace nguon::server::app
