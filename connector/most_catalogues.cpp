#include "connector/most_catalogues.hpp"

#include "core/json.hpp"

#include <set>
#include <utility>

#include <nlohmann/json.hpp>

namespace nguon::connector {

namespace {

using db::portal_catalogues::Entry;
using db::portal_catalogues::Fetched;
using nlohmann::json;

/// A text or whole number, as far as it may be stored.
std::string text_of(json const& object, std::string const& name)
{
    auto const found = object.find(name);
    if (found == object.end()) return {};
    auto const text = found->is_string()           ? found->get<std::string>()
                      : found->is_number_integer() ? found->dump()
                                                   : std::string{};
    return storable_text(text, limits::portal_catalogue_text_bytes_max);
}

/// Nothing when the list is none of a catalogue: entries without a code or with one twice, too many of them.
std::optional<std::vector<Entry>> read_entries(MostCatalogue const& names, json const& data)
{
    if (data.size() > limits::portal_catalogue_entries_max) return std::nullopt;
    std::vector<Entry> entries;
    std::set<std::string> codes;
    for (auto const& one : data) {
        if (!one.is_object()) return std::nullopt;
        Entry entry{text_of(one, names.code_field), text_of(one, names.name_field), text_of(one, names.parent_field)};
        if (entry.code.empty() || !codes.insert(entry.code).second) return std::nullopt;
        entries.push_back(std::move(entry));
    }
    return entries;
}

class MostCatalogueFetch final : public CatalogueFetch {
public:
    explicit MostCatalogueFetch(MostTarget& target) : target_{target}
    {
        for (auto const& [name, settings] : target.settings().catalogues) waiting_.push_back(name);
    }

    Step next(Instant now) override
    {
        if (!end_.fault.empty() || waiting_.empty()) return end_;
        if (auto sign_in = target_.sign_in(now)) {
            signing_in_ = true;
            return *std::move(sign_in);
        }
        return catalogue_request(target_, waiting_.back());
    }

    void take(Answer const& answer, Instant now) override
    {
        if (answer.status == 401 && !signing_in_ && !token_renewed_) {
            token_renewed_ = true;
            return target_.drop_token();
        }
        if (std::exchange(signing_in_, false)) return take_token(answer, now);
        auto read = read_catalogue(target_, waiting_.back(), answer, now);
        if (auto* const fetched = std::get_if<Fetched>(&read)) {
            end_.catalogues.push_back(std::move(*fetched));
            waiting_.pop_back();
            return;
        }
        fail(std::get<Reading>(read));
    }

private:
    void take_token(Answer const& answer, Instant now)
    {
        auto const reading = classify(answer, now);
        if (reading.answer_class != AnswerClass::decided) return fail(reading);
        if (auto const refused = target_.take_token(answer, now)) fail(*refused);
    }
    void fail(Reading const& reading)
    {
        end_.fault = std::string{to_text(reading.answer_class)} + " " + reading.code + " " + reading.text;
    }

    MostTarget& target_;
    std::vector<std::string> waiting_;
    bool signing_in_ = false;
    bool token_renewed_ = false;
    End end_;
};

} // namespace

Request catalogue_request(MostTarget const& target, std::string const& catalogue)
{
    return target.request(http::Method::get, target.settings().catalogues.at(catalogue).path);
}

std::variant<Fetched, Reading> read_catalogue(MostTarget& target, std::string const& catalogue, Answer const& answer,
                                              Instant now)
{
    auto reading = classify(answer, now);
    if (answer.fault == Fault::none && (answer.status == 404 || answer.status == 405 || answer.status == 501))
        return Fetched{catalogue, true, {}};
    if (reading.answer_class == AnswerClass::identity) target.drop_token();
    if (reading.answer_class != AnswerClass::decided) return reading;
    auto data = target.read_data(answer);
    if (auto* const fault = std::get_if<Reading>(&data)) return std::move(*fault);
    auto entries = read_entries(target.settings().catalogues.at(catalogue), std::get<json>(data));
    if (!entries) return Reading{AnswerClass::unknown, {}, "catalogue", storable_text(answer.body)};
    return Fetched{catalogue, false, *std::move(entries)};
}

std::unique_ptr<CatalogueFetch> make_most_catalogue_fetch(MostTarget& target)
{
    return std::make_unique<MostCatalogueFetch>(target);
}

} // namespace nguon::connector
