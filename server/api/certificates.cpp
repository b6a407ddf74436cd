#include "core/bytes.hpp"
#include "core/runtime/cpu_pool.hpp"
#include "server/api/records.hpp"

namespace nguon::server::api {
namespace {

constexpr std::size_t files_max = 5;
constexpr std::size_t id_chars = 36;

struct NewCertificate {
    Certificate certificate = {};
    ProductId product = {};
    std::vector<app::NewFile> files = {};
};

/// "files": the papers themselves, each as base64.
std::vector<app::NewFile> read_files(JsonReader& in)
{
    std::vector<app::NewFile> out;
    auto const* list = in.raw("files");
    if (list == nullptr) return out;
    if (!list->is_array()) {
        in.fault("files", "field.array");
    } else if (list->size() > files_max) {
        in.fault("files", "field.count", {std::to_string(files_max)});
    } else {
        for (auto const& item : *list) {
            auto bytes = item.is_string() ? from_base64(item.get_ref<std::string const&>())
                                          : Result<std::string>{invalid("field.text")};
            if (!bytes)
                in.fault("files", bytes.error().key, bytes.error().values);
            else
                out.push_back({{}, *std::move(bytes)});
        }
    }
    return out;
}

NewCertificate read_new_certificate(JsonReader& in)
{
    NewCertificate out;
    out.certificate = read_certificate(in);
    out.product = ProductId{in.optional_text("product_id", id_chars).value_or("")};
    out.files = read_files(in);
    return out;
}

} // namespace

/// GET /api/v1/certificates
net::awaitable<http::Response> list_certificates(Services& services, Request const& request)
{
    auto rows = [today = vietnam_date(services.clock.now())](db::Connection& c, OrganizationId const& org,
                                                             Paging const& paging) -> Rows {
        return rows_of(slice(db::certificates::list(c, org), paging),
                       [&](auto const& entry) { return to_record(entry, today); });
    };
    co_return co_await list_of_organization(services, request, "product:read", std::move(rows));
}

/// POST /api/v1/certificates
net::awaitable<http::Response> create_certificate(Services& services, Request const& request)
{
    auto read = [&request] { return read_body(request, &read_new_certificate); };
    auto const wanted = co_await services.cpu_pool.run(read); // files make a large body
    if (!wanted) co_return problem(services, request, wanted.error());

    auto work = [wanted = *wanted, actor = actor_of(services, request)](db::Connection& c) -> Result<Created> {
        auto const id = app::register_certificate(c, actor, wanted.certificate, wanted.product, wanted.files);
        if (!id && id.error().key == "product.unknown") return invalid_fields({{"/product_id", id.error().key, {}}});
        if (!id) return id.error();
        auto record = certificate_record(c, actor.org, *id, vietnam_date(actor.at));
        if (!record) return record.error();
        return Created{"/api/v1/certificates/" + id->text(), *std::move(record)};
    };
    co_return co_await create(services, request, std::move(work));
}

/// GET /api/v1/certificates/{certificate}
net::awaitable<http::Response> show_certificate(Services& services, Request const& request)
{
    auto record = [id = CertificateId{std::string{request.param("certificate")}},
                   today = vietnam_date(services.clock.now())](db::Connection& c, OrganizationId const& org) {
        return certificate_record(c, org, id, today);
    };
    co_return co_await show_of_organization(services, request, "product:read", std::move(record));
}

} // namespace nguon::server::api
