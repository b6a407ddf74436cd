#include "core/epcis/validate.hpp"

#include "core/epcis/vocabulary.hpp"
#include "core/gs1/digital_link.hpp"
#include "core/gs1/epc_uri.hpp"
#include "core/json.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace nguon::epcis {
namespace {

using nlohmann::json;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool is_uom(std::string_view text)
{
    return (text.size() == 2 || text.size() == 3) &&
           std::ranges::all_of(text, [](char c) { return is_digit(c) || (c >= 'A' && c <= 'Z'); });
}

/// Texts that claim to be words of the vocabulary, known or not.
bool claims_vocabulary(std::string_view text)
{
    for (std::string_view const start :
         {"urn:epcglobal:cbv:bizstep:", "urn:epcglobal:cbv:disp:", "urn:epcglobal:cbv:btt:", "urn:epcglobal:cbv:sdt:",
          "urn:epcglobal:cbv:er:", "https://ref.gs1.org/cbv/", "http://ref.gs1.org/cbv/", "https://ns.gs1.org/cbv/",
          "http://ns.gs1.org/cbv/"}) {
        if (text.starts_with(start)) return true;
    }
    return false;
}

class Validator {
public:
    Validator(Event const& event, std::string const& pointer, Syntax syntax)
        : event_{event}, pointer_{pointer}, syntax_{syntax}
    {
    }

    Findings run()
    {
        check_things();
        check_words();
        check_places();
        check_rules_of_type();
        check_error_declaration();
        check_sensors();
        uri("/eventID", event_.event_id);
        for (std::size_t i = 0; i < event_.certification_info.size(); ++i) {
            auto const place = event_.certification_info.size() == 1 ? "/certificationInfo"
                                                                     : "/certificationInfo/" + std::to_string(i);
            uri(place, event_.certification_info[i]);
        }
        return std::move(findings_);
    }

private:
    void fault(std::string const& place, std::string key, std::vector<std::string> values = {})
    {
        findings_.faults.push_back({pointer_ + place, std::move(key), std::move(values)});
    }
    void note(std::string const& place, std::string key, std::vector<std::string> values = {})
    {
        findings_.notes.push_back({pointer_ + place, std::move(key), std::move(values)});
    }

    void uri(std::string const& place, std::string const& text)
    {
        if (text.empty()) return;
        if (!is_uri(text))
            fault(place, "epcis.uri", {text});
        else if (gs1::is_epc_uri(text) ? !gs1::read_epc_uri(text)
                                       : gs1::looks_like_digital_link(text) && !gs1::parse_digital_link(text))
            note(place, "epcis.identifier", {text});
    }

    void uris(std::string const& place, std::vector<std::string> const& list, bool must_differ = false)
    {
        std::set<std::string_view> seen;
        for (std::size_t i = 0; i < list.size(); ++i) {
            auto const here = place + "/" + std::to_string(i);
            uri(here, list[i]);
            if (must_differ && !seen.insert(list[i]).second) fault(here, "epcis.repeated", {list[i]});
        }
    }

    void quantities(std::string const& place, std::vector<Quantity> const& list)
    {
        for (std::size_t i = 0; i < list.size(); ++i) {
            auto const here = place + "/" + std::to_string(i);
            auto const& quantity = list[i];
            uri(here + "/epcClass", quantity.epc_class);
            if (quantity.quantity && quantity.quantity->value < 0) fault(here + "/quantity", "epcis.quantity_negative");
            if (quantity.uom.empty()) continue;
            if (!is_uom(quantity.uom)) fault(here + "/uom", "epcis.uom", {quantity.uom});
            if (!quantity.quantity) fault(here + "/uom", "epcis.uom_alone");
        }
    }

    void word(std::string const& place, Vocabulary vocabulary, std::string const& text)
    {
        if (text.empty()) return;
        if (auto const known = recognise(vocabulary, text)) {
            bool const bare = known->spelling == Spelling::bare;
            // The standard's own compact form is not a spelling of its own.
            if (bare == (syntax_ == Syntax::json) || text.starts_with("gs1:")) return;
            auto const wanted = syntax_ == Syntax::json ? Spelling::bare : Spelling::urn;
            fault(place, "epcis.word_spelling", {text, spell(vocabulary, known->bare, wanted)});
        } else if (text.find(':') == std::string::npos || claims_vocabulary(text)) {
            fault(place, "epcis.word_unknown", {text});
        } else {
            uri(place, text);
        }
    }

    void typed(std::string const& place, std::string const& id_name, Vocabulary vocabulary,
               std::vector<TypedId> const& list)
    {
        for (std::size_t i = 0; i < list.size(); ++i) {
            auto const here = place + "/" + std::to_string(i);
            word(here + "/type", vocabulary, list[i].type);
            uri(here + id_name, list[i].id);
        }
    }

    void check_things()
    {
        bool const differ = event_.type == EventType::object || event_.type == EventType::transformation;
        uris("/epcList", event_.epc_list, differ);
        quantities("/quantityList", event_.quantity_list);
        uri("/parentID", event_.parent_id);
        uris("/childEPCs", event_.child_epcs);
        quantities("/childQuantityList", event_.child_quantity_list);
        uris("/inputEPCList", event_.input_epc_list, differ);
        quantities("/inputQuantityList", event_.input_quantity_list);
        uris("/outputEPCList", event_.output_epc_list, differ);
        quantities("/outputQuantityList", event_.output_quantity_list);
        uri("/transformationID", event_.transformation_id);
    }

    void check_words()
    {
        word("/bizStep", Vocabulary::biz_step, event_.biz_step);
        word("/disposition", Vocabulary::disposition, event_.disposition);
        auto const& both = event_.persistent_disposition;
        for (std::size_t i = 0; i < both.set.size(); ++i)
            word("/persistentDisposition/set/" + std::to_string(i), Vocabulary::disposition, both.set[i]);
        for (std::size_t i = 0; i < both.unset.size(); ++i)
            word("/persistentDisposition/unset/" + std::to_string(i), Vocabulary::disposition, both.unset[i]);
        typed("/bizTransactionList", "/bizTransaction", Vocabulary::transaction_type, event_.biz_transaction_list);
        typed("/sourceList", "/source", Vocabulary::source_destination_type, event_.source_list);
        typed("/destinationList", "/destination", Vocabulary::source_destination_type, event_.destination_list);
    }

    void check_places()
    {
        uri("/readPoint/id", event_.read_point.id);
        uri("/bizLocation/id", event_.biz_location.id);
    }

    void check_rules_of_type()
    {
        bool const removes = event_.action == Action::remove;
        bool const has_children = !event_.child_epcs.empty() || !event_.child_quantity_list.empty();
        switch (event_.type) {
        case EventType::object:
            if (!event_.ilmd.empty() && event_.action != Action::add) fault("/ilmd", "epcis.ilmd_not_here");
            break;
        case EventType::aggregation:
            if (event_.parent_id.empty() && event_.action != Action::observe)
                fault("/parentID", "epcis.parent_missing");
            if (!has_children && !removes) fault("/childEPCs", "epcis.children_missing");
            break;
        case EventType::association:
            if (event_.parent_id.empty()) fault("/parentID", "epcis.parent_missing");
            if (!has_children && !removes) fault("/childEPCs", "epcis.children_missing");
            break;
        case EventType::transaction:
            if (event_.biz_transaction_list.empty()) fault("/bizTransactionList", "epcis.transactions_missing");
            break;
        case EventType::transformation: {
            bool const in = !event_.input_epc_list.empty() || !event_.input_quantity_list.empty();
            bool const out = !event_.output_epc_list.empty() || !event_.output_quantity_list.empty();
            // A transformation over several events names both sides together.
            bool const enough = event_.transformation_id.empty() ? in && out : in || out;
            if (!enough) fault("", "epcis.transformation_sides");
            break;
        }
        }
    }

    void check_error_declaration()
    {
        if (!event_.error_declaration) return;
        auto const& declaration = *event_.error_declaration;
        word("/errorDeclaration/reason", Vocabulary::error_reason, declaration.reason);
        uris("/errorDeclaration/correctiveEventIDs", declaration.corrective_event_ids);
        if (event_.event_id.empty()) note("/errorDeclaration", "epcis.error_without_id");
        if (declaration.declared.at < event_.event_time.at)
            note("/errorDeclaration/declarationTime", "epcis.declared_before_event");
    }

    void check_sensors()
    {
        for (std::size_t i = 0; i < event_.sensor_element_list.size(); ++i) {
            auto const& element = event_.sensor_element_list[i];
            if (!element.is_object()) continue;
            auto const here = "/sensorElementList/" + std::to_string(i);
            auto const metadata = element.value("sensorMetadata", json::object());
            sensor_texts(here + "/sensorMetadata", metadata);
            std::size_t number = 0;
            for (auto const& report : element.value("sensorReport", json::array())) {
                auto const place = here + "/sensorReport/" + std::to_string(number++);
                if (!report.is_object()) continue;
                sensor_texts(place, report);
                for (std::string_view const name :
                     {"deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules", "time"}) {
                    if (metadata.contains(name) && report.contains(name))
                        note(place + pointer_step(name), "epcis.sensor_twice", {std::string{name}});
                }
            }
        }
    }

    void sensor_texts(std::string const& place, json const& object)
    {
        for (auto const& [name, member] : object.items()) {
            if (!member.is_string()) continue;
            auto const here = place + pointer_step(name);
            auto const text = member.get<std::string>();
            static constexpr std::array<std::string_view, 8> uri_names{
                "bizRules", "dataProcessingMethod", "deviceID", "deviceMetadata",
                "rawData",  "microorganism",        "uriValue", "chemicalSubstance"};
            if (name == "type")
                word(here, Vocabulary::measurement, text);
            else if (name == "exception")
                word(here, Vocabulary::sensor_alert, text);
            else if (name == "component")
                word(here, Vocabulary::component, text);
            else if (name == "hexBinaryValue" && !std::ranges::all_of(text, is_hex))
                fault(here, "epcis.hex_binary", {text});
            else if (std::ranges::find(uri_names, name) != uri_names.end() || name == "coordinateReferenceSystem")
                uri(here, text);
            else if (name == "time" || name == "startTime" || name == "endTime")
                sensor_time(here, text);
        }
    }

    void sensor_time(std::string const& place, std::string const& text)
    {
        auto const time = parse_time(text);
        if (time && time->at > event_.event_time.at) note(place, "epcis.sensor_later");
    }

    Event const& event_;
    std::string const& pointer_;
    Syntax syntax_;
    Findings findings_;
};

} // namespace

bool is_uri(std::string_view text)
{
    constexpr std::string_view allowed = "-._~:/?#[]@!$&'()*+,;=";
    if (text.size() > limits::epcis_uri_bytes_max) return false;
    auto const colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size() || !is_letter(text.front()))
        return false;
    auto const scheme = text.substr(0, colon);
    if (!std::ranges::all_of(scheme,
                             [](char c) { return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.'; }))
        return false;
    for (std::size_t i = colon + 1; i < text.size(); ++i) {
        char const c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return false;
            i += 2;
        } else if (!is_letter(c) && !is_digit(c) && allowed.find(c) == std::string_view::npos) {
            return false;
        }
    }
    return true;
}

Findings validate(Event const& event, std::string const& pointer, Syntax syntax)
{
    return Validator{event, pointer, syntax}.run();
}

Status validate(Document const& document, Syntax syntax)
{
    std::vector<FieldError> faults;
    for (std::size_t i = 0; i < document.events.size() && faults.size() < limits::epcis_faults_max; ++i) {
        auto findings = validate(document.events[i], document.pointer_of(i), syntax);
        faults.insert(faults.end(), findings.faults.begin(), findings.faults.end());
    }
    if (faults.empty()) return Done{};
    if (faults.size() > limits::epcis_faults_max) faults.resize(limits::epcis_faults_max);
    return invalid_fields(std::move(faults));
}

} // namespace nguon::epcis
