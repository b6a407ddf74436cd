#pragma once

#include "server/app/origin.hpp"
#include "server/http/request.hpp"
#include "server/services.hpp"

#include <optional>

/// How the page of a code is answered, wherever it is asked for.
namespace nguon::server::pages {

/// What was found of a code, with its page when it has one.
struct Found {
    app::Subject subject = {};
    std::optional<app::Origin> origin = {};
    bool is_case = false; // no label's code, but that of somebody's report
};

/// When somebody looks, and what the address said beside the code.
struct Glance {
    Instant now = {};
    std::string label_check = {};              // its k
    std::shared_ptr<Sealer const> sealer = {}; // may be null
};
Glance glance_of(Services const& services, Request const& request);

/// Gathers the page of a subject that has one. Serves the public.
Result<Found> look(db::Connection& c, app::Subject subject, Glance const& glance);

/// True for a lot or serial of a product of ours that nobody ever made.
bool is_unknown_part(app::Subject const& subject);

/// The page; a view of it by a stranger is counted.
http::Response origin_page(Services& services, Request const& request, Result<Found> const& found, Instant now);

/// Finishes the page of a stranger and keeps it as it is sent; `generation` is that of before it was read. Pages of
/// units are not kept: their count of scans must be fresh.
http::Response keep_page(Services& services, Request const& request, http::Response response, std::uint64_t generation,
                         app::Subject const& subject);

/// What is wrong with a code that cannot be read: for people with what to do next.
http::Response faulty_code(Services& services, Request const& request, Error const& error);

} // namespace nguon::server::pages
