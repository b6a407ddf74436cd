#pragma once

#include "db/batches.hpp"
#include "server/app/batches.hpp"
#include "server/app/events.hpp"
#include "server/app/places.hpp"
#include "server/app/products.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace nguon::testing {

/// A firm's lots and what happened to them, told by the use cases themselves.
class RecallChain {
public:
    RecallChain(db::Connection& c, server::app::Actor actor, ProductId product)
        : c_{c}, actor_{std::move(actor)}, product_{std::move(product)}
    {
        Place place;
        place.kind = "processing";
        place.name = "Xưởng Bản Bo";
        place_ = must(server::app::register_place(c_, actor_, place));
        place.name = "Cửa hàng Tân Phong";
        place.kind = "shop";
        shop_ = must(server::app::register_place(c_, actor_, place));
    }

    BatchId lot(std::string const& number, std::string const& quantity = "")
    {
        Batch batch;
        batch.lot = number;
        batch.quantity = quantity;
        batch.unit = quantity.empty() ? "" : "kg";
        batch.made_on = "2026-11-20";
        return must(server::app::register_batch(c_, actor_, product_, batch));
    }

    void harvest(BatchId const& lot)
    {
        record(lot, "tea.harvest", {{"quantity", {"182,5"}}, {"quantity_unit", {"kg"}}});
    }

    void make(BatchId const& lot, std::vector<BatchId> const& from)
    {
        epcis::FormValues values{{"quantity", {"40"}}, {"quantity_unit", {"kg"}}};
        for (auto const& input : from) {
            values["input"].push_back(input.text());
            values["input_quantity"].push_back("90");
            values["input_unit"].push_back("kg");
        }
        record(lot, "tea.processing", values);
    }

    void ship(BatchId const& lot)
    {
        record(lot, "tea.shipping", {{"quantity", {"12"}}, {"quantity_unit", {"kg"}}, {"to_place", {shop_.text()}}});
    }

    std::string code(BatchId const& lot) { return must(db::batches::find_any(c_, lot)).code; }
    PlaceId const& place() const { return place_; }

private:
    template <typename T>
    static T must(Result<T> result)
    {
        if (result) return *std::move(result);
        std::string faults = result.error().key;
        for (auto const& field : result.error().fields) faults += "; " + field.pointer + " " + field.key;
        throw std::runtime_error{faults};
    }

    void record(BatchId const& lot, std::string const& form, epcis::FormValues values)
    {
        server::app::NewEvent event;
        event.batch = lot;
        event.template_key = form;
        event.values = std::move(values);
        event.values["time"] = {to_iso(OffsetTime{actor_.at, vietnam_offset}).substr(0, 16)};
        event.values["place"] = {place_.text()};
        must(server::app::record_event(c_, actor_, event));
    }

    db::Connection& c_;
    server::app::Actor actor_;
    ProductId product_;
    PlaceId place_;
    PlaceId shop_;
};

} // namespace nguon::testing
