#include "server/app/certificates.hpp"

#include "db/blobs.hpp"
#include "db/products.hpp"

#include <nlohmann/json.hpp>

namespace nguon::server::app {
namespace {

void announce_certificate(db::Connection& c, Actor const& actor, db::certificates::Head const& head,
                          std::int64_t version, Certificate const& certificate, std::string const& action)
{
    auto for_org = actor;
    for_org.org = head.org;
    Announcement announcement;
    announcement.kind = "certificate";
    announcement.id = head.id.text();
    announcement.version = version;
    announcement.product = head.product;
    announcement.parents = {{"organization", head.org.text()}};
    if (!head.product.empty()) announcement.parents.emplace_back("product", head.product.text());
    auto fields = to_json(certificate);
    fields["product_id"] = head.product.text();
    announce(c, for_org, announcement, fields, action);
}

} // namespace

std::string media_type_of(std::string_view bytes)
{
    if (bytes.starts_with("%PDF-")) return "application/pdf";
    if (bytes.starts_with("\xFF\xD8\xFF")) return "image/jpeg";
    if (bytes.starts_with("\x89PNG\r\n")) return "image/png";
    if (bytes.size() > 12 && bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP") return "image/webp";
    return {};
}

Result<CertificateId> register_certificate(db::Connection& c, Actor const& actor, Certificate certificate,
                                           ProductId const& product, std::vector<NewFile> const& files)
{
    if (!product.empty())
        if (auto const found = db::products::find(c, actor.org, product); !found) return found.error();
    Mark mark{files.empty() ? MarkKind::self_declared : MarkKind::evidenced, {}, to_iso(actor.at), {}};
    for (auto const& file : files) {
        auto const media_type = media_type_of(file.bytes);
        if (media_type.empty()) return invalid_fields({{"/file", "file.kind", {}}});
        auto digest = db::blobs::insert(c, media_type, file.bytes, false, actor.at);
        if (!digest) return digest.error();
        certificate.files.push_back(*digest);
        mark.evidence.push_back(*std::move(digest));
    }
    db::certificates::Head head;
    head.id = new_id<struct CertificateKind>();
    head.org = actor.org;
    head.product = product;
    if (auto saved = db::certificates::insert(c, head, certificate, {{"certificate", mark}}, actor.change()); !saved)
        return saved.error();
    announce_certificate(c, actor, head, 1, certificate, "certificate.register");
    return head.id;
}

Status confirm_certificate(db::Connection& c, Actor const& actor, OrganizationId const& org, CertificateId const& id,
                           std::string const& confirmed_by)
{
    auto entry = db::certificates::find(c, org, id);
    if (!entry) return entry.error();
    auto& mark = entry->marks["certificate"];
    mark.kind = MarkKind::confirmed;
    mark.confirmed_by = confirmed_by;
    mark.at = to_iso(actor.at);
    auto saved = db::certificates::update(c, entry->head, entry->certificate, entry->marks, actor.change());
    if (!saved) return saved;
    announce_certificate(c, actor, entry->head, entry->head.latest_version + 1, entry->certificate,
                         "certificate.confirm");
    return Done{};
}

} // namespace nguon::server::app
