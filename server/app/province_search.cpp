#include "server/app/province_search.hpp"

#include "core/gs1/read_code.hpp"
#include "db/places.hpp"
#include "db/search_words.hpp"
#include "server/app/approvals.hpp"
#include "server/app/look_up.hpp"

#include <algorithm>

namespace nguon::server::app {
namespace {

constexpr std::size_t hits_max = 40;

/// The path of an address counts as the address; the host does not matter.
std::string completed(std::string const& text) { return text.starts_with('/') ? "https://localhost" + text : text; }

std::string name_of(db::Connection& c, std::string const& kind, std::string const& id, OrganizationId const& org)
{
    if (kind == "product") {
        auto const product = db::products::find_any(c, ProductId{id});
        return product ? product->name : std::string{};
    }
    if (kind == "batch") {
        auto const batch = db::batches::find_any(c, BatchId{id});
        return batch ? batch->product_name + " · " + batch->lot : std::string{};
    }
    if (kind == "place") {
        auto const place = db::places::find(c, org, PlaceId{id});
        return place ? place->name : std::string{};
    }
    auto const entry = db::certificates::find(c, org, CertificateId{id});
    if (!entry) return {};
    return entry->certificate.name.empty() ? entry->certificate.number : entry->certificate.name;
}

void add(db::Connection& c, Principal const& who, std::string kind, std::string id, OrganizationId const& org,
         std::vector<FoundRecord>& out)
{
    auto const same = [&](FoundRecord const& found) { return found.kind == kind && found.id == id; };
    if (std::ranges::any_of(out, same)) return;
    auto const owner = organization_within(c, who, "province:read", org);
    if (!owner) return;
    auto name = kind == "organization" ? owner->name : name_of(c, kind, id, org);
    out.push_back({std::move(kind), std::move(id), std::move(name), org, owner->name, {}});
}

/// Digits of a barcode and printed codes are codes first; a short word such as "chè" is none.
void add_code(db::Connection& c, Principal const& who, std::string const& text, Date today,
              std::vector<FoundRecord>& out)
{
    auto const subject = subject_of_text(c, text, today);
    if (subject.batch) add(c, who, "batch", subject.batch->id.text(), subject.batch->org, out);
    if (subject.product) add(c, who, "product", subject.product->id.text(), subject.product->org, out);
    for (auto& found : out) found.page = page_of_text(text);
}

} // namespace

Subject subject_of_text(db::Connection& c, std::string const& text, Date today)
{
    auto const code = gs1::read_code(completed(text));
    if (!code.valid()) return {};
    if (code.kind == gs1::CodeKind::printed_code) return find_subject(c, code.printed_code, today);
    return find_subject(c, code.elements, today);
}

std::string page_of_text(std::string const& text) { return path_of_code(completed(text)).value_or(""); }

std::vector<FoundRecord> search_province(db::Connection& c, Principal const& who, std::string const& text, Date today)
{
    std::vector<FoundRecord> out;
    add_code(c, who, text, today, out);
    for (auto const& hit : db::search_words::find(c, std::nullopt, "", text, hits_max))
        add(c, who, hit.kind, hit.entity_id, hit.org, out);
    return out;
}

} // namespace nguon::server::app
