#pragma once

#include "server/pages/console/label_view.hpp"

/// One label as a picture before anything is kept, and what is to be said about it: the pages of label jobs and of
/// designs show it, and fetch it again while their form is filled in.
namespace nguon::server::pages::console {

/// A label that somebody tries.
struct Trial {
    app::LabelPrint print = {};
    scanner::Preflight preflight = {};
};

net::awaitable<Result<Trial>> check_trial(Services& services, app::LabelPrint print);

/// The view of console/label_trial; `picture_url` gives the picture where there can be one.
json trial_view(Services const& services, Request const& request, Trial const& trial, std::string const& picture_url);
/// The same for a form that cannot be read: its faults, each with the field's name, which is `prefix` + "." + name.
json trial_view(Services& services, Request const& request, Error const& error, std::string const& prefix);

/// That part of a page by itself.
http::Response trial_part(Services& services, Request const& request, json const& trial);

/// The picture itself.
net::awaitable<http::Response> trial_picture(Services& services, Request const& request, app::LabelPrint print);

} // namespace nguon::server::pages::console
