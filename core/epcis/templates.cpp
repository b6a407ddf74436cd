#include "core/epcis/templates.hpp"

#include "core/epcis/event_hash.hpp"
#include "core/epcis/validate.hpp"
#include "core/gs1/digital_link.hpp"
#include "core/json.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace nguon::epcis {
namespace {

using nlohmann::json;

std::string_view trim(std::string_view text)
{
    auto const first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// "08:00" and "21/11/2026" in either order, or a browser's "2026-11-21T08:00", in Viet Nam's time; a date alone means
/// its first minute; a full RFC 3339 time stands for itself.
std::optional<OffsetTime> read_form_time(std::string_view text)
{
    if (auto const full = parse_time(text)) return *full;
    auto day_text = text;
    std::string clock_text = "00:00";
    if (auto const cut = text.find_first_of(" T"); cut != std::string_view::npos) {
        day_text = text.substr(0, cut);
        clock_text = trim(text.substr(cut + 1));
        if (day_text.find(':') != std::string_view::npos) {
            auto const clock = std::string{day_text};
            day_text = trim(text.substr(cut + 1));
            clock_text = clock;
        }
    }
    auto const day = parse_date(day_text);
    if (!day) return std::nullopt;
    if (clock_text.size() == 4) clock_text.insert(0, "0"); // "8:00"
    if (clock_text.size() == 5) clock_text += ":00";
    auto const time = parse_time(to_iso(*day) + "T" + clock_text + to_offset_text(vietnam_offset));
    return time ? std::optional{*time} : std::nullopt;
}

/// A single item, not a class or lot.
bool is_instance(std::string const& uri)
{
    auto const read = gs1::read_digital_link(uri);
    if (read.link.path_elements == 0) return false;
    auto const path = read.link.path();
    return gs1::find_value(path, "21") != nullptr || gs1::find_value(path, "00") != nullptr;
}

class Builder {
public:
    Builder(Template const& form, FormValues const& values, BuildContext const& context)
        : form_{form}, values_{values}, context_{context}
    {
    }

    Result<Event> run()
    {
        start();
        for (auto const* field : fields_of(form_)) take(*field);
        finish();
        if (faults_.empty()) faults_ = validate(event_).faults;
        if (!faults_.empty()) return invalid_fields(std::move(faults_));
        return std::move(event_);
    }

private:
    void start()
    {
        event_.type = form_.type;
        event_.action = form_.action;
        event_.event_id = context_.event_id;
        event_.biz_step = form_.biz_step;
        event_.disposition = form_.disposition;
        event_.context = own_context();
        event_.read_point.id = context_.place_uri;
        on_behalf_of_ = context_.on_behalf_of;
        evidence_ = context_.evidence;
    }

    void finish()
    {
        if (event_.read_point.id.empty()) fault("place", "event.place_missing");
        bool const stays = form_.stage == PortalStage::warehouse || form_.stage == PortalStage::dealer ||
                           form_.stage == PortalStage::shop;
        if (stays) event_.biz_location.id = event_.read_point.id;
        name_subject();
        auto& extensions = event_.extensions;
        extensions["nguon:template"] = form_.key;
        extensions["nguon:mark"] = name_of(context_.mark);
        if (!context_.declared_by.empty()) extensions["nguon:declaredBy"] = context_.declared_by;
        if (!on_behalf_of_.empty()) extensions["nguon:onBehalfOf"] = on_behalf_of_;
        if (!evidence_.empty()) extensions["nguon:evidence"] = evidence_;
    }

    /// Work on the land may come before there is a batch; every other step is about one.
    void name_subject()
    {
        auto const& subject = context_.subject_uri;
        if (subject.empty()) {
            bool const may_lack = form_.stage == PortalStage::growing && form_.action == Action::observe;
            if (!may_lack) fault("", "event.subject_missing");
        } else if (form_.type == EventType::transformation) {
            auto item = amount_.value_or(Quantity{});
            item.epc_class = subject;
            event_.output_quantity_list.push_back(std::move(item));
        } else if (!amount_ && is_instance(subject)) {
            event_.epc_list.push_back(subject);
        } else {
            auto item = amount_.value_or(Quantity{});
            item.epc_class = subject;
            event_.quantity_list.push_back(std::move(item));
        }
    }

    void fault(std::string_view name, std::string key, std::vector<std::string> values = {})
    {
        faults_.push_back({std::string{name}, std::move(key), std::move(values)});
    }

    std::vector<std::string> const& all(std::string_view name) const
    {
        static std::vector<std::string> const none;
        auto const found = values_.find(name);
        return found == values_.end() ? none : found->second;
    }

    std::string_view first(std::string_view name) const
    {
        auto const& list = all(name);
        return list.empty() ? std::string_view{} : trim(list.front());
    }

    static std::string_view at(std::vector<std::string> const& list, std::size_t index)
    {
        return index < list.size() ? trim(list[index]) : std::string_view{};
    }

    void take(TemplateField const& field)
    {
        if (field.target == FieldTarget::input) return take_inputs(field);
        if (field.target == FieldTarget::evidence) return take_photos(field);
        if (field.target == FieldTarget::certification) return take_certificates(field);
        auto const text = first(field.name);
        if (text.empty()) {
            // "Here" is known from the context when the form leaves it out.
            if (field.required) fault(field.name, "event.field_required");
            return;
        }
        switch (field.target) {
        case FieldTarget::event_time:
            return take_time(field, text);
        case FieldTarget::quantity:
            amount_ = quantity(field, field.name, text, first(std::string{field.name} + "_unit"));
            return;
        case FieldTarget::read_point:
            if (auto uri = reference(field.name, text)) event_.read_point.id = *std::move(uri);
            return;
        case FieldTarget::source:
            if (auto uri = reference(field.name, text)) event_.source_list.push_back({std::string{field.word}, *uri});
            return;
        case FieldTarget::destination:
            if (auto uri = reference(field.name, text))
                event_.destination_list.push_back({std::string{field.word}, *uri});
            return;
        case FieldTarget::transaction:
            if (auto number = clean(field.name, text))
                event_.biz_transaction_list.push_back(
                    {std::string{field.word}, "urn:nguon:bt:" + gs1::percent_encode(*number)});
            return;
        case FieldTarget::on_behalf_of:
            if (auto id = person(field.name, text)) on_behalf_of_ = *std::move(id);
            return;
        default:
            return take_detail(field, text);
        }
    }

    void take_time(TemplateField const& field, std::string_view text)
    {
        auto const time = read_form_time(text);
        if (!time) return fault(field.name, "event.date_time", {excerpt(text)});
        if (time->at > context_.now + limits::event_future_tolerance)
            return fault(field.name, "event.time_future", {excerpt(text)});
        event_.event_time = {to_iso(*time), time->at};
        event_.offset = time->offset;
        event_.offset_text = to_offset_text(time->offset);
    }

    void take_detail(TemplateField const& field, std::string_view text)
    {
        auto value = detail(field, text);
        if (!value) return;
        if (field.word == "disposition") {
            event_.disposition = *std::move(value);
            return;
        }
        put_detail(field.word.empty() ? "nguon:" + std::string{field.name} : std::string{field.word},
                   *std::move(value));
    }

    void put_detail(std::string const& name, std::string value)
    {
        bool const in_ilmd =
            form_.type == EventType::transformation || (form_.type == EventType::object && form_.action == Action::add);
        (in_ilmd ? event_.ilmd : event_.extensions)[name] = std::move(value);
    }

    std::optional<std::string> detail(TemplateField const& field, std::string_view text)
    {
        switch (field.kind) {
        case FieldKind::text:
            return clean(field.name, text);
        case FieldKind::decimal:
            return decimal(field.name, text, field.negative);
        case FieldKind::batch:
        case FieldKind::place:
        case FieldKind::certificate:
            return reference(field.name, text);
        case FieldKind::person:
            return person(field.name, text);
        case FieldKind::choice: {
            auto const chosen = std::ranges::find(field.choices, text, &FieldChoice::word);
            if (chosen != field.choices.end()) return std::string{chosen->word};
            fault(field.name, "event.choice", {excerpt(text)});
            return std::nullopt;
        }
        case FieldKind::date: {
            auto const day = parse_date(text);
            if (day) return to_iso(*day);
            fault(field.name, "event.date", {excerpt(text)});
            return std::nullopt;
        }
        case FieldKind::date_time: {
            auto const time = read_form_time(text);
            if (time) return to_iso(*time);
            fault(field.name, "event.date_time", {excerpt(text)});
            return std::nullopt;
        }
        case FieldKind::photo:
            break; // goes to the evidence
        }
        return std::nullopt;
    }

    void take_inputs(TemplateField const& field)
    {
        auto const& batches = all(field.name);
        auto const quantity_name = std::string{field.name} + "_quantity";
        auto const& quantities = all(quantity_name);
        auto const& units = all(std::string{field.name} + "_unit");
        auto const rows = std::max(batches.size(), quantities.size());
        if (rows > limits::event_inputs_max)
            return fault(field.name, "event.too_many", {std::to_string(limits::event_inputs_max)});
        bool any = false;
        for (std::size_t i = 0; i < rows; ++i) {
            auto const batch = at(batches, i);
            auto const amount = at(quantities, i);
            if (batch.empty() && amount.empty()) continue;
            any = true;
            take_input(field, batch, quantity_name, amount, at(units, i));
        }
        if (!any && field.required) fault(field.name, "event.field_required");
    }

    void take_input(TemplateField const& field, std::string_view batch, std::string const& quantity_name,
                    std::string_view amount, std::string_view unit)
    {
        if (batch.empty()) return fault(field.name, "event.field_required");
        auto const uri = reference(field.name, batch);
        if (amount.empty()) fault(quantity_name, "event.field_required");
        auto item = amount.empty() ? std::nullopt : quantity(field, quantity_name, amount, unit);
        if (!uri || !item) return;
        auto const is_same = [&](Quantity const& other) { return other.epc_class == *uri; };
        if (std::ranges::any_of(event_.input_quantity_list, is_same))
            return fault(field.name, "event.input_twice", {excerpt(batch)});
        if (*uri == context_.subject_uri) return fault(field.name, "event.input_is_output", {excerpt(batch)});
        item->epc_class = *uri;
        event_.input_quantity_list.push_back(*std::move(item));
    }

    void take_photos(TemplateField const& field)
    {
        for (auto const& photo : all(field.name)) {
            auto const digest = trim(photo);
            if (digest.empty()) continue;
            bool const good = digest.size() == 64 && digest.find_first_not_of("0123456789abcdef") == std::string::npos;
            if (!good)
                fault(field.name, "event.photo", {excerpt(digest)});
            else if (std::ranges::find(evidence_, digest) == evidence_.end())
                evidence_.emplace_back(digest);
        }
        if (evidence_.size() > limits::event_photos_max)
            fault(field.name, "event.too_many", {std::to_string(limits::event_photos_max)});
    }

    void take_certificates(TemplateField const& field)
    {
        for (auto const& given : all(field.name)) {
            auto const word = trim(given);
            if (word.empty()) continue;
            if (auto uri = reference(field.name, word)) event_.certification_info.push_back(*std::move(uri));
        }
    }

    /// A quantity above zero with one of the field's units, chosen by its word or its code.
    std::optional<Quantity> quantity(TemplateField const& field, std::string_view name, std::string_view text,
                                     std::string_view unit_text)
    {
        auto const written = decimal(name, text, false);
        auto unit = field.units.begin();
        if (!unit_text.empty()) {
            unit = std::ranges::find_if(field.units, [&](Unit const& candidate) {
                return candidate.word == unit_text || (!candidate.uom.empty() && candidate.uom == unit_text);
            });
            if (unit == field.units.end()) {
                fault(std::string{name.substr(0, name.find("_quantity"))} + "_unit", "event.unit",
                      {excerpt(unit_text)});
                return std::nullopt;
            }
        }
        if (!written) return std::nullopt;
        double value = 0;
        std::from_chars(written->data(), written->data() + written->size(), value);
        if (value <= 0) {
            fault(name, "event.number_positive", {excerpt(text)});
            return std::nullopt;
        }
        // The standard knows no unit for pieces; the word is kept so that "500 packs" does not become "500".
        if (unit->uom.empty()) put_detail("nguon:" + std::string{name} + "_unit", std::string{unit->word});
        return Quantity{{}, Decimal{*written, value}, std::string{unit->uom}};
    }

    std::optional<std::string> decimal(std::string_view name, std::string_view text, bool negative)
    {
        auto const read = read_decimal(text, DecimalRule{.negative = negative}, nguon::Spelling::form);
        if (read) return canonical_number(*read);
        bool const unclear = read.error().key == "decimal.ambiguous";
        bool const below = read.error().key == "decimal.negative";
        fault(name,
              unclear ? "event.number_unclear"
              : below ? "event.number_positive"
                      : "event.number",
              {excerpt(text)});
        return std::nullopt;
    }

    std::optional<std::string> clean(std::string_view name, std::string_view text)
    {
        auto cleaned = clean_text(text, limits::event_text_chars_max, Lines::many);
        if (cleaned) return *std::move(cleaned);
        fault(name, cleaned.error().key, cleaned.error().values);
        return std::nullopt;
    }

    std::optional<std::string> reference(std::string_view name, std::string_view word)
    {
        auto const found = context_.references.find(word);
        if (found != context_.references.end()) return found->second;
        fault(name, "event.reference_unknown", {excerpt(word)});
        return std::nullopt;
    }

    /// An opaque id; names of people do not enter events.
    std::optional<std::string> person(std::string_view name, std::string_view text)
    {
        auto const is_plain = [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == ':';
        };
        if (text.size() <= 64 && std::ranges::all_of(text, is_plain)) return std::string{text};
        fault(name, "event.person", {});
        return std::nullopt;
    }

    /// So much of what was typed as a sentence should repeat; cut between characters.
    static std::string excerpt(std::string_view text)
    {
        constexpr std::size_t bytes_max = 60;
        if (text.size() <= bytes_max) return std::string{text};
        auto end = bytes_max;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
        return std::string{text.substr(0, end)} + "…";
    }

    Template const& form_;
    FormValues const& values_;
    BuildContext const& context_;
    Event event_;
    std::optional<Quantity> amount_;
    std::string on_behalf_of_;
    std::vector<std::string> evidence_;
    std::vector<FieldError> faults_;
};

} // namespace

std::string_view code_of(PortalStage stage)
{
    static constexpr std::array<std::string_view, 8> codes{"",         "VUNG_TRONG", "CHE_BIEN", "VAN_CHUYEN",
                                                           "KHO_TONG", "DAI_LY",     "CUA_HANG", "CHUNG_NHAN"};
    return codes[static_cast<std::size_t>(stage)];
}

std::string_view name_of(EventMark mark)
{
    static constexpr std::array<std::string_view, 3> names{"self_declared", "evidenced", "confirmed"};
    return names[static_cast<std::size_t>(mark)];
}

std::shared_ptr<Context const> own_context()
{
    static auto const context = [] {
        auto made = std::make_shared<Context>();
        std::vector<FieldError> faults;
        made->add(json::array({standard_context, {{"nguon", own_namespace}}}), "", faults);
        return std::shared_ptr<Context const>{std::move(made)};
    }();
    return context;
}

Result<Event> build_event(Template const& form, FormValues const& values, BuildContext const& context)
{
    return Builder{form, values, context}.run();
}

} // namespace nguon::epcis
