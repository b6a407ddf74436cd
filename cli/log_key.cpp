#include "cli/log_key.hpp"

#include "connector/delivery_log.hpp"
#include "core/runtime/log.hpp"
#include "db/installation.hpp"

namespace nguon::cli {

Result<std::shared_ptr<NoteSigner const>> open_log_signer(db::Database& database, std::filesystem::path const& data)
{
    auto id_of = [](db::Connection& c) -> Result<std::string> {
        auto const installation = db::installation::find(c);
        return installation ? installation->id : std::string{};
    };
    auto const id = database.read_now(id_of);
    if (!id) return id.error();
    auto signer = NoteSigner::open(data / "log.key", connector::log_origin(*id));
    if (!signer) return signer.error();
    return std::make_shared<NoteSigner const>(*std::move(signer));
}

std::shared_ptr<Sealer const> open_sealer(std::filesystem::path const& data, Sealer::Missing missing)
{
    auto sealer = Sealer::open(data / "sealing.key", missing);
    if (sealer) return *std::move(sealer);
    log::warning("secrets of connections cannot be read", {{"key", sealer.error().key}});
    return nullptr;
}

} // namespace nguon::cli
