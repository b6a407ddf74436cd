#pragma once

#include "core/model/certificate.hpp"
#include "db/certificates.hpp"
#include "server/app/actor.hpp"

namespace nguon::server::app {

/// A file that came with a form and is kept as it came.
struct NewFile {
    std::string media_type = {};
    std::string bytes = {};
};

/// By the first bytes, not by what the sender says: PDF, JPEG, PNG, WebP; "" for anything else.
std::string media_type_of(std::string_view bytes);

/// Registers a certificate of the organization or of one product; with a file it counts as evidenced.
/// Errors: "product.unknown", "file.too_large", "file.kind" when it is neither PDF nor a picture.
Result<CertificateId> register_certificate(db::Connection& c, Actor const& actor, Certificate certificate,
                                           ProductId const& product, std::vector<NewFile> const& files);

/// The province or a conformity body confirms a certificate. Errors: "certificate.unknown".
Status confirm_certificate(db::Connection& c, Actor const& actor, OrganizationId const& org, CertificateId const& id,
                           std::string const& confirmed_by);

} // namespace nguon::server::app
