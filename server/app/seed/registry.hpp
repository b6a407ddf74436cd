#pragma once

#include "server/app/seed/seed.hpp"
#include "server/app/seed/world.hpp"

#include "core/model/certificate.hpp"

/// Plans who and what is registered, approved and certified.
namespace nguon::server::app::seed {

/// The authority, its people and the other bodies, `days` ago.
void plan_province(World& world, int days);

/// The firm registers `days` ago with its places; the province decides some days later. Products follow.
void plan_firm(World& world, Firm& firm, int days);

/// A clerk, field worker or provider of the firm gets a sign-in.
void plan_member(World& world, Firm& firm, SignIn const& sign_in, Instant at);

/// The firm registers a further place of its own.
void plan_place(World& world, Firm& firm, SeedPlace& place, Instant at);

/// A product is registered and, when it is to be, published; `days` ago.
void plan_product(World& world, SeedProduct& product, int days);

/// Which certificate, for the firm or one product, confirmed by whom ("" when nobody did).
struct SeedCertificate {
    Certificate certificate = {};
    SeedProduct* product = nullptr;
    std::string confirmed_by = {};
    std::shared_ptr<CertificateId> id = std::make_shared<CertificateId>();
};
void plan_certificate(World& world, Firm& firm, SeedCertificate const& wanted, Instant at);

/// The certificate behind a product's OCOP stars, if it has any.
void plan_ocop_certificate(World& world, SeedProduct& product);

/// One to three certificates of an ordinary firm; `number` decides whose ends are near.
void plan_usual_certificates(World& world, Firm& firm, std::size_t number);

/// Sets every demo password as of today, so that none is due for a change.
void plan_fresh_passwords(World& world);

} // namespace nguon::server::app::seed
