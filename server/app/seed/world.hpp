#pragma once

#include "core/model/batch.hpp"
#include "core/model/organization.hpp"
#include "core/model/place.hpp"
#include "core/model/product.hpp"
#include "scanner/picture.hpp"
#include "server/app/actor.hpp"
#include "server/app/seed/chance.hpp"
#include "server/app/seed/names.hpp"
#include "server/app/seed/plan.hpp"

#include <deque>
#include <map>
#include <memory>

/// The illustrative province while it is planned. Ids are empty until the deeds that make the records have run.
namespace nguon::server::app::seed {

/// A kind of goods, as deploy/provinces/lai_chau_demo.json describes it.
struct Goods {
    std::string key = {};
    std::string group = {};
    std::string pack = {};  // kind of pack shot
    std::string shown = {}; // the word on a shared pack shot
    std::string about = {};
    std::vector<std::string> standards = {};
    int shelf_days = 0;
    int season_first = 1; // months, may run over the end of the year
    int season_last = 12;
    int packs_min = 1;
    int packs_max = 1;
    std::string pack_unit = {};
    double ratio = 1; // kilograms of raw material in a kilogram of goods
    std::vector<std::string> steps = {};
};

struct Firm;

struct SeedPlace {
    Place place = {};
    PlaceId id = {};
};

struct SeedProduct {
    Firm* firm = nullptr;
    Goods const* goods = nullptr;
    Product product = {};
    std::shared_ptr<scanner::Photos const> photos = {};
    double kilograms = 1; // of one pack
    std::string status = "published";
    std::string reason = {};
    Instant at = {};
    ProductId id = {};
};

struct Lot {
    SeedProduct* product = nullptr;
    Batch batch = {};
    std::int64_t packs = 0;
    Date made_on = {};
    Instant at = {}; // when it was registered
    BatchId id = {};
    std::string code = {};

    double kilograms() const { return static_cast<double>(packs) * product->kilograms; }
};

struct Firm {
    OrganizationInput input = {};
    std::string brand = {};
    std::string people = "kinh";
    std::string status = "approved";
    std::string reason = {};
    std::string owner_name = {};
    std::string login = {}; // of its owner, when it has a sign-in
    Instant registered_at = {};
    OrganizationId id = {};
    std::string subject = {}; // opaque id of the person who declares
    SeedPlace field = {};
    SeedPlace factory = {};
    SeedPlace shop = {};
    std::deque<SeedPlace> further_places = {};
    std::deque<SeedProduct> products = {};
};

/// A page worth showing: where it is once everything has run.
struct ShowPiece {
    std::string scenario = {}; // "a" … "f"
    std::string path = {};     // "/01/…/10/…"
    std::string unit = {};     // a unit's printed code, or ""
};

struct World {
    Chance chance;
    Instant now = {};
    Date today = {};
    std::map<std::string, Goods, std::less<>> goods = {};
    std::map<std::string, std::pair<double, double>, std::less<>> communes = {};
    Firm authority = {};
    std::deque<Firm> bodies = {};
    std::deque<Firm> firms = {};
    std::deque<Lot> lots = {};
    std::vector<ShowPiece> show_pieces = {};
    std::array<std::string, 2> operators = {}; // opaque ids
    std::string password_hash = {};
    std::string public_url = {};
    TaxCodes tax_codes = {};
    std::set<std::string> names = {};
    std::vector<std::pair<std::string, std::string>> accounts = {}; // login, opaque id
    Plan plan = {};

    explicit World(std::uint64_t seed) : chance{seed} {}

    /// `days` before today at `hour`:`minute` in Viet Nam, but never later than now: nobody acts in the future.
    Instant moment(int days, int hour, int minute = 0) const
    {
        auto const at = start_of_day(Date{std::chrono::sys_days{today} - std::chrono::days{days}}) +
                        std::chrono::hours{hour} + std::chrono::minutes{minute};
        return std::min(at, now);
    }
    Date day(int days) const { return Date{std::chrono::sys_days{today} - std::chrono::days{days}}; }
};

/// Who acts for the firm at that moment; valid once the firm is registered.
inline Actor actor_of(Firm const& firm, Instant at) { return {firm.subject, firm.id, "seed", at}; }

/// An officer of the province.
inline Actor officer(World const& world, std::size_t which, Instant at)
{
    return {world.operators[which % world.operators.size()], {}, "seed", at};
}

/// "412,5": as people type it.
std::string typed(double number, int decimals = 1);

} // namespace nguon::server::app::seed
