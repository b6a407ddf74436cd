#include "server/http/limit_hits.hpp"

#include "core/runtime/metrics.hpp"
#include "server/services.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace nguon::server {
namespace {

constexpr auto limits = std::to_array<std::string_view>({"connection.too_many",
                                                         "connection.check_waits",
                                                         "chain.too_large",
                                                         "chain.too_many",
                                                         "link.too_many",
                                                         "link.too_many_in_all",
                                                         "label_job.too_many",
                                                         "label.count",
                                                         "printer.too_many",
                                                         "stock.too_many",
                                                         "label_design.too_many",
                                                         "report.too_many_for_subject",
                                                         "report.too_many_from_here",
                                                         "report.robot",
                                                         "complaint.too_many_files",
                                                         "recall.too_many_lots",
                                                         "import.too_many",
                                                         "epcis.too_many",
                                                         "epcis.query.too_many",
                                                         "epcis.query.too_large",
                                                         "epcis.query.too_complex"});

void count_key(Services& services, std::string const& key)
{
    if (std::ranges::find(limits, key) != limits.end())
        services.metrics.counter("limit_hits_total", "Requests that met a limit.", {{"limit", key}}).add();
}

} // namespace

void count_limit(Services& services, Error const& error)
{
    count_key(services, error.key);
    for (auto const& field : error.fields)
        if (field.key != error.key) count_key(services, field.key); // else it only says where
}

} // namespace nguon::server
