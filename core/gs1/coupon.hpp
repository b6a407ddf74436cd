#pragma once

#include <string_view>

/// The inner form of North American coupon codes, whose fields say their own lengths.
namespace nguon::gs1 {

/// AI (8110): North American Coupon Application Guideline.
bool is_coupon(std::string_view text);

/// AI (8112): coupon of a positive offer file.
bool is_coupon_offer(std::string_view text);

} // namespace nguon::gs1
