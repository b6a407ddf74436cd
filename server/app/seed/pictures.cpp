#include "server/app/seed/pictures.hpp"

#include "scanner/pack_shot.hpp"

#include <array>
#include <atomic>
#include <thread>

#include <fmt/format.h>

namespace nguon::server::app::seed {
namespace {

using scanner::PackKind;

PackKind kind_named(std::string_view name)
{
    static constexpr std::array<std::pair<std::string_view, PackKind>, 9> kinds{{
        {"tea_tin", PackKind::tea_tin},
        {"tea_pouch", PackKind::tea_pouch},
        {"rice_bag", PackKind::rice_bag},
        {"honey_jar", PackKind::honey_jar},
        {"noodle_pack", PackKind::noodle_pack},
        {"macadamia_box", PackKind::macadamia_box},
        {"herb_jar", PackKind::herb_jar},
        {"jerky_pouch", PackKind::jerky_pouch},
        {"carton", PackKind::carton},
    }};
    for (auto const& [word, kind] : kinds)
        if (word == name) return kind;
    return PackKind::carton;
}

struct Wanted {
    scanner::PackShot shot = {};
    std::vector<SeedProduct*> products = {};
    Result<scanner::Photos> photos = Error{};
};

std::vector<Wanted> wanted_shots(World& world, std::vector<SeedProduct*> const& own)
{
    std::vector<Wanted> out;
    for (auto* product : own) {
        auto& wanted = out.emplace_back();
        wanted.shot.kind = kind_named(product->goods->pack);
        wanted.shot.product_name = product->product.name;
        wanted.shot.brand = product->product.brand;
        wanted.shot.net_content = product->product.net_weight + " " + product->product.weight_unit;
        wanted.shot.seed = static_cast<std::uint32_t>(out.size());
        wanted.products = {product};
    }
    std::map<std::string, std::size_t> shared;
    for (auto& firm : world.firms)
        for (auto& product : firm.products) {
            if (std::ranges::find(own, &product) != own.end()) continue;
            auto const [at, added] = shared.try_emplace(product.goods->key, out.size());
            if (added) {
                auto& wanted = out.emplace_back();
                wanted.shot.kind = kind_named(product.goods->pack);
                wanted.shot.product_name = product.goods->shown;
                wanted.shot.brand = "LAI CHÂU";
                wanted.shot.seed = static_cast<std::uint32_t>(out.size());
            }
            out[at->second].products.push_back(&product);
        }
    return out;
}

} // namespace

Status give_pictures(World& world, std::vector<SeedProduct*> const& own)
{
    auto shots = wanted_shots(world, own);
    std::atomic<std::size_t> next = 0;
    auto const draw = [&] {
        for (auto i = next++; i < shots.size(); i = next++)
            shots[i].photos = scanner::make_photos(scanner::draw_pack_shot(shots[i].shot));
    };
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 1; i < std::max(1U, std::thread::hardware_concurrency()); ++i) threads.emplace_back(draw);
        draw();
    }
    for (auto& shot : shots) {
        if (!shot.photos) return shot.photos.error();
        auto const photos = std::make_shared<scanner::Photos const>(*std::move(shot.photos));
        for (auto* product : shot.products) product->photos = photos;
    }
    return Done{};
}

} // namespace nguon::server::app::seed
