#include "server/app/link_types.hpp"

#include "core/fold.hpp"

#include <algorithm>

namespace nguon::server::app {
namespace {

constexpr std::size_t type_bytes_max = 200;

constexpr LinkType table[] = {
    {"activityIdeas", "Activity Ideas"},
    {"allergenInfo", "Allergen information"},
    {"appDownload", "App download"},
    {"backgroundInfo", "Background Information"},
    {"brandHomepageClinical", "Information for professionals about this brand"},
    {"brandHomepagePatient", "Information for patients about this brand"},
    {"careersInfo", "Careers information"},
    {"certificationInfo", "Certification Information"},
    {"consumerHandlingStorageInfo", "Consumer handling and storage information"},
    {"dpp", "Digital Product Passport"},
    {"eifu", "Electronic Instructions For Use"},
    {"epcis", "EPC Information Services (EPCIS) repository"},
    {"epil", "Electronic Patient Information Leaflet"},
    {"eventsInfo", "Events information"},
    {"faqs", "Frequently Asked Questions"},
    {"handledBy", "Handled by"},
    {"hasRetailers", "Has Retailers"},
    {"homepage", "Organisation Information Page"},
    {"ingredientsInfo", "Ingredients information"},
    {"instructions", "Instructions"},
    {"jws", "JSON Web Signature"},
    {"leaveReview", "Leave a review"},
    {"locationInfo", "Location information"},
    {"logisticsInfo", "Logistics information"},
    {"loyaltyProgram", "Loyalty program"},
    {"masterData", "Master data"},
    {"menuInfo", "Menu information"},
    {"nutritionalInfo", "Nutritional Information"},
    {"openingHoursInfo", "Opening hours information"},
    {"paymentLink", "Make Payment"},
    {"pip", "Product Information Page"},
    {"productSustainabilityInfo", "Sustainability and recycling (deprecated)"},
    {"promotion", "Promotion"},
    {"purchaseSuppliesOrAccessories", "Purchase supplies or accessories"},
    {"quickStartGuide", "Quick start guide"},
    {"recallStatus", "Recall status"},
    {"recipeInfo", "Recipe website"},
    {"registerProduct", "Register purchase"},
    {"registryEntry", "Entry in a register"},
    {"relatedImage", "Related image"},
    {"relatedVideo", "Related video"},
    {"reportFound", "Report found"},
    {"review", "Reviews"},
    {"safetyInfo", "Safety information"},
    {"scheduleTime", "Scheduling/Reservation"},
    {"serviceInfo", "Service information"},
    {"smartLabel", "SmartLabel"},
    {"smpc", "Summary Product Characteristics (SmPC)"},
    {"socialMedia", "Social media"},
    {"statisticInfo", "Statistics"},
    {"subscribe", "Subscribe"},
    {"support", "Support"},
    {"sustainabilityInfo", "Sustainability and recycling"},
    {"traceability", "Traceability information"},
    {"tutorial", "Tutorial"},
    {"userAgreement", "Sign waiver/agreement/document"},
    {"verificationService", "Verification Service"},
    {"whatsInTheBox", "What's in the box?"},
};

bool may_stand_in_type(char c)
{
    bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || std::string_view{"-._~:/#"}.find(c) != std::string_view::npos;
}

} // namespace

std::span<LinkType const> link_types() { return table; }

LinkType const* find_link_type(std::string_view name)
{
    auto const* const found = std::ranges::lower_bound(table, name, {}, &LinkType::name);
    return found != std::end(table) && found->name == name ? found : nullptr;
}

Result<std::string> read_link_type(std::string_view text)
{
    bool const good = !text.empty() && text.size() <= type_bytes_max && std::ranges::all_of(text, may_stand_in_type);
    if (!good) return invalid("resolver.link_type", {excerpt(text)});
    auto name = text;
    for (std::string_view const prefix : {"https://gs1.org/voc/", "http://gs1.org/voc/", "https://www.gs1.org/voc/",
                                          "https://ref.gs1.org/voc/", "gs1:"}) {
        if (!name.starts_with(prefix)) continue;
        name.remove_prefix(prefix.size());
        break;
    }
    if (name.empty()) return invalid("resolver.link_type", {excerpt(text)});
    return std::string{name == "all" ? std::string_view{"linkset"} : name};
}

} // namespace nguon::server::app
