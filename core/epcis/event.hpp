#pragma once

#include "core/epcis/context.hpp"
#include "core/time.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

/// The five event types of EPCIS 2.0 as plain values. Texts keep the spelling in which they came.
namespace nguon::epcis {

enum class EventType { object, aggregation, transaction, transformation, association };
enum class Action { none, add, observe, remove }; // a transformation has none

/// "ObjectEvent" …
std::string_view name_of(EventType type);
std::optional<EventType> event_type_of(std::string_view name);
/// "ADD", "OBSERVE", "DELETE", or nothing.
std::string_view name_of(Action action);

/// A moment with the text that stated it.
struct Moment {
    std::string text = {};
    Instant at = {};

    bool operator==(Moment const&) const = default;
};

/// A decimal as it was written and a number to compare.
struct Decimal {
    std::string text = {};
    double value = 0;

    bool operator==(Decimal const&) const = default;
};

/// So much of a class of things; without `quantity` an unknown amount.
struct Quantity {
    std::string epc_class = {};
    std::optional<Decimal> quantity = {};
    std::string uom = {}; // UN/ECE Recommendation 20; empty for pieces

    bool operator==(Quantity const&) const = default;
};

/// A read point or business location; without id it is absent.
struct Place {
    std::string id = {};
    nlohmann::json extensions = nlohmann::json::object();

    bool operator==(Place const&) const = default;
};

/// A business transaction, source or destination: what kind, and which.
struct TypedId {
    std::string type = {}; // may be empty for a business transaction
    std::string id = {};

    bool operator==(TypedId const&) const = default;
};

struct PersistentDisposition {
    std::vector<std::string> set = {};
    std::vector<std::string> unset = {};

    bool empty() const { return set.empty() && unset.empty(); }
    bool operator==(PersistentDisposition const&) const = default;
};

/// Says that an earlier event with the same eventID was wrong.
struct ErrorDeclaration {
    Moment declared = {};
    std::string reason = {};
    std::vector<std::string> corrective_event_ids = {};
    nlohmann::json extensions = nlohmann::json::object();

    bool operator==(ErrorDeclaration const&) const = default;
};

/// One event. Which fields may be filled depends on `type`; a list that was present but empty stays empty.
struct Event {
    EventType type = EventType::object;
    Action action = Action::none;
    std::string event_id = {};
    Moment event_time = {};
    std::string offset_text = {}; // eventTimeZoneOffset, "+07:00"
    std::chrono::minutes offset = vietnam_offset;
    std::optional<Moment> record_time = {};

    std::vector<std::string> epc_list = {};
    std::vector<Quantity> quantity_list = {};
    std::string parent_id = {};
    std::vector<std::string> child_epcs = {};
    std::vector<Quantity> child_quantity_list = {};
    std::vector<std::string> input_epc_list = {};
    std::vector<Quantity> input_quantity_list = {};
    std::vector<std::string> output_epc_list = {};
    std::vector<Quantity> output_quantity_list = {};
    std::string transformation_id = {};

    std::string biz_step = {};
    std::string disposition = {};
    PersistentDisposition persistent_disposition = {};
    Place read_point = {};
    Place biz_location = {};
    std::vector<TypedId> biz_transaction_list = {};
    std::vector<TypedId> source_list = {};
    std::vector<TypedId> destination_list = {};
    nlohmann::json sensor_element_list = nlohmann::json::array();
    nlohmann::json ilmd = nlohmann::json::object();
    std::vector<std::string> certification_info = {};
    std::optional<ErrorDeclaration> error_declaration = {};
    nlohmann::json extensions = nlohmann::json::object(); // members with a namespace, as they were named
    std::shared_ptr<Context const> context = {};          // never null in an event that was read or built
};

} // namespace nguon::epcis
